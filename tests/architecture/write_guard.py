"""Catches, while tests run, a write that no action, importer or migration made. Every test stands under it."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.architecture.sources import PACKAGE

WRITE = re.compile(
    r'^\s*(?:WITH\b.*?\b)?(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?"?(\w+)"?',
    re.IGNORECASE | re.DOTALL,
)
PASSING = str(PACKAGE / "kernel" / "scope" / "walls.py")  # stands in front of every statement, makes none
WRITERS = {"actions", "imports", "migrations", "tests"}
# Tables that libraries keep for themselves, each with its reason.
LIBRARIES = {
    "django_session": "sign-in and messages, kept by the session middleware",
    "procrastinate_": "the queue: jobs.queue is its one door, the worker its reader",
    "account_": "allauth's own records of sign-in",
    "mfa_": "allauth's second factors; accounts.evidence seals them",
    "usersessions_": "allauth's list of sessions",
    "socialaccount_": "allauth's outside identities; accounts.adapter seals their first use",
    "axes_": "wrong passwords, counted by django-axes",
    "django_migrations": "what Django has migrated",
}


class WriteOutsideActions(AssertionError):
    """A row was written by a file that is not an action."""


def written_table(sql: object) -> str:
    """The table that a statement writes to; "" for a statement that only reads."""
    found = WRITE.match(sql) if isinstance(sql, str) else None
    return found.group(1) if found else ""


def writer_file() -> str:
    """The innermost file of the package or of a test on the stack; "" when only libraries are there."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name != PASSING and (name.startswith(str(PACKAGE)) or "/tests/" in name):
            return name
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def is_writer(name: str) -> bool:
    """Is the file an action, an importer (kernel/imports is one as a whole), a migration or a test?"""
    return not name or "/tests/" in name or bool(WRITERS & set(name.removesuffix(".py").split("/")))


@contextmanager
def guarded_writes() -> Iterator[None]:
    """Inside, a write from any other file raises WriteOutsideActions."""
    from django.db import connection

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        table = written_table(sql)
        if table and not table.startswith(tuple(LIBRARIES)) and not is_writer(name := writer_file()):
            raise WriteOutsideActions(f"{name} writes to {table}: move it into an action")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


@pytest.fixture(autouse=True)
def _writes_are_guarded() -> Iterator[None]:
    with guarded_writes():
        yield
