"""Trainings, and officials without one, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.domains.duties.models import Official, Training, TrainingAttendance, TrainingQuestion, TrainingState
from shian.engine.cases.tables import area_text
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TRAININGS = (
    Column("topic", gettext_lazy("培训主题"), is_fixed=True, is_wide=True),
    Column("held_on", gettext_lazy("举办日期"), kind="date", sort="planned_on"),
    Column("area", gettext_lazy("区划")),
    Column("attended", gettext_lazy("参加人数"), kind="number"),
    Column("state", gettext_lazy("状态")),
    Column("number", gettext_lazy("培训编号"), kind="code"),
)
UNTRAINED = (
    Column("name", gettext_lazy("姓名"), is_fixed=True),
    Column("post", gettext_lazy("职务"), is_wide=True),
    Column("level", gettext_lazy("层级")),
    Column("area", gettext_lazy("任职区划")),
    Column("since", gettext_lazy("任职日期"), kind="date"),
)
ATTENDED = (
    *UNTRAINED[:-1],
    Column("way", gettext_lazy("参加方式")),
    Column("score", gettext_lazy("测试得分"), kind="number", decimals=1),
    Column("passed", gettext_lazy("测试")),
)
ASKED = (
    Column("question", gettext_lazy("提问"), is_wide=True),
    Column("answer", gettext_lazy("解答"), is_wide=True),
)
TONES = {
    TrainingState.PLANNED: WAITING, TrainingState.HELD: DUE, TrainingState.RECORDED: DONE,
    TrainingState.DROPPED: NEUTRAL,
}  # fmt: skip


def training_rows(trainings: Sequence[Training], areas: Mapping[str, str]) -> Iterator[Row]:
    """Trainings in a list with how many were there."""
    counted = TrainingAttendance.objects.filter(training__in=[each.pk for each in trainings])
    attended = dict(counted.values_list("training").annotate(Count("pk")))
    for each in trainings:
        cells = {
            "topic": Cell(each.topic, note=each.trainer),
            "held_on": Cell(each.held_on or each.planned_on, note="" if each.held_on else _("计划")),
            "area": area_text(each.area, areas),
            "attended": attended.get(each.pk, 0),
            "state": Cell(each.get_state_display(), state=TONES[TrainingState(each.state)]),
            "number": each.number,
        }
        yield Row(cells, url=training_url(each), key=str(each.pk))


def training_url(training: Training) -> str:
    """The page of a training."""
    return reverse("duties:training_detail", args=[training.pk])


def attendance_row(each: TrainingAttendance, areas: Mapping[str, str], mark: Decimal) -> Row:
    """Somebody who attended, with the points of the test and whether they reach the mark."""
    told, passed = untrained_row(each.official, areas), Cell(_("没有参加"))
    if each.score is not None:
        passed = (
            Cell(pgettext("verdict", "合格"), state=DONE) if each.score >= mark else Cell(_("不合格"), state=OVERDUE)
        )
    cells = {**told.cells, "way": each.get_way_display(), "score": each.score, "passed": passed}
    return Row(cells, url=told.url, key=str(each.pk))


def asked_row(each: TrainingQuestion) -> Row:
    """What was asked, and the answer."""
    return Row({"question": each.question, "answer": each.answer}, key=str(each.pk))


def untrained_row(official: Official, areas: Mapping[str, str]) -> Row:
    """An official who may not visit alone."""
    cells = {
        "name": official.name,
        "post": official.post,
        "level": official.get_level_display(),
        "area": area_text(official.township or official.area, areas),
        "since": official.valid_from,
    }
    return Row(cells, url=reverse("duties:official_detail", args=[official.pk]), key=str(official.pk))
