"""What the reader of the operator list asked for through the URL."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.census.queries.codes import CODED, UNCODED
from shian.domains.census.queries.operators import ANY, CLOSED, OPEN, OperatorChoice
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pieces import Filter, FilterBar, Option, picked_area
from shian.registers.areas.tables import area_picker, in_reach
from shian.registers.operators.imports.dictionaries import read_dictionaries
from shian.registers.operators.models import LICENCE_KINDS, OPERATOR_KINDS, SMALL_KINDS, STAGES

PARAMETERS = {
    "kind": "kind",
    "small_kind": "small_kind",
    "trade": "format",
    "stage": "stage",
    "licence": "licence_kind",
}
LICENCES = {
    "SC": gettext_lazy("食品生产许可"),
    "JY": gettext_lazy("食品经营许可"),
    "YB": gettext_lazy("预包装备案"),
    "ZF": gettext_lazy("小作坊登记"),
    "CY": gettext_lazy("小餐饮登记"),
    "TD": gettext_lazy("小摊点备案卡"),
    "XK": gettext_lazy("工业产品许可"),
    "无": gettext_lazy("无证照"),
}
CODES = {CODED: gettext_lazy("有二维码"), UNCODED: gettext_lazy("无二维码")}


def read_choice(params: QueryDict, user: Any) -> OperatorChoice:
    """Damaged dates mean today. Raises OutOfReach for an area beyond the reach."""
    state, coded = params.get("state", OPEN), params.get("coded", "")
    return OperatorChoice(
        as_of=_day(params.get("as_of", "")),
        area=in_reach(user, picked_area(params.getlist("area"))),
        text=params.get("q", "").strip()[:60],
        state=state if state in {OPEN, CLOSED, ANY} else OPEN,
        equal={field: word for name, field in PARAMETERS.items() if (word := params.get(name, ""))},
        coded=coded if coded in CODES else "",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def filter_bar(choice: OperatorChoice, user: Any, names: Mapping[str, str] | None = None) -> FilterBar:
    """Search, area cascade, kind, format, licence, state and date; `names` as in area_picker."""
    chosen = choice.equal or {}
    states = [Option(OPEN, _("在营")), Option(CLOSED, _("已注销")), Option(ANY, _("全部"))]
    formats = read_dictionaries().formats
    filters = [
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("名称两个字、拼音首字母或证照编号")),
        _select("kind", _("主体类别"), OPERATOR_KINDS, chosen),
        _select("small_kind", _("三小类别"), SMALL_KINDS, chosen),
        _select("trade", _("业态"), formats, chosen),
        _select("stage", _("环节"), STAGES, chosen),
        Filter(
            "licence", _("证照"), options=[Option(each, LICENCES[each]) for each in LICENCE_KINDS],
            value=chosen.get("licence_kind", ""),
        ),
        Filter(
            "coded", _("二维码"), options=[Option(each, label) for each, label in CODES.items()], value=choice.coded
        ),
        Filter("state", _("状态"), options=states, value=choice.state, default=OPEN),
        Filter(
            "as_of", _("数据时点"), "date", value=choice.as_of.isoformat(), default=timezone.localdate().isoformat()
        ),
    ]  # fmt: skip
    return FilterBar(filters, area=area_picker(user, choice.area, choice.as_of, names))


def _select(name: str, label: str, words: Any, chosen: Any) -> Filter:
    return Filter(name, label, options=[Option(word, word) for word in words], value=chosen.get(PARAMETERS[name], ""))


def choice_facts(choice: OperatorChoice) -> dict[str, str]:
    """The choice in words, for an export."""
    parts = [_("区划 %(code)s") % {"code": code_of_key(choice.area)}] if choice.area else []
    parts += list((choice.equal or {}).values())
    parts += [_("文字 %(text)s") % {"text": choice.text}] if choice.text else []
    parts += [str(CODES[choice.coded])] if choice.coded else []
    states = {OPEN: _("在营"), CLOSED: _("已注销"), ANY: _("全部")}
    return {
        _("筛选"): _("；").join([*parts, states[choice.state]]),
        _("数据时点"): choice.as_of.isoformat(),
    }
