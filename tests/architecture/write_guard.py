"""Catches, while tests run, a write to one of our tables that no action, importer or migration made."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from tests.architecture.sources import PACKAGE

WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)"?', re.IGNORECASE)
WRITERS = {"actions", "imports", "migrations", "tests"}
# Writes that are not verbs of a domain, each with its reason.
MECHANISMS = {
    "kernel/imports": "the importer itself: staging, problems, progress",
}


class WriteOutsideActions(AssertionError):
    """A row was written by a file that is not an action."""


def own_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("shian.")}


def writer_frame() -> str | None:
    """The innermost file of the package on the stack, or None when only tests and libraries are there."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(str(PACKAGE)) or "/tests/" in name:
            return name
        frame = frame.f_back
    return None


def is_allowed(name: str | None) -> bool:
    if name is None or "/tests/" in name:
        return True
    parts = name.removeprefix(f"{PACKAGE}/").removesuffix(".py").split("/")
    return bool(WRITERS & set(parts)) or "/".join(parts[:2]) in MECHANISMS


@contextmanager
def guarded_writes() -> Iterator[None]:
    tables = own_tables()

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        found = WRITE.match(sql) if isinstance(sql, str) else None
        if found and found.group(1) in tables:
            name = writer_frame()
            if not is_allowed(name):
                raise WriteOutsideActions(f"{name} writes to {found.group(1)}: move it into an action")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
