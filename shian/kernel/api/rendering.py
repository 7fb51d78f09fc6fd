"""The description as text: the file that is committed, and schemas as a reader takes them in."""

import json
from collections.abc import Mapping
from typing import Any


def openapi_text(told: Mapping[str, Any]) -> str:
    """The description as it is committed in docs/openapi.json."""
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def schema_text(schema: Mapping[str, Any], known: Mapping[str, Any], depth: int = 0) -> str:
    """A schema in short: `{code: string, closed_on: date | null, …}`, one member a line, three levels deep."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return schema_text(known[name], known, depth) if name in known and depth < 3 else name
    if options := schema.get("anyOf"):
        return " | ".join(schema_text(each, known, depth) for each in options)
    if schema.get("enum"):
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"[{schema_text(schema.get('items', {}), known, depth)}]"
    if kind == "object" and schema.get("properties"):
        pad = "  " * (depth + 1)
        inside = [f"{pad}{name}: {schema_text(each, known, depth + 1)}" for name, each in schema["properties"].items()]
        return "\n".join(["{", *inside, "  " * depth + "}"])
    return str(schema.get("format", kind))
