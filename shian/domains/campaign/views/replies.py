"""Replies to proposals: the draft with its figures on the proposal's page, and the form that writes it."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.replies import DRAFTING, draft_reply
from shian.domains.campaign.forms.replies import ReplyForm
from shian.domains.campaign.permissions import PROPOSAL_DRAFT
from shian.domains.campaign.queries.replies import replies_of
from shian.domains.campaign.rules.proposals import is_public
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import case_for
from shian.engine.measures.declarations import all_measures
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import level_of_key
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Action, Crumb


def reply_count(request: HttpRequest, case: Case) -> int:
    return len(replies_of(case))


def reply_panel(request: HttpRequest, case: Case) -> SafeString:
    """The newest writing with its figures, the older ones by number, and whether the public may read it."""
    drafts = replies_of(case)
    may_draft = case.state in DRAFTING and case.unit_id in reach_of(request.user).organisations
    actions = []
    if may_draft and PROPOSAL_DRAFT(request.user).allowed:
        url = reverse("campaign:reply_draft", args=[case.pk])
        label = _("改写答复") if drafts else _("起草答复")
        actions.append(Action(label, url, icon="edit", kind="primary"))
    is_shown = bool(drafts) and is_public(case.state, str(case.data.get("publish_consent", "")))
    context = {"case": case, "drafts": drafts, "actions": actions, "is_public": is_shown}
    return render_to_string("campaign/reply_panel.html", context, request=request)


@requires(PROPOSAL_DRAFT)
def reply_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the reply, or write it anew; figures are asked for once more for the day given."""
    case = case_for(request.user, pk)
    if case.type != "proposal":
        raise Http404(pk)
    drafts, now = replies_of(case), timezone.now()
    measures = [each for each in all_measures().values() if level_of_key(case.area) in each.levels]
    usual = {"as_of": timezone.localdate(now), "template": drafts[0].template if drafts else _opening_words(case)}
    form = ReplyForm(*((request.POST,) if request.method == "POST" else ()), measures=measures, initial=usual)
    back = f"{reverse('cases:case_detail', args=[pk])}?tab=reply"
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            draft_reply(case=case, template=told["template"], as_of=told["as_of"], by=request.user, at=now)
        except CaseRefused as refused:
            form.refuse(refused, case_type(case.type))
        else:
            messages.success(request, _("答复已起草，数字连同时点已保存。"))
            return redirect(back)
    page = FormPage(
        _("起草答复"), form, _("保存答复"), intro=f"{case.number} {case.title}", cancel_url=back,
        crumbs=[Crumb(case.number, reverse("cases:case_detail", args=[pk]))], draft=f"reply-{pk}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _opening_words(case: Case) -> str:
    told = {"org": case.data.get("proposer_org", ""), "title": case.title}
    return _("%(org)s：\n\n你们提出的《%(title)s》收悉，现答复如下：\n\n") % told
