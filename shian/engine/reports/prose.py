"""Renders a template. The only way a number gets into the text is a bound figure.

Names that a template may use besides the words of its kind:
    {{ f("operators_total") }}                  a slot of the declaration, a figure of the kind, or a measure's own key
    {{ f("operators.total", area="131002") }}   also period=, decimals=, unit="" (the number alone)
    {{ f(shortfall.points) }}                   a SuppliedFigure out of the words
    {% if has("awards") %}                      is there a value? (prints nothing and records nothing)
    {% if some("awards") %}                     is there a value other than zero?
    {{ d(as_of) }}  {{ year(-3) }}              a date, a year relative to the as-of date
    {{ q(row.title) }}                          words quoted from a register, digits and all
    {{ q(row.target | requirement) }}           不低于80分 for >=80分
    {{ loop.index | ordinal }}                  一是, 二是 …
    {{ annex("items") }}                        附件1: the number of that annex; `annexes` are all their titles
    {{ table("items") }}                        a paragraph of its own: the table of that key
    {{ area_name }} {{ counties }} …            the area and its children, from the areas register (see queries.py)
Anything else that would print a number raises UnboundNumber.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from shian.engine.reports.binding import Asked, Reading, read_figures
from shian.engine.reports.declarations import Declaration, FigureSlot, TemplateRefused
from shian.engine.reports.kinds import ReportContext, SuppliedFigure
from shian.engine.reports.rules import (
    MISSING,
    PRESENT,
    annex_label,
    date_in_prose,
    figure_in_prose,
    ordinal_in_prose,
    period_for,
    requirement_in_prose,
    signs_in_prose,
    unbound_numbers,
)

TABLE_MARK = "⟦table:{}⟧"
_ASKABLE = frozenset({"period", "area", "decimals", "unit"})


class UnboundNumber(TemplateRefused):
    """The template would print a number that no figure stands behind."""


class Printed(Markup):
    """Text that may hold digits: a figure, a date, a quotation."""


@dataclass(frozen=True)
class PrintedFigure:
    """A figure as it stands in the document; `order` counts from one by first appearance."""

    order: int
    slot: str
    title: str
    area: str
    as_of: date
    period: str
    unit: str
    decimals: int | None
    reading: Reading
    shown: str

    @property
    def status(self) -> str:
        return MISSING if self.reading.value is None else PRESENT


@dataclass
class Prose:
    """One rendering: the docx and the figures that it printed, `reading_order` naming them once per appearance."""

    docx: bytes = b""
    figures: list[PrintedFigure] = field(default_factory=list)
    reading_order: list[int] = field(default_factory=list)


Reader = Callable[[Iterable[Asked], date], dict[Asked, Reading]]


class FigurePrinter:
    """The f() and has() of one document."""

    def __init__(
        self, declaration: Declaration, context: ReportContext, area: str, as_of: date, reader: Reader = read_figures
    ) -> None:
        self.slots = declaration.figures
        self.supplied = context.figures
        self.area, self.as_of, self.reader = area, as_of, reader
        self.prose = Prose()
        self._seen: dict[tuple[str, ...], PrintedFigure] = {}
        declared = (self._asked(slot) for slot in self.slots.values() if slot.measure)
        self._readings = reader(declared, as_of)

    def f(self, key: str | SuppliedFigure, **asked: Any) -> Printed:
        """Print and record a figure."""
        figure = self._printed(key, asked)
        self.prose.reading_order.append(figure.order)
        return Printed(escape(figure.shown))

    def has(self, key: str, **asked: Any) -> bool:
        """Is there a value?"""
        slot = self._slot(key, asked)
        return self._reading(slot).value is not None

    def some(self, key: str, **asked: Any) -> bool:
        """Is there a value other than zero?"""
        return bool(self._reading(self._slot(key, asked)).value)

    def _printed(self, key: str | SuppliedFigure, asked: dict[str, Any]) -> PrintedFigure:
        slot = self._supplied_slot(key) if isinstance(key, SuppliedFigure) else self._slot(key, asked)
        reading = supplied_reading(key) if isinstance(key, SuppliedFigure) else self._reading(slot)
        decimals = slot.decimals if slot.decimals is not None else reading.decimals
        unit = reading.unit if slot.unit is None else slot.unit
        shown = figure_in_prose(reading.value, unit, decimals, slot.title, reading.remark)
        place = (reading.measure, slot.key if not reading.measure else "", slot.area, slot.period, shown)
        if place not in self._seen:
            order = len(self.prose.figures) + 1
            figure = PrintedFigure(
                order, slot.key, slot.title, slot.area, self.as_of, slot.period, unit, decimals, reading, shown
            )
            self._seen[place] = figure
            self.prose.figures.append(figure)
        return self._seen[place]

    def _slot(self, key: str, asked: dict[str, Any]) -> FigureSlot:
        """The declared slot with what the template asks for on the spot."""
        declared = self.slots.get(key)
        if declared is None and key in self.supplied:
            return self._supplied_slot(self.supplied[key])
        if declared is None and "." not in key:
            raise TemplateRefused(f"模板用到的指标“{key}”没有声明。")
        slot = declared or FigureSlot(key=key, title="", measure=key)
        wanted = replace(slot, **{name: value for name, value in asked.items() if name in _ASKABLE})
        period = period_for(str(wanted.period), self.as_of)
        placed = replace(wanted, period=period, area=str(wanted.area or self.area))
        return placed if placed.title else replace(placed, title=self._reading(placed).title)

    def _asked(self, slot: FigureSlot) -> Asked:
        return Asked(slot.measure, slot.area or self.area, period_for(slot.period, self.as_of))

    def _supplied_slot(self, figure: SuppliedFigure) -> FigureSlot:
        return FigureSlot(figure.key, figure.title, measure="", area=self.area)

    def _reading(self, slot: FigureSlot) -> Reading:
        if not slot.measure and slot.key in self.supplied:
            return supplied_reading(self.supplied[slot.key])
        if not slot.measure:
            return Reading(measure="", title=slot.title, value=None, unit=slot.unit or "", source=slot.awaits)
        place = self._asked(slot)
        if place not in self._readings:
            self._readings |= self.reader([place], self.as_of)
        return self._readings[place]


def supplied_reading(figure: SuppliedFigure) -> Reading:
    """A domain's own figure in the shape of a measured one."""
    value = None if figure.value is None else Decimal(figure.value)
    part = None if figure.part is None else Decimal(figure.part)
    whole = None if figure.whole is None else Decimal(figure.whole)
    return Reading(
        figure.key, figure.title, value, figure.unit, figure.decimals, part, whole, figure.source, figure.remark, True
    )


def render(
    declaration: Declaration,
    context: ReportContext,
    *,
    words: Mapping[str, Any],
    annexes: Sequence[tuple[str, str]] = (),
    area: str,
    as_of: date,
    reader: Reader = read_figures,
) -> Prose:
    """The document's text with its tables still marked; `annexes` are key and title of each, in their order.

    Raises TemplateRefused, UnboundNumber.
    """
    printer = FigurePrinter(declaration, context, area, as_of, reader)
    labels = {key: Printed(annex_label(number, len(annexes))) for number, (key, _) in enumerate(annexes, start=1)}
    names: dict[str, Any] = {
        **words,
        **context.words,
        "annex": labels.__getitem__,
        "annexes": [title for _, title in annexes],
        "f": printer.f,
        "has": printer.has,
        "some": printer.some,
        "d": lambda day: Printed(date_in_prose(day)),
        "year": lambda distance=0: Printed(f"{as_of.year + distance}年"),
        "q": lambda text: Printed(escape(signs_in_prose(str(text)))),
        "table": lambda key: Printed(TABLE_MARK.format(key)),
    }
    template = DocxTemplate(io.BytesIO(declaration.docx))
    try:
        template.render(names, jinja_env=environment(declaration.allowed_words))
    except (TemplateError, KeyError) as error:
        raise TemplateRefused(f"模板“{declaration.key}”无法排版：{error}") from error
    out = io.BytesIO()
    template.save(out)
    printer.prose.docx = out.getvalue()
    return printer.prose


def environment(allowed_words: tuple[str, ...] = ()) -> SandboxedEnvironment:
    """Jinja that prints bound figures, dates, quotations and words, and nothing else."""

    def only_bound(value: Any) -> Any:
        if isinstance(value, Printed):
            return value
        if isinstance(value, int | float | Decimal):
            raise UnboundNumber(f"数字“{value}”没有绑定统计口径。")
        text = str(value)
        if found := unbound_numbers(text, allowed_words):
            raise UnboundNumber(f"“{text}”中的数字“{found[0]}”没有绑定统计口径。")
        return escape(text)

    jinja = SandboxedEnvironment(undefined=StrictUndefined, finalize=only_bound, autoescape=False)
    jinja.filters["requirement"] = requirement_in_prose
    jinja.filters["ordinal"] = lambda number: Printed(ordinal_in_prose(number))
    return jinja
