"""What the endpoints of cases take and answer."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

MOST_FILES = 20
Values = dict[str, str | int | float | bool]


class StepOut(Schema):
    """A step of a type: from which states, whose, and what must be given."""

    key: str
    title: str
    sources: list[str]
    target: str
    by: str
    needs: list[str]
    demands: list[str]


class TypeOut(Schema):
    """A type of case. Each mapping is key → title; `fields` are the names of its own values."""

    key: str
    title: str
    states: dict[str, str]
    sources: dict[str, str]
    evidence_kinds: dict[str, str]
    fields: dict[str, str]
    steps: list[StepOut]


class CaseOut(Schema):
    """A case. `turn` says whose move it is (unit, issuer, verifier); a step must state the `version` that it saw."""

    id: int
    type: str
    number: str
    title: str
    state: str
    is_open: bool
    turn: str
    area: str
    issuer: str
    unit: str
    verifier: str
    owner_name: str
    source: str
    item_code: str
    operator_code: str
    is_urgent: bool
    opened_on: date
    due_on: date | None
    closed_at: datetime | None
    level: int
    reopened: int
    version: int
    updated_at: datetime


class FileOut(Schema):
    """A piece of evidence; the pages hand it out."""

    name: str
    kind: str
    sha256: str


class EventOut(Schema):
    """Something that happened. `seal` is an entry of the log; steps from a file have that of their import."""

    number: int
    step: str
    state: str
    at: datetime
    by: str
    unit: str
    note: str
    values: dict[str, Any]
    files: list[FileOut]
    seal: str


class ClockOut(Schema):
    """A clock, with its last day as it counts now."""

    key: str
    started_at: datetime
    due_on: date | None
    due_at: datetime | None
    stopped_at: datetime | None
    paused_on: date | None


class CaseDetailOut(CaseOut):
    """A case with everything; `steps` are those that the owner may take now."""

    body: str
    subject: str
    parent: int | None
    merged_into: int | None
    values: dict[str, Any]
    clocks: list[ClockOut]
    events: list[EventOut]
    steps: list[str]


class CaseQuery(Schema):
    """As the filters of the page."""

    type: str = Field("", max_length=40)
    state: str = Field("", max_length=20)
    whose: Literal["mine", "unit", "issued", "all"] = "all"
    standing: Literal["", "open", "overdue", "closed"] = ""
    area: str = Field("", max_length=12)
    unit: str = Field("", max_length=40)
    source: str = Field("", max_length=20)
    q: str = Field("", max_length=60)
    opened_from: date | None = None
    opened_to: date | None = None


class FileIn(Schema):
    """A file; `content` is its bytes in base64."""

    name: str = Field(min_length=1, max_length=200)
    content: str
    kind: str = Field("", max_length=20)


class CaseIn(Schema):
    """A new case: areas and units by code, the owner by the number of the person, the parent by `id`."""

    type: str = Field(max_length=40)
    title: str = Field(min_length=1, max_length=200)
    area: str = Field(max_length=12)
    issuer: str = Field(max_length=40)
    unit: str = Field("", max_length=40)
    verifier: str = Field("", max_length=40)
    owner: str = Field("", max_length=30)
    body: str = Field("", max_length=4000)
    source: str = Field("", max_length=20)
    item_code: str = Field("", max_length=12)
    operator_code: str = Field("", max_length=40)
    due_on: date | None = None
    is_urgent: bool = False
    parent: int | None = Field(None, ge=1, le=2**63 - 1)
    values: Values = {}
    files: list[FileIn] = Field([], max_length=MOST_FILES)


class StepIn(Schema):
    """A step. `seen` is the `version` of the case that it was decided upon."""

    step: str = Field(max_length=20)
    seen: int = Field(ge=1, le=2**31 - 1)
    note: str = Field("", max_length=4000)
    unit: str = Field("", max_length=40)
    owner: str = Field("", max_length=30)
    due_on: date | None = None
    values: Values = {}
    files: list[FileIn] = Field([], max_length=MOST_FILES)
