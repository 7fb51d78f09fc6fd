"""What the reader of a ledger asked for through the URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shian.engine.ledgers.declarations import Ledger
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pieces import AreaPicker, Filter, FilterBar, Option, picked_area
from shian.registers.areas.tables import in_reach

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class LedgerFilter:
    """Area key, chosen words of enumerated fields, year, text, and the date at which rows must be valid."""

    area: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    year: str = ""
    text: str = ""
    as_of: date | None = None
    state: str = ""  # number of the derived state, from 0

    @classmethod
    def read(cls, params: QueryDict, ledger: Ledger, user: Any) -> "LedgerFilter":
        """Unknown words and damaged dates are ignored. Raises OutOfReach for an area beyond the reach."""
        words = {each.name: params.get(f"f_{each.name}", "") for each in ledger.fields if each.enum}
        known = {name: word for name, word in words.items() if word in ledger.by_name[name].enum}
        year, state = params.get("year", ""), params.get("state", "")
        states = ledger.aspects.states
        return cls(
            area=in_reach(user, picked_area(params.getlist("area"))),
            words=known,
            year=year if _YEAR.fullmatch(year) else "",
            text=params.get("q", "").strip()[:60],
            as_of=_day(params.get("as_of", "")),
            state=state if state in {str(number) for number in range(len(states))} else "",
        )

    def facts(self, ledger: Ledger) -> dict[str, str]:
        """The filter in words, for an export."""
        parts = [_("区划 %(code)s") % {"code": code_of_key(self.area)}] if self.area else []
        parts += [f"{ledger.by_name[name].title} {word}" for name, word in self.words.items()]
        parts += [_("年度 %(year)s") % {"year": self.year}] if self.year else []
        parts += [_("状态 %(state)s") % {"state": ledger.aspects.states[int(self.state)].title}] if self.state else []
        parts += [_("文字 %(text)s") % {"text": self.text}] if self.text else []
        return {
            _("台账"): str(ledger.title),
            _("筛选"): _("；").join(parts) or _("无（可见的全部）"),
            _("数据时点"): self.as_of.isoformat() if self.as_of else _("不限"),
        }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def filter_bar(ledger: Ledger, chosen: LedgerFilter, picker: AreaPicker | None, years: list[int]) -> FilterBar:
    """The controls that the declaration asks for."""
    filters = [Filter("q", _("搜索"), "search", value=chosen.text, placeholder=_("任意文字"))]
    if ledger.aspects.states:
        options = [Option(str(number), each.title) for number, each in enumerate(ledger.aspects.states)]
        filters.append(Filter("state", _("当前状态"), options=options, value=chosen.state))
    for each in ledger.fields:
        if each.enum:
            options = [Option(word, word) for word in each.enum]
            filters.append(Filter(f"f_{each.name}", each.title, options=options, value=chosen.words.get(each.name, "")))
    if years:
        filters.append(Filter("year", _("年度"), options=[Option(str(y), str(y)) for y in years], value=chosen.year))
    if ledger.valid_from or ledger.occurs_on:
        day = chosen.as_of.isoformat() if chosen.as_of else ""
        filters.append(Filter("as_of", _("数据时点"), "date", value=day))
    return FilterBar(filters, area=picker)
