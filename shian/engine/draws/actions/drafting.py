"""Drafting a draw, taking its frame, freezing both, cancelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shian.engine.draws.actions.refusals import DrawRefused, held, moved, no_team
from shian.engine.draws.frames import WIDTHS, FrameAsk, FrameLine, PersonLine, is_read, lines_of
from shian.engine.draws.models import Draw, DrawPerson, DrawRow, DrawState, Method
from shian.engine.draws.permissions import DRAW_WORK, closed_kinds
from shian.engine.draws.queries import commitments_of, expected_cells, facts_of, frame_rows, subject_of, team_pool
from shian.engine.draws.rules.recusal import Place, TeamRules
from shian.engine.draws.rules.sampling import BadFrame, MissingWeight, Parameters, frame_digest, frame_of
from shian.engine.draws.rules.teams import BadPeople, people_digest, people_of, short_places
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code

COLUMNS = ("draw_id", "key", "stratum", "grade", "area_key", "excluded", "label")
FEWEST_PARTIES = 2


@dataclass(frozen=True)
class Randomness:
    """Where the randomness of a draw will come from: public sources and when they are known, or parties who commit."""

    method: Method
    sources: Sequence[Mapping[str, str]] = ()
    known_at: datetime | None = None
    parties: Sequence[str] = ()


@dataclass(frozen=True)
class Draft:
    """What is asked for. `area` is a code. `lines`: the rows of a list that is not read from its kind; None keeps the
    rows that are there. `owner`: what an app draws for, as in Draw. `team`: draw teams too, from `people` (None keeps
    those that are there)."""

    title: str
    area: str
    frame_kind: str
    as_of: date
    parameters: Parameters
    method: Method
    basis: str = ""
    sources: Sequence[Mapping[str, str]] = ()
    known_at: datetime | None = None
    parties: Sequence[str] = field(default_factory=list)
    lines: Sequence[FrameLine] | None = None
    owner: str = ""
    people: Sequence[PersonLine] | None = None
    team: TeamRules | None = None


@transaction.atomic
def create_draw(*, draft: Draft, by: Any, at: datetime) -> Draw:
    """A new draw with its frame, still to be changed. Raises PermissionDenied, OutOfReach, DrawRefused."""
    check(DRAW_WORK, by)
    draw = Draw(created_at=at, created_by=by.get_username())
    return _drafted(draw, draft, by, at)


@transaction.atomic
def edit_draw(*, draw: Draw, draft: Draft, by: Any, at: datetime) -> Draw:
    """Change a draft; a registered list is read anew. Raises as create_draw, also for another owner's draft."""
    now = held(draw, by, DrawState.DRAFT)
    if draft.owner != now.owner:
        raise DrawRefused(_("这次抽签由业务系统起草，请在其页面修改。"))
    return _drafted(now, draft, by, at)


def _drafted(draw: Draw, draft: Draft, by: Any, at: datetime) -> Draw:
    key = key_of_code(draft.area)
    if not reach_of(by).covers(key) or draft.frame_kind in closed_kinds(by):
        raise OutOfReach(f"areas.area:{draft.area}")
    _check_method(draft, key)
    draw.title, draw.basis, draw.area_key, draw.as_of = draft.title, draft.basis, key, draft.as_of
    draw.frame_kind, draw.parameters, draw.method = draft.frame_kind, draft.parameters.as_json(), draft.method
    draw.owner = draft.owner
    is_public = draft.method == Method.PUBLIC
    draw.sources = [dict(each) for each in draft.sources] if is_public else []
    draw.known_at = draft.known_at if is_public else None
    draw.parties = [] if is_public else list(draft.parties)
    for name, value in columns_of_key(key).items():
        setattr(draw, name, value)
    draw.team_rules = draft.team.as_json() if draft.team else {}
    draw.save()
    _take_frame(draw, draft, by)
    _take_people(draw, draft)
    told = {"title": draw.title, "area": code_of_key(key), "rows": draw.frame_count, "parameters": draw.parameters}
    seal(action="draws.drafted", by=by.get_username(), subject=subject_of(draw), data=told, at=at)
    return draw


def _check_method(draft: Draft, area: str) -> None:
    if draft.method == Method.PUBLIC:
        if not draft.sources:
            raise DrawRefused(_("请写明至少一个公开数据来源。"), "source_1")
        if draft.known_at is None:
            raise DrawRefused(_("请写明数据何时公布。"), "known_at")
        return
    parties = list(draft.parties)
    if len(parties) < FEWEST_PARTIES or len(set(parties)) < len(parties):
        raise DrawRefused(_("请写明至少两个不同的参与方账号。"), "parties")
    users = User.objects.filter(username__in=parties, is_active=True)
    able = {user.username for user in users if DRAW_WORK(user).allowed and reach_of(user).covers(area)}
    if unable := [name for name in parties if name not in able]:
        told = {"names": "、".join(unable)}
        raise DrawRefused(_("没有这些账号，或无权参加这个区划的抽签：%(names)s。") % told, "parties")


def _take_frame(draw: Draw, draft: Draft, by: Any) -> None:
    """Replace the rows of the draft. Raises DrawRefused for a frame that cannot be drawn from."""
    if draft.lines is not None:
        lines = list(draft.lines)
    elif is_read(draft.frame_kind):
        lines = lines_of(draft.frame_kind, FrameAsk(draw.area_key, draft.as_of, by))
    elif draw.frame_count:
        return
    else:
        raise DrawRefused(_("请上传名册。"), "list_file")
    try:
        _check_widths(lines)
        frame_of(line.row for line in lines)
    except BadFrame as bad:
        told = _("编号 %(key)s 出现两次，或带有换行或过长的内容。") % {"key": bad}
        raise DrawRefused(told if str(bad) else _("名册里没有可抽的单位。"), "frame_kind") from None
    DrawRow.objects.filter(draw=draw).delete()
    _copy_rows(draw, lines)
    Draw.objects.filter(pk=draw.pk).update(frame_count=len(lines))
    draw.frame_count = len(lines)


def _check_widths(lines: Sequence[FrameLine]) -> None:
    for line in lines:
        if any(len(text) > width for text, width in zip(line.row.as_list(), WIDTHS.values(), strict=False)):
            raise BadFrame(line.row.key[:60])


def _copy_rows(draw: Draw, lines: Sequence[FrameLine]) -> None:
    with connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        with cursor.copy(f"COPY {DrawRow._meta.db_table} ({names}) FROM STDIN") as copy:
            for line in lines:
                row = line.row
                copy.write_row((draw.pk, row.key, row.stratum, row.grade, row.area, row.excluded, line.label[:120]))


def _take_people(draw: Draw, draft: Draft) -> None:
    """Replace the people of the draft. Raises DrawRefused."""
    if draft.team is not None and draft.people is None and draw.people_count:
        return
    lines = list(draft.people or ()) if draft.team else []
    if draft.team:
        try:
            people_of(line.person for line in lines)
        except BadPeople as bad:
            told = _("检查人员 %(key)s 出现两次。") % {"key": bad} if str(bad) else _("请提供检查人员名册。")
            raise DrawRefused(told, "people") from None
    DrawPerson.objects.filter(draw=draw).delete()
    DrawPerson.objects.bulk_create(
        DrawPerson(
            draw=draw, key=line.person.key, label=line.label[:120], area_key=line.person.area,
            facts=line.person.as_list(),
        )
        for line in lines
    )  # fmt: skip
    draw.people_count = len(lines)
    draw.save(update_fields=["people_count"])


@transaction.atomic
def freeze_draw(*, draw: Draw, by: Any, at: datetime) -> Draw:
    """Fix frame and parameters and seal them, before anybody can know the randomness. Raises DrawRefused."""
    now = held(draw, by, DrawState.DRAFT)
    if now.known_at is not None and now.known_at <= at + timedelta(seconds=1):
        raise DrawRefused(_("公开数据的公布时间已过，请改用以后公布的数据，再冻结。"))
    try:
        expected_cells(now)
    except MissingWeight as missing:
        raise DrawRefused(_("等级“%(grade)s”没有写明倍数。") % {"grade": str(missing) or "—"}) from None
    rows, sealed_people = frame_rows(now), _freeze_people(now)
    now.frame_digest, now.frame_count, now.frozen_at, now.state = frame_digest(rows), len(rows), at, DrawState.FROZEN
    now.save(update_fields=["frame_digest", "frame_count", "people_digest", "frozen_at", "state"])
    told = {
        **facts_of(now), "frame": f"sha256:{now.frame_digest}", "rows": now.frame_count,
        "parameters": now.parameters, "sources": now.sources, **sealed_people,
    }  # fmt: skip
    seal(action="draws.frozen", by=by.get_username(), subject=subject_of(now), data=told, at=at)
    moved(now, by, at)
    return now


def _freeze_people(draw: Draw) -> dict[str, Any]:
    """What is sealed of the people. Raises DrawRefused when a place that could be drawn could not have a team."""
    pool = team_pool(draw)
    if pool is None:
        return {}
    rows = DrawRow.objects.filter(draw=draw, excluded="").order_by("key").values_list("key", "area_key")
    for short in short_places(pool, (Place(*row) for row in rows)):
        raise no_team(draw, short)
    draw.people_digest = people_digest(pool.people)
    return {"people": f"sha256:{draw.people_digest}", "team_rules": draw.team_rules}


@transaction.atomic
def cancel_draw(*, draw: Draw, reason: str, by: Any, at: datetime) -> Draw:
    """The draw is void; who did not reveal is named in the seal. Raises DrawRefused."""
    now = held(draw, by, DrawState.DRAFT, DrawState.FROZEN, DrawState.SEEDED, DrawState.DRAWN)
    now.state, now.reason = DrawState.CANCELLED, reason
    now.save(update_fields=["state", "reason"])
    told = {"reason": reason, "silent": silent_parties(now)}
    seal(action="draws.cancelled", by=by.get_username(), subject=subject_of(now), data=told, at=at)
    moved(now, by, at)
    return now


def silent_parties(draw: Draw) -> list[str]:
    """Who committed and has not revealed, in the order of the parties."""
    bound = commitments_of(draw)
    return [party for party in draw.parties if party in bound and not bound[party].secret]
