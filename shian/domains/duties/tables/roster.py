"""Tiers, officials, matches, plans, letters and boards as rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import (
    Board,
    BoardState,
    CensusEntry,
    Letter,
    LetterState,
    Match,
    MatchPlan,
    Official,
    PlanState,
    Tier,
    TierOrigin,
)
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row
from shian.kernel.workdays.rules import Calendar
from shian.registers.operators.models import Operator

_OPERATOR = (
    Column("operator", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("code", gettext_lazy("主体编号"), kind="code"),
    Column("format", gettext_lazy("业态")),
)
_PLACE = (
    Column("county", gettext_lazy("县（市、区）"), is_default=False),
    Column("township", gettext_lazy("乡镇（街道）")),
)
GAPS = (
    *_OPERATOR,
    *_PLACE,
    Column("opened_on", gettext_lazy("开业日期"), kind="date", sort="opened_on"),
    Column("due_on", gettext_lazy("摸底期限"), kind="date"),
)
EXCLUDED = (*_OPERATOR, Column("exclusion", gettext_lazy("不纳入原因"), is_wide=True), *_PLACE)
TIERS = (
    *_OPERATOR,
    Column("tier", gettext_lazy("包保层级"), sort="tier"),
    Column("reason", gettext_lazy("分级依据"), is_wide=True),
    Column("employees", gettext_lazy("从业人数"), kind="number"),
    Column("output", gettext_lazy("年产值"), kind="number", unit=gettext_lazy("万元"), decimals=0),
    *_PLACE,
    Column("since", gettext_lazy("起始日期"), kind="date"),
    Column("set_by", gettext_lazy("提出人"), is_default=False),
)
UNMATCHED = (
    *_OPERATOR,
    Column("tier", gettext_lazy("包保层级"), sort="tier"),
    *_PLACE,
    Column("unmatched_on", gettext_lazy("未对接起"), kind="date", sort="unmatched_on"),
    Column("due_on", gettext_lazy("对接期限"), kind="date"),
)
OFFICIALS = (
    Column("name", gettext_lazy("姓名"), is_fixed=True),
    Column("level", gettext_lazy("层级")),
    Column("post", gettext_lazy("职务"), is_wide=True),
    Column("unit", gettext_lazy("单位")),
    Column("load", gettext_lazy("包保主体"), kind="number", unit=gettext_lazy("户")),
    Column("charge", gettext_lazy("分管领域"), is_default=False),
    Column("code", gettext_lazy("干部编号"), kind="code", sort="code"),
    Column("since", gettext_lazy("任职日期"), kind="date"),
    Column("until", gettext_lazy("离任日期"), kind="date", is_default=False),
)
MATCHES = (
    *_OPERATOR,
    Column("tier", gettext_lazy("包保层级"), sort="tier"),
    Column("official", gettext_lazy("包保干部")),
    Column("post", gettext_lazy("职务"), is_wide=True),
    *_PLACE,
    Column("since", gettext_lazy("起始日期"), kind="date"),
    Column("until", gettext_lazy("终止日期"), kind="date", is_default=False),
    Column("reason", gettext_lazy("对接原因"), is_default=False),
)
OF_OFFICIAL = tuple(each for each in MATCHES if each.key in {"operator", "code", "format", "tier", "since"})
OF_OPERATOR = tuple(each for each in MATCHES if each.key in {"tier", "official", "post", "since", "until", "reason"})
PLANS = (
    Column("reason", gettext_lazy("原因"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("方案类别")),
    Column("area", gettext_lazy("区划")),
    Column("lines", gettext_lazy("主体"), kind="number", unit=gettext_lazy("户")),
    Column("heaviest", gettext_lazy("最大负荷")),
    Column("state", gettext_lazy("状态")),
    Column("made_by", gettext_lazy("提出人")),
    Column("made_at", gettext_lazy("提出时间"), kind="moment"),
)
LINES = (
    Column("operator", gettext_lazy("主体"), is_fixed=True, is_wide=True),
    Column("tier", gettext_lazy("包保层级")),
    Column("official", gettext_lazy("拟由")),
    Column("former", gettext_lazy("现由")),
    Column("why", gettext_lazy("理由"), is_wide=True),
)
LETTERS = (
    Column("official", gettext_lazy("包保干部"), is_fixed=True),
    Column("post", gettext_lazy("职务"), is_wide=True),
    Column("level", gettext_lazy("层级")),
    Column("number", gettext_lazy("第几份"), kind="number"),
    Column("subjects", gettext_lazy("包保主体"), kind="number", unit=gettext_lazy("户")),
    Column("state", gettext_lazy("状态")),
    Column("due_on", gettext_lazy("签订期限"), kind="date", sort="due_on"),
    Column("reason", gettext_lazy("签订原因"), is_wide=True),
)
BOARDS = (
    *_OPERATOR,
    Column("official", gettext_lazy("包保干部")),
    Column("version", gettext_lazy("版本"), kind="number"),
    Column("state", gettext_lazy("状态")),
    *_PLACE,
    Column("printed_on", gettext_lazy("打印日期"), kind="date"),
    Column("delivered_on", gettext_lazy("送达日期"), kind="date"),
    Column("ledger_on", gettext_lazy("台账送达"), kind="date"),
)
LETTER_TONES = {
    LetterState.DUE: DUE, LetterState.SIGNED: WAITING, LetterState.IN_FORCE: DONE, LetterState.INVALID: NEUTRAL,
}  # fmt: skip
PLAN_TONES = {
    PlanState.PROPOSED: DUE, PlanState.APPROVED: DONE, PlanState.REFUSED: NEUTRAL, PlanState.STALE: WAITING,
}  # fmt: skip
BOARD_TONES = {BoardState.GENERATED: DUE, BoardState.POSTED: DONE, BoardState.REPLACED: NEUTRAL}
Names = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """When what began on a day must be done: `amount` working days later; behind it after `today`."""

    calendar: Calendar
    amount: int
    today: date

    def due_on(self, began: date) -> date:
        return self.calendar.add_workdays(began, self.amount)

    def row(self, cells: dict[str, Any], began: date, url: str, key: str) -> Row:
        """With its last day; marked where that is over."""
        due_on = self.due_on(began)
        late = due_on < self.today
        cell = Cell(due_on, note=_("逾期") if late else "")
        return Row({**cells, "due_on": cell}, url=url, key=key, state=OVERDUE if late else "")


def operator_url(operator: Operator) -> str:
    return f"{reverse('census:operator_detail', args=[operator.code])}?tab=duty"


def official_url(official: Official) -> str:
    return reverse("duties:official_detail", args=[official.pk])


def letter_url(letter: Letter) -> str:
    return reverse("duties:letter_detail", args=[letter.pk])


def _operator_cells(operator: Operator, names: Names) -> dict[str, Any]:
    return {
        "operator": operator.name, "code": operator.code, "format": operator.format,
        "county": names.get(operator.county, operator.county),
        "township": names.get(operator.township, operator.township),
    }  # fmt: skip


def gap_rows(operators: Iterable[Operator], names: Names, term: Term) -> Iterator[Row]:
    """A new operator must be tiered, or left out for a reason, in the days in which its change is passed on."""
    for each in operators:
        cells = {**_operator_cells(each, names), "opened_on": each.opened_on}
        yield term.row(cells, each.opened_on, operator_url(each), each.code)


def unmatched_rows(tiers: Iterable[Any], names: Names, term: Term) -> Iterator[Row]:
    """`tiers`: queries.lists.unmatched_tiers."""
    for each in tiers:
        cells = {
            **_operator_cells(each.operator, names), "tier": each.get_tier_display(),
            "unmatched_on": each.unmatched_on,
        }  # fmt: skip
        yield term.row(cells, each.unmatched_on, operator_url(each.operator), str(each.pk))


def excluded_rows(entries: Iterable[CensusEntry], names: Names) -> Iterator[Row]:
    for each in entries:
        cells = {**_operator_cells(each.operator, names), "exclusion": each.get_exclusion_display()}
        yield Row(cells, url=operator_url(each.operator), key=str(each.pk))


def tier_rows(tiers: Iterable[Tier], names: Names) -> Iterator[Row]:
    for each in tiers:
        manual = each.origin == TierOrigin.MANUAL
        cells = {
            **_operator_cells(each.operator, names),
            "tier": Cell(each.get_tier_display(), note=_("人工调整") if manual else ""),
            "reason": each.reason, "employees": each.employees, "output": each.output, "since": each.valid_from,
            "set_by": actor(each.set_by),
        }  # fmt: skip
        yield Row(cells, url=operator_url(each.operator), key=str(each.pk))


def official_rows(officials: Iterable[Official], loads: Mapping[int, int], warned: int) -> Iterator[Row]:
    """Loads above the warning are marked."""
    for each in officials:
        load = loads.get(each.pk, 0)
        cells = {
            "name": Cell(each.name, note=_("党政主要负责人") if each.is_head else ""),
            "level": each.get_level_display(), "post": each.post, "unit": each.unit,
            "load": Cell(load, note=_("偏重") if load > warned else ""), "charge": each.charge, "code": each.code,
            "since": each.valid_from, "until": each.valid_to,
        }  # fmt: skip
        yield Row(cells, url=official_url(each), key=each.code, state=DUE if load > warned else "")


def match_rows(matches: Iterable[Match], names: Names) -> Iterator[Row]:
    for each in matches:
        cells = {
            **_operator_cells(each.operator, names), "tier": each.get_tier_display(),
            "official": Cell(each.official.name, url=official_url(each.official)), "post": each.official.post,
            "since": each.valid_from, "until": each.valid_to, "reason": each.reason,
        }  # fmt: skip
        yield Row(cells, url=operator_url(each.operator), key=str(each.pk))


def plan_rows(plans: Iterable[MatchPlan], names: Names) -> Iterator[Row]:
    for each in plans:
        counts, state = each.counts, PlanState(each.state)
        cells = {
            "reason": each.reason, "kind": each.get_kind_display(), "area": names.get(each.area, _("全市")),
            "lines": counts.get("lines"),
            "heaviest": f"{counts.get('heaviest', 0)} → {counts.get('heaviest_after', 0)}",
            "state": Cell(state.label, state=PLAN_TONES[state]), "made_by": actor(each.made_by),
            "made_at": each.seen_at,
        }  # fmt: skip
        yield Row(cells, url=reverse("duties:match_plan_detail", args=[each.pk]), key=str(each.pk))


def letter_rows(letters: Iterable[Letter], today: date) -> Iterator[Row]:
    for each in letters:
        state = LetterState(each.state)
        late = state in (LetterState.DUE, LetterState.SIGNED) and each.due_on < today
        cells = {
            "official": each.official.name, "post": each.official.post, "level": each.official.get_level_display(),
            "number": each.number, "subjects": each.subjects,
            "state": Cell(_("逾期未签") if late else state.label, state=OVERDUE if late else LETTER_TONES[state]),
            "due_on": each.due_on, "reason": each.reason,
        }  # fmt: skip
        yield Row(cells, url=letter_url(each), key=str(each.pk), state=OVERDUE if late else "")


def board_rows(boards: Iterable[Board], names: Names) -> Iterator[Row]:
    for each in boards:
        state = BoardState(each.state)
        cells = {
            **_operator_cells(each.operator, names), "official": each.content.get("official"), "version": each.version,
            "state": Cell(state.label, state=BOARD_TONES[state]), "printed_on": each.printed_on,
            "delivered_on": each.delivered_on, "ledger_on": each.ledger_on,
        }  # fmt: skip
        yield Row(cells, url=reverse("duties:board_detail", args=[each.pk]), key=str(each.pk))
