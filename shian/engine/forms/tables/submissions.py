"""What was filled in, and phones, as tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.models import FormSubmission, Phone
from shian.engine.forms.question_types import GROUPS, MEDIA
from shian.engine.forms.scoring import Verdict, item_score
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import moment_text
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

PHONES = (
    Column("name", _("名称"), is_fixed=True, is_wide=True),
    Column("state", _("状态")),
    Column("made_at", _("接入时间"), kind="moment"),
    Column("expires_at", _("到期时间"), kind="moment"),
    Column("used_at", _("最近使用"), kind="moment"),
)
SUBMISSIONS = (
    Column("form", _("打分表"), is_fixed=True, is_wide=True),
    Column("area", _("区划")),
    Column("percent", _("得分"), kind="number", decimals=2),
    Column("verdict", _("结论")),
    Column("user", _("填报人")),
    Column("ended_at", _("检查时间"), kind="moment"),
    Column("received", _("收到时间"), kind="moment", sort="received_at"),
    Column("files", _("文件"), kind="number"),
)
ANSWERS = (
    Column("label", _("题目"), is_fixed=True, is_wide=True),
    Column("answer", _("答案"), is_wide=True),
    Column("earned", _("得分"), kind="number"),
    Column("points", _("分值"), kind="number"),
    Column("key_item", _("关键项")),
)
VERDICTS: dict[str, tuple[str, Text]] = {
    Verdict.EXCELLENT: ("done", _("优秀")),
    Verdict.PASSED: ("done", pgettext_lazy("verdict", "合格")),
    Verdict.FAILED: ("overdue", _("不合格")),
    Verdict.NONE: ("neutral", _("没有适用的项目")),
    "": ("neutral", _("不计分")),
}


def phone_row(phone: Phone, now: datetime) -> Row:
    """A phone in its owner's list."""
    is_live = phone.revoked_at is None and phone.expires_at > now
    word = _("在用") if is_live else _("已停用") if phone.revoked_at else _("已到期")
    cells = {
        "name": phone.name,
        "state": Cell(word, state="done" if is_live else "neutral"),
        "made_at": phone.made_at,
        "expires_at": phone.expires_at,
        "used_at": phone.used_at,
    }
    return Row(cells, url=reverse("forms:phone_detail", args=[phone.pk]), key=str(phone.pk))


def verdict_of(found: FormSubmission) -> tuple[str, Text]:
    """State and word of what the score says."""
    return VERDICTS[found.verdict]


def clock_text(seconds: float | None) -> str:
    """How wrong the device's clock was when the form was finished; "" where it was right to the minute or unknown."""
    minutes = round(abs(seconds or 0) / 60)
    if not minutes:
        return ""
    told = gettext("快 %(minutes)s 分钟") if seconds and seconds > 0 else gettext("慢 %(minutes)s 分钟")
    return told % {"minutes": minutes}


def submission_row(found: FormSubmission, names: Mapping[str, str]) -> Row:
    """One that was filled in."""
    state, word = verdict_of(found)
    is_whole = found.completed_at is not None
    cells = {
        "form": found.version.form.title,
        "area": names.get(found.area, found.area),
        "percent": found.percent,
        "verdict": Cell(word, state=state, note="" if found.released_at else gettext("未公布")),
        "user": actor(found.user.get_username()),
        "ended_at": found.ended_at,
        "received": found.received_at,
        "files": Cell(len(found.files), note="" if is_whole else gettext("没有收齐")),
    }
    return Row(cells, url=reverse("forms:submission_detail", args=[found.pk]), key=str(found.pk))


def answer_rows(definition: Definition, found: FormSubmission, here: Mapping[str, int]) -> list[Row]:
    """Answers in the order of the form. `here` are the files that have come: name → key."""
    return list(_answer_rows(definition, definition.questions, found.answers, found, here))


def _answer_rows(
    form: Definition,
    questions: tuple[Question, ...],
    answers: Mapping[str, Any],
    found: FormSubmission,
    here: Mapping[str, int],
) -> Iterator[Row]:
    for each in questions:
        if each.type == "group":
            yield from _answer_rows(form, each.children, answers, found, here)
        elif each.type == "repeat":
            for number, row in enumerate(answers.get(each.name, ()), start=1):
                yield Row({"label": f"{each.label or each.name} {number}"})
                yield from _answer_rows(form, each.children, row, found, here)
        elif each.name in answers and each.type not in GROUPS:
            yield _answer_row(form, each, answers[each.name], found, here)


def _answer_row(
    form: Definition, question: Question, answer: Any, found: FormSubmission, here: Mapping[str, int]
) -> Row:
    cells: dict[str, Any] = {
        "label": question.label or question.name,
        "answer": _shown(form, question, answer, found, here),
        "key_item": _("关键项") if question.key_item else "",
    }
    if question.is_scored:
        told = item_score(form, question, answer)
        cells |= {"points": question.full, "earned": told.earned if told else Cell(gettext("不计入"))}
        if told is not None and told.is_failed:
            return Row(cells, state="overdue")
    return Row(cells)


def _taken(photo: Mapping[str, Any]) -> str:
    """When and where a page took it, by the device's clock."""
    if not photo.get("taken_at"):
        return ""
    told = [moment_text(datetime.fromisoformat(photo["taken_at"]))]
    if "lat" in photo:
        told.append(f"{photo['lat']:.6f}, {photo['lon']:.6f}")
    if "accuracy" in photo:
        told.append(gettext("误差 %(metres)s 米") % {"metres": f"{photo['accuracy']:.0f}"})
    return " · ".join(told)


def _shown(form: Definition, question: Question, answer: Any, found: FormSubmission, here: Mapping[str, int]) -> Any:
    if question.type in MEDIA:
        if answer not in here:
            return Cell(answer, note=gettext("还没有收到"))
        url = reverse("forms:submission_download", args=[found.pk, here[answer]])
        return Cell(answer, url=url, note=_taken(found.photos.get(answer, {})))
    if question.list_name in form.choices:
        labels = {each.name: each.label for each in form.choices[question.list_name]}
        return "、".join(labels.get(each, each) for each in ([answer] if isinstance(answer, str) else answer))
    if isinstance(answer, dict):
        return f"{answer['lat']:.6f}, {answer['lon']:.6f}"
    return answer
