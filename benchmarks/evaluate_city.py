"""Evaluate a city of Langfang's size, against one hand-written SQL script; rescore one item of it."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.harness import Line, counted, paired, statements_of, timed
from shian.domains.campaign.actions import enter_verdict, evaluate_area
from shian.domains.campaign.models import AreaScore, Evaluation, Verdict

AREA, AS_OF = "131000", date(2022, 11, 24)
SCRIPT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
COMPARED = (
    "earned", "possible", "decided", "computed", "verdict", "external", "unknown", "not_applicable", "vetoes_clear",
    "vetoes_triggered", "vetoes_unknown",
)  # fmt: skip


class _Undone(Exception):
    """Rolls a measured run back, so that every run starts from the same rows."""


def _undone(work: Any) -> None:
    try:
        with transaction.atomic():
            work()
            raise _Undone
    except _Undone:
        return


def evaluate() -> None:
    """One full evaluation, as the page and the command line run it, with seal and rows; then undone."""

    def work() -> None:
        Evaluation.objects.update(is_current=False)
        evaluate_area(area=AREA, as_of=AS_OF, by="bench", at=timezone.now())

    _undone(work)


def by_hand() -> None:
    """The opponent, undone likewise."""
    _undone(_run_script)


def _run_script() -> None:
    assert _current is not None
    values: dict[str, Any] = {
        "city": "1310",
        "as_of": AS_OF,
        "standard": _current.standard_id,
        "scoring": _current.scoring_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(SCRIPT, values)


_current: Evaluation | None = None


def differences() -> int:
    """Sums of the script that differ from ours: the opponent does the same work or the comparison means nothing."""
    assert _current is not None
    with transaction.atomic():
        _run_script()
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM hand_run")
            (made,) = cursor.fetchone()
        theirs, ours = _sums(made), _sums(_current.pk)
        found = sum(ours[spot] != theirs.get(spot) for spot in ours)
        transaction.set_rollback(True)
    return found


def _sums(evaluation: int) -> dict[tuple[str, int], tuple[Any, ...]]:
    rows = AreaScore.objects.filter(evaluation=evaluation).values_list("area_key", "section_number", *COMPARED)
    return {(row[0], row[1]): row[2:] for row in rows}


def rescore() -> None:
    """One verdict: recorded, rescored up to the area's total, sealed."""
    at = timezone.now()
    assert _current is not None
    word = "达标" if Verdict.objects.filter(entered_by="bench").count() % 2 else "不达标"
    enter_verdict(
        evaluation=_current, code="1.1.1", area=AREA, verdict=word, reviewer="bench", reviewed_on=AS_OF,
        reason="bench", by="bench", at=at,
    )  # fmt: skip


def measure() -> list[Line]:
    global _current
    _current = evaluate_area(area=AREA, as_of=AS_OF, by="bench", at=timezone.now())
    apart = differences()
    ours, theirs, ratio = paired(evaluate, by_hand)
    with transaction.atomic():
        timing = timed(rescore)
        with counted() as queries:
            rescore()
        statements = statements_of(queries)
        transaction.set_rollback(True)
    note = f"by hand {theirs:.2f} s; {apart} of its sums differ from ours"
    return [
        Line("evaluate a city, 94 items × every area", ours, "s", "≤ 2 s", ours <= 2, note),
        Line("… against the hand-written script", ratio, "×", "≤ 2 ×", ratio <= 2, note),
        Line("change one result: rescore, seal, answer", timing.wall * 1000, "ms", "≤ 30 ms", timing.wall <= 0.03),
        Line("… statements", statements, "SQL", "≤ 12", statements <= 12),
    ]
