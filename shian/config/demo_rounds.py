"""A round of field checks in mid-course: planned, drawn in the open, paired, begun, its first visits assigned.

Two accounts commit to secrets of chance and reveal them, so that the demo's sample is another one each time and
anybody verifies it from the published record.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction

from shian.config import verbs

LASTS = timedelta(days=45)
DUE = timedelta(days=14)
FIRST_VISITS = 6


@transaction.atomic
def draw_round(area: str, office: Any) -> int:
    """Nothing where nobody can commit beside the office, where there are no points, or once it is there; how many
    points were drawn."""
    from shian.domains.fieldchecks.actions.crosschecks import pair_areas
    from shian.domains.fieldchecks.actions.rounds import begin_visits, draft_round_draw
    from shian.domains.fieldchecks.queries.points import points_of
    from shian.domains.fieldchecks.queries.rounds import rounds_of, sampled_points
    from shian.engine.draws.actions import Randomness
    from shian.engine.draws.models import Method
    from shian.engine.draws.queries import draw_owned_by

    found = next((each for each in rounds_of(office) if draw_owned_by(each.subject)), None)
    other = _other_party(area, office)
    if found is not None:
        return len(sampled_points(found, office))
    if other is None or not points_of(office).exists():
        return 0
    made, parties = _planned(area, office), [office, other]
    randomness = Randomness(Method.COMMITMENTS, parties=[each.username for each in parties])
    draw = draft_round_draw(round=made, randomness=randomness, by=office, at=verbs.now())
    _drawn(draw, parties)
    pair_areas(round=made, by=office, at=verbs.now())
    made = begin_visits(round=made, by=office, at=verbs.now())
    sample = sampled_points(made, office)
    _assign(made, sample, parties)
    return len(sample)


def _other_party(area: str, office: Any) -> Any:
    from shian.engine.draws.permissions import DRAW_WORK
    from shian.kernel.accounts.models import User
    from shian.kernel.scope.reach import reach_of
    from shian.kernel.scope.rules import key_of_code

    others = User.objects.filter(is_active=True, is_superuser=False).exclude(pk=office.pk).order_by("pk")
    key = key_of_code(area)
    return next((each for each in others if DRAW_WORK(each).allowed and reach_of(each).covers(key)), None)


def _planned(area: str, office: Any) -> Any:
    from shian.domains.fieldchecks.actions.rounds import RoundPlan, plan_round
    from shian.domains.fieldchecks.queries.formats import formats_at
    from shian.domains.fieldchecks.queries.numbers import numbers_at
    from shian.domains.fieldchecks.queries.teams import teams_of
    from shian.kernel.scope.rules import key_of_code

    today, key = verbs.today(), key_of_code(area)
    numbers = numbers_at(today)
    plan = RoundPlan(
        f"{today.year}年秋冬季明查暗访", area, today, today + LASTS, numbers.ratio, numbers.least, numbers.reserves,
        numbers.quiet_days, formats_at(key, today), list(teams_of(office).order_by("code")),
    )  # fmt: skip
    return plan_round(plan=plan, by=office, at=verbs.now())


def _drawn(draw: Any, parties: list[Any]) -> None:
    """Frozen in the log, then committed, revealed, run, confirmed and published."""
    from shian.engine.draws.actions import commit, confirm_draw, publish_draw, reveal, run_draw
    from shian.kernel.notary.actions import sequence

    while sequence(at=verbs.now()):
        pass
    own = {each: secrets.token_hex(16) for each in parties}
    for party, secret in own.items():
        commit(draw=draw, digest=hashlib.sha256(secret.encode()).hexdigest(), by=party, at=verbs.now())
    for party, secret in own.items():
        reveal(draw=draw, secret=secret, by=party, at=verbs.now())
    drawn = run_draw(draw=draw, by=parties[0], at=verbs.now())
    publish_draw(draw=confirm_draw(draw=drawn, by=parties[0], at=verbs.now()), by=parties[0], at=verbs.now())


def _assign(made: Any, sample: list[Any], parties: list[Any]) -> None:
    """The first open points of one county to the two of them, who find them in their field work."""
    from shian.domains.fieldchecks.actions.rounds import assign_sample
    from shian.domains.fieldchecks.actions.visits import Team
    from shian.registers.people.models import Post

    overt = [each for each in sample if each.mode == "overt"]
    first = [each for each in overt if each.county == overt[0].county][:FIRST_VISITS] if overt else []
    post = Post.objects.filter(person__user=parties[0]).select_related("organisation").order_by("pk").first()
    if first and post:
        assign_sample(round=made, points=first, team=Team(post.organisation, *parties), due_on=verbs.today() + DUE,
                      by=parties[0], at=verbs.now())  # fmt: skip
