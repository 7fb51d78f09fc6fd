"""Places that are looked into at an interval: a folder below the pick-up folder, or an address."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import FileRefused
from shian.kernel.files.outbound import FetchRefused, check_url, fetch
from shian.kernel.imports.actions.batches import accept_batch, check_batch, keep_resource, open_batch
from shian.kernel.imports.datapackages import Resource
from shian.kernel.imports.models import BatchState, ImportBatch, ImportSource, SourceKind
from shian.kernel.imports.permissions import MANAGE_SOURCES, import_into
from shian.kernel.imports.queries import organisations_of
from shian.kernel.imports.rules import common_area
from shian.kernel.imports.specs import importer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.reach import Reach, reach_of
from shian.kernel.scope.rules import columns_of_key

LEAST_MINUTES = 5
SETTLED_SECONDS = 10  # a file that was written to just now may still be growing
SUFFIXES = {".csv", ".xlsx"}


class SourceUnusable(ValueError):
    """The place cannot be looked into; the text says why, for the user."""


@dataclass(frozen=True)
class Wanted:
    """A place as a person asks for it."""

    importer: str
    kind: str
    place: str
    every_minutes: int
    accepts: bool
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def add_source(*, wanted: Wanted, by: Any, at: datetime) -> ImportSource:
    """Look into a place from a day on, within the reach of whoever asks. Raises PermissionDenied, SourceUnusable."""
    spec = importer(wanted.importer)
    check(MANAGE_SOURCES, by)
    check(import_into(spec), by)
    if wanted.every_minutes < LEAST_MINUTES:
        raise SourceUnusable(_("间隔不能短于 %(count)s 分钟。") % {"count": LEAST_MINUTES})
    _check_place(wanted.kind, wanted.place)
    reach = reach_of(by)
    source = ImportSource.objects.create(
        importer=spec.key,
        kind=wanted.kind,
        place=wanted.place.strip(),
        every_minutes=wanted.every_minutes,
        accepts=wanted.accepts,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        reach=list(reach.keys),
        is_unlimited=reach.everything,
        organisation=organisations_of(reach)[0],
        created_by=by.username,
        created_at=at,
        **(columns_of_key(common_area(reach.keys)) if common_area(reach.keys) else {}),
    )
    told = {"importer": spec.key, "kind": source.kind, "place": source.place, "accepts": source.accepts}
    _seal("imports.source_added", source, by.username, {**told, "every_minutes": source.every_minutes}, at)
    return source


@transaction.atomic
def end_source(*, source: ImportSource, by: Any, at: datetime) -> ImportSource:
    """Stop looking from today on; what was brought stays. Raises PermissionDenied."""
    check(MANAGE_SOURCES, by)
    source.valid_to = max(timezone.localdate(at), source.valid_from)
    source.save(update_fields=["valid_to"])
    _seal("imports.source_ended", source, by.username, {"place": source.place}, at)
    return source


def _seal(action: str, source: ImportSource, by: str, data: dict[str, Any], at: datetime) -> None:
    seal(action=action, by=by, subject=f"imports.importsource:{source.pk}", data=data, at=at)


def _check_place(kind: str, place: str) -> None:
    try:
        if kind == SourceKind.URL:
            check_url(place)
        else:
            folder_of(place)
    except FetchRefused as error:
        raise SourceUnusable(str(error)) from error


def folder_of(place: str) -> Path:
    """The folder below the pick-up folder. Raises SourceUnusable for a path that leaves it."""
    root = (Path(settings.SHIAN_HOME) / "pickup").resolve()
    folder = (root / place.strip().strip("/")).resolve()
    if not folder.is_relative_to(root):
        raise SourceUnusable(_("文件夹须在取件文件夹之内。"))
    return folder


def due_sources(at: datetime) -> list[int]:
    """The sources whose time has come."""
    today = timezone.localdate(at)
    rows = ImportSource.objects.filter(valid_from__lte=today).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    waited = Q(last_at__isnull=True) | Q(last_at__lte=at - F("every_minutes") * timedelta(minutes=1))
    return list(rows.filter(waited).order_by("pk").values_list("pk", flat=True))


def collect_source(*, source: ImportSource, at: datetime) -> list[ImportBatch]:
    """Look into the place once: content that is new becomes a batch, is checked and, where the source says so and
    nothing is wrong with it, accepted. What went wrong is written beside the source; it never raises for that."""
    ImportSource.objects.filter(pk=source.pk).update(last_at=at)
    try:
        with _files(source) as files:
            found = [_told(source, path, at) for path in files]
    except (FetchRefused, SourceUnusable) as error:
        found = [(None, str(error))]
    note = "；".join(said for _batch, said in found if said) or _("没有新的文件")
    ImportSource.objects.filter(pk=source.pk).update(last_note=note[:400])
    return [batch for batch, _said in found if batch is not None]


def _told(source: ImportSource, path: Path, at: datetime) -> tuple[ImportBatch | None, str]:
    """The batch that a file became, and what is said of it; nothing is said of a file that came before."""
    try:
        batch = _brought(source, path, at)
    except FileRefused as error:
        return None, str(error)
    return batch, f"{batch.name}：{batch.get_state_display()}" if batch else ""


@contextmanager
def _files(source: ImportSource) -> Iterator[list[Path]]:
    if source.kind == SourceKind.FOLDER:
        folder = folder_of(source.place)
        if not folder.is_dir():
            raise SourceUnusable(_("取件文件夹里没有“%(place)s”。") % {"place": source.place})
        settled = time.time() - SETTLED_SECONDS
        found = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file() and not p.is_symlink()]
        yield sorted(p for p in found if p.stat().st_mtime < settled)
        return
    with tempfile.TemporaryDirectory(prefix="shian-fetch-") as folder_name:
        unnamed = Path(folder_name) / "fetched"
        with unnamed.open("wb") as out:
            fetched = fetch(source.place, out, most_bytes=settings.SHIAN_FILE_LIMIT)
        yield [unnamed.rename(unnamed.with_name(fetched.name[:200]))]


def _brought(source: ImportSource, path: Path, at: datetime) -> ImportBatch | None:
    """The batch of a file that this source has not brought before. Raises FileRefused."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if source.batches.filter(file__sha256=digest).exists():
        return None
    spec = importer(source.importer)
    reach = Reach(tuple(source.reach), everything=source.is_unlimited)
    resource = Resource(path.name, path, spec.key)
    with transaction.atomic():
        stored = keep_resource(resource, source.created_by, at)
        batch = open_batch(spec, resource, stored, timezone.localdate(at), reach, source.created_by, at)
        ImportBatch.objects.filter(pk=batch.pk).update(source=source, organisation=source.organisation)
        batch.refresh_from_db()
    batch = check_batch(batch=batch, at=at)
    if source.accepts and batch.state == BatchState.CHECKED and not batch.rows_bad:
        batch = accept_batch(batch=batch, by=source.created_by, at=at)
    return batch
