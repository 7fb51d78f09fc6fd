"""The three decomposition catalogues: drafting, issuing, acknowledging, printing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions import CatalogueRefused, acknowledge_duties, draft_catalogues, issue_catalogue
from shian.domains.campaign.forms.results import CatalogueForm
from shian.domains.campaign.models import Catalogue, CatalogueState, Duty
from shian.domains.campaign.permissions import CATALOGUE_ISSUE, DUTY_ACKNOWLEDGE, EVALUATION_VIEW
from shian.domains.campaign.queries.catalogues import (
    catalogue_for,
    catalogues_for,
    duties_of,
    is_undivided,
    items_without_lead,
    keeps,
    signable,
    unsigned,
)
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.tables.results import CATALOGUES, DUTIES, catalogue_row, duty_row
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import home_key


@requires(EVALUATION_VIEW)
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """The catalogues that hold something for the reader, with their state and how far they are signed for."""
    rows = catalogues_for(request.user, timezone.localdate())
    may_issue = CATALOGUE_ISSUE(request.user).allowed
    url = reverse("campaign:catalogue_draft")
    page = ListPage(
        _("分解目录"),
        Table(
            CATALOGUES,
            [catalogue_row(row) for row in rows],
            empty=_no_catalogue(url if may_issue else ""),
        ),
        unit=_("个"),
        summary=_("评价内容分解到县、市直部门和市场监管局科室，各有量化目标和完成期限。"),
        crumbs=crumbs(),
        actions=_list_actions(url) if may_issue else [],
    )
    return render(request, "ui/page_list.html", {"list": page})


def _no_catalogue(draft_url: str) -> Empty:
    if draft_url:
        return Empty(_("还没有分解目录"), _("由创建办草拟。"), draft_url, _("草拟目录"))
    return Empty(_("没有下发给本单位的目录"), _("创建办下发后，分解到本单位的内容会出现在这里。"))


def _list_actions(draft_url: str) -> list[Action]:
    upload = Action(_("导入任务分工"), reverse("campaign:plan_upload"), icon="upload")
    return [upload, Action(_("草拟目录"), draft_url, icon="plus", kind="primary")]


@requires(EVALUATION_VIEW)
def catalogue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that concern the reader, printable on A4."""
    today = timezone.localdate()
    catalogue = catalogue_for(pk, request.user, today)
    duties = list(duties_of(catalogue, request.user, today))
    audiences = dict.fromkeys((duty.audience, duty.audience_name) for duty in duties)
    audience = request.GET.get("audience", "")
    shown = [duty for duty in duties if audience in {"", duty.audience}]
    options = [Option(code, name) for code, name in audiences]
    choice = Filter("audience", _("承担单位"), options=options, value=audience)
    page = ListPage(
        catalogue.get_kind_display(),
        Table(
            DUTIES,
            [duty_row(duty) for duty in shown],
            query=ListQuery.read(request.GET, DUTIES),
            empty=Empty(_("没有分解到本单位的内容")),
        ),
        unit=_("条"),
        summary=_summary(catalogue, shown),
        crumbs=crumbs(Crumb(_("分解目录"), reverse("campaign:catalogue_list"))),
        filters=FilterBar([choice]) if len(audiences) > 1 else None,
        actions=_actions(request, catalogue, audience),
    )
    return render(request, "campaign/board.html", {"list": page, "notes": _notes(catalogue), "chart": None})


def _summary(catalogue: Catalogue, shown: list[Duty]) -> str:
    signed = sum(duty.acknowledged_at is not None for duty in shown)
    return _("%(standard)s · 修订 %(revision)s · %(state)s · 完成期限 %(due_on)s · 已签收 %(signed)s / %(count)s") % {
        "due_on": catalogue.due_on,
        "standard": catalogue.standard.title,
        "revision": catalogue.revision,
        "state": catalogue.get_state_display(),
        "signed": signed,
        "count": len(shown),
    }


def _notes(catalogue: Catalogue) -> list[Callout]:
    """Items of the catalogue that nobody leads, by name; and that a bureau's sections are not known."""
    notes = []
    if is_undivided(catalogue):
        text = _("本地没有录入市场监管局科室分工表，全部内容由市场监管局承担，没有分到科室。")
        notes.append(Callout(_("未分到科室"), text, state="due"))
    if without := items_without_lead(catalogue):
        named = "；".join(f"{row.code} {row.title}" for row in without)
        notes.append(Callout(_("没有牵头单位的评价内容"), named, state="due"))
    return notes


def _actions(request: HttpRequest, catalogue: Catalogue, audience: str) -> list[Action]:
    actions = [Action(_("打印"), "#print", icon="printer")]
    if catalogue.state == CatalogueState.DRAFTED and keeps(request.user, catalogue):
        url = reverse("campaign:catalogue_issue", args=[catalogue.pk])
        text = _("下发后各承担单位即可签收，不能再改；需要调整时另行草拟修订。")
        actions.append(Action(_("下发"), url, icon="check", kind="primary", method="post", consequence=text))
    if _to_sign(request, catalogue, audience):
        url = reverse("campaign:duty_acknowledge", args=[catalogue.pk])
        actions.append(
            Action(_("签收"), url, icon="check", kind="primary", method="post", name="audience", value=audience)
        )
    return actions


def _to_sign(request: HttpRequest, catalogue: Catalogue, audience: str) -> list[str]:
    """The audiences that one press of the button signs for: the chosen one, else the reader's own.

    The office signs for others one by one only.
    """
    allowed = signable(catalogue, request.user, timezone.localdate())
    if not audience and keeps(request.user, catalogue):
        return []
    wanted = [each for each in allowed if audience in {"", each}]
    return wanted if unsigned(catalogue, wanted).exists() else []


@requires(CATALOGUE_ISSUE)
def catalogue_draft(request: HttpRequest) -> HttpResponseBase:
    """Draft all three from the standard in force."""
    today = timezone.localdate()
    form = CatalogueForm(request.POST or None, initial={"due_on": today.replace(month=12, day=31)})
    standard = standard_in_force()
    if request.method == "POST" and form.is_valid():
        key, due_on = home_key(request.user, today), form.cleaned_data["due_on"]
        try:
            if standard is None:
                raise CatalogueRefused(_("还没有启用任何一版评价细则。"))
            if not key:
                raise CatalogueRefused(_("您的岗位不属于任何一个市或县，不能草拟目录。"))
            draft_catalogues(
                standard=standard, area=code_of_key(key), due_on=due_on, by=request.user, at=timezone.now()
            )
        except CatalogueRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("三级分解目录已草拟，请核对后下发。"))
            return redirect("campaign:catalogue_list")
    page = FormPage(
        _("草拟分解目录"),
        form,
        _("草拟"),
        intro=_("按现行评价细则生成县、市直部门、市场监管局科室三个目录；未下发的旧稿会被替换。"),
        cancel_url=reverse("campaign:catalogue_list"),
        crumbs=crumbs(Crumb(_("分解目录"), reverse("campaign:catalogue_list"))),
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(CATALOGUE_ISSUE)
@require_POST
def catalogue_issue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Issue a draft: from now on it is the duty of those it names."""
    catalogue = catalogue_for(pk, request.user, timezone.localdate())
    try:
        issue_catalogue(catalogue=catalogue, by=request.user, at=timezone.now())
    except CatalogueRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("目录已下发。"))
    return redirect("campaign:catalogue_detail", pk=pk)


@requires(DUTY_ACKNOWLEDGE)
@require_POST
def duty_acknowledge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Sign for one audience; without one, for all that the user's own unit takes of this catalogue."""
    catalogue = catalogue_for(pk, request.user, timezone.localdate())
    audience = request.POST.get("audience", "")
    audiences = [audience] if audience else _to_sign(request, catalogue, "")
    try:
        count = acknowledge_duties(catalogue=catalogue, audiences=audiences, by=request.user, at=timezone.now())
    except CatalogueRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已签收 %(count)s 条。") % {"count": count})
    url = reverse("campaign:catalogue_detail", args=[pk])
    return redirect(f"{url}?{urlencode({'audience': audience})}" if audience else url)
