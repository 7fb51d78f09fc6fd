"""Answers go to standard output: JSON for programs, lines for people."""

import dataclasses
import json as json_module
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


def print_json(answer: object) -> None:
    """Chinese stays readable; dates become text."""
    sys.stdout.write(json_module.dumps(plain(answer), ensure_ascii=False, indent=2, default=str) + "\n")


def plain(answer: Any) -> Any:
    """Dataclasses as dictionaries and decimals as numbers, at any depth."""
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return {each.name: plain(getattr(answer, each.name)) for each in dataclasses.fields(answer)}
    if isinstance(answer, Mapping):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, Decimal):
        return int(answer) if answer == answer.to_integral_value() else float(answer)
    if isinstance(answer, (list, tuple, set, frozenset)):
        return [plain(each) for each in answer]
    return answer


def print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
