"""Requests of every kind that the document allows or forbids, against a running server.

What they say is made by a generator with a fixed seed; what the document says of the answers must
hold, whatever was asked.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.api.conftest import Document
from tests.servers.vestibule import VestibuleProcess
from vestibule.foundation.api_document import operations

CASES = 8  # of each operation
LONG_SECONDS = 40  # from then on, one case of each: a slow machine is no reason to wait
ROOM = "example-room"
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    """A demonstration clinic."""
    server = VestibuleProcess(tmp_path_factory.mktemp("any-request"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def url(server: VestibuleProcess) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def served(url: str) -> Document:
    """The document as this server has it."""
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=30) as answer:
        document: Document = json.load(answer)
    return document


def key_for(server: VestibuleProcess, path: str) -> str:
    of_organization = path.startswith(("/v1/organizations", "/v1/errors"))
    kind = "organization_token" if of_organization else "api_key"
    key: str = server.demo[kind]
    return key


def existing(server: VestibuleProcess, drawn: dict[str, Any]) -> dict[str, Any]:
    """Path parameters that lead to something; where they can choose, what was drawn."""
    there = {"organization_id": server.demo["organization_id"], "team": server.demo["domain"]}
    return {**drawn, **{name: there[name] for name in drawn.keys() & there.keys()}}


@pytest.mark.timeout(300)
def test_no_request_is_answered_in_a_way_that_the_document_does_not_tell(
    server: VestibuleProcess, url: str, served: Document
) -> None:
    statuses, wrong, began = set[int](), list[str](), time.monotonic()

    def try_out(operation: APIOperation[Any, Any, Any, Any]) -> None:
        @settings(
            max_examples=CASES if time.monotonic() - began < LONG_SECONDS else 1,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=st.one_of(
                operation.as_strategy(),
                operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
            ),
            is_there=st.booleans(),
        )
        def check(case: schemathesis.Case[Any], is_there: bool) -> None:
            headers = {"Authorization": f"Bearer {key_for(server, operation.path)}"}
            path_parameters = existing(server, dict(case.path_parameters or {}))
            if is_there:
                session.post(f"{url}/v1/rooms", json={"name": ROOM}, headers=headers)
                path_parameters |= {
                    name: value
                    for name, value in {"name": ROOM, "room": ROOM, "appointment_id": 1}.items()
                    if name in path_parameters
                }
            case.path_parameters = path_parameters
            answer = case.call(base_url=url, session=session, headers=headers)
            statuses.add(answer.status_code)
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            case.validate_response(answer, checks=CHECKS)

        check()

    with requests.Session() as session:
        for result in schemathesis.openapi.from_dict(served).get_all_operations():
            assert isinstance(result, Ok)
            try:
                try_out(result.ok())
            except (FailureGroup, AssertionError) as problem:
                wrong.append(str(problem))

    assert "\n".join(wrong) == ""
    assert {200, 400, 404} <= statuses


def test_nobody_without_a_right_key_is_answered(url: str, served: Document) -> None:
    with httpx2.Client(base_url=url) as http:
        for path, method, operation in operations(served):
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("example")
            place = path.format_map(OneEach())
            for headers, status, error in (
                ({}, 400, "authorization-header-error"),
                ({"Authorization": "Bearer wrong"}, 401, "authentication-error"),
            ):
                answer = http.request(method.upper(), place, json=body, headers=headers)
                if path.startswith("/domains/"):
                    assert answer.status_code == 200
                    assert list(answer.json()["error"]) == ["message"], path
                else:
                    assert (answer.status_code, answer.json()["error"]) == (status, error), path


# Where an example cannot succeed by itself: what it would need, in the words of the answer.
REASONS = {
    ("POST", "/v1/webhooks"): "check request",  # nobody answers at the address of the example
    ("POST", "/v1/rooms/{name}/recordings/start"): "not enabled for the room",
    ("POST", "/v1/rooms/{name}/recordings/update"): "no recording with this instanceId",
    ("POST", "/v1/rooms/{name}/recordings/stop"): "no recording",
    ("POST", "/v1/organizations/{organization_id}/appointments"): "this organization has no",
}


def test_every_example_can_be_sent_as_it_stands(
    server: VestibuleProcess, url: str, served: Document
) -> None:
    wrong = []
    there = {"organization_id": server.demo["organization_id"], "team": server.demo["domain"]}
    with httpx2.Client(base_url=url) as http:
        for path, method, operation in operations(served):
            content = operation.get("requestBody", {}).get("content", {})
            if not content:
                continue
            headers = {"Authorization": f"Bearer {key_for(server, path)}"}
            if path in ("/v1/rooms", "/v1/batch/rooms"):
                http.delete(f"/v1/rooms/{ROOM}", headers=headers)
            else:
                http.post("/v1/rooms", json={"name": ROOM}, headers=headers)
            place = path.format_map(OneEach(there, name=ROOM, room=ROOM))
            example = content["application/json"]["example"]
            answer = http.request(method.upper(), place, json=example, headers=headers)
            said = answer.json() if answer.content else {}
            reason = REASONS.get((method.upper(), path), "\0")
            is_missing = (
                answer.status_code in (404, 409)
                and str(answer.status_code) in (operation["responses"])
            )
            is_fine = answer.status_code == 200 and "error" not in said
            if not (is_fine or is_missing or reason in answer.text):
                wrong.append(f"{method} {path} {example}: {answer.status_code} {answer.text}")

    assert "\n".join(wrong) == ""


class OneEach(dict[str, Any]):
    """A value for every path parameter."""

    def __missing__(self, name: str) -> str:
        numbers = ("organization_id", "appointment_id", "delivery_id")
        return "1" if name in numbers else "01a1fd90-b403-73bf-beb2-8d91e625565d"
