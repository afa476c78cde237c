"""`/openapi.json` says everything about every route, and nothing that is not so."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contract.api.conftest import Document
from vestibule.assembly import Vestibule
from vestibule.foundation.api_document import operations, routes_below
from vestibule.foundation.direct import short_way
from vestibule.rooms.configuration.properties import DOMAIN_PROPERTIES
from vestibule.rooms.definitions.properties import (
    ROOM_PROPERTIES,
    TOKEN_PROPERTIES,
    described,
)


def test_it_is_a_valid_document(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_of_the_apis_is_in_it(vestibule: Vestibule, document: Document) -> None:
    told = {(path, method.upper()) for path, method, _ in operations(document)}
    answered = {
        (route.path, method)
        for route in routes_below(vestibule.http, ["/v1", "/domains"])
        for method in route.methods or ()
        if "{rest:path}" not in str(route.path)  # answers that there is nothing
    }

    assert answered - told == set()
    assert ("/v1/rooms", "POST") in told
    assert ("/domains/by-name/{team}", "GET") in told
    assert ("/v1/organizations/{organization_id}/appointments", "POST") in told
    assert [path for path, _ in told if path.startswith(("/console", "/a/"))] == []


def test_every_operation_says_what_it_does_who_may_ask_and_how_it_fails(
    document: Document,
) -> None:
    unsaid = [
        f"{method} {path}: {what}"
        for path, method, operation in operations(document)
        for what, is_said in {
            "its route needs a docstring": operation.get("summary"),
            "its router needs tags=[…]": all(operation["tags"]),
            "it needs a key": operation.get("security"),
            "no failures": path.startswith("/domains/")
            or {"400", "401"} <= operation["responses"].keys(),
            "no such thing": "{" not in path
            or path.startswith("/domains/")
            or "404" in operation["responses"],
        }.items()
        if not is_said
    ]

    assert unsaid == []
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_every_group_is_described(document: Document) -> None:
    assert [tag["name"] for tag in document["tags"] if not tag["description"]] == [], (
        "add them to TAGS in assembly/documentation.py"
    )


def contents(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body and answer: where it stands, and its shape with its example."""
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]["application/json"]
            yield f"body of {method} {path}", content
        for status, answer in operation["responses"].items():
            if "content" in answer:
                yield f"{status} of {method} {path}", answer["content"]["application/json"]
    for name, answer in document["components"]["responses"].items():
        yield name, answer["content"]["application/json"]


def test_every_body_and_answer_has_an_example_of_its_shape(document: Document) -> None:
    wrong = []
    for place, content in contents(document):
        if content.get("schema"):
            schema = {**content["schema"], "components": document["components"]}
            problems = Draft202012Validator(schema).iter_errors(content["example"])
            wrong += [f"{place}: {problem.message}" for problem in problems]

    assert wrong == []
    assert all("example" in content for _, content in contents(document) if content.get("schema"))


@pytest.mark.parametrize(
    ("shape", "table"),
    [
        ("RoomProperties", ROOM_PROPERTIES),
        ("TokenProperties", TOKEN_PROPERTIES),
        ("DomainProperties", DOMAIN_PROPERTIES),
    ],
)
def test_properties_are_those_of_the_one_table(
    document: Document, shape: str, table: dict[str, Any]
) -> None:
    told = document["components"]["schemas"][shape]

    assert {name: part["description"] for name, part in told["properties"].items()} == {
        name: described(entry) for name, entry in table.items()
    }
    assert told["additionalProperties"] is False


def test_what_a_change_leaves_out_has_no_default(document: Document) -> None:
    schemas = document["components"]["schemas"]
    changes = {name for name in schemas if name.endswith("Changes")}

    assert {"RoomChanges", "WebhookChanges", "OrganizationChanges"} <= changes
    assert [
        f"{name}.{part}"
        for name in changes
        for part, told in schemas[name]["properties"].items()
        if "default" in told
    ] == []
    assert schemas["DefinitionsRoomRequest"]["properties"]["privacy"]["default"] == "public"
    assert "a new room is public" in schemas["DefinitionsRoomRequest"]["description"]


@pytest.mark.anyio
async def test_it_is_served_beside_a_page_for_people(
    vestibule: Vestibule, document: Document
) -> None:
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.get("/openapi.json")
        shown = await http.get("/docs")

    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(document)))
    assert answer.headers["content-type"] == "application/json"
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/rooms"),
        ("GET", "/v1/rooms"),
        ("GET", "/v1/rooms/consultation"),
        ("POST", "/v1/rooms/consultation"),
        ("DELETE", "/v1/rooms/consultation"),
        ("POST", "/v1/meeting-tokens"),
        ("GET", "/v1/presence"),
        ("POST", "/v1/batch/rooms"),
    ],
)
def test_what_programs_ask_all_day_goes_the_short_way(
    vestibule: Vestibule, method: str, path: str
) -> None:
    found = vestibule.routes.find(method, path)

    assert found is not None
    assert isinstance(found.declared.route, APIRoute)
    assert short_way(found.declared.route) is not None
