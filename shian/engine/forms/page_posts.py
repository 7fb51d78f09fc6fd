"""What a page off line posts, read and checked in shape. Pure.

`answers` of a post is a JSON text, the same at every attempt: {"answers", "totals", "device", "assignment",
"started_at", "ended_at", "clock", "place", "photos"}; all but the first may be missing. Times are by the device's
clock, as they were; `clock` is how many seconds it was ahead of the server's when the form was finished, as far as the
page knew. `photos` by file name: sha256 (lower hex), taken_at, lat, lon, accuracy (metres).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shian.engine.forms.assignments import LONGEST
from shian.engine.forms.openrosa import MOST_XML, NotASubmission

MOST_PHOTOS = 200
YEARS = range(1900, 3000)  # of a time; what lies far beyond is none in another zone, or in the database
MOST_AHEAD = 3e9  # seconds: a clock that fell back to 1970 is 1.8e9 behind
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
SHA256 = re.compile(r"[0-9a-f]{64}")
ASSIGNMENT = re.compile(rf"[\w:./-]{{0,{LONGEST}}}", re.ASCII)


@dataclass(frozen=True)
class Circumstances:
    """How a form was filled in, besides its answers; what ODK says of this stands in the form's own questions."""

    assignment: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    clock: float | None = None
    place: Mapping[str, float] = field(default_factory=dict)
    photos: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class PagePost:
    """answers and totals as they came; they are checked against the form."""

    answers: Mapping[str, Any]
    totals: Mapping[str, str]
    device: str
    circumstances: Circumstances


def read_post(body: str) -> PagePost:
    """Raises NotASubmission for what has another shape."""
    if len(body) > MOST_XML:
        raise NotASubmission("too long")
    try:
        told = json.loads(body)
        if "\\u" in body:
            _check_texts(told)
        answers, totals = told["answers"], told.get("totals", {})
        if not isinstance(answers, dict) or not isinstance(totals, dict):
            raise NotASubmission("no answers")
        return PagePost(answers, totals, str(told.get("device", "")), _circumstances(told))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise NotASubmission("no post of a page") from error


def _check_texts(told: Any) -> None:
    """Raises ValueError for a NUL or half a character, which no text of the database holds."""
    text = json.dumps(told, ensure_ascii=False)
    text.encode()
    if NUL.search(text):
        raise ValueError("NUL")


def read_moment(told: Any) -> datetime | None:
    """A time with its zone; None for none. Raises ValueError."""
    if told in (None, ""):
        return None
    found = datetime.fromisoformat(told)
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError("a time without its zone, or out of time")
    return found


def _circumstances(told: Mapping[str, Any]) -> Circumstances:
    photos, assignment = told.get("photos", {}), told.get("assignment", "")
    if not isinstance(photos, dict) or len(photos) > MOST_PHOTOS or not ASSIGNMENT.fullmatch(assignment):
        raise ValueError("photos or assignment")
    return Circumstances(
        assignment=assignment,
        started_at=read_moment(told.get("started_at")),
        ended_at=read_moment(told.get("ended_at")),
        clock=_number(told.get("clock"), MOST_AHEAD),
        place=_place(told.get("place") or {}),
        photos={str(name): _photo(each) for name, each in photos.items()},
    )


def _photo(told: Mapping[str, Any]) -> dict[str, Any]:
    taken_at = read_moment(told.get("taken_at"))
    if not SHA256.fullmatch(told["sha256"]):
        raise ValueError("sha256")
    return {"sha256": told["sha256"], "taken_at": taken_at.isoformat() if taken_at else "", **_place(told)}


def _place(told: Mapping[str, Any]) -> dict[str, float]:
    """lat, lon and accuracy; {} unless both of the first are there."""
    if told.get("lat") is None or told.get("lon") is None:
        return {}
    found = {name: _number(told.get(name)) for name in ("lat", "lon", "accuracy")}
    place = {name: value for name, value in found.items() if value is not None}
    if abs(place["lat"]) > 90 or abs(place["lon"]) > 180:
        raise ValueError("place")
    return place


def _number(told: Any, most: float = math.inf) -> float | None:
    if told is None:
        return None
    found = float(told)
    if not math.isfinite(found) or abs(found) > most:
        raise ValueError("number")
    return found
