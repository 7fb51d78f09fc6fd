"""Examples of draws at every step, and of what was filled in: made by actions, because no city comes with them."""

import hashlib
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from shian.config import verbs
from tests.city import AREA

Args = tuple[Any, ...]
SOURCES = ({"name": "上证指数收盘点数", "kind": "numbers"},)
SECRETS = {"office": "aLongSecret0123456789", "agriculture": "another0Secret9876543"}


def _user(name: str) -> Any:
    from shian.kernel.accounts.models import User

    return User.objects.get(username=name)


def _drafted(*, by_parties: bool = False) -> Any:
    """A draft of two hours ago over a list of our own, with people."""
    from shian.engine.draws.actions import Draft, create_draw
    from shian.engine.draws.frames import OWN_LIST, FrameLine, PersonLine
    from shian.engine.draws.models import Method
    from shian.engine.draws.rules.recusal import Person, TeamRules
    from shian.engine.draws.rules.sampling import FrameRow, Parameters

    at = verbs.now() - timedelta(hours=2)
    lines = [
        FrameLine(FrameRow(f"{stratum}{n:03}", stratum, area="131002"), f"{stratum}示例店{n}")
        for stratum, size in (("中型餐饮", 24), ("小餐饮", 61), ("食品小作坊", 7))
        for n in range(size)
    ]
    people = [
        PersonLine(Person(f"R{n:02}", certified_to=None if n % 3 == 0 else date(2030, 1, 1)), f"检查员{n}")
        for n in range(9)
    ]
    draft = Draft(
        title="第三轮现场抽查", area=AREA, frame_kind=OWN_LIST, as_of=at.date(), lines=lines, people=people,
        parameters=Parameters("0.2", minimum=1, reserves="0.5"), team=TeamRules(certified="0.5"),
        method=Method.COMMITMENTS if by_parties else Method.PUBLIC, sources=() if by_parties else SOURCES,
        known_at=None if by_parties else at + timedelta(hours=1), parties=list(SECRETS) if by_parties else (),
    )  # fmt: skip
    return create_draw(draft=draft, by=_user("office"), at=at)


def _frozen(**more: Any) -> Any:
    from shian.engine.draws.actions import freeze_draw
    from shian.kernel.notary.actions import sequence

    draw = _drafted(**more)
    found = freeze_draw(draw=draw, by=_user("office"), at=draw.created_at)
    while sequence(at=verbs.now()):
        pass
    return found


def _committed(*names: str) -> Any:
    from shian.engine.draws.actions import commit

    draw = _frozen(by_parties=True)
    for name in names:
        digest = hashlib.sha256(SECRETS[name].encode()).hexdigest()
        commit(draw=draw, digest=digest, by=_user(name), at=verbs.now())
    return draw


def _confirmed() -> Any:
    from shian.engine.draws.actions import confirm_draw, enter_reading, replace_pick, run_draw

    draw, office, at = _frozen(), _user("office"), verbs.now()
    for name in SECRETS:
        enter_reading(draw=draw, values=[["3341.62"]], by=_user(name), at=at)
    run_draw(draw=draw, by=office, at=at)
    found = confirm_draw(draw=draw, by=office, at=at)
    gone = found.picks.filter(is_reserve=False).order_by("pk")[0]
    replace_pick(draw=found, key=gone.row.key, reason="停业", by=office, at=at)
    return found


def _every_state() -> list[Args]:
    return [(made.pk,) for made in (_drafted(), _frozen(), _committed("office"), _confirmed())]


def _pick() -> list[Args]:
    draw = _confirmed()
    return [(draw.pk, draw.picks.filter(is_reserve=False, replaced=None).order_by("pk")[0].pk)]


def _one(make: Callable[[], Any]) -> Callable[[], list[Args]]:
    return lambda: [(make().pk,)]


def _submission() -> list[Args]:
    """A sheet that was filled in with a photo, some points lost."""
    from shian.engine.forms.actions import Sent, issue_version, receive_answers, upload_form
    from shian.engine.forms.tests.collect import photo
    from shian.engine.forms.tests.sheets import ITEMS, workbook

    office, at = _user("office"), verbs.now()
    book = workbook(ITEMS, form_id="example_form", form_title="示例打分表")
    version = upload_form(name="示例.xlsx", stream=book, by=office, at=at)
    version = issue_version(version=version, valid_from=at.date(), by=office, at=at)
    answers = {"licence": "pass", "records": "fail", "records_photo": "1.jpg", "records_note": "无票据", "expired": 1,
               "hygiene": ["dust"]}  # fmt: skip
    sent = Sent(office, at, files={"1.jpg": io.BytesIO(photo())})
    made = receive_answers(
        version=version, instance_id="uuid:example", digest="0" * 64, answers=answers, totals={}, sent=sent
    )
    return [(made.pk,)]


def _phone() -> list[Args]:
    from shian.engine.forms.actions import admit_phone

    return [(admit_phone(name="执法一组", by=_user("office"), at=verbs.now())[0].pk,)]


DRAW_EXAMPLES: dict[str, Callable[[], list[Args]]] = {
    "draws:draw_detail": _every_state,
    "draws:draw_edit": _one(_drafted),
    "draws:draw_cancel": _one(_frozen),
    "draws:draw_check": _one(_confirmed),
    "draws:reading_enter": _one(_frozen),
    "draws:commitment_enter": _one(_committed),
    "draws:commitment_open": _one(lambda: _committed(*SECRETS)),
    "draws:frame_rows": _one(_confirmed),
    "draws:person_list": _one(_confirmed),
    "draws:pick_list": _one(_confirmed),
    "draws:replacement_create": _pick,
    "forms:submission_detail": _submission,
    "forms:phone_detail": _phone,
}
