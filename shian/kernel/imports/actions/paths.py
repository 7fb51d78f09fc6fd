"""Importing a path: a data package, a workbook or a CSV file, through the same runs as the pages."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.files.actions import FileRefused
from shian.kernel.files.rules import sniff
from shian.kernel.imports.actions.batches import importer_choices, keep_resource, open_batch, run, spec_of
from shian.kernel.imports.ahead import Reader, reader
from shian.kernel.imports.datapackages import Package, Resource, is_package_folder, read_package, unpacked
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.loading import ReadAhead
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.imports.queries import (
    accepted_before,
    bad_rows_of,
    content_of,
    organisations_of,
    remembered_by,
    remembered_for,
    same_as_newest,
    unchanged_text,
)
from shian.kernel.imports.specs import ImportSpec
from shian.kernel.imports.specs import importer as importer_of
from shian.kernel.imports.workbooks import write_bad_rows
from shian.kernel.scope.reach import EVERYWHERE, Reach
from shian.kernel.scope.rules import key_of_code

PathProgress = Callable[[int, int | None], None]
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class ImportSummary:
    """What became of one file. `state`: accepted, unchanged (this content came before), stopped (a total is unmet) or
    failed; `stopped` says why in the last two, `note` what else there is to know. `workbook` is the path of the
    returned rows."""

    resource: str
    importer: str
    state: str
    accepted: int = 0
    rejected: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    warnings: int = 0
    batch: int | None = None
    workbook: str = ""
    stopped: str = ""
    note: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class _Terms:
    """What holds for every file of one call."""

    by: str
    at: datetime
    effective_on: date
    reach: Reach
    again: bool


def import_path(
    *,
    path: Path,
    by: str,
    at: datetime,
    importer: str | None = None,
    area: str | None = None,
    expected_rows: int | None = None,
    resources: Collection[str] | None = None,
    effective_on: date | None = None,
    progress: PathProgress | None = None,
    again: bool = False,
) -> list[ImportSummary]:
    """Import a data package (folder or zip) or one file, each resource in its own transaction, in the package's order.

    `area` limits rows to a division; `resources` names those wanted; content that was accepted before is skipped unless
    `again`. The first stopped or failed resource ends the package, for later ones build on it. Never raises for what is
    wrong with a file: the summary says it. `progress(done, total)` counts hundredths of resources.
    """
    reach = Reach(keys=(key_of_code(area),)) if area else EVERYWHERE
    terms = _Terms(by, at, effective_on or timezone.localdate(at), reach, again)
    summaries: list[ImportSummary] = []
    try:
        with _resources(path, importer, expected_rows, resources) as package:
            _import_all(package, terms, progress, summaries)
    except (FileUnusable, FileRefused) as error:
        summaries.append(ImportSummary(path.name, importer or "", BatchState.FAILED, stopped=str(error)))
    return summaries


def _import_all(package: Package, terms: _Terms, progress: PathProgress | None, summaries: list[ImportSummary]) -> None:
    whole, following = len(package.resources) * 100, [*package.resources[1:], None]
    with reader() as reads:
        for index, (resource, after) in enumerate(zip(package.resources, following, strict=True)):
            tell = _teller(progress, index * 100, whole)
            tell(0, "")
            ahead = reads.taken(resource.path)
            if after is not None:
                _begin(reads, after, package.name, terms)
            summaries.append(_import_resource(resource, package.name, terms, tell, ahead))
            tell(100, "")
            if summaries[-1].stopped:
                return


def _begin(reads: Reader, resource: Resource, package: str, terms: _Terms) -> None:
    """Have a file read while the one before it is written, unless it came before; nobody can read it without an
    importer, which its own turn tells."""
    try:
        spec = spec_of(resource)
    except FileUnusable:
        return
    if _known(spec, resource, package, terms) is None:
        organisation = organisations_of(terms.reach)[0]
        reads.begin(resource.path, spec, remembered_by(organisation, spec.key))


def _teller(progress: PathProgress | None, start: int, whole: int) -> Callable[[int, str], None]:
    def tell(percent: int, step: str) -> None:
        if progress is not None:
            progress(start + percent, whole)

    return tell


@contextmanager
def _resources(path: Path, importer: str | None, rows: int | None, wanted: Collection[str] | None) -> Iterator[Package]:
    if is_package_folder(path):
        yield read_package(path, wanted)
        return
    if path.is_dir():
        raise FileUnusable(_("文件夹里没有 datapackage.json，不是数据包。"))
    with path.open("rb") as stream:
        kind = sniff(stream)
    if kind == "zip":
        with unpacked(path) as folder:
            yield read_package(folder, wanted)
        return
    if importer is None:
        raise FileUnusable(
            _("请用 --importer 说明“%(name)s”的导入类型，可选：%(choices)s。")
            % {"name": path.name, "choices": importer_choices()}
        )
    yield Package("", (Resource(path.name, path, importer, rows),))


def _import_resource(
    resource: Resource, package: str, terms: _Terms, tell: Callable[[int, str], None], ahead: ReadAhead | None
) -> ImportSummary:
    started = time.perf_counter()
    spec = spec_of(resource)
    before = _known(spec, resource, package, terms)
    if before is not None:
        rows = before.rows_good
        note = "" if package else unchanged_text(before)
        return ImportSummary(resource.name, spec.key, UNCHANGED, rows, same=rows, batch=before.pk, note=note)
    with transaction.atomic():
        stored = keep_resource(resource, terms.by, terms.at)
        batch = open_batch(spec, resource, stored, terms.effective_on, terms.reach, terms.by, terms.at, package)
    run(batch, by=terms.by, at=terms.at, write=True, tell=tell, ahead=ahead)
    return _summary(batch, resource, time.perf_counter() - started)


def _known(spec: ImportSpec, resource: Resource, package: str, terms: _Terms) -> ImportBatch | None:
    """The batch that brought the file's content already, unless it is wanted again."""
    with resource.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return None if terms.again else _before(spec.key, digest, package, terms)


def _before(importer: str, digest: str, package: str, terms: _Terms) -> ImportBatch | None:
    """The batch that brought this content. A package may hold several files of one register, so that none of them need
    be the newest; a single file must be, else an older state would be left standing for a newer one."""
    if package:
        return accepted_before(importer, digest)
    return same_as_newest(importer, digest, terms.reach, terms.effective_on)


def _summary(batch: ImportBatch, resource: Resource, seconds: float) -> ImportSummary:
    is_in = batch.state == BatchState.ACCEPTED
    return ImportSummary(
        resource=resource.name,
        importer=batch.importer,
        state=batch.state,
        accepted=batch.rows_good if is_in else 0,
        rejected=batch.rows_bad,
        new=batch.rows_new if is_in else 0,
        changed=batch.rows_changed if is_in else 0,
        same=batch.rows_same if is_in else 0,
        warnings=batch.warnings,
        batch=batch.pk,
        workbook=_returned(batch) if batch.rows_bad else "",
        stopped="" if is_in else batch.error or _unmet_text(batch),
        seconds=round(seconds, 2),
    )


def _unmet_text(batch: ImportBatch) -> str:
    spec = importer_of(batch.importer)
    parts = [
        _("%(what)s应为 %(stated)s，实为 %(found)s，相差 %(difference)s")
        % {**total, "what": spec.field(total["field"]).title if total["field"] else _("行数")}
        for total in batch.unmet
    ]
    return _("合计不符，未导入：%(parts)s。") % {"parts": "；".join(map(str, parts))}


def _returned(batch: ImportBatch) -> str:
    """The bad rows as a workbook in the home folder."""
    folder = Path(settings.SHIAN_HOME) / "returned"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{batch.pk}-{Path(batch.name).stem}.xlsx"
    spec, problems = importer_of(batch.importer), bad_rows_of(batch)
    write_bad_rows(target, content_of(batch), batch.file.kind, spec, problems, remembered_for(batch))
    return str(target)
