"""What the reader of a list asked for through the URL."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.models import Mode, PointState
from shian.domains.fieldchecks.models.covert import sees_covert
from shian.domains.fieldchecks.queries.formats import CheckFormat
from shian.domains.fieldchecks.queries.points import LIVE, PointChoice
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pieces import Filter, FilterBar, Option, picked_area
from shian.registers.areas.tables import area_picker, in_reach

ALL = "all"


def read_points(params: QueryDict, user: Any) -> PointChoice:
    """Unknown words mean no filter. Raises OutOfReach for an area beyond the reach."""
    mode, state = params.get("mode", ""), params.get("state", LIVE)
    of_kind, _sign, code = params.get("kind", "").partition(":")
    return PointChoice(
        area=in_reach(user, picked_area(params.getlist("area"))),
        mode=of_kind if code else mode if mode in Mode.values else "",
        format=code,
        state=state if state in PointState.values else "" if state == ALL else LIVE,
        text=params.get("q", "").strip()[:60],
        is_benchmark=params.get("benchmark") == "1",
    )


def point_filters(
    choice: PointChoice, user: Any, formats: Sequence[CheckFormat], names: Mapping[str, str], day: Any
) -> FilterBar:
    """Search, area, mode, format, state, benchmarks; covert formats for who sees covert points."""
    covert = sees_covert(user)
    kinds = [
        Option(f"{each.mode}:{each.code}", f"{each.code} {each.name}")
        for each in formats
        if covert or each.mode == Mode.OVERT
    ]
    states = [
        Option(LIVE, _("未退出")),
        *(Option(each.value, each.label) for each in PointState),
        Option(ALL, _("全部")),
    ]
    chosen = f"{choice.mode}:{choice.format}" if choice.format else ""
    found = [
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("点位名称或编号")),
        Filter("kind", _("业态"), options=kinds, value=chosen),
        Filter("state", _("状态"), options=states, value=choice.state or ALL, default=LIVE),
        Filter("benchmark", _("标杆"), options=[Option("1", _("只看标杆"))], value="1" if choice.is_benchmark else ""),
    ]
    if covert:
        modes = [Option(each.value, each.label) for each in Mode]
        found.insert(1, Filter("mode", _("检查方式"), options=modes, value="" if choice.format else choice.mode))
    return FilterBar(found, area=area_picker(user, choice.area, day, names))


def point_facts(choice: PointChoice, day: Any) -> dict[str, str]:
    """The choice in words, for an export."""
    parts = [_("区划 %(code)s") % {"code": code_of_key(choice.area)}] if choice.area else []
    parts += [str(Mode(choice.mode).label)] if choice.mode else []
    parts += [choice.format] if choice.format else []
    parts += [_("文字 %(text)s") % {"text": choice.text}] if choice.text else []
    parts += [_("只看标杆")] if choice.is_benchmark else []
    state = _("未退出") if choice.state == LIVE else str(PointState(choice.state).label) if choice.state else _("全部")
    return {_("筛选"): _("；").join([*parts, state]), _("数据时点"): day.isoformat()}
