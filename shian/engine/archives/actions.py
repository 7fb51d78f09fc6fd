"""Verbs of export sets: ask for one, build it."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.archives.models import ArchiveSet, SetState
from shian.engine.archives.packing import Packed, Tell, pack
from shian.engine.archives.permissions import ARCHIVE_MAKE
from shian.engine.archives.queries import file_name
from shian.engine.archives.sets import SetAsk, SetNotReady, SystemReader, set_kind
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code

JOB = "archives.build"
IN_MEMORY = 16 * 1024 * 1024


class DayToCome(ValueError):
    """A set was asked for a day that has not begun."""


@transaction.atomic
def ask_set(*, kind: str, area: str, as_of: date, by: Any, at: datetime, is_deferred: bool = True) -> ArchiveSet:
    """Ask for a set of an area (a code) on a day; the worker builds it.

    `by` is a user, or the name of a system ("cli"). Raises PermissionDenied, OutOfReach, UnknownSet, DayToCome.
    """
    key = key_of_code(area)
    set_kind(kind)
    if not isinstance(by, str):
        check(ARCHIVE_MAKE, by)
        if not reach_of(by).covers(key):
            raise OutOfReach(f"archives.area:{area}")
    if as_of > timezone.localdate(at):
        raise DayToCome(_("%(day)s 还没有到，请选今天或以前的日期。") % {"day": as_of})
    name = by if isinstance(by, str) else by.get_username()
    asked = ArchiveSet.objects.create(
        kind=kind, area_key=key, as_of=as_of, asked_at=at, asked_by=name, **columns_of_key(key)
    )
    told = {"kind": kind, "area": code_of_key(key), "as_of": as_of}
    seal(action="archives.asked", by=name, subject=_subject(asked), data=told, at=at)
    if is_deferred:
        defer(JOB, lock=f"archives-{asked.pk}", number=asked.pk)
    return asked


def build_set(*, number: int, at: datetime, tell: Tell | None = None) -> ArchiveSet:
    """Build the set that was asked for, as its asker may read it. A finished one is left as it is.

    Not one transaction, so that its progress can be read; only the end is written at once, with the seal over the
    whole file. What stands in the way is written down: the set is then `failed`.
    """
    asked = ArchiveSet.objects.get(pk=number)
    if not asked.is_open:
        return asked
    ArchiveSet.objects.filter(pk=number).update(state=SetState.WORKING, percent=0, step=_("准备"))
    try:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
            kind = set_kind(asked.kind)
            ask = SetAsk(asked.area_key, asked.as_of, _reader(asked.asked_by))
            packed = pack(out, kind, ask, folder=file_name(asked), at=at, tell=_teller(number, tell))
            out.seek(0)
            _keep(asked, packed, out, at)
    except (SetNotReady, FileRefused) as refusal:
        _fail(asked, str(refusal), at)
    except (OutOfReach, User.DoesNotExist):
        _fail(asked, _("申请人已经不能查看这个区划。"), at)
    except Exception as error:
        told = _("没有完成，可以重新申请。原因：%(error)s") % {"error": str(error)[:200] or type(error).__name__}
        _fail(asked, told, at)
        raise
    asked.refresh_from_db()
    return asked


def _reader(name: str) -> Any:
    """The asker as readers of rows know them; the command line reads everything."""
    return SystemReader(name) if name == "cli" else User.objects.get(username=name, is_active=True)


def _teller(number: int, more: Tell | None) -> Callable[[int, str], None]:
    def tell(percent: int, step: str) -> None:
        ArchiveSet.objects.filter(pk=number).update(percent=percent, step=step[:80])
        if more is not None:
            more(percent, step)

    return tell


@transaction.atomic
def _keep(asked: ArchiveSet, packed: Packed, out: Any, at: datetime) -> None:
    stored: StoredFile = store_file(
        name=f"{file_name(asked)}.zip", stream=out, kinds=("zip",), by=asked.asked_by, at=at
    )
    ArchiveSet.objects.filter(pk=asked.pk).update(
        state=SetState.READY, percent=100, step="", file=stored, items=packed.items, entries=packed.entries,
        manifest=packed.manifest, built_at=at,
    )  # fmt: skip
    told = {"kind": asked.kind, "area": code_of_key(asked.area_key), "as_of": asked.as_of, "file": stored.sha256}
    seal(
        action="archives.built",
        by=asked.asked_by,
        subject=_subject(asked),
        data={**told, "manifest": f"sha256:{packed.manifest}", "items": packed.items, "entries": packed.entries},
        at=at,
    )


@transaction.atomic
def _fail(asked: ArchiveSet, reason: str, at: datetime) -> None:
    ArchiveSet.objects.filter(pk=asked.pk).update(state=SetState.FAILED, error=reason[:400], step="")
    seal(action="archives.failed", by=asked.asked_by, subject=_subject(asked), data={"reason": reason[:400]}, at=at)


def _subject(asked: ArchiveSet) -> str:
    return f"archives.archiveset:{asked.pk}"
