"""Special supervisions as rows: areas down, topics across."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import SpecialSupervision, SupervisionCell, SupervisionState
from shian.domains.fieldchecks.queries.supervisions import AreaLine
from shian.kernel.ui.states import DONE, DUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {
    SupervisionState.PLANNED: WAITING,
    SupervisionState.DRAWN: DUE,
    SupervisionState.CHECKED: DUE,
    SupervisionState.REPORTED: DUE,
    SupervisionState.RECTIFIED: DONE,
}
SUPERVISIONS = (
    Column("title", gettext_lazy("专项督查"), is_fixed=True, is_wide=True),
    Column("number", gettext_lazy("编号"), kind="code"),
    Column("state", gettext_lazy("状态")),
    Column("starts_on", gettext_lazy("开始日期"), kind="date"),
    Column("ends_on", gettext_lazy("结束日期"), kind="date"),
    Column("filled", gettext_lazy("已填写"), kind="progress"),
)
FINDINGS = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    Column("topic", gettext_lazy("专题")),
    Column("score", gettext_lazy("得分"), kind="number"),
    Column("findings", gettext_lazy("发现情况或未检查原因"), is_wide=True),
)


def supervision_url(supervision: SpecialSupervision) -> str:
    return reverse("fieldchecks:special_supervision_detail", args=[supervision.pk])


def supervision_row(supervision: SpecialSupervision, filled: int, whole: int) -> Row:
    """A supervision in the list."""
    state = SupervisionState(supervision.state)
    return Row(
        {
            "title": supervision.title,
            "number": supervision.number,
            "state": Cell(state.label, state=TONES[state]),
            "starts_on": supervision.starts_on,
            "ends_on": supervision.ends_on,
            "filled": (filled, whole) if whole else None,
        },
        url=supervision_url(supervision),
        key=supervision.number,
    )


def matrix_columns(topics: Sequence[str]) -> tuple[Column, ...]:
    """Area, the townships drawn, one column for each topic, the mean."""
    return (
        Column("area", gettext_lazy("区划"), is_fixed=True),
        Column("townships", gettext_lazy("抽中乡镇（街道）"), is_wide=True),
        *(Column(f"topic_{number}", topic, align="end") for number, topic in enumerate(topics)),
        Column("mean", gettext_lazy("平均分"), kind="number", decimals=1),
    )


def matrix_row(line: AreaLine, names: Mapping[str, str], *, is_open: bool) -> Row:
    """An area: scores by topic; `is_open`: each leads to where it is filled in."""
    cells = {f"topic_{number}": _score(cell, is_open=is_open) for number, cell in enumerate(line.cells)}
    return Row(
        {
            "area": names.get(line.area_key, line.area_key),
            "townships": _("、").join(line.townships) or None,
            **cells,
            "mean": line.mean,
        },
        key=line.area_key,
    )


def _score(cell: SupervisionCell, *, is_open: bool) -> Cell:
    url = reverse("fieldchecks:special_supervision_edit", args=[cell.pk]) if is_open else ""
    if cell.score is not None:
        return Cell(cell.score, url=url, kind="number")
    if cell.reason:
        return Cell(_("未检查"), url=url, title=cell.reason)
    return Cell(_("待填写"), url=url, state=WAITING)


def finding_row(cell: SupervisionCell, names: Mapping[str, str]) -> Row:
    """What a topic came to in an area, in words."""
    told = cell.findings or (_("未检查：%(reason)s") % {"reason": cell.reason} if cell.reason else None)
    return Row(
        {
            "area": names.get(cell.area_key, cell.area_key),
            "topic": cell.topic,
            "score": cell.score,
            "findings": told or Cell(_("待填写"), state=WAITING),
        },
        key=str(cell.pk),
    )
