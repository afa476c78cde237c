"""Puts an example beside every body and answer of the document that describes the APIs.

A schema may bring its own (`examples`); others are composed from the examples of their parts.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

OF_TYPE = {"boolean": True, "null": None}
OF_FORMAT = {
    "uuid": "01a1fd90-b403-73bf-beb2-8d91e625565d",
    "date-time": "2026-11-21T10:30:00Z",
    "uri": "https://clinic.example/hook",
}


class Examples:
    """The examples of one document."""

    def __init__(self, document: Json) -> None:
        self._document = document

    def add(self) -> None:
        """Put one into every JSON body and answer that has none."""
        for item in self._document["paths"].values():
            for operation in item.values():
                for content in _contents(operation):
                    if "example" not in content and "examples" not in content:
                        content["example"] = self.of(content["schema"])

    def of(self, schema: Json, name: str = "") -> Any:
        """A value that fits this schema; `name` is the property that it stands for."""
        for key in ("examples", "enum"):
            if schema.get(key):
                return schema[key][0]
        if "$ref" in schema:
            return self.of(self._find(schema["$ref"]), name)
        for key in ("const", "example", "default"):
            if key in schema:
                return schema[key]
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self.of(schema[key][0], name)
        return self._of_type(schema, name)

    def _of_type(self, schema: Json, name: str) -> Any:
        kind = schema.get("type")
        if kind == "array":
            return [self.of(schema["items"])] if schema.get("items") else []
        if kind == "string":
            return OF_FORMAT.get(schema.get("format", ""), name.replace("_", "-") or "text")
        if kind in ("integer", "number"):
            return int(schema.get("minimum", 1))
        return OF_TYPE[kind] if kind in OF_TYPE else self._object(schema)

    def _object(self, schema: Json) -> Json:
        """What must be there, and what has an example of its own."""
        required = schema.get("required", [])
        return {
            name: self.of(part, name)
            for name, part in schema.get("properties", {}).items()
            if name in required or part.get("examples")
        }

    def _find(self, reference: str) -> Json:
        found: Json = self._document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found


def _contents(operation: Json) -> Iterator[Json]:
    """The JSON contents of an operation's body and of its own answers."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        for kind, content in holder.get("content", {}).items():
            if kind == "application/json" and content.get("schema"):
                yield content
