"""What a reader asked of the evaluation pages through the URL, and the filter bar that shows it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shian.domains.campaign.models import ItemResult, ItemState, Method
from shian.domains.campaign.queries.report_figures import outcome_of
from shian.domains.campaign.queries.units import Units
from shian.kernel.ui.pieces import AreaPicker, Filter, FilterBar, Option, picked_area

NO_LEAD = "none"


def day_from(text: str) -> date | None:
    """The date of a URL; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class ItemFilter:
    """Filters of the item list. `unit` is the department code of the unit in charge, or "none"."""

    area: str = ""
    as_of: date | None = None
    section: str = ""
    method: str = ""
    unit: str = ""
    state: str = ""
    outcome: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> "ItemFilter":
        texts = {name: params.get(name, "") for name in ("section", "method", "unit", "state", "outcome")}
        return cls(area=picked_area(params.getlist("area")), as_of=day_from(params.get("as_of", "")), **texts)

    def chosen(self, results: Iterable[ItemResult], units: Units) -> list[ItemResult]:
        """The results that pass every filter: 94 rows are filtered in memory."""
        checks = self._checks(units)
        return [result for result in results if all(passes(result) for passes in checks)]

    def _checks(self, units: Units) -> list[Callable[[ItemResult], bool]]:
        """One for each filter that is set."""
        checks: list[tuple[str, Callable[[ItemResult], bool]]] = [
            (self.section, lambda result: str(result.section_number) == self.section),
            (self.method, lambda result: self.method in result.indicator.methods),
            (self.state, lambda result: result.state == self.state),
            (self.outcome, lambda result: outcome_of(result) == self.outcome),
            (self.unit, lambda result: self.unit in units_in(result, units)),
        ]
        return [passes for wanted, passes in checks if wanted]


def units_in(result: ItemResult, units: Units) -> set[str]:
    """Department codes of the units that lead the item or share it; "none" without a stated lead."""
    code = result.indicator.code
    named = {units.of(each, code).department for each in (*result.lead_codes, *result.indicator.responsible_codes)}
    return named | (set() if result.lead_codes else {NO_LEAD})


def filter_bar(
    chosen: ItemFilter,
    results: Sequence[ItemResult],
    sections: dict[int, str],
    units: Units,
    picker: AreaPicker,
    as_of: date,
) -> FilterBar:
    """Section, method, unit, state, area and the date shown, each with its choices."""
    return FilterBar(
        [
            Filter("section", _("大项"), options=_options(sections), value=chosen.section),
            Filter("method", _("检查方式"), options=_options(dict(Method.choices)), value=chosen.method),
            Filter("unit", _("牵头或责任单位"), options=_unit_options(results, units), value=chosen.unit),
            Filter("state", _("结果来源"), options=_options(dict(ItemState.choices)), value=chosen.state),
            Filter("as_of", _("截止日期"), kind="date", value=as_of.isoformat()),
            Filter("outcome", _("结论"), kind="hidden", value=chosen.outcome),
        ],
        area=picker,
    )


def _options(choices: dict[Any, Any]) -> list[Option]:
    return [Option(str(value), label) for value, label in choices.items()]


def _unit_options(results: Sequence[ItemResult], units: Units) -> list[Option]:
    names: dict[str, str] = {}
    for result in results:
        for each in (*result.lead_codes, *result.indicator.responsible_codes):
            unit = units.of(each, result.indicator.code)
            names[unit.department] = unit.name
    named = [Option(department, name) for department, name in sorted(names.items(), key=lambda pair: pair[1])]
    return [*named, Option(NO_LEAD, _("无牵头单位"))]
