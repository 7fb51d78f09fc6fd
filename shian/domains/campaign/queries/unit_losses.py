"""What a unit's score is made of, row by row, and where its points went (A-16)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import EvidenceNeed, ItemResult, NeedState
from shian.domains.campaign.queries.evaluations import indicators_by_id
from shian.domains.campaign.queries.unit_matters import DIMENSION_OF, cases_of, needs_of, outcome_of_week, reports_of
from shian.domains.campaign.queries.unit_scores import (
    COUNTIES,
    Field,
    Standing,
    unit_at,
)
from shian.domains.campaign.rules.unit_scores import Part
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.formats import week_text
from shian.kernel.ui.states import Text

OUTCOMES: dict[str, Text] = {
    "in_time": gettext_lazy("按期办结"),
    "late": gettext_lazy("逾期办结"),
    "overdue": gettext_lazy("逾期未办结"),
    "week_filed": gettext_lazy("按时填报"),
    "week_late": gettext_lazy("截止后填报"),
    "week_missing": gettext_lazy("未填报"),
    "returned": gettext_lazy("佐证材料被退回"),
    "none": gettext_lazy("佐证材料未提交"),
    "passed": gettext_lazy("佐证材料通过"),
    "conditional": gettext_lazy("佐证材料有条件通过"),
}


@dataclass(frozen=True)
class Matter:
    """One matter of a dimension: what it could earn and loses, why, and the address of the record that it is."""

    code: str
    title: str
    url: str
    possible: Decimal
    lost: Decimal
    reason: str


def matters_of(found: Field, standing: Standing, key: str) -> list[Matter]:
    """What is decided in a dimension of a unit, most lost first; the losses add up to the dimension's."""
    part = standing.part(key)
    if part is None:
        return []
    with system_scope():
        rows = list(_READERS[key](found, standing, part))
    return sorted(rows, key=lambda each: (-each.lost, each.code))


def losses_of(found: Field, standing: Standing) -> list[tuple[Part, Matter]]:
    """Every matter of the unit that lost points, most lost first."""
    rows = [(part, each) for part in standing.parts for each in matters_of(found, standing, part.key) if each.lost > 0]
    return sorted(rows, key=lambda pair: (-pair[1].lost, pair[1].code))


def _items(found: Field, standing: Standing, part: Part) -> Iterator[Matter]:
    for each in found.shares.get(standing.unit.code, []):
        if each.dimension == part.key:
            result = each.result
            yield _matter(
                part, result.indicator.code, result.indicator.title, _item_url(found, result), each.weight, each.ratio,
                result.reason or str(result.get_state_display()),
            )  # fmt: skip


def _cases(found: Field, standing: Standing, part: Part) -> Iterator[Matter]:
    kinds = [kind for kind, dimension in DIMENSION_OF.items() if dimension == part.key]
    rows = cases_of(found.span).filter(type__in=kinds).filter(_of_unit(standing, "unit__code")).order_by("number")
    for each in rows:
        reason = str(OUTCOMES[each.outcome])
        if each.wanted_on:
            reason = _("%(outcome)s，期限 %(day)s") % {"outcome": reason, "day": each.wanted_on}
        ratio = found.rule.ratios[each.outcome]
        yield _matter(
            part, each.number, each.title, reverse("cases:case_detail", args=[each.pk]), Decimal(1), ratio, reason
        )


def _needs(found: Field, standing: Standing, part: Part) -> Iterator[Matter]:
    titles = _titles(found)
    rows = (
        needs_of(found.area_key).exclude(state=NeedState.FILED).filter(_of_unit(standing, "unit__code", own="county"))
    )
    for each in rows.select_related("unit").order_by("item_code", "pk"):
        if unit_at(found, each.unit.code if each.unit else "", each.county) == standing.unit.code:
            yield _need(each, titles, found, part)


def _need(each: EvidenceNeed, titles: dict[str, str], found: Field, part: Part) -> Matter:
    ratio, title = found.rule.ratios[each.state], titles.get(each.item_code, "")
    return _matter(part, each.item_code, title, reverse("campaign:need_detail", args=[each.pk]), Decimal(1), ratio,
                   str(OUTCOMES[each.state]))  # fmt: skip


def _titles(found: Field) -> dict[str, str]:
    if found.evaluation is None:
        return {}
    return {each.code: each.title for each in indicators_by_id(found.evaluation.standard_id).values()}


def _weeks(found: Field, standing: Standing, part: Part) -> Iterator[Matter]:
    for each in reports_of(found.span, [standing.unit.code]):
        outcome = outcome_of_week(each)
        week = week_text(each.week.monday)
        url = reverse("campaign:report_detail", args=[each.pk])
        yield _matter(part, week, _("周台账"), url, Decimal(1),
                      found.rule.ratios[outcome], str(OUTCOMES[outcome]))  # fmt: skip


def _of_unit(standing: Standing, column: str, own: str = "unit__county") -> Q:
    """Rows of the unit; of a county's campaign office those of all units of the county."""
    unit = standing.unit
    mine = Q(**{column: unit.code})
    return mine | Q(**{own: unit.county}) if standing.group == COUNTIES else mine


def _item_url(found: Field, result: ItemResult) -> str:
    assert found.evaluation is not None
    asked = urlencode({"area": result.area_key, "as_of": found.evaluation.as_of})
    return f"{reverse('campaign:item_detail', args=[result.indicator.code])}?{asked}"


def _matter(part: Part, code: str, title: str, url: str, weight: Decimal, ratio: Decimal, reason: str) -> Matter:
    return Matter(code, title, url, part.lost_by(weight, Decimal(0)), part.lost_by(weight, ratio), reason)


_READERS = {
    "document": _items, "field": _items, "tasks": _cases, "closeouts": _cases, "evidence": _needs, "weeks": _weeks,
}  # fmt: skip
