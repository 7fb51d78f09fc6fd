"""A city with an own list to draw from, people who may draw, and draws at every state."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shian.engine.draws import actions
from shian.engine.draws.actions import Draft
from shian.engine.draws.frames import OWN_LIST, FrameLine, PersonLine
from shian.engine.draws.models import Draw, Method
from shian.engine.draws.rules.recusal import Person
from shian.engine.draws.rules.sampling import FrameRow, Parameters
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.actions import sequence
from shian.registers.people.tests.factories import reach_user

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
KNOWN_AT = AT + timedelta(hours=3)
LATER = AT + timedelta(hours=4)
SOURCES = ({"name": "大盘收盘点数", "kind": "numbers"}, {"name": "开奖号码", "kind": "numbers"})
VALUES = [["3341.62"], ["9", "18", "26", "34", "41", "45"]]
SECRETS = {"alice": "aLongSecret0123456789", "bob": "another0Secret9876543"}
SIZES = {"餐饮": 40, "生产": 9}


def office(name: str = "alice", area: str = "131000") -> User:
    """A user who may draw in the area; the same user each time."""
    return User.objects.filter(username=name).first() or reach_user(name, area, Role.OFFICE)


def lines(sizes: dict[str, int] | None = None) -> list[FrameLine]:
    return [
        FrameLine(FrameRow(f"{stratum}{number:03}", stratum, area="131002"), f"{stratum}店{number}")
        for stratum, size in (sizes or SIZES).items()
        for number in range(size)
    ]


def crew(size: int) -> list[PersonLine]:
    """So many people of the city; each second one holds a certificate."""
    return [
        PersonLine(Person(f"u{number}", certified_to=None if number % 2 else date(2027, 1, 1)), f"员工{number}")
        for number in range(size)
    ]


def drafted(by: User | None = None, **changes: Any) -> Draw:
    """A draft of the city over an own list, with public values as randomness."""
    given: dict[str, Any] = {
        "title": "第三轮抽查", "area": "131000", "frame_kind": OWN_LIST, "as_of": date(2026, 11, 20),
        "parameters": Parameters("0.2", reserves="0.5"), "method": Method.PUBLIC, "sources": SOURCES,
        "known_at": KNOWN_AT, "lines": lines(),
    }  # fmt: skip
    return actions.create_draw(draft=Draft(**{**given, **changes}), by=by or office(), at=AT)


def number_entries(at: datetime = AT) -> None:
    while sequence(at=at):
        pass


def frozen(**changes: Any) -> Draw:
    """Frozen, and in the public log."""
    draw = actions.freeze_draw(draw=drafted(**changes), by=office(), at=AT)
    number_entries()
    return draw


def seeded(values: Sequence[Sequence[str]] = VALUES, **changes: Any) -> Draw:
    """Two people have read the same."""
    draw = frozen(**changes)
    for name in ("alice", "bob"):
        actions.enter_reading(draw=draw, values=values, by=office(name), at=LATER)
    return draw


def drawn(**changes: Any) -> Draw:
    return actions.run_draw(draw=seeded(**changes), by=office(), at=LATER)


def confirmed(**changes: Any) -> Draw:
    return actions.confirm_draw(draw=drawn(**changes), by=office("bob"), at=LATER)


def bound(names: tuple[str, ...] = ("alice", "bob"), **changes: Any) -> Draw:
    """Frozen; these parties have committed."""
    for name in SECRETS:
        office(name)
    draw = frozen(method=Method.COMMITMENTS, parties=list(SECRETS), sources=(), **changes)
    for name in names:
        digest = hashlib.sha256(SECRETS[name].encode()).hexdigest()
        actions.commit(draw=draw, digest=digest, by=office(name), at=LATER)
    return draw


def revealed(**changes: Any) -> Draw:
    """Two parties have committed and revealed; the draw is made."""
    draw = bound(**changes)
    for name, secret in SECRETS.items():
        actions.reveal(draw=draw, secret=secret, by=office(name), at=LATER)
    draw = actions.run_draw(draw=draw, by=office(), at=LATER)
    number_entries(LATER)
    return draw
