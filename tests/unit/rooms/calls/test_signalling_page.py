"""docs/signalling.md tells of every message, code and reason."""

from pathlib import Path
from typing import get_args

import pytest

from vestibule.rooms.calls import from_browser, messages

PAGE = (Path(__file__).parents[4] / "docs/signalling.md").read_text()


def types_of(union: object) -> list[str]:
    annotated, *_ = get_args(union)
    return [get_args(model.model_fields["type"].annotation)[0] for model in get_args(annotated)]


@pytest.mark.parametrize(
    "word",
    [
        *types_of(from_browser.FromBrowser),
        *types_of(messages.FromServer),
        *get_args(messages.EndReason),
        *get_args(messages.ProblemCode),
        *get_args(messages.RefusalReason),
    ],
)
def test_every_message_and_reason_is_described(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("code", messages.CloseCode)
def test_every_close_code_is_described(code: messages.CloseCode) -> None:
    assert f"\n| {code.value} | " in PAGE


@pytest.mark.parametrize("version", messages.PROTOCOL_VERSIONS)
def test_the_page_is_of_the_version_that_the_server_speaks(version: int) -> None:
    assert PAGE.startswith(f"# Signalling, version {version}\n")


def test_no_close_code_is_described_that_is_never_sent() -> None:
    described = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")]

    assert {int(code) for code in described if code.isdigit()} == set(messages.CloseCode)
