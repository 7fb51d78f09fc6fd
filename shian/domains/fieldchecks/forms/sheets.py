"""A sheet as an ordinary page: its questions as fields, and back to answers. engine/forms says what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shian.engine.forms.definition import Choice, Definition, Question
from shian.kernel.ui.signatures import signature_in

TEXTS = frozenset({"text", "barcode", "integer", "decimal", "date", "time"})
ITSELF = frozenset({"start", "end", "today", "deviceid", "username", "calculate", "note", "hidden", "group"})
SHOWN = TEXTS | {"select_one", "select_multiple", "image", "geopoint", "select_one_from_file", "acknowledge"}


@dataclass(frozen=True)
class Beside:
    """What may be written or photographed beside an item. key: photo, note, reason, after."""

    question: Question
    key: str
    value: str
    fault: str


@dataclass(frozen=True)
class SheetField:
    """A question on the page, what was typed, what is wrong. kind: item, choice, text, long, signature, photo."""

    question: Question
    kind: str
    choices: tuple[Choice, ...] = ()
    value: Any = ""
    fault: str = ""
    beside: tuple[Beside, ...] = ()

    @property
    def name(self) -> str:
        return self.question.name


def unshown(form: Definition) -> list[str]:
    """Types of questions that this page cannot ask; such a sheet is filled in by the app."""
    return sorted({each.type for each in form.walk() if each.type not in SHOWN | ITSELF})


def sheet_fields(form: Definition, posted: Mapping[str, str], faults: Mapping[str, str]) -> Iterator[SheetField]:
    """The questions that somebody answers, in order."""
    beside: dict[str, list[Beside]] = {}
    for each in form.walk():
        if each.companion_of:
            key = each.name.rsplit("_", 1)[1]
            found = Beside(each, key, posted.get(each.name, ""), faults.get(each.name, ""))
            beside.setdefault(each.companion_of, []).append(found)
    for each in form.walk():
        if each.companion_of or each.type in ITSELF or each.type in {"geopoint", "select_one_from_file"}:
            continue
        yield SheetField(
            each, _kind(each), form.choices.get(each.list_name, ()), posted.get(each.name, ""),
            faults.get(each.name, ""), tuple(beside.get(each.name, ())),
        )  # fmt: skip


def _kind(question: Question) -> str:
    if question.is_scored:
        return "item"
    if question.type == "image":
        return "signature" if question.appearance == "signature" else "photo"
    if question.type in {"select_one", "select_multiple"}:
        return "choice"
    return "long" if question.appearance == "multiline" else "text"


@dataclass
class Filled:
    """What came back: answers as engine/forms reads them, and the files that they name."""

    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)


def filled_in(form: Definition, posted: Any, files: Any, *, entity: str, started: datetime, ended: datetime) -> Filled:
    """The post of the page as answers; the program says for whom and when."""
    found = Filled()
    for each in form.walk():
        if each.type in {"start", "end"}:
            found.answers[each.name] = (started if each.type == "start" else ended).isoformat()
        elif each.type == "select_one_from_file":
            found.answers[each.name] = entity
        elif each.type == "geopoint":
            _put(found, each, _place(posted))
        elif each.type == "image":
            _put_file(found, each, posted, files)
        elif each.type == "select_multiple":
            _put(found, each, posted.getlist(each.name))
        elif each.type not in ITSELF:
            _put(found, each, posted.get(each.name, "").strip())
    return found


def _put(found: Filled, question: Question, value: Any) -> None:
    if value not in ("", [], None):
        found.answers[question.name] = value


def _place(posted: Any) -> dict[str, float] | None:
    try:
        place = {name: float(posted[name]) for name in ("lat", "lon")}
        return place | ({"accuracy": float(posted["accuracy"])} if posted.get("accuracy") else {})
    except (KeyError, ValueError):
        return None


def _put_file(found: Filled, question: Question, posted: Any, files: Any) -> None:
    is_drawn = question.appearance == "signature"
    stream = signature_in(posted, files, question.name) if is_drawn else files.get(question.name)
    if stream is not None:
        ending = str(getattr(stream, "name", "")).rpartition(".")[2].lower()
        name = f"{question.name}.{ending if ending in {'jpg', 'jpeg', 'png'} else 'png'}"
        found.answers[question.name], found.files[name] = name, stream
