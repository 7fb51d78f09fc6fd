"""Where the randomness comes from: two people who read the same public values, or parties who commit and reveal."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.draws.actions.refusals import DrawRefused, held, moved
from shian.engine.draws.models import Commitment, Draw, DrawState, Method, Reading
from shian.engine.draws.queries import commitments_of, frozen_seal, is_in_the_log, last_readings, subject_of
from shian.engine.draws.rules.published import key_digest
from shian.engine.draws.rules.randomness import BadSource, Source, SourceKind, key_of
from shian.kernel.notary.actions import seal

SECRET = re.compile(r"[A-Za-z0-9]{16,64}", re.ASCII)
COMMITTED = re.compile(r"[0-9a-f]{64}", re.ASCII)


@transaction.atomic
def enter_reading(*, draw: Draw, values: Sequence[Sequence[str]], by: Any, at: datetime) -> Reading:
    """What one person read of the announced sources, in their order; the key is fixed once two people agree.

    Raises DrawRefused: too early, a value without canonical form, the frame not yet in the public log.
    """
    now = held(draw, by, DrawState.FROZEN)
    _check_may_read(now, at)
    key = _key(now, values)
    name = by.get_username()
    agreeing = [each for each in last_readings(now).values() if each.by != name and each.key == key]
    made = Reading.objects.create(draw=now, values=[list(each) for each in values], key=key, at=at, by=name)
    # Not the key itself: whoever may open this record could copy it from the log instead of reading the source.
    told = {"read": f"sha256:{key_digest(key)}", "agrees": bool(agreeing)}
    seal(action="draws.read", by=name, subject=subject_of(now), data=told, at=at)
    if agreeing:
        _fix(now, key, by, at)
    return made


def _check_may_read(draw: Draw, at: datetime) -> None:
    if draw.method != Method.PUBLIC or draw.known_at is None:
        raise DrawRefused(_("本次抽签由各方承诺和揭示，不录入公开数据。"))
    if at < draw.known_at:
        moment = timezone.localtime(draw.known_at).strftime("%Y-%m-%d %H:%M")
        raise DrawRefused(_("数据 %(moment)s 才公布，到时再录入。") % {"moment": moment})
    _check_logged(draw)


def _check_logged(draw: Draw) -> None:
    if not is_in_the_log(frozen_seal(draw)):
        raise DrawRefused(_("名册和参数的存证还没有进入公开日志，请稍候再试。"))


def _key(draw: Draw, values: Sequence[Sequence[str]]) -> str:
    told = [
        Source(source["name"], SourceKind(source["kind"]), tuple(given))
        for source, given in zip(draw.sources, values, strict=True)
    ]
    for number, source in enumerate(told, start=1):
        try:
            key_of([source])
        except BadSource as bad:
            word = str(bad) or source.name
            raise DrawRefused(
                _("“%(value)s”不能用：请照来源填写数字或字母。") % {"value": word}, f"values_{number}"
            ) from None
    return key_of(told)


def _fix(draw: Draw, key: str, by: Any, at: datetime) -> None:
    draw.key, draw.state = key, DrawState.SEEDED
    draw.save(update_fields=["key", "state"])
    moved(draw, by, at)


@transaction.atomic
def commit(*, draw: Draw, digest: str, by: Any, at: datetime) -> Commitment:
    """A party binds itself to the SHA-256 of its secret. Raises DrawRefused."""
    now = held(draw, by, DrawState.FROZEN)
    name, digest = by.get_username(), digest.strip().lower()
    if name not in now.parties:
        raise DrawRefused(_("你不是本次抽签的参与方。"))
    _check_logged(now)
    bound = commitments_of(now)
    if name in bound:
        raise DrawRefused(_("你已经作出承诺，不能更改。"))
    if not COMMITTED.fullmatch(digest):
        raise DrawRefused(_("承诺值是 64 位十六进制数（SHA-256）。"), "digest")
    if any(each.digest == digest for each in bound.values()):
        raise DrawRefused(_("这个承诺值已有参与方使用，请另选秘密。"), "digest")
    made = Commitment.objects.create(draw=now, party=name, digest=digest, committed_at=at)
    told = {"party": name, "commitment": f"sha256:{digest}"}
    seal(action="draws.committed", by=name, subject=subject_of(now), data=told, at=at)
    return made


@transaction.atomic
def reveal(*, draw: Draw, secret: str, by: Any, at: datetime) -> Commitment:
    """A party shows its secret, once all have committed; the last one fixes the key. Raises DrawRefused."""
    now = held(draw, by, DrawState.FROZEN)
    name, bound = by.get_username(), commitments_of(now)
    if name not in bound:
        raise DrawRefused(_("你还没有作出承诺。"))
    if waiting := [party for party in now.parties if party not in bound]:
        raise DrawRefused(_("还有参与方没有承诺：%(names)s。全部承诺后才能揭示。") % {"names": "、".join(waiting)})
    own = bound[name]
    if own.secret:
        raise DrawRefused(_("你已经揭示。"))
    if not SECRET.fullmatch(secret) or hashlib.sha256(secret.encode()).hexdigest() != own.digest:
        raise DrawRefused(_("与承诺值不符：秘密是 16 至 64 位字母和数字，须与承诺时完全相同。"), "secret")
    own.secret, own.revealed_at = secret, at
    own.save(update_fields=["secret", "revealed_at"])
    seal(action="draws.revealed", by=name, subject=subject_of(now), data={"party": name, "secret": secret}, at=at)
    bound = commitments_of(now)
    if all(bound[party].secret for party in now.parties):
        key = key_of(Source(party, SourceKind.TEXT, (bound[party].secret,)) for party in now.parties)
        _fix(now, key, by, at)
    return own
