"""What a unit owes in a week: each noun says what is due, what of it is there and what is missing.

register_content(Content("weekly", _("周台账"), 10, weekly_of))     # weekly_of(ContentAsk) -> ContentState
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.campaign.models import NeedState, ReportState, RoundItem, WeekReport
from shian.domains.campaign.queries.evidence import item_titles
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseEvent
from shian.engine.cases.rules import Side
from shian.kernel.ui.states import Text
from shian.registers.people.models import Organisation

SUNDAY = timedelta(days=6)
REPORTED = ("progress", "submit", "accept", "assign")


@dataclass(frozen=True)
class ContentAsk:
    """Of which unit, for the week of which Monday."""

    unit: Organisation
    monday: date


@dataclass(frozen=True)
class Gap:
    """Something that is missing, and the page on which it is supplied."""

    text: str
    url: str


@dataclass(frozen=True)
class ContentState:
    """What goes upward, line by line, and what is missing."""

    lines: Sequence[str] = ()
    missing: Sequence[Gap] = ()


@dataclass(frozen=True)
class Content:
    """A kind of content."""

    key: str
    title: Text
    order: int
    state: Callable[[ContentAsk], ContentState]


_contents: dict[str, Content] = {}


def register_content(content: Content) -> None:
    """Name a kind of content; registering the same key again replaces it."""
    _contents[content.key] = content


def contents_of(unit: Organisation, monday: date) -> list[tuple[Content, ContentState]]:
    """Every kind with what the unit has and lacks, in order."""
    ask = ContentAsk(unit, monday)
    return [(each, each.state(ask)) for each in sorted(_contents.values(), key=lambda each: each.order)]


def weekly_of(ask: ContentAsk) -> ContentState:
    """The unit's weekly ledger of that week; a unit without one owes none."""
    report = WeekReport.objects.filter(unit=ask.unit, week__monday=ask.monday).first()
    if report is None:
        return ContentState()
    if report.state == ReportState.OPEN:
        url = reverse("campaign:report_submit", args=[report.pk])
        return ContentState(missing=[Gap(_("本周台账没有填报"), url)])
    return ContentState([_("周台账 %(count)s 条") % {"count": report.lines.count()}])


def evidence_of(ask: ContentAsk) -> ContentState:
    """Items of open rounds for which the unit has nothing, or has it back."""
    rows = RoundItem.objects.filter(round__closed_at__isnull=True, need__unit=ask.unit).select_related("need")
    names, lines, missing = item_titles(), [], []
    for each in rows.order_by("need__item_code", "pk"):
        code, word = each.need.item_code, NeedState(each.outcome).label
        told = f"{code} {names.get(code, '')}：{word}"
        if each.outcome in {NeedState.NONE, NeedState.RETURNED}:
            missing.append(Gap(told, reverse("campaign:need_detail", args=[each.need_id])))
        else:
            lines.append(told)
    return ContentState(lines, missing)


def tasks_of(ask: ContentAsk) -> ContentState:
    """Open tasks; one that waits for the unit and of which it reported nothing this week is missing."""
    told = CaseEvent.objects.filter(case=OuterRef("pk"), step__in=REPORTED, at__date__gte=ask.monday)
    rows = _open_cases("task", ask).annotate(is_reported=Exists(told))
    return _split(rows, lambda case: case.is_reported, _("本周没有报进度"))


def replies_of(ask: ContentAsk) -> ContentState:
    """Problems and supervision cards; one that waits for the unit's reply and is due by Sunday is missing."""
    last, found = ask.monday + SUNDAY, ContentState()
    for kind in ("problem", "card"):
        part = _split(
            _open_cases(kind, ask), lambda case: case.due_on is None or case.due_on > last, _("本周到期没有回复")
        )
        found = ContentState([*found.lines, *part.lines], [*found.missing, *part.missing])
    return found


def _open_cases(kind: str, ask: ContentAsk) -> QuerySet[Any]:
    return Case.objects.filter(type=kind, unit=ask.unit, is_open=True).order_by("due_on", "pk")


def _split(rows: QuerySet[Any], is_there: Callable[[Any], bool], lacking: str) -> ContentState:
    lines, missing = [], []
    for case in rows:
        state = next(each for each in case_type(case.type).states if each.key == case.state)
        told = f"{case.number} {case.title}"
        if state.turn == Side.UNIT and not is_there(case):
            missing.append(Gap(f"{told}：{lacking}", reverse("cases:case_detail", args=[case.pk])))
        else:
            lines.append(f"{told}：{state.title}")
    return ContentState(lines, missing)
