"""Tags and filters of every template: {% load ui %}.

Filters   {{ n|number }} {{ n|number:1 }}   64,098            {{ d|local_date }}     2026-11-21
          {{ part|percent:whole }}          99.6%             {{ t|local_time }}     14:05
          {{ d|week }}                      2026年第47周       {{ t|local_moment }}   2026-11-21 14:05
          {{ name|actor }}                  the actor stored under that name, as the reader may see them
Tags      {% num value "家" 1 %}            number and unit   {% rate part whole %}  717 / 720 · 99.6 %
          {% state_badge "overdue" "逾期 3 天" %}             {% icon "search" %}    {% icon "x" "关闭" %}
          {% progress part whole "due" %}                     {% query_replace page=2 after=None %}   ?kind=…&page=2
          {% widget bound_field %}                            {% vite_assets %}
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shian.kernel.ui import build, cells, formats
from shian.kernel.ui.actors import actor as actor_text
from shian.kernel.ui.controls import headings_html, query_copy
from shian.kernel.ui.figures import figure_number
from shian.kernel.ui.icons import icon_svg
from shian.kernel.ui.pieces import FilterBar
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Table

register = template.Library()


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    return formats.number_text(value, decimals)


@register.filter
def percent(part: object, whole: object) -> str:
    return formats.percent_text(part, whole)


@register.filter
def local_date(value: date | datetime | None) -> str:
    return formats.date_text(value)


@register.filter
def local_time(value: datetime | None) -> str:
    return formats.time_text(value)


@register.filter
def local_moment(value: date | datetime | None) -> str:
    return formats.moment_text(value) if isinstance(value, datetime) else formats.date_text(value)


@register.filter
def week(value: date | datetime | None) -> str:
    return formats.week_text(value)


@register.filter
def actor(name: str | None) -> Text:
    return actor_text(name)


register.filter("spoken", formats.spoken)


@register.simple_tag
def num(value: object, unit: object = "", decimals: int | None = None) -> SafeString:
    """A figure that stands by itself; see figures.py for the rule."""
    if decimals is not None and isinstance(value, int | Decimal):
        shown = figure_number(value, decimals)
    else:
        shown = formats.number_text(value, decimals)
    if unit == "%" and shown != formats.DASH:
        return format_html('<span class="num">{}%</span>', shown)
    text, unit = format_html('<span class="num">{}</span>', shown), formats.spoken(unit)
    return format_html('{} <span class="sh-unit">{}</span>', text, unit) if unit else text


@register.simple_tag
def made_of(part: object, whole: object) -> SafeString:
    return format_html('<span class="num">{}</span>', formats.made_of_text(part, whole))


@register.simple_tag
def rate(part: object, whole: object, decimals: int = 1) -> SafeString:
    return format_html('<span class="num">{}</span>', formats.rate_text(part, whole, decimals))


@register.simple_tag
def state_badge(state: str, label: str = "") -> SafeString:
    return cells.state_badge(state, label)


@register.simple_tag
def progress(part: object, whole: object, state: str = "") -> SafeString:
    return cells.progress_bar(part, whole, state)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return icon_svg(name, label)


@register.simple_tag(takes_context=True)
def headings(context: Context, table: Table) -> SafeString:
    """The <th> elements of a table; see controls.py."""
    request = context.get("request")
    return headings_html(table.headings, request.GET if request else None)


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed; None removes one. Starts with "?"."""
    request = context.get("request")
    query = query_copy(request.GET if request else None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        elif isinstance(value, list | tuple):
            query.setlist(key, [str(each) for each in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_fields(context: Context, *names: str | list[str]) -> SafeString:
    """The present parameters as hidden inputs, without those named: a GET form keeps the other filters."""
    request = context.get("request")
    left_out = {name for group in names for name in ([group] if isinstance(group, str) else group)}
    pairs = (
        [(key, value) for key, values in request.GET.lists() if key not in left_out for value in values]
        if request
        else []
    )
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def used_filters(context: Context, bar: FilterBar) -> int:
    """How many filters of the bar the URL sets."""
    request = context.get("request")
    return bar.used_count(request.GET) if request else 0


def _widget_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return ""  # Django puts the class on the box around the choices too
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The field's control with our classes; errors and help are tied to it for screen readers."""
    control = field.field.widget
    own = control.attrs.get("class", "")
    is_choices = isinstance(control, forms.RadioSelect | forms.CheckboxSelectMultiple)
    attrs: dict[str, Any] = {
        "class": f"{own} {_widget_class(control)}{' is-invalid' if field.errors and not is_choices else ''}".strip()
    }
    described = [f"{field.auto_id}-help"] if field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{field.auto_id}-error")
    if described and not is_choices:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def vite_asset(entry: str = build.MAIN) -> str:
    """The URL of a built file; "" when the front end is not built."""
    chunk = (build.manifest() or {}).get(entry)
    return static(chunk["file"]) if chunk else ""


@register.simple_tag
def vite_assets(entry: str = build.MAIN) -> SafeString:
    """Link and script of the build; nothing when it is missing (the shell then says so)."""
    chunk = (build.manifest() or {}).get(entry)
    if chunk is None:
        return SafeString("")
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(css),) for css in chunk.get("css", [])))
    return format_html('{}<script type="module" src="{}"></script>', links, static(chunk["file"]))


@register.simple_tag
def is_built() -> bool:
    return build.manifest() is not None
