"""Recalls and drills in the demo: one closed, one that runs with some of its answers, one drill with its score and one
under way. Of lots that came with the city's orders, by the verbs that people use; nothing is sold for them."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from shian.config import verbs

SUMMARY = "现存的已经全部销毁，其余已售出食用；市场已补做快检，供货者已列入重点核查。"
DRILLED = "来源和大部分购货者在目标时间内查到。薄弱环节：未答复的购货者联系电话过期，须更新档案。"
ANSWERED, FOUND = 0.6, 0.85  # shares of the holders who have answered by now


@transaction.atomic
def recall_goods(area: str, office: Any) -> str:
    """Nothing where there are recalls, or no lot was sold to several buyers; what there is, in words."""
    from shian.domains.tracing.actions.recalls import close_recall, publish_recall
    from shian.domains.tracing.queries.recalls import recalls_chosen
    from shian.kernel.scope.rules import key_of_code

    if not any(recalls_chosen(office, is_drill=each).exists() for each in (False, True)):
        lots = _lots(key_of_code(area))
        if "closed" in lots:
            made = _running(lots["closed"], "监督抽检不合格（见检验报告）", office)
            _answer(made, 1.0, office, is_handled=True)
            publish_recall(recall=made, by=office, at=verbs.now())
            close_recall(recall=made, summary=SUMMARY, by=office, at=verbs.now())
        if "running" in lots:
            made = _running(lots["running"], "入场快检不合格，复检确认", office)
            publish_recall(recall=made, by=office, at=verbs.now())
            _answer(made, ANSWERED, office, is_handled=False)
        if "drill" in lots:
            _drill(lots["drill"], office)
        if "own" in lots:
            _running(lots["own"], "追溯演练：请企业核对库存", office, is_drill=True)
    counts = [recalls_chosen(office, is_drill=each).count() for each in (False, True)]
    return f"{counts[0]} recalls, {counts[1]} drills"


def _lots(city: str) -> dict[str, Any]:
    """In-orders of the city to call back: a small one, a middling one, one for a drill, and one of the demo's own
    business, whose people find a notice of a drill, which stops no sale."""
    from shian.domains.tracing.queries.orders import lots_with_buyers
    from shian.kernel.accounts.models import Role, User
    from shian.kernel.scope.reach import reach_of

    people = User.objects.filter(role=Role.OPERATOR)
    own = {operator for each in people for operator in reach_of(each).operators}
    bought: Any = lots_with_buyers(city)
    rest = bought.exclude(merchant__operator__in=own)
    found = {
        "closed": rest.filter(buyers__range=(5, 20)).first(),
        "running": rest.filter(buyers__range=(25, 90)).first(),
        "drill": rest.filter(buyers__range=(5, 20)).last(),
        "own": bought.filter(merchant__operator__in=own, buyers__gte=1).first(),
    }
    return {name: each for name, each in found.items() if each is not None}


def _running(lot: Any, reason: str, office: Any, *, is_drill: bool = False) -> Any:
    """Proposed by the office, decided by another, everybody told."""
    from shian.domains.tracing.actions.recall_notices import tell_holders
    from shian.domains.tracing.actions.recalls import Order, decide_recall, propose_recall

    told: dict[str, Any] = {
        "title": lot.variety.name, "roots": [lot.holding], "level": 2, "cause": "sample", "cause_no": "演示-抽检",
        "reason": reason, "treatment": "destroy", "advice": "请立即停止销售和食用，封存后等待监管人员处理。",
        "known_at": verbs.now(),
    }  # fmt: skip
    made = propose_recall(order=Order(**told), by=office, at=verbs.now(), is_drill=is_drill)
    decide_recall(recall=made, is_ordered=True, decision="同意", by="demo", at=verbs.now())
    tell_holders(recall=made.pk, at=verbs.now())
    made.refresh_from_db()
    return made


def _answer(recall: Any, share: float, office: Any, *, is_handled: bool) -> None:
    """The first holders that can be asked say what they have: every third nothing, the others a fifth of what came,
    which they have destroyed where it is handled."""
    from shian.domains.tracing.actions.recall_answers import answer_recall

    holders = list(recall.holders.exclude(channel="public").order_by("pk"))
    for place, each in enumerate(holders[: round(len(holders) * share)]):
        left = Decimal(0) if place % 3 == 0 or recall.is_drill else round(each.received / 5, 2)
        gone = left if is_handled or place % 2 else Decimal(0)
        answer_recall(holder=each, on_hand=left, destroyed=gone, by=office, at=verbs.now())


def _drill(lot: Any, office: Any) -> None:
    """Source found and right, most buyers found, scored."""
    from shian.domains.tracing.actions.drills import end_drill, report_source
    from shian.domains.tracing.queries.drills import sources_of

    drill = _running(lot, "年度追溯演练", office, is_drill=True)
    if sources := sorted(sources_of(drill)):
        report_source(drill=drill, code=sources[0], by=office, at=verbs.now())
    _answer(drill, FOUND, office, is_handled=False)
    end_drill(drill=drill, summary=DRILLED, by=office, at=verbs.now())
