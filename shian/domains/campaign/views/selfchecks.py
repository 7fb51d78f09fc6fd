"""Self-check reports: asking for them, the merged report with the figures of every unit, and who is late (A-26)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.selfchecks import SELF_CHECK, ask_self_checks
from shian.domains.campaign.forms.selfchecks import AskForm
from shian.domains.campaign.permissions import CASE_VIEW, SELF_CHECK_ASK
from shian.domains.campaign.queries.selfchecks import FIGURES, Merged, merged_report, merged_reports
from shian.domains.campaign.tables.supervision import MERGED, REPORTS, merged_row, report_row
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.choices import own_unit_choices
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import case_for
from shian.engine.cases.tables import unit_text
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.people.models import Organisation


@requires(CASE_VIEW)
def selfcheck_board(request: HttpRequest) -> HttpResponse:
    """Merged reports: how many units were asked, have reported, are late."""
    rows = [merged_row(*each) for each in merged_reports(request.user, timezone.localdate())]
    actions = [Action(_("全部自查报告"), reverse("cases:type_list", args=[SELF_CHECK]), icon="list-check")]
    if SELF_CHECK_ASK(request.user).allowed:
        url = reverse("campaign:selfcheck_create")
        actions.insert(0, Action(_("布置自查"), url, icon="plus", kind="primary"))
    page = ListPage(
        _("自查报告"),
        Table(MERGED, rows, empty=Empty(_("还没有布置过自查"), _("布置后，各单位的报告在这里汇总。"))),
        unit=_("份汇总报告"),
        summary=_("乡镇和部门报县，县汇总报市；到期未报的单位标红。"),
        actions=actions,
    )
    return render(request, "ui/page_list.html", {"list": page})


@requires(SELF_CHECK_ASK)
def selfcheck_create(request: HttpRequest) -> HttpResponseBase:
    """Ask the units below for their reports; ?into= names the merged report that was asked from above."""
    today, number = timezone.localdate(), request.GET.get("into", "")
    merged = case_for(request.user, int(number)) if number.isdecimal() else None
    issuers = own_unit_choices(request.user, today)
    usual: dict[str, Any] = {"issuer": issuers[0][0] if issuers else ""}
    if merged is not None:
        usual |= {"issuer": merged.unit_id, "period": merged.data.get("period", ""), "merged_due_on": merged.due_on}
    form = AskForm(*((request.POST,) if request.method == "POST" else ()), issuers=issuers, initial=usual)
    if request.method == "POST" and form.is_valid() and (found := _asked(request, form, merged)):
        return redirect(f"{reverse('cases:case_detail', args=[found.pk])}?tab=reports")
    page = FormPage(
        _("布置自查"), form, _("布置"), intro=_("向下一级的每个单位各要一份自查报告，汇总成一份。"),
        consequence=_("布置后每个单位各得一件待报送事项，到期未报逐级提醒。"),
        cancel_url=reverse("campaign:selfcheck_board"),
        crumbs=[Crumb(_("自查报告"), reverse("campaign:selfcheck_board"))],
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _asked(request: HttpRequest, form: AskForm, merged: Case | None) -> Case | None:
    """The merged report; None when the form was refused, and says why."""
    told = form.cleaned_data
    issuer = Organisation.objects.get(code=told["issuer"])
    try:
        found = ask_self_checks(
            issuer=issuer, period=told["period"], due_on=told["due_on"], merged_due_on=told["merged_due_on"],
            merged=merged, by=request.user, at=timezone.now(),
        )  # fmt: skip
    except CaseRefused as refused:
        form.refuse(refused, case_type("self_check"))
        return None
    messages.success(request, _("已布置，各单位可以报送。"))
    return found


def reports_count(request: HttpRequest, case: Case) -> int:
    return len(merged_report(case, request.user, timezone.localdate()).reports)


def reports_panel(request: HttpRequest, case: Case) -> SafeString:
    """Every unit's figures with the link to its own report; late units by name; the sums of what has come."""
    merged = merged_report(case, request.user, timezone.localdate())
    table = Table(
        REPORTS, [report_row(each) for each in merged.reports], totals=_totals(merged) if merged.reports else None,
        empty=Empty(_("没有下级报告"), _("承办单位可以布置下级报送。")), id="reports",
    )  # fmt: skip
    notes = []
    if merged.late:
        names = "、".join(unit_text(each.case.unit) for each in merged.late)
        notes.append(Callout(_("逾期未报：%(units)s") % {"units": names}, state=OVERDUE))
    actions = [Action(_("打印"), "#print", icon="printer")] if merged.reports else []
    if not merged.reports and case.is_open and case.unit_id in reach_of(request.user).organisations:
        url = f"{reverse('campaign:selfcheck_create')}?into={case.pk}"
        actions.append(Action(_("布置下级报送"), url, icon="plus", kind="primary"))
    context = {"actions": actions, "notes": notes, "tables": [(_("各单位报告"), table)]}
    return render_to_string("campaign/case_panel.html", context, request=request)


def _totals(merged: Merged) -> dict[str, Any]:
    return {"unit": _("合计"), **{name: merged.total(name) for name in FIGURES}}
