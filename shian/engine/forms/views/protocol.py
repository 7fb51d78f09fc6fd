"""OpenRosa 1.0 for ODK Collect: by the token in the address or by Basic over TLS, never by a session."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from shian.engine.forms import actions, openrosa
from shian.engine.forms.datasets import csv_of
from shian.engine.forms.models import FormVersion, Phone
from shian.engine.forms.permissions import FORM_FILL
from shian.engine.forms.queries import offered_versions, version_for
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.rules import Standing
from shian.kernel.files.actions import FileRefused

MOST_BYTES = 20 << 20  # of one post: a phone splits what is larger
XML = "text/xml; charset=utf-8"
SUBMISSION_FILE = "xml_submission_file"

Protocol = Callable[..., HttpResponseBase]


class NotAdmitted(Exception):
    """Nobody known asks; the answer says what to do."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def for_phones(view: Protocol) -> Protocol:
    """Let the request in by token or Basic: its user is then the owner, whatever session the browser has."""

    @wraps(view)
    def admitted(request: Any, *args: Any, token: str = "", **kwargs: Any) -> HttpResponseBase:
        try:
            phone, request.user = _by_token(token) if token else (None, _by_password(request))
            if not (verdict := FORM_FILL(request.user)).allowed:
                raise NotAdmitted(403, verdict.reason)
            answer = view(request, phone, *args, **kwargs)
        except NotAdmitted as refusal:
            answer = _told(str(refusal), refusal.status)
        if answer.status_code == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="shian", charset="UTF-8"'
        return _with(answer, {"X-OpenRosa-Version": "1.0", "Date": http_date(), "Cache-Control": "no-store"})

    opened: Any = admitted
    return csrf_exempt(open_to_all(opened))


def _with(answer: HttpResponseBase, headers: Mapping[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def _by_token(token: str) -> tuple[Phone, Any]:
    phone = actions.enter_by_phone(secret=token, at=timezone.now())
    if phone is None:
        raise NotAdmitted(403, _("这部手机没有接入或已停用，请重新接入。"))
    return phone, phone.owner


def _by_password(request: HttpRequest) -> Any:
    """The user of a name and password, where no second factor is asked of the role. Raises NotAdmitted."""
    if not request.is_secure():
        raise NotAdmitted(403, _("用密码登录只能通过 HTTPS；请改用手机接入的地址。"))
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = password = ""
    if scheme.lower() != "basic" or not name:
        raise NotAdmitted(401, _("请先登录。"))
    user: Any = authenticate(request, username=name, password=password)
    if user is None or user.standing_at(timezone.now()) != Standing.OPEN or user.must_change_password:
        raise NotAdmitted(401, _("账号或密码不对，或账号须先在网页上处理。"))
    if user.role in policy_for(user).second_factor_roles:
        raise NotAdmitted(403, _("您的角色须用第二因素登录，请改用手机接入的地址。"))
    return user


def _url(request: Any, name: str, /, **kwargs: Any) -> str:
    """An address of the protocol by the same way in."""
    if token := request.resolver_match.kwargs.get("token"):
        kwargs["token"] = token
    return str(request.build_absolute_uri(reverse(f"forms:{name}", kwargs=kwargs)))


@for_phones
@require_GET
def xform_list(request: Any, phone: Phone | None) -> HttpResponse:
    """Forms that the user fills in now; ?formID= asks for one."""
    wanted = request.GET.get("formID")
    found = [
        openrosa.Listed(
            each.form.key, each.form.title, each.name, openrosa.hash_of(each.xform.encode()),
            _url(request, "xform_detail", pk=each.pk),
            _url(request, "manifest_detail", pk=each.pk) if each.definition.datasets else "",
        )
        for each in offered_versions(request.user, timezone.localdate())
        if wanted in (None, each.form.key)
    ]  # fmt: skip
    return HttpResponse(openrosa.form_list(found), content_type=XML)


def _version(request: Any, pk: int) -> FormVersion:
    return version_for(request.user, pk)


@for_phones
@require_GET
def xform_detail(request: Any, phone: Phone | None, pk: int) -> HttpResponse:
    return HttpResponse(_version(request, pk).xform, content_type=XML)


@for_phones
@require_GET
def manifest_detail(request: Any, phone: Phone | None, pk: int) -> HttpResponse:
    """The lists that the form chooses from, each cut to this user."""
    media = [
        openrosa.Medium(
            f"{name}.csv", openrosa.hash_of(csv_of(name, request.user)),
            _url(request, "medium_download", pk=pk, name=name), is_entities=True,
        )
        for name in _version(request, pk).definition.datasets
    ]  # fmt: skip
    return HttpResponse(openrosa.manifest(media), content_type=XML)


@for_phones
@require_GET
def medium_download(request: Any, phone: Phone | None, pk: int, name: str) -> HttpResponse:
    if name not in _version(request, pk).definition.datasets:
        return _told(_("没有这个名单。"), 404)
    return HttpResponse(csv_of(name, request.user), content_type="text/csv; charset=utf-8")


@transaction.non_atomic_requests
@for_phones
@require_http_methods(["HEAD", "POST"])
def submission_send(request: Any, phone: Phone | None) -> HttpResponseBase:
    """HEAD asks where to send and how much; POST brings a submission, or more files of one: one action, and so one
    transaction, of its own."""
    if request.method == "HEAD":
        answer: HttpResponseBase = HttpResponse(status=204)
    elif int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        answer = _told(_("一次最多发送 %(most)s MB，请分次发送。") % {"most": MOST_BYTES >> 20}, 413)
    else:
        answer = _received(request, phone)
    where = _url(request, "submission_send")
    return _with(answer, {"Location": where, "X-OpenRosa-Accept-Content-Length": str(MOST_BYTES)})


def _received(request: Any, phone: Phone | None) -> HttpResponse:
    body: Any = request.FILES.get(SUBMISSION_FILE)
    if body is None or (body.size or 0) > openrosa.MOST_XML:
        return _told(_("没有收到填报内容，或内容过大。"), 400)
    files = {str(each.name): each for key, each in request.FILES.items() if key != SUBMISSION_FILE}
    sent = actions.Sent(
        by=request.user, at=timezone.now(), phone=phone, device=request.GET.get("deviceID", ""),
        sent_at=_clock_of(request), files=files,
    )  # fmt: skip
    try:
        found = actions.receive_xml(body=body.read(), sent=sent)
    except actions.SubmissionRefused as refusal:
        return _told(str(refusal), refusal.status)
    except FileRefused as refusal:
        return _told(str(refusal), 422)
    told = _("已收到。") if found.completed_at else _("已收到答案，还有文件没有收齐。")
    return _told(told, 201)


def _clock_of(request: HttpRequest) -> datetime | None:
    """What the device's clock said when it sent this: the Date header that OpenRosa asks for."""
    try:
        found = parsedate_to_datetime(request.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _told(text: str, status: int) -> HttpResponse:
    return HttpResponse(openrosa.answer(text, is_success=status < 400), status=status, content_type=XML)
