"""Checking a declaration before it is used: every mistake with the line of the file that it stands in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shian.engine.ledgers.aspects import AspectInvalid
from shian.engine.ledgers.conditions import ConditionInvalid
from shian.engine.ledgers.declarations import Ledger, read_check, read_ledger
from shian.engine.ledgers.fields import DeclarationInvalid, read_field

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_WRONG = (DeclarationInvalid, ConditionInvalid, AspectInvalid, KeyError, TypeError, AttributeError, ValueError)


@dataclass(frozen=True)
class Fault:
    """A mistake: `line` counts from 1, `text` begins with the key."""

    line: int
    text: str


def faults_in(path: Path, measure_faults: Callable[[Ledger], Iterator[str]]) -> list[Fault]:
    """Every mistake of the file, in order of lines. `measure_faults` tells the mistakes of a ledger's measures."""
    text = path.read_text(encoding="utf-8")
    try:
        root, raw = yaml.compose(text, Loader=yaml.CSafeLoader), yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Fault(line, f"not readable as YAML: {error.problem or error}")]
    if not isinstance(raw, Mapping):
        return [Fault(1, "a mapping with key, title and fields is expected.")]
    found = [Fault(_line(root, each), each) for each in _texts(raw, path, measure_faults)]
    return sorted(set(found), key=lambda each: (each.line, each.text))


def _texts(raw: Mapping[str, Any], path: Path, measure_faults: Callable[[Ledger], Iterator[str]]) -> Iterator[str]:
    """Parts that stand alone first, so that one mistake does not hide the next; then the whole."""
    parts = [*_parts(raw, "fields", read_field), *_parts(raw, "checks", read_check), *_doubled(raw)]
    if parts:
        yield from parts
        return
    try:
        declared = read_ledger(path)
    except DeclarationInvalid as error:
        yield str(error).removeprefix(f"{path.name}: ")
    else:
        yield from measure_faults(declared)


def _parts(raw: Mapping[str, Any], key: str, read: Callable[[Any], Any]) -> Iterator[str]:
    for number, each in enumerate(raw.get(key) or (), 1):
        try:
            read(each)
        except _WRONG as error:
            text = f"a value is missing: {error}" if isinstance(error, KeyError) else str(error)
            yield text if text.startswith(f"{key}.") else f"{key}[{number}]: {text}"


def _doubled(raw: Mapping[str, Any]) -> Iterator[str]:
    """Two fields may share neither name nor heading: a file could not tell them apart."""
    seen: dict[str, str] = {}
    for number, each in enumerate(raw.get("fields") or (), 1):
        if not isinstance(each, Mapping):
            continue
        for word in {str(each.get("name")), str(each.get("title")), str(each.get("title_en") or each.get("name"))}:
            if word in seen:
                yield f"fields[{number}]: {word!r} names the field {seen[word]!r} already."
            seen[word] = str(each.get("name"))


def _line(root: Any, text: str) -> int:
    """The line of the deepest node that the key at the beginning of the text leads to."""
    node, line = root, 1
    steps = text.split(":", 1)[0].replace("valid_", "valid.").split(".")
    for place, step in enumerate(steps):
        found = _child(node, step, ".".join(steps[place:]))
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, step: str, rest: str) -> tuple[int, Any] | None:
    match = _STEP.fullmatch(step)
    if isinstance(node, yaml.SequenceNode):
        named = [each for each in node.value if _said(each, "name") == step or _said(each, "key") == rest]
        return (named[0].start_mark.line + 1, named[0]) if named else None
    if not isinstance(node, yaml.MappingNode) or match is None:
        return None
    for key, value in node.value:
        if key.value == match[1]:
            if match[2] and isinstance(value, yaml.SequenceNode) and int(match[2]) <= len(value.value):
                value = value.value[int(match[2]) - 1]
                return value.start_mark.line + 1, value
            return key.start_mark.line + 1, value
    return None


def _said(node: Any, key: str) -> str:
    """The scalar that a mapping gives for a key."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((str(value.value) for name, value in pairs if name.value == key), "")
