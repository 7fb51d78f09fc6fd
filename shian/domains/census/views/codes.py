"""The code of an operator: its tab, its downloads, what is done to it."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from shian.domains.census import actions
from shian.domains.census.forms import ReasonForm
from shian.domains.census.models import CodeState, OperatorCode
from shian.domains.census.permissions import CODE_MANAGE, check_manages
from shian.domains.census.queries.codes import codes_of, live_code, scan_days, scan_totals, seals_named
from shian.domains.census.rules.codes import spaced
from shian.domains.census.tables import SCANS, code_address, qr_code, qr_svg, scan_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import without_data
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.states import DONE, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Empty, Table
from shian.registers.operators.models import Operator

TAB = "code"
COLOURS = {CodeState.ACTIVE: DONE, CodeState.SUSPENDED: WAITING, CodeState.REVOKED: OVERDUE}
DEEDS: dict[str, Text] = {
    "census.code_suspended": gettext_lazy("暂停二维码"),
    "census.code_resumed": gettext_lazy("恢复二维码"),
    "census.code_revoked": gettext_lazy("作废二维码"),
    "census.code_replaced": gettext_lazy("换发二维码"),
}
SHAPES = {"svg": "image/svg+xml", "png": "image/png"}
PNG_SCALE = 12  # pixels to a module: 680 pixels across, sharp on a label of 60 mm


def code_panel(request: HttpRequest, operator: Any) -> SafeString:
    """The code as it is now, what was done to it, how often it was scanned."""
    codes = codes_of(operator)
    live = next((code for code in codes if code.state != CodeState.REVOKED), None)
    totals = scan_totals(codes)
    context = {
        "code": live,
        "svg": qr_svg(_address(request, live)) if live and live.state == CodeState.ACTIVE else "",
        "facts": _facts(request, live, totals) if live else None,
        "actions": _actions(operator, live) if _may_manage(request.user, operator) else [],
        "history": _history(operator, codes),
        "scans": Table(
            SCANS,
            [scan_row(each) for each in scan_days(codes)],
            empty=Empty(_("还没有人扫过"), _("扫码只计次数，不记录是谁、从哪里扫的。")),
            id="scans",
        ),
    }
    return render_to_string("census/code_panel.html", context, request)


def _may_manage(user: Any, operator: Operator) -> bool:
    return CODE_MANAGE(user).allowed and reach_of(user).covers(operator.area)


def _address(request: HttpRequest, code: OperatorCode) -> str:
    return code_address(code.serial, actions.signing_key(), site_of(request))


def site_of(request: HttpRequest) -> str:
    """Where the public reaches the system: as the place has set it, else as this reader does."""
    return settings.SHIAN_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def _facts(request: HttpRequest, code: OperatorCode, totals: dict[str, int]) -> Section:
    return Section(
        _("二维码"),
        [
            Fact(_("状态"), code.get_state_display(), state=COLOURS[CodeState(code.state)], note=code.reason),
            Fact(_("编号"), spaced(code.serial), kind="code"),
            Fact(_("公众页面"), _("打开"), url=_address(request, code)),
            Fact(_("生成时间"), code.issued_at, kind="moment"),
            Fact(_("公众扫码"), totals["visitor"], kind="number", unit=_("次")),
            Fact(_("监管人员扫码"), totals["staff"], kind="number", unit=_("次")),
        ],
    )


def _actions(operator: Operator, code: OperatorCode | None) -> list[Action]:
    """What may be done to the code as it is now."""

    def made(label: str, name: str, icon: str, kind: str = "secondary", query: str = "") -> Action:
        return Action(label, reverse(f"census:{name}", args=[operator.code]) + query, icon=icon, kind=kind)

    if code is None:
        if operator.closed_on is not None and operator.closed_on <= timezone.localdate():
            return []
        url = reverse("census:code_issue")
        return [Action(_("生成二维码"), url, "qrcode", "primary", "post", name="key", value=operator.code)]
    if code.state == CodeState.SUSPENDED:
        return [
            made(_("恢复"), "code_resume", "circle-check", "primary"),
            made(pgettext("code", "作废"), "code_revoke", "ban"),
            made(_("换发"), "code_replace", "refresh"),
        ]
    return [
        made(_("打印标签"), "label_print", "printer", "primary"),
        made(_("下载 PNG"), "code_download", "download", query="?shape=png"),
        made(_("下载 SVG"), "code_download", "download", query="?shape=svg"),
        made(_("暂停"), "code_suspend", "clock"),
        made(_("换发"), "code_replace", "refresh"),
        made(pgettext("code", "作废"), "code_revoke", "ban"),
    ]


def _history(operator: Operator, codes: Sequence[OperatorCode]) -> list[TimelineEntry]:
    """Issues and changes, newest first, each with its seal."""
    seals = seals_named(code.seal for code in codes)
    entries = [_issued(code, seals.get(code.seal)) for code in codes]
    for entry in entries_of(f"operators.operator:{operator.code}").filter(action__in=DEEDS):
        body = f"{spaced(entry.data['serial'])} · {entry.data['reason']}"
        entries.append(_entry(DEEDS[entry.action], entry, body))
    return sorted(entries, key=lambda each: each.at, reverse=True)


def _issued(code: OperatorCode, seal: Entry | None) -> TimelineEntry:
    return TimelineEntry(
        _("生成二维码"),
        code.issued_at,
        by=actor(code.issued_by),
        body=spaced(code.serial),
        icon="qrcode",
        seal=seal.seal if seal else "",
    )


def _entry(title: Text, entry: Entry, body: str) -> TimelineEntry:
    return TimelineEntry(title, entry.at, by=actor(entry.actor), body=body, icon="edit", seal=entry.seal)


@requires(CODE_MANAGE)
@require_POST
def code_issue(request: HttpRequest) -> HttpResponseBase:
    """Codes for the ticked operators that have none; from a file's own page it leads back there."""
    keys = request.POST.getlist("key")
    count = actions.issue_codes(operators=keys, by=request.user, at=timezone.now())
    if count:
        messages.success(request, _("已生成 %(count)s 个二维码。") % {"count": count})
    else:
        messages.info(request, _("没有需要生成的：所选主体已有二维码，或已注销。"))
    return redirect(_tab(keys[0])) if len(keys) == 1 else redirect("census:operator_list")


@requires(CODE_MANAGE)
def code_suspend(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask for the reason, then suspend."""
    intro = _("暂停后，扫码只显示“已暂停使用”，不显示主体信息；可以恢复。")
    return _asked(request, code, _("暂停二维码"), intro, actions.suspend_code)


@requires(CODE_MANAGE)
def code_resume(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask for the reason, then resume."""
    return _asked(request, code, _("恢复二维码"), _("恢复后，扫码重新显示主体信息。"), actions.resume_code)


@requires(CODE_MANAGE)
def code_revoke(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask for the reason, then revoke."""
    intro = _("作废后不能恢复，扫码只显示“已作废”；需要时可以另行生成。")
    return _asked(request, code, _("作废二维码"), intro, actions.revoke_code)


@requires(CODE_MANAGE)
def code_replace(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask for the reason, then replace."""
    intro = _("原二维码立即作废，同时生成一个新的；请打印新标签并换下旧标签。")
    return _asked(request, code, _("换发二维码"), intro, actions.replace_code)


def _asked(
    request: HttpRequest, code: str, title: str, intro: str, act: Callable[..., OperatorCode]
) -> HttpResponseBase:
    operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    check_manages(request.user, operator)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(operator=operator, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.CodeRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(deed)s：已完成并存证。") % {"deed": title})
            return redirect(_tab(code))
    page = FormPage(
        title,
        form,
        title,
        intro=intro,
        cancel_url=_tab(code),
        crumbs=[
            Crumb(_("经营主体"), reverse("census:operator_list")),
            Crumb(operator.name, reverse("census:operator_detail", args=[code])),
        ],
    )
    return render(request, "ui/page_form.html", {"page": page})


def _tab(code: str) -> str:
    return f"{reverse('census:operator_detail', args=[code])}?tab={TAB}"


@requires(CODE_MANAGE)
def code_download(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of an active code as ?shape=svg or png."""
    shape = request.GET.get("shape", "svg")
    if shape not in SHAPES:
        raise Http404(shape)
    operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    found = live_code(operator)
    if found is None or found.state != CodeState.ACTIVE:
        raise Http404(code)
    drawn = io.BytesIO()
    qr_code(_address(request, found)).save(drawn, kind=shape, scale=PNG_SCALE if shape == "png" else 4, border=4)
    answer = HttpResponse(drawn.getvalue(), content_type=SHAPES[shape])
    answer["Content-Disposition"] = f'attachment; filename="{operator.code}.{shape}"'
    return without_data(answer)
