"""The list of figures that closes every document."""

from collections.abc import Sequence

from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.models import DocumentFigure, FigureStatus
from shian.engine.reports.sheets import FIGURES_TABLE
from shian.kernel.ui.figures import figure_number, figure_text

COLUMNS = (
    ReportColumn("序号", 0.75, "center"),
    ReportColumn("指标", 2.4),
    ReportColumn("统计口径", 2.7),
    ReportColumn("地区", 0.95, "center"),
    ReportColumn("时点", 1.5, "center"),
    ReportColumn("期间", 1.2, "center"),
    ReportColumn("值", 1.5, "right"),
    ReportColumn("构成", 1.3, "right"),
    ReportColumn("来源", 1.8),
    ReportColumn("核对结果", 1.4),
)


def figure_table(figures: Sequence[DocumentFigure]) -> ReportTable:
    """Every figure of the text with measure, area, date, value and register."""
    return ReportTable(
        key=FIGURES_TABLE,
        title="文中数据一览",
        columns=COLUMNS,
        rows=[_cells(figure) for figure in figures],
        note="文中每一个数据均对应一项统计口径，可在系统中打开到明细；没有数据的指标标为“待补充”，不作推算。",
        is_landscape=True,
    )


def status_words(figure: DocumentFigure) -> str:
    """What the last column says of a figure."""
    if figure.status == FigureStatus.MISSING:
        return "待补充"
    if figure.status == FigureStatus.PRESENT:
        return "一致" if figure.document_id else ""
    if figure.accepted_at is None:
        return f"有变化：现为{figure.now_shown}"
    return f"现为{figure.now_shown}，采用写稿值：{figure.accepted_reason}"


def _cells(figure: DocumentFigure) -> list[str]:
    made_of = ""
    if figure.part is not None and figure.whole is not None:
        made_of = f"{figure_number(figure.part)} / {figure_number(figure.whole)}"
    value = "—" if figure.value is None else figure_text(figure.value, figure.unit, figure.decimals)
    return [
        str(figure.order),
        figure.title,
        figure.measure or "—",
        figure.area,
        figure.as_of.isoformat(),
        figure.window,
        value,
        made_of,
        figure.source,
        "待补充" if figure.status == FigureStatus.MISSING else "",
    ]
