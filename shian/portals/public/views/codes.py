"""The page behind an operator's code."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shian.domains.campaign.queries.showcases import sheet_for_operator
from shian.domains.census.actions import count_scan
from shian.domains.census.filters import LICENCES
from shian.domains.census.queries.codes import SCANNED_BY_STAFF, SCANNED_BY_VISITOR, code_keys
from shian.domains.census.queries.public import PublicFile, ScannedCode, public_file, scanned
from shian.domains.census.rules.codes import serial_in, spaced
from shian.domains.fieldchecks.queries.visits import open_checks_at
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.accounts.visitors import scan_limit
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import Callout, Fact, Section
from shian.kernel.ui.pieces import Action
from shian.kernel.ui.states import DONE, OVERDUE, WAITING
from shian.registers.operators.models import Operator


@open_to_all
@transaction.non_atomic_requests
@never_cache
@require_safe
def code_detail(request: HttpRequest, token: str) -> HttpResponseBase:
    """Staff in whose reach the operator lies are led to its file, an inspector who is sent there to the check's form,
    its own people to their portal; everybody else reads the public page.

    A text that none of our keys has signed ends here, before the database: the same page for all of them.
    """
    serial = serial_in(token, [key.verifier for key in code_keys()])
    if not scan_limit(request, is_known=bool(serial)).allowed:
        return _quiet(render(request, "public/code_limited.html", status=429))
    found = scanned(serial) if serial else None
    if found is None:
        raise Http404
    if found.operator_id in reach_of(request.user).operators:
        _count(request, found, SCANNED_BY_STAFF)
        return redirect("operator:desk_detail", found.operator_code)
    if _is_in_reach(request.user, found):
        _count(request, found, SCANNED_BY_STAFF)
        _tell_staff(request, found)
        return redirect(_of_staff(request.user, found))
    _count(request, found, SCANNED_BY_VISITOR)
    if not found.is_active:
        return _quiet(render(request, "public/code_stopped.html", {"code": found, "serial": spaced(found.serial)}))
    return _quiet(render(request, "public/code_detail.html", _shown(public_file(found.operator_id), found)))


def _is_in_reach(user: Any, found: ScannedCode) -> bool:
    return user.is_authenticated and Operator.objects.visible_to(user).filter(pk=found.operator_id).exists()


def _of_staff(user: Any, found: ScannedCode) -> str:
    """The form of the check that the user has to do there, if the code counts; else the operator's file."""
    checks = open_checks_at(user, found.operator_id) if found.is_active else []
    if checks:
        return reverse("fieldchecks:field_visit_check", args=[checks[0].pk])
    return reverse("census:operator_detail", args=[found.operator_code])


def _count(request: HttpRequest, found: ScannedCode, role: str) -> None:
    """A page that was opened from itself, as by the switch of languages, was not scanned again."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Site") != "same-origin":
        count_scan(code=found.pk, role=role, at=timezone.now())


def _tell_staff(request: HttpRequest, found: ScannedCode) -> None:
    told = {"serial": spaced(found.serial)}
    if found.is_active:
        messages.success(request, _("扫码打开：二维码 %(serial)s 有效，公众可见证照信息。") % told)
    elif found.is_revoked:
        messages.error(request, _("扫码打开：二维码 %(serial)s 已作废，请收回旧标签。") % told)
    else:
        messages.warning(request, _("扫码打开：二维码 %(serial)s 已暂停使用。") % told)


def _quiet(response: HttpResponse) -> HttpResponse:
    """Search engines leave it out: an address leads to a page for whoever stands at the door."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _shown(file: PublicFile, found: ScannedCode) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": file.name,
        "state": _state(file),
        "is_closed": file.is_closed(today),
        "sections": [_licence(file), _place(file), *_provided(file)],
        "actions": _sheet(file, today),
        "updated_on": file.updated_on,
        "serial": spaced(found.serial),
    }


def _state(file: PublicFile) -> Callout:
    today = timezone.localdate()
    if file.is_closed(today):
        return Callout(_("已注销"), _("%(day)s 起不再经营。") % {"day": file.closed_on}, state=OVERDUE)
    if file.opened_on > today:
        return Callout(_("未开业"), _("登记的开业日期为 %(day)s。") % {"day": file.opened_on}, state=WAITING)
    return Callout(_("在营"), _("登记在册的食品经营主体。"), state=DONE)


def _sheet(file: PublicFile, day: date) -> list[Action]:
    """The plain-language sheet of the operator's own format, for whoever wants to print it; nothing without one."""
    found = sheet_for_operator(file.format, file.city, day)
    if found is None:
        return []
    return [Action(_("打印本业态明白纸"), reverse("campaign:sheet_print", args=[found.pk]), icon="printer")]


def _licence(file: PublicFile) -> Section:
    return Section(
        _("证照"),
        [
            Fact(_("主体类别"), file.kind),
            Fact(_("业态"), file.format),
            Fact(_("证照类型"), LICENCES.get(file.licence_kind, file.licence_kind)),
            Fact(_("证照编号"), file.licence_no or None, kind="code"),
        ],
    )


def _place(file: PublicFile) -> Section:
    facts = [Fact(_("经营地址"), file.address), Fact(_("所在区划"), " ".join(file.places))]
    facts += [Fact(_("所属连锁"), file.chain)] if file.chain else []
    facts += [Fact(_("所在市场"), file.market)] if file.market else []
    return Section(_("经营场所"), facts)


def _provided(file: PublicFile) -> list[Section]:
    return [Section(title, [Fact(each.label, each.value) for each in facts]) for title, facts in file.sections]
