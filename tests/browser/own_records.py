"""Examples for the operators' portal: the demo's business with a list, a day, a problem, a test, a text to sign."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from shian.config import verbs
from tests.browser.case_records import Args

CODE = "131022-00131"
OF_ONE = (
    "desk_detail", "daily_control_calendar", "closure_create", "risk_list_detail", "risk_list_edit",
    "safety_staff_detail", "appointment_create", "board_publish",
)  # fmt: skip


def _user(name: str) -> Any:
    from shian.kernel.accounts.models import User

    return User.objects.get(username=name)


@cache
def _made() -> dict[str, list[Args]]:
    """What the principal did: args by the name of the page."""
    from shian.domains.duties.actions.boards import print_boards
    from shian.domains.duties.models import Match
    from shian.domains.selfcontrol.actions.commitments import issue_text
    from shian.domains.selfcontrol.actions.controls import record_day
    from shian.domains.selfcontrol.actions.exams import call_exam
    from shian.domains.selfcontrol.actions.lists import approve_list, write_list
    from shian.domains.selfcontrol.actions.staff import Named, appoint
    from shian.domains.selfcontrol.models import Duty, OwnProblem
    from shian.domains.selfcontrol.queries.controls import items_of_day
    from shian.domains.selfcontrol.queries.lists import first_items
    from shian.domains.selfcontrol.rules.controls import monday_of
    from shian.registers.operators.models import Operator

    operator, by, at = Operator.objects.get(code=CODE), _user("operator"), verbs.now()
    today = verbs.today()
    who: dict[str, Any] = {"operator": operator, "by": by, "at": at}
    write_list(items=first_items(operator, today), reason="", **who)
    approve_list(**who)
    answers = {each.key: "pass" for each in items_of_day(operator, today)} | {"r06": "problem"}
    record_day(day=today, answers=answers, notes={"r06": "牛奶超过保质期"}, measures={}, **who)
    post = appoint(named=Named("DEMO-1", "周五", "", Duty.OFFICER, "任〔2026〕1号", today), **who)
    exam = call_exam(staff=post.staff, by=_user("office"), at=at)
    print_boards(matches=[Match.objects.get(operator=operator, valid_to=None)], by="test", at=at)
    text = issue_text(
        number="CN-1", title="食品安全承诺书", text="守法经营，落实主体责任。", kinds=[], area_code="131000",
        by=_user("office"), at=at,
    )  # fmt: skip
    problem = OwnProblem.objects.get(operator=operator)
    day, yesterday = today.isoformat(), (today - timedelta(days=1)).isoformat()
    return {
        "operator:board_detail": [(CODE,)],
        "operator:daily_control_enter": [(CODE, day), (CODE, yesterday)],
        "operator:own_problem_resolve": [(CODE, problem.pk)],
        "operator:own_week_edit": [(CODE, monday_of(today).isoformat())],
        "operator:own_month_edit": [(CODE, day[:7])],
        "operator:exam_answer": [(CODE, exam.pk)],
        "operator:commitment_text_sign": [(CODE, text.pk)],
        "selfcontrol:commitment_text_detail": [(text.pk,)],
    }


def _of(name: str) -> Callable[[], list[Args]]:
    return lambda: _made()[name]


OWN_EXAMPLES: dict[str, Callable[[], list[Args]]] = {
    "selfcontrol:account_open": lambda: [(CODE,)],
    **{f"operator:{name}": lambda: [(CODE,)] for name in OF_ONE},
    **{
        name: _of(name)
        for name in (
            "operator:board_detail", "operator:daily_control_enter", "operator:own_problem_resolve",
            "operator:own_week_edit",
            "operator:own_month_edit", "operator:exam_answer", "operator:commitment_text_sign",
            "selfcontrol:commitment_text_detail",
        )
    },
}  # fmt: skip
OWN_PAGES = dict.fromkeys(
    ("operator:home", "operator:phone_detail", *(each for each in OWN_EXAMPLES if each.startswith("operator:"))),
    "operator",
)
