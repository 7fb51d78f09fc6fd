"""The three decomposition catalogues: drafting, issuing, acknowledging, printing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions import CatalogueRefused, acknowledge_duties, draft_catalogues, issue_catalogue
from shian.domains.campaign.forms import CatalogueForm
from shian.domains.campaign.models import Catalogue, CatalogueKind, CatalogueState
from shian.domains.campaign.permissions import CATALOGUE_ISSUE, DUTY_ACKNOWLEDGE, EVALUATION_VIEW
from shian.domains.campaign.queries.catalogues import catalogues_of, duties_of, items_without_lead, may_see
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.tables import CATALOGUES, DUTIES, catalogue_row, duty_row
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import home_key


@requires(EVALUATION_VIEW)
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """The catalogues of the city with their state."""
    rows = catalogues_of(home_key(request.user, timezone.localdate()))
    may_issue = CATALOGUE_ISSUE(request.user).allowed
    url = reverse("campaign:catalogue_draft")
    page = ListPage(
        _("分解目录"),
        Table(
            CATALOGUES,
            [catalogue_row(row) for row in rows],
            empty=Empty(_("还没有分解目录"), _("由创建办草拟。"), url if may_issue else "", _("草拟目录")),
        ),
        unit=_("个"),
        summary=_("评价内容分解到县、市直部门和市场监管局科室，各有量化目标和完成期限。"),
        crumbs=crumbs(),
        actions=_list_actions(url) if may_issue else [],
    )
    return render(request, "ui/page_list.html", {"list": page})


def _list_actions(draft_url: str) -> list[Action]:
    upload = Action(_("导入任务分工"), reverse("campaign:plan_upload"), icon="upload")
    return [upload, Action(_("草拟目录"), draft_url, icon="plus", kind="primary")]


@requires(EVALUATION_VIEW)
def catalogue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that concern the reader, printable on A4."""
    catalogue = _catalogue(request, pk)
    duties = list(duties_of(catalogue, request.user))
    audiences = dict.fromkeys((duty.audience, duty.audience_name) for duty in duties)
    only = next(iter(audiences))[0] if len(audiences) == 1 else ""  # a county signs without choosing itself first
    audience = request.GET.get("audience", "") or only
    shown = [duty for duty in duties if audience in {"", duty.audience}]
    options = [Option("", _("全部")), *(Option(code, name) for code, name in audiences)]
    page = ListPage(
        catalogue.get_kind_display(),
        Table(
            DUTIES,
            [duty_row(duty) for duty in shown],
            query=ListQuery.read(request.GET, DUTIES),
            empty=Empty(_("没有分解到本单位的内容")),
        ),
        unit=_("条"),
        summary=_("%(standard)s · 修订 %(revision)s · %(state)s · 完成期限 %(due_on)s")
        % {
            "due_on": catalogue.due_on,
            "standard": catalogue.standard.title,
            "revision": catalogue.revision,
            "state": catalogue.get_state_display(),
        },
        crumbs=crumbs(Crumb(_("分解目录"), reverse("campaign:catalogue_list"))),
        filters=FilterBar([Filter("audience", _("承担单位"), options=options, value=audience)]),
        actions=_actions(request, catalogue, audience),
    )
    return render(request, "campaign/board.html", {"list": page, "notes": _notes(catalogue), "chart": None})


def _catalogue(request: HttpRequest, pk: int) -> Catalogue:
    catalogue = Catalogue.objects.select_related("standard").filter(pk=pk).first()
    if catalogue is None:
        raise Http404(str(pk))
    if not may_see(catalogue, request.user):
        raise OutOfReach(f"campaign.catalogue:{pk}")
    return catalogue


def _notes(catalogue: Catalogue) -> list[Callout]:
    """Items of the catalogue that nobody leads, by name."""
    without = items_without_lead(catalogue)
    if not without:
        return []
    named = "；".join(f"{row.code} {row.title}" for row in without)
    return [Callout(_("没有牵头单位的评价内容"), named, state="due")]


def _actions(request: HttpRequest, catalogue: Catalogue, audience: str) -> list[Action]:
    actions = [Action(_("打印"), "#print", icon="printer")]
    if catalogue.state == CatalogueState.DRAFTED and CATALOGUE_ISSUE(request.user).allowed:
        url = reverse("campaign:catalogue_issue", args=[catalogue.pk])
        text = _("下发后各承担单位即可签收，不能再改；需要调整时另行草拟修订。")
        actions.append(Action(_("下发"), url, icon="check", kind="primary", method="post", consequence=text))
    if catalogue.state == CatalogueState.ISSUED and audience and DUTY_ACKNOWLEDGE(request.user).allowed:
        url = reverse("campaign:duty_acknowledge", args=[catalogue.pk])
        actions.append(
            Action(_("签收"), url, icon="check", kind="primary", method="post", name="audience", value=audience)
        )
    return actions


@requires(CATALOGUE_ISSUE)
def catalogue_draft(request: HttpRequest) -> HttpResponseBase:
    """Draft all three from the standard in force."""
    today = timezone.localdate()
    form = CatalogueForm(request.POST or None, initial={"due_on": today.replace(month=12, day=31)})
    standard = standard_in_force()
    if request.method == "POST" and form.is_valid():
        key = home_key(request.user, today)
        if standard is None:
            form.add_error(None, _("还没有启用任何一版评价细则。"))
        else:
            by, now = request.user.get_username(), timezone.now()
            due_on = form.cleaned_data["due_on"]
            draft_catalogues(standard=standard, area=code_of_key(key), due_on=due_on, by=by, at=now)
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
    catalogue = _catalogue(request, pk)
    try:
        issue_catalogue(catalogue=catalogue, by=request.user.get_username(), at=timezone.now())
    except CatalogueRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("目录已下发。"))
    return redirect("campaign:catalogue_detail", pk=pk)


@requires(DUTY_ACKNOWLEDGE)
@require_POST
def duty_acknowledge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A county signs for its own lines, a department or section through its liaison officer or the office."""
    catalogue = _catalogue(request, pk)
    audience = request.POST.get("audience", "")
    if catalogue.kind == CatalogueKind.COUNTY and not reach_of(request.user).covers(audience):
        raise OutOfReach(f"campaign.catalogue:{pk}/{audience}")
    if not duties_of(catalogue, request.user).filter(audience=audience).exists():
        raise Http404(audience)
    try:
        count = acknowledge_duties(
            catalogue=catalogue, audience=audience, by=request.user.get_username(), at=timezone.now()
        )
    except CatalogueRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已签收 %(count)s 条。") % {"count": count})
    return redirect(f"{reverse('campaign:catalogue_detail', args=[pk])}?audience={audience}")
