"""The console knows sentences of the server by their words (decision 0034): both say the same."""

import ast
import re

from tests.architecture.sources import PACKAGE, WEB

CATALOGUE = WEB / "ui" / "messages" / "en" / "server.ts"


def with_gaps(node: ast.AST) -> str | None:
    """The text of a literal, with `{}` in the place of each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(with_gaps(part) or "{}" for part in node.values)
    return None


def said_by_the_server() -> set[str]:
    """Every text that the Python code holds."""
    files = [file for file in PACKAGE.rglob("*.py") if "versions" not in file.parts]
    texts = (with_gaps(node) for file in files for node in ast.walk(ast.parse(file.read_text())))
    return {text for text in texts if text}


def recognized() -> dict[str, str]:
    """The sentences that the console knows, by their keys, with `{}` in the place of each name."""
    entries = re.findall(r'^  "([\w.-]+)":\s+"(.*)",$', CATALOGUE.read_text(), re.MULTILINE)
    return {key: re.sub(r"\{\w+\}", "{}", sentence) for key, sentence in entries}


def test_the_server_still_says_each_sentence_that_the_console_translates() -> None:
    known = recognized()
    assert len(known) > 50, "the catalogue was not read"
    said = said_by_the_server()

    assert {key: sentence for key, sentence in known.items() if sentence not in said} == {}
