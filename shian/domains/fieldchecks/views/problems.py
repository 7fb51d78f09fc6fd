"""Problems that checks found: put right on the spot, proposed as a case, looked at again."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.problems import correct_on_spot, propose_filing
from shian.domains.fieldchecks.forms.visits import CorrectForm, FilingForm
from shian.domains.fieldchecks.permissions import FILING_PROPOSE, VISIT_READ, VISIT_WORK
from shian.domains.fieldchecks.queries.problems import (
    FILING,
    has_before,
    problem_for,
    relapse_rate,
    revisits_due,
    visit_of,
)
from shian.domains.fieldchecks.queries.visits import visible_visits
from shian.domains.fieldchecks.tables.visits import REVISITS, VISITS, revisit_row, visit_rows, visit_url
from shian.domains.fieldchecks.views.forms import step_page
from shian.engine.cases.models import Case
from shian.engine.cases.queries import children_of
from shian.engine.cases.tables import CASES, case_row, case_url
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.formats import percent_text
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Stat
from shian.kernel.ui.states import DUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names


@requires(VISIT_WORK)
def problem_correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Both photos, on the day of the check."""
    problem = problem_for(request.user, pk)
    visit = visit_of(problem)
    then = visit_url(visit) if visit else case_url(problem)
    form = CorrectForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), has_before=has_before(problem)
    )

    def step() -> str:
        told = form.cleaned_data
        correct_on_spot(problem=problem, after=told["after"], before=told.get("before"), note=told["note"],
                        by=request.user, at=timezone.now())  # fmt: skip
        return _("立行立改：已凭照片销号。")

    page = FormPage(
        _("立行立改"), form, _("确认已改正"), intro=f"{problem.number} {problem.title}", cancel_url=then,
        has_files=True,
        crumbs=[Crumb(_("检查问题"), case_url(problem))], consequence=_("凭整改前、整改后照片当场销号，只限检查当天。"),
    )  # fmt: skip
    return step_page(request, page, step, then)


@requires(FILING_PROPOSE)
def filing_create(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A case because of a problem."""
    problem = problem_for(request.user, pk)
    form = FilingForm(request.POST or None)

    def step() -> str:
        case = propose_filing(
            problem=problem, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )  # fmt: skip
        return _("已建议立案，编号 %(number)s。") % {"number": case.number}

    page = FormPage(
        _("建议立案"), form, _("建议立案"), intro=f"{problem.number} {problem.title}", cancel_url=case_url(problem),
        crumbs=[Crumb(_("检查问题"), case_url(problem))], consequence=_("案件办结前，问题不能销号。"),
    )  # fmt: skip
    return step_page(request, page, step, case_url(problem))


@requires(VISIT_READ)
def revisit_list(request: HttpRequest) -> HttpResponse:
    """Closed problems that nobody has looked at since, what is due first; and how many had come back."""
    today = timezone.localdate()
    rows, rate = revisits_due(request.user, today), relapse_rate(request.user)
    page = ListPage(
        _("待回访"), Table(REVISITS, [revisit_row(each, today) for each in rows],
                         empty=Empty(_("没有待回访的问题"), _("检查问题销号后，按程度排定回访日期。"))),
        unit=_("个"), summary=_("不定期回访已销号的问题；复发的，以原编号重新整改。"),
        crumbs=[Crumb(_("明查暗访"), reverse("fieldchecks:field_visit_list"))],
    )  # fmt: skip
    due = sum(each.due_on <= today for each in rows)
    stats = [
        Stat(_("已到回访日期"), due, unit=_("个"), state=DUE if due else ""),
        Stat(_("已回访"), rate.revisited, unit=_("个")),
        Stat(_("复发"), rate.relapsed, unit=_("个"), part=rate.relapsed, whole=rate.revisited,
             url=reverse("figures:figure_detail", args=["field_problems.relapse_rate"]),
             note=percent_text(rate.relapsed, rate.revisited) if rate.revisited else ""),
    ]  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": ()})


def problem_panel(request: HttpRequest, case: Case) -> SafeString:
    """The tab of a problem: the visit that found it, and the cases filed because of it."""
    today = timezone.localdate()
    names, visit = area_names(today), visit_of(case)
    seen = list(visible_visits(request.user).filter(pk=visit.pk)) if visit else []
    filings = [case_row(each, today, names) for each in children_of(case, request.user) if each.type == FILING]
    tables = [
        (_("检查记录"), Table(VISITS, list(visit_rows(seen, names, {})), empty=Empty(_("没有检查记录")), id="visit")),
        (_("立案"), Table(CASES, filings, empty=Empty(_("没有立案")), id="filings")),
    ]
    actions = []
    if case.is_open and FILING_PROPOSE(request.user).allowed:
        url = reverse("fieldchecks:filing_create", args=[case.pk])
        actions.append(Action(_("建议立案"), url, icon="gavel"))
    return _panel(request, tables, actions)


def filing_panel(request: HttpRequest, case: Case) -> SafeString:
    """The tab of a filed case: the problem that caused it."""
    today = timezone.localdate()
    rows = Case.objects.visible_to(request.user).filter(children=case.pk)
    found = [case_row(each, today, area_names(today)) for each in rows]
    return _panel(request, [(_("起因"), Table(CASES, found, empty=Empty(_("没有起因")), id="cause"))], [])


def _panel(request: HttpRequest, tables: list[tuple[str, Table]], actions: list[Action]) -> SafeString:
    return render_to_string("fieldchecks/panel.html", {"tables": tables, "actions": actions}, request=request)
