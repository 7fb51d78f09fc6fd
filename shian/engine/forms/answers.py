"""Answers against a definition: types, conditions, required ones, constraints. What a phone checked is checked again.

Answers come as JSON (a page) or as texts (an XForm); what goes on from here is one form: a text; a list of texts for
several choices; int; Decimal as text; {lat, lon, altitude, accuracy} for a place; a list of answers for a repeat.
Answers to questions whose condition does not hold are dropped, as ODK drops them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.forms.check_rows import decimal_of
from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.expressions import Around, Node, evaluate, is_true, parse
from shian.engine.forms.page_posts import YEARS
from shian.engine.forms.question_types import CHOOSING, GROUPS, MEDIA, SHOWN_ONLY

NOTHING: tuple[Any, ...] = (None, "", [])
MOST_TEXT, MOST_REPEATS, MOST_COUNT = 10_000, 200, 10**9
FILE_NAME = re.compile(r"[^/\\\x00-\x1f]{1,200}")


class NotAnAnswer(ValueError):
    """The value is no answer to a question of its type; the text says why, for the user."""


@dataclass(frozen=True)
class AnswerFault:
    """What is wrong with an answer. `path` is the question's name, with the number of the row in a repeat."""

    path: str
    label: str
    reason: str

    def __str__(self) -> str:
        return f"{self.label or self.path}：{self.reason}"


@dataclass(frozen=True)
class Checked:
    """`values` by name, only of questions that were asked; `files` are the names of photos and files among them."""

    values: Mapping[str, Any]
    files: Sequence[str]
    faults: Sequence[AnswerFault]


def check_answers(form: Definition, answers: Mapping[str, Any], now: datetime) -> Checked:
    """Check every answer. Names that the form does not know are faults: an answer is never lost silently."""
    judging = _Judging(form, now)
    values = judging.answered(form.questions, answers, "", None)
    strange = [AnswerFault(name, name, _("表里没有这道题。")) for name in answers if name not in form.names]
    return Checked(values, judging.files, [*judging.faults, *strange])


@dataclass(frozen=True)
class _Row:
    """One level of answers: the form's own, or one row of a repeat inside them. `seen` are those found already."""

    questions: Mapping[str, Question]
    conditions: Mapping[str, Sequence[str]]
    given: Mapping[str, Any]
    path: str
    outer: "_Row | None"
    seen: dict[str, Any] = field(default_factory=dict)
    held: dict[str, bool] = field(default_factory=dict)  # conditions that were looked at


class _Judging:
    """Answers under way. Each is found when it is first asked for, wherever it stands: conditions look ahead."""

    def __init__(self, form: Definition, now: datetime) -> None:
        self.form, self.now = form, now
        self.trees: dict[str, Node] = {}
        self.faults: list[AnswerFault] = []
        self.files: list[str] = []

    def answered(
        self, questions: Sequence[Question], given: Mapping[str, Any], path: str, outer: _Row | None
    ) -> dict[str, Any]:
        """The answers of one level, in order."""
        flat = list(_flat(questions, ()))
        row = _Row(
            {each.name: each for each, _when in flat}, {each.name: when for each, when in flat}, given, path, outer
        )
        found = {
            each.name: self._repeated(each, row) if each.type == "repeat" else self._value(row, each.name)
            for each, _when in flat
            if each.type not in SHOWN_ONLY
        }
        return {name: value for name, value in found.items() if value not in NOTHING}

    def _repeated(self, repeat: Question, row: _Row) -> list[dict[str, Any]]:
        if not self._is_asked(row, repeat.name):
            return []
        given = row.given.get(repeat.name) or []
        is_rows = isinstance(given, list) and all(isinstance(each, Mapping) for each in given)
        if not is_rows or len(given) > MOST_REPEATS:
            self._fault(repeat, row, _("应是不超过 %(most)s 行的列表。") % {"most": MOST_REPEATS})
            return []
        return [
            self.answered(repeat.children, each, f"{row.path}{repeat.name}[{number}].", row)
            for number, each in enumerate(given, start=1)
        ]

    def _value(self, row: _Row, name: str) -> Any:
        """The answer that counts: "" where the question is not asked; calculated anew where it is calculated."""
        if name not in row.seen:
            row.seen[name] = ""  # whoever asks for it while it is found sees none
            question = row.questions[name]
            if question.type not in GROUPS and self._is_asked(row, name):
                row.seen[name] = self._found(row, question)
        return row.seen[name]

    def _found(self, row: _Row, question: Question) -> Any:
        if question.type == "calculate":
            return evaluate(self._tree(question.calculation), self._around(row))
        try:
            value = read_answer(self.form, question, row.given.get(question.name))
        except NotAnAnswer as error:
            self._fault(question, row, str(error))
            return ""
        if value in NOTHING:
            if question.required:
                self._fault(question, row, question.required_message or _("必须填写。"))
            return ""
        if question.constraint and not is_true(self._tree(question.constraint), self._around(row, value)):
            self._fault(question, row, question.constraint_message or _("不符合填写要求。"))
        if question.is_scored and question.type == "integer" and value < 0:
            self._fault(question, row, _("请填写不小于 0 的数。"))
        if question.type in MEDIA:
            self.files.append(value)
        return value

    def _is_asked(self, row: _Row, name: str) -> bool:
        return all(self._holds(row, when) for when in row.conditions[name])

    def _holds(self, row: _Row, when: str) -> bool:
        if when not in row.held:
            row.held[when] = is_true(self._tree(when), self._around(row))
        return row.held[when]

    def _around(self, row: _Row, own: Any = None) -> Around:
        def value_of(name: str) -> Any:
            home: _Row | None = row
            while home is not None and name not in home.questions:
                home = home.outer
            return _as_xpath(self._value(home, name)) if home else ""

        return Around(value_of, self.now, _as_xpath(own))

    def _tree(self, text: str) -> Node:
        if text not in self.trees:
            self.trees[text] = parse(text)
        return self.trees[text]

    def _fault(self, question: Question, row: _Row, reason: str) -> None:
        self.faults.append(AnswerFault(row.path + question.name, question.label, reason))


def _flat(questions: Sequence[Question], when: tuple[str, ...]) -> Iterator[tuple[Question, tuple[str, ...]]]:
    """The questions of a level, groups opened, each with all conditions that it stands under."""
    for each in questions:
        own = (*when, each.relevant) if each.relevant else when
        yield each, own
        if each.type == "group":
            yield from _flat(each.children, own)


def _as_xpath(value: Any) -> Any:
    if isinstance(value, Mapping):
        return " ".join(str(value.get(name, 0)) for name in ("lat", "lon", "altitude", "accuracy"))
    return value


def read_answer(form: Definition, question: Question, given: Any) -> Any:
    """The answer in the one form that is kept; None when there is none. Raises NotAnAnswer."""
    if given in NOTHING:
        return None
    if question.type in CHOOSING:
        return _choice(form, question, given)
    reader: Callable[[Any], Any] = READERS.get(question.type, _text)
    return reader(given)


def _choice(form: Definition, question: Question, given: Any) -> Any:
    names = given.split() if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise NotAnAnswer(_("不是选项。"))
    known = {each.name for each in form.choices[question.list_name]}
    if strange := [each for each in names if each not in known]:
        raise NotAnAnswer(_("没有“%(name)s”这个选项。") % {"name": strange[0][:40]})
    if len(set(names)) < len(names) or (question.type == "select_one" and len(names) > 1):
        raise NotAnAnswer(_("选项重复或选多了。"))
    return names[0] if question.type == "select_one" else names


def _text(given: Any) -> str:
    if not isinstance(given, str) or len(given) > MOST_TEXT:
        raise NotAnAnswer(_("应是不超过 %(most)s 个字的文字。") % {"most": MOST_TEXT})
    return given


def _integer(given: Any) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"-?\d{1,10}", text) or abs(int(text)) > MOST_COUNT:
        raise NotAnAnswer(_("应是整数。"))
    return int(text)


def _decimal(given: Any) -> str:
    found = None if isinstance(given, bool) else decimal_of(str(given))
    if found is None or abs(found) > MOST_COUNT:
        raise NotAnAnswer(_("应是数。"))
    return format(found, "f")


def _moment(kind: type[date] | type[time], name: str) -> Callable[[Any], str]:
    def read(given: Any) -> str:
        try:
            found = kind.fromisoformat(str(given).strip())
            if isinstance(found, datetime) and found.year not in YEARS:
                raise ValueError(found.year)
            return str(found.isoformat())
        except ValueError:
            raise NotAnAnswer(_("应是%(kind)s。") % {"kind": _(name)}) from None

    return read


def _file_name(given: Any) -> str:
    if not isinstance(given, str) or not FILE_NAME.fullmatch(given):
        raise NotAnAnswer(_("不是文件名。"))
    return given


def read_place(given: Any) -> dict[str, float]:
    """A place of a text "lat lon altitude accuracy" (ODK) or an object. WGS-84, metres. Raises NotAnAnswer."""
    names = ("lat", "lon", "altitude", "accuracy")
    told = dict(zip(names, given.split(), strict=False)) if isinstance(given, str) else given
    try:
        found = {name: float(told[name]) for name in names if told.get(name) is not None}
    except (TypeError, ValueError, AttributeError):
        raise NotAnAnswer(_("不是位置。")) from None
    is_there = {"lat", "lon"} <= found.keys() and abs(found["lat"]) <= 90 and abs(found["lon"]) <= 180
    if not is_there or any(value != value or abs(value) == float("inf") for value in found.values()):
        raise NotAnAnswer(_("不是位置。"))
    return found


READERS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "decimal": _decimal,
    "range": _decimal,
    "date": _moment(date, "日期"),
    "time": _moment(time, "时间"),
    "datetime": _moment(datetime, "日期和时间"),
    "today": _moment(date, "日期"),
    "start": _moment(datetime, "日期和时间"),
    "end": _moment(datetime, "日期和时间"),
    "geopoint": read_place,
    "image": _file_name,
    "file": _file_name,
}
