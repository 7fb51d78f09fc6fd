"""Figures: the values of measures for areas at a date, and the rows behind them.

    figure("operators.total", area="131000", as_of=date(2022, 11, 24)).value
    figures(["operators.total", "budgets.amount"], as_of=…, area_prefix="1310")["operators.total"]["131002"]
    rows_of("operators.total", "part", area="131000", as_of=…, user=request.user)

`figures` needs one SQL statement for all measures and areas together.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from shian.engine.measures.compiler import EMPTINESS, PartAsk, Statement, compile_parts, levels_within, rows_behind
from shian.engine.measures.declarations import Measure, Part, Source, measure, source_of
from shian.engine.measures.formulas import Operand, compute, operands
from shian.engine.measures.models import FrozenFigure
from shian.engine.measures.rules import PeriodInvalid, Window, parse_period, window_for, years_later
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, key_of_code, level_of_key
from shian.kernel.ui.states import Text
from shian.registers.areas.queries import areas_valid_at

NO_DATA, EMPTY, ZERO_WHOLE, WRONG_LEVEL = (
    gettext_noop("无数据"),
    gettext_noop("台账为空"),
    gettext_noop("分母为零"),
    gettext_noop("本级不统计"),
)
USUAL_LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
SIDES = ("part", "whole")


@dataclass(frozen=True)
class Figure:
    """A value with everything that says what it is. `value` is exact; `shown` is rounded as the measure declares."""

    measure: str
    area: str
    as_of: date
    period: str
    value: Decimal | None
    part: Decimal | None = None
    whole: Decimal | None = None
    unit: Text = ""
    reason: str = ""
    decimals: int = 0

    @property
    def shown(self) -> Decimal | None:
        if self.value is None:
            return None
        return self.value.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Ask:
    """A measure at a date over the days of its window (None: the state)."""

    measure: Measure
    as_of: date
    window: Window | None

    def of_part(self, part: Part) -> PartAsk:
        return PartAsk(part, self.as_of, self.window)

    def other(self, key: str, shift: int = 0, fixed: str = "") -> "Ask":
        """Another measure for the same days, shifted by years or fixed. A state is read at the end of those days."""
        other = measure(key)
        window = parse_period(fixed) if fixed else self.window
        if other.period == "none":
            window = window.shifted(shift) if window and shift else window
            day = window.end if window else years_later(self.as_of, shift)
            return Ask(other, min(self.as_of, day), None)
        if window is None or (other.period != self.measure.period and not fixed and not shift):
            window = window_for(other.period, self.as_of, None)
        return Ask(other, self.as_of, window.shifted(shift) if window and shift else window)


def ask_for(key: str, as_of: date, period: str | None = None) -> Ask:
    """What is to be computed. Raises LookupError, PeriodInvalid."""
    found = measure(key)
    if period and found.period == "none":
        raise PeriodInvalid(gettext("“%(title)s”是时点数，不按期间统计。") % {"title": found.title})
    return Ask(found, as_of, window_for(found.period, as_of, period))


class DayToCome(ValueError):
    """A figure was asked for a day, or a period, that has not begun; the text names today."""


def refuse_days_to_come(as_of: date, period: str | None = None) -> None:
    """Registers say nothing of days to come. Raises DayToCome, PeriodInvalid."""
    today = timezone.localdate()
    if as_of > today:
        text = gettext("%(asked)s 还没有到，今天是 %(today)s，请查今天或以前的日期。")
        raise DayToCome(text % {"asked": as_of, "today": today})
    if period and parse_period(period).start > today:
        text = gettext("期间 %(asked)s 还没有开始，今天是 %(today)s，请查已经开始的期间。")
        raise DayToCome(text % {"asked": period, "today": today})


def figure(key: str, *, area: str, as_of: date, period: str | None = None) -> Figure:
    """One figure; `area` is a code or a key.

    Raises LookupError, ValueError for an area that is none, PeriodInvalid, DayToCome.
    """
    refuse_days_to_come(as_of, period)
    area_key = key_of_code(area)
    level = level_of_key(area_key)
    if level not in measure(key).levels:
        ask = ask_for(key, as_of, period)
        return _figure(ask, area_key, None, None, None, WRONG_LEVEL)
    found = figures([key], as_of=as_of, area_prefix=area_key, period=period, levels=[level], areas=[area_key])
    return found[key][area_key]


def figures(
    keys: Iterable[str],
    *,
    as_of: date,
    area_prefix: str = "",
    period: str | None = None,
    levels: Collection[Level] = USUAL_LEVELS,
    areas: Collection[str] | None = None,
) -> dict[str, dict[str, Figure]]:
    """Measure → area key → figure, for all areas inside the prefix at those levels where the measure means something.

    `areas` saves the look-up of the divisions in force. Raises LookupError, PeriodInvalid.
    """
    asks = {key: ask_for(key, as_of, period) for key in keys}
    wanted = levels_within(levels, area_prefix)
    parts = [part for ask in asks.values() for part in _parts(ask)]
    if not parts or not wanted:
        return {key: {} for key in asks}
    values = _run(compile_parts(parts, wanted, area_prefix))
    known = _areas(as_of, area_prefix, wanted) if areas is None else areas
    return {
        key: {area: _evaluate(ask, area, values) for area in known if level_of_key(area) in ask.measure.levels}
        for key, ask in asks.items()
    }


def figure_series(key: str, *, area: str, days: Iterable[date]) -> list[Figure]:
    """The same figure at several dates, in one statement; the caller has checked the area."""
    asks = [ask_for(key, day) for day in days]
    level = level_of_key(area)
    values = _run(compile_parts([part for ask in asks for part in _parts(ask)], [level], area))
    return [_evaluate(ask, area, values) for ask in asks]


def _areas(as_of: date, prefix: str, levels: Collection[Level]) -> list[str]:
    rows = areas_valid_at(as_of).filter(level__in=[level.value for level in levels])
    if prefix:
        rows = rows.filter(**{level_of_key(prefix).value: prefix})
    return list(rows.order_by("key").values_list("key", flat=True))


@dataclass(frozen=True)
class _Values:
    statement: Statement
    by_frame: dict[int, dict[str, list[Decimal | None]]]
    empty: frozenset[str]

    def of(self, ask: PartAsk, area: str) -> tuple[Decimal | None, str]:
        """The part's value in the area, and why there is none."""
        frame, place = self.statement.slots[ask]
        row = self.by_frame.get(frame, {}).get(area)
        value = row[place] if row else None
        if value is not None:
            return value, ""
        if ask.part.source in self.empty:
            return None, EMPTY
        return (Decimal(0), "") if ask.part.aggregate in {"count", "distinct"} else (None, NO_DATA)


def _run(statement: Statement) -> _Values:
    by_frame: dict[int, dict[str, list[Decimal | None]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        for frame, area, values in cursor.fetchall():
            by_frame.setdefault(frame, {})[area] = values
    filled = by_frame.pop(EMPTINESS)[""]
    empty = frozenset(source for source, value in zip(statement.sources, filled, strict=True) if not value)
    return _Values(statement, by_frame, empty)


def _parts(ask: Ask) -> list[PartAsk]:
    """Every part that the measure needs, those of other measures included."""
    if ask.measure.formula:
        return [part for each in operands(ask.measure.tree) for part in _parts(_operand(ask, each))]
    found = [ask.of_part(ask.measure.part)] if ask.measure.part else []
    if isinstance(ask.measure.whole, str):
        return found + _parts(ask.other(ask.measure.whole))
    return [*found, ask.of_part(ask.measure.whole)] if ask.measure.whole else found


def _operand(ask: Ask, operand: Operand) -> Ask:
    return ask.other(operand.key, operand.shift, operand.fixed)


def _evaluate(ask: Ask, area: str, values: _Values) -> Figure:
    if ask.measure.formula:
        reasons: list[str] = []

        def value_of(operand: Operand) -> Decimal | None:
            found = _evaluate(_operand(ask, operand), area, values)
            reasons.append(found.reason)
            return found.value

        value = compute(ask.measure.tree, value_of)
        return _figure(ask, area, value, None, None, "" if value is not None else _first(reasons))
    assert ask.measure.part is not None
    part, reason = values.of(ask.of_part(ask.measure.part), area)
    if ask.measure.whole is None:
        return _figure(ask, area, part, part, None, reason)
    whole, whole_reason = _whole(ask, area, values)
    if part is None or whole is None:
        return _figure(ask, area, None, part, whole, reason or whole_reason)
    if not whole:
        return _figure(ask, area, None, part, whole, ZERO_WHOLE)
    return _figure(ask, area, part / whole * ask.measure.scale, part, whole, "")


def _whole(ask: Ask, area: str, values: _Values) -> tuple[Decimal | None, str]:
    if isinstance(ask.measure.whole, str):
        found = _evaluate(ask.other(ask.measure.whole), area, values)
        return found.value, found.reason
    assert ask.measure.whole is not None
    return values.of(ask.of_part(ask.measure.whole), area)


def _first(reasons: list[str]) -> str:
    return next((reason for reason in reasons if reason), ZERO_WHOLE)


def _figure(
    ask: Ask, area: str, value: Decimal | None, part: Decimal | None, whole: Decimal | None, reason: str
) -> Figure:
    found = ask.measure
    text = ask.window.text if ask.window else ""
    if value is not None and not found.is_ratio and not found.formula:
        value *= found.scale
    return Figure(found.key, area, ask.as_of, text, value, part, whole, found.unit, reason, found.decimals)


@dataclass(frozen=True)
class FigureRows:
    """The rows behind one side of a figure. `column` is the field that is summed or counted; "" for a count of rows."""

    source: Source
    part: Part
    rows: QuerySet[Any]
    column: str


def rows_of(key: str, side: str, *, area: str, as_of: date, period: str | None = None, user: Any) -> FigureRows:
    """The rows that one side ("part" or "whole") of a figure counts, cut to the user's reach.

    Raises OutOfReach for an area beyond the reach, LookupError for a side that the measure does not have.
    """
    area_key = key_of_code(area)
    refuse_out_of_reach(key, area_key, user)
    ask = side_of(ask_for(key, as_of, period), side)
    source = source_of(ask.part.source)
    sql, values = rows_behind(ask, area_key)
    found: Any = source.model._default_manager
    behind = RawSQL(sql, values)  # noqa: S611 (made by the compiler from declarations, values bound)
    rows = found.visible_to(user).filter(pk__in=behind).select_related(*source.related)
    return FigureRows(source, ask.part, rows, ask.part.column if ask.part.aggregate != "count" else "")


def side_of(ask: Ask, side: str) -> PartAsk:
    """The part on that side; the whole of a measure by another measure is that measure's part. Raises LookupError."""
    if side == "part" and ask.measure.part:
        return ask.of_part(ask.measure.part)
    if side == "whole" and isinstance(ask.measure.whole, Part):
        return ask.of_part(ask.measure.whole)
    if side == "whole" and isinstance(ask.measure.whole, str):
        return side_of(ask.other(ask.measure.whole), "part")
    raise LookupError(f"{ask.measure.key} has no rows of its own on side {side!r}.")


def operand_asks(ask: Ask) -> list[Ask]:
    """The measures that a formula reads, each with its days: their figures open the rows."""
    return [_operand(ask, each) for each in operands(ask.measure.tree)] if ask.measure.formula else []


def refuse_out_of_reach(key: str, area: str, user: Any) -> None:
    """A figure is shown inside the reach only; beyond it the answer is 404 and the attempt is logged."""
    if not reach_of(user).covers(area):
        raise OutOfReach(f"measures.figure:{key}/{area}")


def frozen_figures(key: str, area: str) -> QuerySet[FrozenFigure]:
    """What documents printed of this figure, newest first. The caller has checked the area."""
    return FrozenFigure.objects.filter(measure=key, area=key_of_code(area)).order_by("-as_of", "-id")


@dataclass(frozen=True)
class Comparison:
    """A frozen figure beside today's count of the same."""

    frozen: FrozenFigure
    today: Figure | None
    is_redefined: bool

    @property
    def difference(self) -> Decimal | None:
        if self.today is None or self.today.value is None or self.frozen.value is None:
            return None
        return self.today.value - self.frozen.value

    @property
    def is_changed(self) -> bool:
        return self.today is None or self.today.shown != self.frozen.shown


def compare_frozen(frozen: FrozenFigure) -> Comparison:
    """Count the frozen figure again from the registers as they stand now."""
    try:
        today = figure(frozen.measure, area=frozen.area, as_of=frozen.as_of, period=frozen.period or None)
        digest = measure(frozen.measure).digest
    except (LookupError, PeriodInvalid):
        return Comparison(frozen, None, is_redefined=True)
    return Comparison(frozen, today, is_redefined=digest != frozen.definition)
