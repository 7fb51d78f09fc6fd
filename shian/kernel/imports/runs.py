"""One run over a batch's file: read, stage, judge, count and, when told to, write; all in the caller's transaction."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.imports.headings import FileUnusable, told_headings
from shian.kernel.imports.loading import ReadAhead, load
from shian.kernel.imports.models import ImportBatch
from shian.kernel.imports.queries import content_of, remembered_for
from shian.kernel.imports.readers import Opened, open_table
from shian.kernel.imports.rules import common_area
from shian.kernel.imports.specs import Counts, ImportSpec, area_key_sql
from shian.kernel.imports.staging import Staging, Tell, judge, staging
from shian.kernel.imports.upserts import preview_counts, unmet_totals, write_rows
from shian.kernel.notary.actions import Rooted
from shian.kernel.scope.walls import system_scope

PREVIEW_ROWS = 10
READ, JUDGED, COUNTED = 45, 75, 85  # percent reached when reading, judging and counting are done


@dataclass
class Outcome:
    """What one run found. `written` says whether the good rows are now in the register; `rooted` are their digests."""

    rows_total: int = 0
    rows_good: int = 0
    rows_bad: int = 0
    warnings: int = 0
    counts: Counts = field(default_factory=Counts)
    totals: list[dict[str, Any]] = field(default_factory=list)
    headings: list[dict[str, str]] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rooted: Rooted | None = None
    area: str = ""
    written: bool = False

    @property
    def unmet(self) -> list[dict[str, Any]]:
        return [total for total in self.totals if total["difference"] != "0"]


def run_batch(
    batch: ImportBatch, spec: ImportSpec, *, at: datetime, tell: Tell, write: bool, ahead: ReadAhead | None = None
) -> Outcome:
    """Read and judge the batch's file; with `write`, upsert the good rows unless a stated total is unmet and nobody has
    accepted that very difference. Problems of an earlier run are replaced. `ahead`: what was read of it already; it
    counts if the file and what it was read by are still the same. Raises FileUnusable."""
    parameters = {
        "at": at,
        "today": timezone.localdate(at),
        "effective_on": batch.effective_on,
        "batch": batch.pk,
        "by": batch.created_by,
        "reach": batch.reach,
        "is_unlimited": batch.is_unlimited,
        "attachments": batch.attachments,
    }
    remembered = remembered_for(batch)
    if ahead and (ahead.sha256, ahead.remembered) == (batch.file.sha256, remembered):
        opening: AbstractContextManager[Opened] = nullcontext(ahead.opened)
    else:
        ahead, opening = None, open_table(content_of(batch), batch.file.kind, spec, remembered)
    # Rows are judged against the batch's own reach (staging.judge), and a new person has no post yet.
    with system_scope(), opening as opened, staging(spec, f"import_{batch.pk}", parameters) as run:
        told = _scaled(tell, 0, READ)
        outcome = Outcome(rows_total=ahead.load(run, told) if ahead else load(run, opened, told))
        if not outcome.rows_total:
            raise FileUnusable(_("表头下面没有数据行，请填写后重新上传。"))
        judge(run, _scaled(tell, READ, JUDGED))
        tell(JUDGED, _("核对合计"))
        _count(run, outcome)
        _describe(run, opened, outcome)
        outcome.totals = unmet_totals(run, batch.expected_rows, batch.expected_sums)
        outcome.written = write and bool(outcome.rows_good) and _totals_settled(batch, outcome)
        tell(COUNTED, _("写入") if outcome.written else _("比对现有数据"))
        if outcome.written:
            with _rooting(run) as rooted:
                outcome.counts = write_rows(run)
            outcome.rooted = rooted.result()
        else:
            outcome.counts = preview_counts(run)
        _keep_problems(run, batch)
    return outcome


@contextmanager
def _rooting(run: Staging) -> Iterator[Future[Rooted]]:
    """The root over the good rows, worked out by this program while the database writes them; there at the end."""
    bad = {row for (row,) in run.rows("SELECT row_no FROM {staging} WHERE NOT is_good")}
    with ThreadPoolExecutor(1, "root") as pool:
        yield pool.submit(Rooted.over, run.digests_without(bad))


def _scaled(tell: Tell, low: int, high: int) -> Tell:
    return lambda percent, step: tell(low + percent * (high - low) // 100, step)


def _totals_settled(batch: ImportBatch, outcome: Outcome) -> bool:
    """Every stated total is met, or a named user accepted exactly this difference."""
    return not outcome.unmet or (bool(batch.difference_by) and outcome.totals == batch.totals)


def _count(run: Staging, outcome: Outcome) -> None:
    found = run.rows(
        "SELECT count(*) FILTER (WHERE is_good), count(*) FILTER (WHERE NOT is_good), "
        "(SELECT count(*) FROM {problems} WHERE severity = 'warning') FROM {staging}"
    )[0]
    outcome.rows_good, outcome.rows_bad, outcome.warnings = map(int, found)
    if run.spec.area_field:
        key = area_key_sql(f"s.{run.spec.area_field}")
        low, high = run.rows(f"SELECT min({key}), max({key}) FROM {{staging}} s WHERE is_good")[0]
        outcome.area = common_area([low, high]) if low else ""


def _describe(run: Staging, opened: Opened, outcome: Outcome) -> None:
    spec, matched = run.spec, opened.matched
    outcome.notes = [*opened.notes, *matched.notes]
    outcome.headings = told_headings(spec, matched)
    shown = [each.name for each in spec.fields if each.name in matched.positions]
    columns = ", ".join(f"{name}::text" for name in shown)
    last = max(run.row_numbers[:PREVIEW_ROWS])  # rows stand in the order of their numbers
    rows = run.rows(f"SELECT row_no, is_good, {columns} FROM {{staging}} WHERE row_no <= {last} ORDER BY row_no")
    outcome.preview = [
        {"row": row[0], "is_good": row[1], "values": dict(zip(shown, (v or "" for v in row[2:]), strict=True))}
        for row in rows
    ]


def _keep_problems(run: Staging, batch: ImportBatch) -> None:
    batch.problems.all().delete()
    titles = ", ".join("(%s, %s)" for _name in run.headings)
    parameters = [value[:80] for pair in run.headings.items() for value in pair]
    run.cursor.execute(
        run.filled(
            'INSERT INTO imports_importproblem (batch_id, row_no, "column", value, reason, remedy, severity) '
            "SELECT %s, p.row_no, n.title, COALESCE(left(p.value, 200), ''), left(p.reason, 400), left(p.remedy, 400), "
            f"p.severity FROM {{problems}} p JOIN (VALUES {titles}) AS n (name, title) ON n.name = p.field "
            "ORDER BY p.row_no"
        ),
        [batch.pk, *parameters],
    )
