"""Examples of the campaign's records and of cases: most come with the city, the others are made by actions."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from shian.config import verbs
from shian.kernel.scope.rules import key_of_code
from tests.city import AREA

Args = tuple[Any, ...]
Maker = Callable[[], list[Args]]
WEEK = timedelta(days=7)
THURSDAY = timedelta(days=3)


def first_row(model: str, *order: str, **terms: Any) -> Maker:
    """The number of the first row of a model, by its numbers where no other order is asked for."""

    def found() -> list[Args]:
        from django.apps import apps

        rows = apps.get_model(model)._default_manager.filter(**terms)
        return [(rows.order_by(*order, "pk")[0].pk,)]

    return found


def office_user() -> Any:
    from shian.kernel.accounts.models import User

    return User.objects.get(username="office")


def _case_of_each_type() -> list[Args]:
    from shian.engine.cases.models import Case

    rows = Case.objects.order_by("type", "-is_open", "pk").distinct("type")
    return [(case.pk,) for case in rows]


def _step_of_each_type() -> list[Args]:
    """For every type the first step that the office may take in a case that stands before it."""
    from shian.engine.cases.declarations import case_type
    from shian.engine.cases.permissions import may_take
    from shian.engine.cases.queries import visible_cases

    office, found = office_user(), dict[str, Args]()
    for case in visible_cases(office).filter(is_open=True).order_by("type", "state", "pk").distinct("type", "state"):
        declared = case_type(case.type)
        for step in declared.transitions:
            if case.state in step.sources and may_take(office, declared, case, step).allowed:
                found.setdefault(case.type, (case.pk, step.key))
    return list(found.values())


def _request() -> list[Args]:
    """More days asked for a card."""
    from shian.engine.cases.actions import ask_extension
    from shian.engine.cases.declarations import case_type
    from shian.engine.cases.models import Case, CaseRequest

    card = Case.objects.filter(type="card", is_open=True).order_by("pk")[0]
    ask_extension(declared=case_type("card"), case=card, seen=card.version, days=5, reason="等待检测结果", by="test",
                  at=verbs.now())  # fmt: skip
    return [(card.pk, CaseRequest.objects.get(case=card).pk)]


def _published_reply() -> list[Args]:
    """A proposal answered with consent to publish the answer."""
    from shian.domains.campaign.actions.replies import draft_reply
    from shian.domains.campaign.rules.proposals import GRADES, YES
    from shian.domains.campaign.tests.loops import took
    from shian.engine.cases.models import Case

    case, at = Case.objects.filter(type="proposal", state="assigned").order_by("pk")[0], verbs.now()
    draft_reply(case=case, template="已按建议加强监管。", as_of=verbs.today(), by="test", at=at)
    took(case, "draft", "clerk", at, data={"result_grade": GRADES[0]})
    took(case, "approve", "head", at)
    took(case, "reply", "clerk", at, data={"publish_consent": YES})
    return [(case.pk,)]


def _meetings() -> list[Args]:
    """One of last week with its agenda and a decision, one of this week to come."""
    from shian.domains.campaign.actions import meetings
    from shian.domains.campaign.queries.weeks import reporting_units
    from shian.domains.campaign.rules.weeks import monday_of

    key, at, thursday = key_of_code(AREA), verbs.now(), monday_of(verbs.today()) + THURSDAY
    units = list(reporting_units(key, verbs.today()))[:4]
    held, coming = (
        meetings.schedule_meeting(
            area_key=key, plan=meetings.Plan.friday(day, "指挥部会议室"), units=units, by=office_user(), at=at
        )
        for day in (thursday - WEEK, thursday)
    )
    held = meetings.freeze_agenda(meeting=held, by=office_user(), at=at)
    meetings.decide(meeting=held, text="逾期事项逐件说明原因", unit=units[0], owner=None, due_on=verbs.today() + WEEK,
                    by=office_user(), at=at)  # fmt: skip
    return [(held.pk,), (coming.pk,)]


def _submission() -> list[Args]:
    """The first week of a unit that lacked nothing."""
    from shian.domains.campaign.actions.submissions import SubmissionIncomplete, send_submission
    from shian.domains.campaign.models import ReportState, WeekReport

    reports = WeekReport.objects.exclude(state=ReportState.OPEN).select_related("unit", "week")
    for report in reports.order_by("week__monday", "pk"):
        with suppress(SubmissionIncomplete):
            told = {"unit": report.unit, "monday": report.week.monday, "by": "test", "at": verbs.now()}
            return [(send_submission(**told).pk,)]
    raise LookupError("Every unit lacks something.")


def _progress() -> list[Args]:
    from shian.domains.campaign.models import Duty

    duty = Duty.objects.select_related("catalogue").order_by("pk")[0]
    return [(duty.catalogue.kind, duty.audience)]


def _filings() -> list[Args]:
    from shian.domains.campaign.models import WeekReport

    return [(WeekReport.objects.order_by("-week__monday", "pk")[0].unit.code,)]


_card = first_row("cases.Case", type="card", is_open=True)
_week_report = first_row("campaign.WeekReport", "-week__monday")
_paper = first_row("campaign.Paper")
_evidence = first_row("campaign.Evidence")
_meeting = first_row("campaign.Meeting", "-held_on")
_round = first_row("campaign.ReviewRound", "-number")
_submitted = first_row("campaign.Submission")

CASE_EXAMPLES: dict[str, Maker] = {
    "public_replies:reply_detail": _published_reply,
    "cases:case_detail": _case_of_each_type,
    "cases:step_take": _step_of_each_type,
    "cases:extension_create": _card,
    "cases:transfer_create": _card,
    "cases:case_suspend": _card,
    "cases:case_merge": _card,
    "cases:note_add": _card,
    "cases:request_answer": _request,
    "campaign:progress_detail": _progress,
    "campaign:output_enter": first_row("campaign.StageOutput"),
    "campaign:plan_move": lambda: [()],
    "campaign:reply_draft": first_row("cases.Case", type="proposal", state="assigned"),
    "campaign:filing_list": _filings,
    "campaign:project_detail": first_row("ledgers.LedgerRow", ledger="demonstration_projects"),
    "campaign:lesson_detail": first_row("ledgers.LedgerRow", ledger="lessons"),
    "campaign:sheet_print": first_row("ledgers.LedgerRow", ledger="format_sheets"),
    "campaign:paper_detail": _paper,
    "campaign:paper_approve": _paper,
    "campaign:paper_issue": _paper,
    "campaign:need_detail": first_row("campaign.EvidenceNeed", links__isnull=False),
    "campaign:evidence_detail": _evidence,
    "campaign:version_add": _evidence,
    "campaign:round_detail": _round,
    "campaign:round_review": _round,
    "campaign:submission_detail": _submission,
    "campaign:submission_return": _submitted,
    "campaign:week_detail": first_row("campaign.Week", "-monday"),
    "campaign:report_detail": _week_report,
    "campaign:report_submit": first_row("campaign.WeekReport", "-week__monday", unit__code="1310-AGRI"),
    "campaign:report_return": _week_report,
    "campaign:report_correct": _week_report,
    "campaign:meeting_detail": _meetings,
    "campaign:topic_add": _meeting,
    "campaign:decision_add": _meeting,
    "campaign:minutes_publish": _meeting,
}
