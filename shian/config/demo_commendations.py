"""Commendation and accountability in the demo: each entry follows from a score or a card of the running campaign."""

from typing import Any

from django.db import transaction

from shian.config import verbs

# kind, what it follows from, what came of it, how far the entry is
ENTRIES = (
    ("通报表扬", "best", "全市通报表扬", "archived"),
    ("通报批评", "overdue", "全市通报批评，限期书面检查", "published"),
    ("约谈", "worst", "约谈主要负责人", "decided"),
    ("媒体推荐", "best", "", "reviewed"),
    ("问责", "overdue", "", "proposed"),
)
REACHED = ("proposed", "reviewed", "decided", "published", "archived")


@transaction.atomic
def commend(area: str, office: Any) -> int:
    """Nothing where there is no published ranking, or where entries are there already; how many there are."""
    from shian.domains.campaign.queries.commendations import KEY
    from shian.engine.cases.models import Case
    from shian.kernel.scope.rules import key_of_code

    key = key_of_code(area)
    causes = _causes(key, office)
    if causes and not Case.objects.filter(type=KEY, city=key[:4]).exists():
        for number, (kind, which, outcome, until) in enumerate(ENTRIES, 1):
            if which in causes:
                _entry(number, kind, causes[which], outcome, REACHED.index(until), office)
    return Case.objects.filter(type=KEY, city=key[:4]).count()


def _causes(key: str, office: Any) -> dict[str, tuple[str, str]]:
    """What entries follow from: (cause, unit) of the best and the worst unit, and of a card that is late."""
    from shian.domains.campaign.queries.rankings import rankings_for, scores_in
    from shian.engine.cases.models import Case

    ranking = rankings_for(office, key).filter(published_at__isnull=False).first()
    ranked = [each for each in scores_in(ranking) if each.place] if ranking else []
    ranked.sort(key=lambda each: each.place or 0)
    found = {
        name: (f"score:{ranking.period}/{each.unit.code}", each.unit.name)
        for name, each in (("best", ranked[0]), ("worst", ranked[-1]))
    } if ranking and ranked else {}  # fmt: skip
    late = Case.objects.filter(type="card", city=key[:4], is_open=True, due_on__lt=verbs.today(), unit__isnull=False)
    card = late.select_related("unit").order_by("due_on", "pk").first()
    if card and card.unit:
        found["overdue"] = (f"case:card/{card.number}", card.unit.name)
    return found


def _entry(number: int, kind: str, cause: tuple[str, str], outcome: str, reached: int, office: Any) -> None:
    from shian.domains.campaign.actions.commendations import propose_commendation
    from shian.engine.cases.actions import Given, move_case
    from shian.engine.cases.declarations import case_type

    now, today = verbs.now(), verbs.today()
    person = {"target_person": "王某某", "target_post": "科长"} if kind in {"约谈", "问责"} else {}
    told = {"kind": kind, "target_unit": cause[1], "body": "按动态评价和督办结果提请。", **person}
    case = propose_commendation(cause=cause[0], told=told, by=office, at=now)
    declared = case_type(case.type)
    steps = (
        ("review", Given(note="情况属实，同意提请。")),
        ("decide", Given(data={"decided_by": "市食品安全委员会", "decided_on": str(today), "consequence": outcome})),
        ("publish", Given(data={"decision_no": f"演示食安委〔{today.year}〕{number}号"})),
        ("archive", Given()),
    )
    for step, given in steps[:reached]:
        case.refresh_from_db()
        taken = declared.step(step)
        move_case(declared=declared, case=case, step=taken, seen=case.version, given=given, by="demo", at=now)
