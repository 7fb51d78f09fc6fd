"""Who may open the seal of which record, and where the content of a stored file lies: told by the apps above.

register_subject("operators.operator", lambda user, key: Operator.objects.visible_to(user).filter(code=key).exists())
register_files(path_of)                            # kernel.files: SHA-256 -> path
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from shian.kernel.notary.models import Entry

AUDITOR = "auditor"  # the role of kernel.accounts that watches over the log; it does no other work
MaySee = Callable[[Any, str], bool]
_readers: dict[str, MaySee] = {}
_files: list[Callable[[str], Path]] = []


def register_subject(kind: str, may_see: MaySee) -> None:
    """`kind` is what stands before the colon of a subject; `may_see` takes the user and what stands behind it."""
    _readers[kind] = may_see


def register_files(path_of: Callable[[str], Path]) -> None:
    """Name the function that knows where the content of a hash lies (there is one: kernel.files)."""
    _files[:] = [path_of]


def may_see_subject(user: Any, subject: str) -> bool:
    """Whether the record is one that this user may open. Whoever audits the log may open the seals of all; a kind of
    record that no app speaks for is the system administrator's."""
    if not getattr(user, "is_active", False):
        return False
    kind, _, key = subject.partition(":")
    reader = _readers.get(kind)
    return audits(user) or (reader(user, key) if reader else bool(user.is_superuser))


def audits(user: Any) -> bool:
    """Is this an audit administrator, who reads the whole log and changes nothing?"""
    return getattr(user, "role", "") == AUDITOR


def may_see(user: Any, entry: Entry) -> bool:
    """Whether this user may read the entry, its salt and its proof: who did it may, and who may open the record."""
    if getattr(user, "is_active", False) and entry.actor == user.get_username():
        return True
    return may_see_subject(user, entry.subject)


def file_path(sha256: str) -> Path | None:
    """Where a stored file lies; None when it is not here."""
    path = _files[0](sha256) if _files else None
    return path if path and path.is_file() else None
