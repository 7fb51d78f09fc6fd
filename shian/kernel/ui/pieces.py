"""The pieces of a page as plain dataclasses: tabs, actions, filters, facts, timeline entries, figures on tiles.

Each is read by the include of the same name in templates/ui/components/. States are the keys of states.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from shian.kernel.ui.cells import escaped, value_html
from shian.kernel.ui.controls import filter_html
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.masking import masked
from shian.kernel.ui.states import Text, state_of


@dataclass(frozen=True)
class Tab:
    label: Text
    url: str
    count: int | None = None
    is_active: bool = False
    state: str = ""  # colours the count, e.g. overdue


@dataclass(frozen=True)
class Crumb:
    label: Text
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button. `method="post"` sends a form with `name=value`; `consequence` asks once and names what will happen.

    The url "#print" prints the page.
    """

    label: Text
    url: str = ""
    icon: str = ""
    kind: str = "secondary"  # primary, secondary, danger, danger-quiet, quiet
    method: str = "get"
    name: str = ""
    value: str = ""
    consequence: Text = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: Text
    count: int | None = None


def options_html(options: Sequence[Option], chosen: Sequence[str]) -> SafeString:
    """The <option> elements of a select, joined here: a filter bar has a hundred of them."""
    parts = []
    for option in options:
        mark = " selected" if option.value in chosen else ""
        count = "" if option.count is None else f"（{number_text(option.count)}）"
        parts.append(f'<option value="{escaped(option.value)}"{mark}>{escaped(option.label)}{count}</option>')
    return SafeString("".join(parts))


@dataclass(frozen=True)
class Filter:
    """One control of a filter bar. kind: select, checks, text, search, date, switch, hidden.

    `default` is the value in force when the reader asks for none (在营): it counts as no filter, and a select that has
    one offers no empty choice.
    """

    name: str
    label: Text
    kind: str = "select"
    options: Sequence[Option] = ()
    value: str | Sequence[str] = ""
    placeholder: Text = ""
    default: str = ""

    @property
    def is_used(self) -> bool:
        return bool(self.value) and self.value != self.default

    @property
    def chosen(self) -> Sequence[str]:
        return [self.value] if isinstance(self.value, str) else self.value

    @property
    def options_html(self) -> SafeString:
        return options_html(self.options, self.chosen)

    @property
    def html(self) -> SafeString:
        return filter_html(self)


@dataclass(frozen=True)
class AreaLevel:
    label: Text  # 县（市、区）
    options: Sequence[Option]  # values are area KEYS, so a child begins with its parent
    value: str = ""

    @property
    def options_html(self) -> SafeString:
        return options_html(self.options, [self.value])


@dataclass(frozen=True)
class AreaPicker:
    """A cascade of selects that share one name; read it back with `picked_area`. `url` answers ?<name>=<key> with the
    HTML of the picker for that choice (htmx); without it the form around is sent, as in a filter bar. `names` are
    those of the areas behind it by key: also of one that is no choice, being the only one."""

    levels: Sequence[AreaLevel]
    name: str = "area"
    label: Text = ""
    url: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def picked_area(values: Sequence[str]) -> str:
    """The deepest consistent choice of `request.GET.getlist("area")`: a township of another county is dropped."""
    chosen = ""
    for value in values:
        if not value.startswith(chosen):
            break
        chosen = value or chosen
    return chosen


def picked_year(value: str) -> int | None:
    """The year that a filter names, between 1900 and 2199; None for anything else."""
    return int(value) if len(value) == 4 and value.isdecimal() and 1900 <= int(value) < 2200 else None


@dataclass(frozen=True)
class FilterBar:
    filters: Sequence[Filter] = ()
    area: AreaPicker | None = None
    clear_url: str = "?"

    @property
    def names(self) -> list[str]:
        """The parameters that this bar owns; the others of the page are kept when it is sent."""
        return [f.name for f in self.filters] + ([self.area.name] if self.area else [])

    @property
    def search_html(self) -> SafeString:
        """What stays in sight on a phone."""
        return SafeString("\n".join(each.html for each in self.filters if each.kind == "search"))

    @property
    def controls_html(self) -> SafeString:
        """The others."""
        return SafeString("\n".join(each.html for each in self.filters if each.kind != "search"))

    def used_count(self, params: QueryDict) -> int:
        """How many filters the URL sets; what the page chose by itself, such as today's date, is none."""
        usual = {f.name: f.default for f in self.filters if f.kind != "hidden"}
        usual |= {self.area.name: ""} if self.area else {}
        return sum(any(value not in {"", default} for value in params.getlist(name)) for name, default in usual.items())


@dataclass(frozen=True)
class Fact:
    """A name and a value of a record; kinds as in tables.py. `state` draws a badge."""

    label: Text
    value: Any = None
    kind: str = "text"
    unit: Text = ""
    url: str = ""
    note: Text = ""
    state: str = ""
    is_copied: bool = False  # offers a copy button (codes, numbers of certificates)
    personal: str = ""  # a masking.Personal: masked unless revealed
    is_revealed: bool = False

    def __post_init__(self) -> None:
        if self.personal and not self.is_revealed:  # not even the template gets hold of it
            object.__setattr__(self, "value", masked(self.personal, self.value))

    @property
    def html(self) -> SafeString:
        return value_html(self.value, self.kind)


@dataclass(frozen=True)
class Section:
    title: Text
    facts: Sequence[Fact]
    note: Text = ""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened. `seal` is the short digest of its notary entry (存证)."""

    title: Text
    at: datetime | date
    by: Text = ""
    body: Text | SafeString = ""
    state: str = ""
    icon: str = ""
    seal: str = ""
    seal_url: str = ""
    url: str = ""


@dataclass(frozen=True)
class Clock:
    """A deadline in words: "剩 3 个工作日"."""

    label: Text
    due_on: date | None = None
    state: str = "waiting"


@dataclass(frozen=True)
class Stat:
    """A figure on a tile. With `part` and `whole` the rate is shown beneath."""

    label: Text
    value: Any = None
    unit: Text = ""
    decimals: int | None = None
    part: Any = None
    whole: Any = None
    state: str = ""
    note: Text = ""
    url: str = ""
    state_label: Text = ""  # where the state's own word does not fit


@dataclass(frozen=True)
class Step:
    label: Text
    state: str = "waiting"  # done, due (the present one), overdue (failed), waiting
    note: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Callout:
    title: Text
    body: Text | SafeString = ""
    state: str = "neutral"
    actions: Sequence[Action] = ()

    @property
    def icon(self) -> str:
        return "info-circle" if self.state == "neutral" else state_of(self.state).icon


@dataclass(frozen=True)
class DayCell:
    """One square of a month. kind: work, rest (an ordinary weekend), holiday (a day off by notice), makeup."""

    day: date
    kind: str
    name: Text
    is_today: bool


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday; None stands outside the month. Counts are of this month."""

    first: date
    weeks: list[list[DayCell | None]]
    workdays: int
    rest_days: int
