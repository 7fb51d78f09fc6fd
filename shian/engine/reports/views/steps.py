"""The steps of a document: check, accept, rewrite, sign, publish. Each is done and told, or refused and told why."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.reports import actions
from shian.engine.reports.declarations import TemplateRefused
from shian.engine.reports.forms import AcceptForm
from shian.engine.reports.models import Document
from shian.engine.reports.permissions import DOCUMENT_WRITE
from shian.engine.reports.queries import accepted_changes, document_for, open_changes
from shian.engine.reports.views.record import accept_choices, document_page
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import requires

Told = tuple[int, str]  # level of django.contrib.messages, text
NAMED = 5


@requires(DOCUMENT_WRITE)
@require_POST
def document_check(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    def check(document: Document, by: str, at: datetime) -> Told:
        left = actions.check_document(document=document, by=by, at=at)
        if left:
            text = _("%(count)s 个数据与写稿时不同，已标出，请逐一采用或重写。") % {"count": len(left)}
            return messages.WARNING, text
        if accepted := accepted_changes(document).count():
            text = _("没有新的变化；%(count)s 个数据仍按已写明的理由采用写稿值，可以签发。") % {"count": accepted}
            return messages.SUCCESS, text
        return messages.SUCCESS, _("全部数据与登记册一致，可以签发。")

    return _step(request, document_for(request.user, pk), check)


@requires(DOCUMENT_WRITE)
@require_POST
def document_accept(request: HttpRequest, pk: int) -> HttpResponse:
    document = document_for(request.user, pk)
    form = AcceptForm(request.POST, choices=accept_choices(open_changes(document)))
    if not form.is_valid():
        context = document_page(document, request.user, accept=form)
        return render(request, "reports/document_detail.html", context, status=422)

    def accept(document: Document, by: str, at: datetime) -> Told:
        orders, reason = [int(order) for order in form.cleaned_data["order"]], form.cleaned_data["reason"]
        accepted = actions.accept_changes(document=document, orders=orders, reason=reason, by=by, at=at)
        return messages.SUCCESS, _("%(count)s 个数据采用写稿值，理由已记入附件。") % {"count": accepted}

    return _step(request, document, accept)


@requires(DOCUMENT_WRITE)
@require_POST
def document_rewrite(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    def rewrite(document: Document, by: str, at: datetime) -> Told:
        version = actions.rewrite_document(document=document, by=by, at=at).version
        text = _("已按登记册现在的数据重写为第 %(version)s 稿，请重新核对；原稿保留在“历次文稿”。")
        return messages.SUCCESS, text % {"version": version}

    return _step(request, document_for(request.user, pk), rewrite)


@requires(DOCUMENT_WRITE)
@require_POST
def document_sign(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    def sign(document: Document, by: str, at: datetime) -> Told:
        actions.sign_document(document=document, by=by, at=at)
        return messages.SUCCESS, _("已签发，可以公布。")

    return _step(request, document_for(request.user, pk), sign)


@requires(DOCUMENT_WRITE)
@require_POST
def document_publish(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    def publish(document: Document, by: str, at: datetime) -> Told:
        actions.publish_document(document=document, by=cast("User", request.user), at=at)
        return messages.SUCCESS, _("已公布，文中数据已冻结。")

    return _step(request, document_for(request.user, pk), publish)


def _step(
    request: HttpRequest, document: Document, verb: Callable[[Document, str, datetime], Told]
) -> HttpResponseRedirect:
    """Do the verb, tell what came of it, and go back to the document."""
    try:
        level, text = verb(document, request.user.get_username(), timezone.now())
    except (actions.StateForbids, actions.ReportBlocked, actions.ChangedFigures, TemplateRefused) as refusal:
        level, text = messages.ERROR, _refusal_text(refusal, document)
    messages.add_message(request, level, text)
    return redirect("reports:document_detail", document.pk)


def _refusal_text(refusal: ValueError, document: Document) -> str:
    if isinstance(refusal, actions.StateForbids):
        document.refresh_from_db()
        return _("报告现在的状态是“%(state)s”，不能这样做。") % {"state": document.get_state_display()}
    if isinstance(refusal, actions.ReportBlocked):
        names = _("、").join(str(blocker.title) for blocker in refusal.blockers[:NAMED])
        return _("还不能重写：%(names)s。") % {"names": names}
    if isinstance(refusal, actions.ChangedFigures):
        names = _("、").join(figure.title for figure in refusal.figures[:NAMED])
        told = {"count": len(refusal.figures), "names": names}
        return _("没有公布：%(count)s 个数据在签发后又有变化（%(names)s）。请重新核对。") % told
    return str(refusal)
