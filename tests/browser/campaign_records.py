"""Examples of records of the campaign that a city has only once somebody works in it."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils import timezone

Args = tuple[Any, ...]


def _office() -> Any:
    from shian.registers.people.models import Organisation, Post

    post = Post.objects.filter(person__user__username="office").select_related("organisation").order_by("pk")[0]
    return Organisation.objects.get(pk=post.organisation_id)


def _case(key: str, **told: Any) -> Any:
    from shian.engine.cases.actions import Opening, open_case
    from shian.engine.cases.declarations import case_type

    unit, now = _office(), timezone.now()
    due = timezone.localdate(now) + timedelta(days=20)
    opening = Opening(area_key=unit.area, issuer=unit, unit=unit, due_on=due, **told)
    return open_case(declared=case_type(key), opening=opening, by="test", at=now)


@cache
def _reception() -> int:
    made = _case("reception", title="省级初评", data={"evaluation_level": "省级初评"})
    _case("problem", title="冷柜温度记录缺失", source="reception", parent=made, data={"severity": "一般"})
    return int(made.pk)


def _notice() -> list[Args]:
    from shian.domains.campaign.actions.receptions import issue_weekly_notice
    from shian.engine.cases.models import Case

    case = Case.objects.get(pk=_reception())
    return [(issue_weekly_notice(reception=case, demands="周五前报结果。", by="test", at=timezone.now()).pk,)]


def _dispatch(title: str) -> Any:
    from shian.domains.campaign.actions.briefings import send_dispatch

    return send_dispatch(unit=_office(), title=title, text="检查门店二十家。", by="test", at=timezone.now())


@cache
def _briefing() -> tuple[int, int]:
    """An issue and the item that it carries."""
    from shian.domains.campaign.actions.briefings import adopt_dispatch, edit_dispatch, issue_briefing
    from shian.domains.campaign.models import Series

    now, item = timezone.now(), _dispatch("春季行动")
    edit_dispatch(dispatch=item, title="春季行动", text="检查门店20家。", by="test", at=now)
    adopt_dispatch(dispatch=item, by="test", at=now)
    made = issue_briefing(
        area_key=_office().area, series=Series.BRIEF, title="春季行动专刊", dispatches=[item.pk], by="test", at=now
    )
    return int(made.pk), int(item.pk)


@cache
def _score() -> Any:
    """What the bureau of agriculture got in a month that was published; its own officer reads it."""
    from shian.domains.campaign.actions.unit_scores import confirm_ranking, publish_ranking
    from shian.domains.campaign.models import UnitScore
    from shian.engine.measures.rules import parse_period

    now, area = timezone.now(), _office().area
    ranking = confirm_ranking(area_key=area, window=parse_period(f"{now:%Y%m}"), by="test", at=now)
    publish_ranking(ranking=ranking, by="test", at=now)
    return UnitScore.objects.get(ranking=ranking, unit="1310-AGRI")


def _cause() -> dict[str, str]:
    return {"cause": f"score:{_score().ranking.period}/{_score().unit_id}"}


ASKED: dict[str, Callable[[], dict[str, str]]] = {"campaign:commendation_create": _cause}
EXAMPLES: dict[str, Callable[[], list[Args]]] = {
    "campaign:weekly_notice_preview": lambda: [(_reception(),)],
    "campaign:weekly_notice_issue": lambda: [(_reception(),)],
    "campaign:weekly_notice_detail": _notice,
    "campaign:interview_draft": lambda: [(_case("interview", title="访谈市长", data={"position": "市长"}).pk,)],
    "campaign:briefing_detail": lambda: [(_briefing()[0],)],
    "campaign:dispatch_detail": lambda: [(_briefing()[1],)],
    "campaign:dispatch_edit": lambda: [(_dispatch("专项检查").pk,)],
    "campaign:dispatch_reject": lambda: [(_dispatch("宣传活动").pk,)],
    "campaign:reprint_create": lambda: [(_briefing()[1],)],
    "campaign:score_appeal": lambda: [(_score().pk,)],
    "campaign:score_correct": lambda: [(_score().pk,)],
    "campaign:commendation_create": lambda: [()],
}
