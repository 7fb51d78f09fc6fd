"""What is done to a paper: registered, approved, issued, acknowledged, asked for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.papers import (
    PaperRefused,
    acknowledge_paper,
    approve_paper,
    draft_paper,
    issue_paper,
    remind_paper,
)
from shian.domains.campaign.forms.papers import ApprovalForm, IssueForm, PaperForm
from shian.domains.campaign.models import Paper
from shian.domains.campaign.permissions import PAPER_ACKNOWLEDGE, PAPER_WRITE
from shian.domains.campaign.queries.liaisons import campaign_area, liaison_units
from shian.domains.campaign.queries.papers import (
    paper_for,
    papers_in_force,
    units_in_reach,
)
from shian.domains.campaign.tables.papers import (
    paper_url,
)
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb

KINDS = ("pdf", "docx", "xlsx", "jpg", "png")


@requires(PAPER_WRITE)
def paper_create(request: HttpRequest) -> HttpResponseBase:
    """A new draft, with its file."""
    today, user = timezone.localdate(), request.user
    area = campaign_area(user, today)
    offices = units_in_reach(user, reach_of(user).organisations)
    issuers = [(each.code, each.name) for each in [*offices, *liaison_units(area, today)]] if area else []
    older = papers_in_force(user).order_by("-issued_on")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperForm(
        *sent, issuers=issuers, replaced=[(str(each.pk), f"{each.doc_no} {each.title}") for each in older],
        initial={"supersedes": request.GET.get("supersedes", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            paper = draft_paper(area_key=area, told=_given(form, request), by=user, at=timezone.now())
        except (PaperRefused, FileRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已登记草稿。"))
            return redirect("campaign:paper_detail", paper.pk)
    consequence = _("登记后为草稿：审定后才能印发，印发后收文单位逐家签收。")
    return _form_page(request, form, _("登记文件"), consequence, None, has_files=True)


def _given(form: PaperForm, request: HttpRequest) -> dict[str, Any]:
    told = form.cleaned_data
    given = {name: told[name] for name in ("doc_no", "title", "kind", "applies_to")}
    if upload := told["upload"]:
        given["stored"] = store_file(
            name=upload.name, stream=upload, kinds=KINDS, by=request.user.get_username(), at=timezone.now()
        )
        given["file_name"] = upload.name
    older = paper_for(request.user, int(told["supersedes"])) if told["supersedes"] else None
    return {**given, "issuer_id": told["issuer"], "supersedes": older}


@requires(PAPER_WRITE)
def paper_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Which meeting approved the draft, and when."""
    paper = paper_for(request.user, pk)
    form = ApprovalForm(request.POST or None, initial={"on": timezone.localdate()})

    def step() -> str:
        told = form.cleaned_data
        approve_paper(paper=paper, meeting=told["meeting"], on=told["on"], by=request.user, at=timezone.now())
        return _("已记录审定，可以印发。")

    return _step_page(request, form, step, paper, _("记录审定"), "")


@requires(PAPER_WRITE)
def paper_issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To which units the paper goes: at first all units of the campaign are ticked."""
    paper, today = paper_for(request.user, pk), timezone.localdate()
    units = {each.code: each for each in liaison_units(paper.area, today)}
    initial = {"units": list(units)}
    form = IssueForm(request.POST or None, units=[(code, each.name) for code, each in units.items()], initial=initial)

    def step() -> str:
        chosen = [units[code] for code in form.cleaned_data["units"]]
        told = issue_paper(paper=paper, units=chosen, by=request.user, at=timezone.now())
        return _("已印发给 %(count)s 家单位，通知联络员 %(told)s 人。") % {"count": len(chosen), "told": told}

    consequence = _("印发后通知各单位联络员签收；被替代的文件同时失效。")
    return _step_page(request, form, step, paper, _("印发"), consequence)


def _step_page(
    request: HttpRequest, form: Any, step: Callable[[], str], paper: Paper, title: str, consequence: str
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            said = step()
        except PaperRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect("campaign:paper_detail", paper.pk)
    return _form_page(request, form, title, consequence, paper)


def _form_page(
    request: HttpRequest, form: Any, title: str, consequence: str, paper: Paper | None, *, has_files: bool = False
) -> HttpResponse:
    listed = reverse("campaign:paper_list")
    page = FormPage(
        title, form, _("提交"), consequence=consequence, has_files=has_files,
        intro=f"{paper.doc_no} {paper.title}" if paper else "",
        cancel_url=paper_url(paper) if paper else listed,
        crumbs=crumbs(Crumb(_("文件库"), listed), *([Crumb(paper.doc_no, paper_url(paper))] if paper else [])),
        draft=f"paper-{paper.pk if paper else 'new'}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


@requires(PAPER_ACKNOWLEDGE)
@require_POST
def paper_acknowledge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The user's unit has the paper."""
    return _post(request, pk, lambda paper: _signed(paper, request))


def _signed(paper: Paper, request: HttpRequest) -> str:
    acknowledge_paper(paper=paper, by=request.user, at=timezone.now())
    return _("已签收并留存证。")


@requires(PAPER_WRITE)
@require_POST
def paper_remind(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write to the officers of the units that have not acknowledged the paper."""
    return _post(request, pk, lambda paper: _asked(paper, request))


def _asked(paper: Paper, request: HttpRequest) -> str:
    count = remind_paper(paper=paper, by=request.user, at=timezone.now())
    return _("已提醒联络员 %(count)s 人。") % {"count": count}


def _post(request: HttpRequest, pk: int, step: Callable[[Paper], str]) -> HttpResponseBase:
    paper = paper_for(request.user, pk)
    try:
        messages.success(request, step(paper))
    except PaperRefused as refused:
        messages.error(request, str(refused))
    return redirect("campaign:paper_detail", pk)
