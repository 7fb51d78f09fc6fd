"""Catches, while tests run, an action that changes rows and seals nothing in the same transaction.

A *deed* is the outermost transaction that an action opens. When it ends well, has written and has sealed nothing, the
test fails. What a rolled-back deed wrote is forgotten. Actions without tests are no concern here: coverage finds them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest
from django.db import transaction

from tests.architecture.sources import PACKAGE
from tests.architecture.write_guard import LIBRARIES, written_table

ENTRIES = "notary_entry"
# Tables whose rows are nobody's deed, each with its reason.
WORKING_TABLES = {
    "notary_": "the log itself: sealing a seal would never end",
    "django_": "sessions and content types, kept by Django",
    "auth_": "groups and permissions, kept by Django",
    "import_": "staging tables of one run, dropped at its end",
    "imports_importproblem": "what a check found: each check finds it anew",
    "imports_replacedrow": "what a batch replaced, kept for a day so that it can be undone",
    "imports_writtenrows": "what a batch wrote, kept for a day likewise",
    "imports_importbatch": "how far a batch is; the rows that it brings are sealed when it is accepted",
    "api_keptanswer": "answers to programs, kept for a day; the deed that was answered is sealed itself",
    "census_codescan": "scans of a code, counted by day; who scans is not known and decides nothing",
    "notices_": "reminders and letters about deeds that are sealed themselves",
}
# Actions that write and do not seal, each with its reason. Named "<app>.<function>".
EXEMPT: dict[str, str] = {
    "cases._climb_some": "each rung that is climbed is sealed; a case that was claimed too early only waits again",
    "trace._look": "each delivery that is made is sealed; a look that finds nothing only waits for its next turn",
    "trace._deliver": "each delivery that ends is sealed; an attempt that failed only waits again",
}


class NothingSealed(AssertionError):
    """An action changed rows and left no entry in the log."""


@dataclass
class Level:
    """One atomic block of a deed, while it lasts: what it wrote counts when it ends well."""

    name: str = ""  # of the deed, on its outermost block
    tables: set[str] = field(default_factory=set)
    is_sealed: bool = False


_levels: list[Level] = []
_judged: list[bool] = []  # of every open block: does it belong to a deed?


def action_file(name: str) -> bool:
    """Is it a file of verbs of the package?"""
    if not name.startswith(str(PACKAGE)) or "/tests/" in name:
        return False
    return "actions" in {*name.removesuffix(".py").split("/")}


def deed_name(frame: FrameType | None) -> str:
    """The action that opens the transaction of this frame: decorated by it, or the function around a with block."""
    for _ in range(8):
        if frame is None:
            return ""
        function = frame.f_locals.get("func") if frame.f_code.co_name == "inner" else None
        code = getattr(function, "__code__", frame.f_code)
        if code.co_filename.startswith(str(PACKAGE)) or "/tests/" in code.co_filename:
            return named(code.co_filename, code.co_name) if action_file(code.co_filename) else ""
        frame = frame.f_back
    return ""


def named(file: str, function: str) -> str:
    """`<app>.<function>` of a function in a file of verbs."""
    parts = file.removeprefix(f"{PACKAGE}/").removesuffix(".py").split("/")
    return f"{parts[parts.index('actions') - 1]}.{function}"


def is_a_deed(table: str) -> bool:
    return bool(table) and not table.startswith((*LIBRARIES, *WORKING_TABLES))


def complaint(level: Level) -> str:
    return (
        f"{level.name} wrote to {', '.join(sorted(level.tables))} and sealed nothing: call the notary's seal() in its "
        "transaction, or name it with its reason in tests/architecture/seal_guard.py"
    )


@contextmanager
def guarded_seals() -> Iterator[None]:
    """Inside, an action that ends its transaction without a seal raises NothingSealed."""
    from django.db import connection

    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def entered(self: transaction.Atomic) -> None:
        enter(self)
        name = "" if _levels else deed_name(sys._getframe(1))
        _judged.append(bool(_levels or name))
        if _judged[-1]:
            _levels.append(Level(name))

    def left(self: transaction.Atomic, kind: Any, error: Any, trace: Any) -> None:
        level = _levels.pop() if _judged and _judged.pop() and _levels else Level()
        ends_well = kind is None and not connection.needs_rollback
        if ends_well and _levels:
            _levels[-1].tables |= level.tables
            _levels[-1].is_sealed |= level.is_sealed
        elif ends_well and level.name and level.tables and not level.is_sealed and level.name not in EXEMPT:
            refused = NothingSealed(complaint(level))
            leave(self, NothingSealed, refused, None)
            raise refused
        leave(self, kind, error, trace)

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        has_changed = context["cursor"].rowcount != 0  # a claim that finds nothing is no deed
        if _levels and has_changed and (table := written_table(sql)):
            _levels[-1].is_sealed |= table == ENTRIES
            if is_a_deed(table):
                _levels[-1].tables.add(table)
        return answer

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(wrapper):
        patch.setattr(transaction.Atomic, "__enter__", entered)
        patch.setattr(transaction.Atomic, "__exit__", left)
        yield
    _levels.clear()
    _judged.clear()


@pytest.fixture(autouse=True)
def _deeds_are_sealed() -> Iterator[None]:
    with guarded_seals():
        yield
