"""Phones that fill in forms: one's own list, admitting one, shutting one out."""

import base64
import json
import zlib

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.forms import actions
from shian.engine.forms.forms import PhoneForm
from shian.engine.forms.permissions import FORM_FILL
from shian.engine.forms.queries import phones_of
from shian.engine.forms.tables import PHONES, phone_row
from shian.kernel.accounts.permissions import confirms, requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table


@requires(FORM_FILL)
def phone_list(request: HttpRequest) -> HttpResponse:
    """The user's own phones."""
    query, now = ListQuery.read(request.GET, PHONES), timezone.now()
    page = keyset_page(phones_of(request.user).order_by(), query)
    empty = Empty(_("还没有接入手机"), _("在手机上安装 ODK Collect，点击“接入手机”，用它扫描二维码。"))
    found = ListPage(
        _("手机填报"),
        Table(PHONES, [phone_row(each, now) for each in page.items], query=query, page=page, empty=empty),
        unit=_("部"),
        summary=_("手机用 ODK Collect 离线填报打分表，只收到您名下的检查对象；遗失手机请立即停用。"),
        actions=[Action(_("接入手机"), reverse("forms:phone_create"), icon="plus", kind="primary")],
    )
    return render(request, "ui/page_list.html", {"list": found})


@requires(FORM_FILL)
@confirms
def phone_create(request: HttpRequest) -> HttpResponse:
    """Name a phone; then its address and QR code are shown, once."""
    form, crumbs = PhoneForm(request.POST or None), [Crumb(_("手机填报"), reverse("forms:phone_list"))]
    if request.method == "POST" and form.is_valid():
        phone, secret = actions.admit_phone(**form.cleaned_data, by=request.user, at=timezone.now())
        address = request.build_absolute_uri(reverse("forms:xform_list", kwargs={"token": secret}))
        address = address.removesuffix("/formList")
        context = {"phone": phone, "address": address, "code": collect_code(address), "crumbs": crumbs}
        answer = render(request, "forms/phone_created.html", context)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    page = FormPage(
        _("接入手机"), form, _("接入"),
        consequence=_("二维码只显示一次；用它填报的内容都记在您名下。"),
        cancel_url=reverse("forms:phone_list"), crumbs=crumbs,
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)


def collect_code(address: str) -> SafeString:
    """The QR code that ODK Collect reads its settings from: JSON, deflated, in Base64."""
    told = {
        "general": {"server_url": address, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular"},
        "admin": {}, "project": {"name": "Shian"},
    }  # fmt: skip
    packed = base64.b64encode(zlib.compress(json.dumps(told).encode())).decode()
    code = segno.make_qr(packed, error="m").svg_inline(scale=4, border=4, svgclass="sh-qr", lineclass="sh-qr-ink")
    return SafeString(code)


@requires(FORM_FILL)
def phone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One phone, and the button that shuts it out."""
    phone = phones_of(request.user).filter(pk=pk).first()
    if phone is None:
        raise Http404(str(pk))
    row = phone_row(phone, timezone.now())
    is_live = phone.revoked_at is None
    told = _("停用后，这部手机不能再取表和发送；其中未发送的内容须导出后另行提交。")
    revoke = Action(_("停用"), reverse("forms:phone_revoke", args=[pk]), icon="ban", kind="danger", method="post",
                    consequence=told)  # fmt: skip
    state = row.cells["state"]
    facts = [
        Fact(_("接入时间"), phone.made_at, kind="moment"),
        Fact(_("到期时间"), phone.expires_at, kind="moment"),
        Fact(_("最近使用"), phone.used_at, kind="moment"),
        Fact(_("停用时间"), phone.revoked_at, kind="moment"),
    ]
    page = RecordPage(
        phone.name, kind=_("手机"), state=state.state, state_label=state.value,
        crumbs=[Crumb(_("手机填报"), reverse("forms:phone_list"))], actions=[revoke] if is_live else [],
        sections=[Section(_("概况"), [fact for fact in facts if fact.value])],
    )  # fmt: skip
    return render(request, "ui/page_record.html", {"record": page})


@requires(FORM_FILL)
@require_POST
def phone_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    phone = actions.revoke_phone(number=pk, by=request.user, at=timezone.now())
    messages.success(request, _("手机“%(name)s”已停用；其中未发送的内容须导出后另行提交。") % {"name": phone.name})
    return redirect("forms:phone_list")
