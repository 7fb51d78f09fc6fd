"""What the reader of a list asked for through the URL."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shian.domains.duties.models import OfficialLevel, TierLetter
from shian.domains.duties.queries.lists import Choice
from shian.kernel.ui.pieces import Filter, FilterBar, Option, picked_area
from shian.registers.areas.tables import area_picker, in_reach


def read_choice(params: QueryDict, user: Any) -> Choice:
    """Unknown words mean no filter. Raises OutOfReach for an area beyond the reach."""
    tier, level = params.get("tier", ""), params.get("level", "")
    return Choice(
        area=in_reach(user, picked_area(params.getlist("area"))),
        state=params.get("state", "")[:20],
        tier=tier if tier in TierLetter.values else "",
        level=level if level in OfficialLevel.values else "",
        text=params.get("q", "").strip()[:60],
    )


def filters_of(
    choice: Choice, user: Any, names: Mapping[str, str], day: date, *, states: Sequence[Option] = (),
    with_tier: bool = False, with_level: bool = False, placeholder: str = "",
) -> FilterBar:  # fmt: skip
    """Search, area and what the list has."""
    found = [Filter("q", _("搜索"), "search", value=choice.text, placeholder=placeholder or _("主体名称或编号"))]
    if with_tier:
        options = [Option(each.value, each.label) for each in TierLetter]
        found.append(Filter("tier", _("包保层级"), options=options, value=choice.tier))
    if with_level:
        options = [Option(each.value, each.label) for each in OfficialLevel]
        found.append(Filter("level", _("层级"), options=options, value=choice.level))
    if states:
        found.append(Filter("state", _("状态"), options=states, value=choice.state))
    return FilterBar(found, area=area_picker(user, choice.area, day, names))
