"""A tiny kind of document over the small city of the measures' factories, and people who read and write it."""

import io
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from shian.engine.ledgers.tests.factories import make_areas, make_operators, make_user
from shian.engine.reports.kinds import (
    Blocker,
    ReportColumn,
    ReportContext,
    ReportKind,
    ReportTable,
    SuppliedFigure,
    register_report,
)

AS_OF = date(2022, 11, 24)
STYLES = ("标题", "一级标题", "正文段", "附件", "附件标题", "表题", "表注", "表头", "表格", "表后")
DECLARATION = """
key: brief
title: "{area}工作简报"
figures:
  operators: {title: 在册主体, measure: operators.total}
  patrols: {title: 巡查次数, awaits: 巡查登记册}
"""
TEXT = (
    ("标题", "{{ area_name }}工作简报"),
    ("一级标题", "一、基本情况"),
    ("正文段", '截至{{ d(as_of) }}，{{ level_word }}在册主体{{ f("operators") }}，开展巡查{{ f("patrols") }}。'),
    ("正文段", '{% for place in children %}{{ place }}{% endfor %}；得分{{ f("brief.score") }}。'),
    ("正文段", '{{ table("units") }}'),
)


@cache
def template_bytes(lines: tuple[tuple[str, str], ...] = TEXT) -> bytes:
    """A docx with the styles that sheets and preview look for."""
    document = Document()
    for name in STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId", name)
    for style, text in lines:
        document.add_paragraph(text, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write_template(folder: Path, lines: tuple[tuple[str, str], ...] = TEXT, declaration: str = DECLARATION) -> None:
    """packs/templates/brief.docx and brief.yaml under a packs folder."""
    templates = folder / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "brief.docx").write_bytes(template_bytes(lines))
    (templates / "brief.yaml").write_text(declaration, encoding="utf-8")


class Brief:
    """The kind, with a score and blockers that a test may turn."""

    def __init__(self) -> None:
        self.score: Decimal | None = Decimal("87.50")
        self.blockers: list[Blocker] = []
        self.rows = [["市市场监管局", "1.25"], ["市农业农村局", "0.50"]]
        self.refreshed: list[tuple[str, date, str, datetime]] = []
        register_report(
            ReportKind(
                "brief",
                "工作简报",
                "brief",
                self.context,
                lambda area, as_of: self.blockers,
                refresh=lambda *asked: self.refreshed.append(asked),
            )
        )

    def context(self, area: str, as_of: date) -> ReportContext:
        score = SuppliedFigure("brief.score", "得分", self.score, "分", 2, remark="（示例权重）", source="评价结果")
        columns = (ReportColumn("单位", 2), ReportColumn("失分", 1, "right"))
        inside = ReportTable("units", "按单位失分", columns, self.rows, is_annex=False)
        behind = ReportTable("items", "逐项结果", columns, self.rows, note="说明", is_landscape=True)
        return ReportContext(figures={score.key: score}, tables=[inside, behind])


def make_city() -> None:
    make_areas()
    make_operators()


__all__ = ["AS_OF", "Brief", "make_city", "make_user", "template_bytes", "write_template"]
