"""Pages of documents: list, new, record with its figures, download, and one view for each verb."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shian.engine.reports import actions
from shian.engine.reports.declarations import TemplateRefused
from shian.engine.reports.forms import AcceptForm, DocumentForm
from shian.engine.reports.kinds import Blocker, report_kinds
from shian.engine.reports.models import Document, DocumentState
from shian.engine.reports.permissions import DOCUMENT_READ, DOCUMENT_WRITE
from shian.engine.reports.queries import document_for, documents_for, figures_of, file_name, open_changes
from shian.engine.reports.tables import DOCUMENTS, document_rows
from shian.engine.reports.views.record import accept_choices, document_page
from shian.engine.reports.workbook import workbook_of
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.queries import download
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table


@requires(DOCUMENT_READ)
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, DOCUMENTS, default_sort="-created")
    rows = documents_for(request.user)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(state=state) if state else rows
    may_write = DOCUMENT_WRITE(request.user).allowed
    new = Action(_("起草报告"), url=reverse("reports:document_create"), icon="plus", kind="primary")
    advice = _("点击“起草报告”，选择种类、地区和数据时点。") if may_write else _("创建办公布报告后会出现在这里。")
    page = keyset_page(rows, query)
    empty = Empty(_("没有报告"), advice)
    filters = (
        Filter("kind", _("种类"), options=[Option(k.key, k.title) for k in report_kinds()], value=kind),
        Filter("state", _("状态"), options=[Option(each.value, each.label) for each in DocumentState], value=state),
    )
    found = ListPage(
        title=_("报告"),
        table=Table(DOCUMENTS, document_rows(page.items), query=query, page=page, empty=empty),
        unit=_("份"),
        filters=FilterBar(filters, clear_url=reverse("reports:document_list")),
        actions=[new] if may_write else [],
    )
    return render(request, "ui/page_list.html", {"list": found})


@requires(DOCUMENT_WRITE)
@require_http_methods(["GET", "POST"])
def document_create(request: HttpRequest) -> HttpResponse:
    form = DocumentForm(request.POST or None, user=request.user, initial={"as_of": timezone.localdate()})
    blockers: list[Blocker] = []
    if request.method == "POST" and form.is_valid():
        try:
            document = actions.write_document(**form.cleaned_data, by=request.user.get_username(), at=timezone.now())
        except actions.ReportBlocked as refusal:
            blockers = refusal.blockers
        except TemplateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("草稿已写成，请核对文中数据。"))
            return redirect("reports:document_detail", document.pk)
    page = FormPage(
        title=_("起草报告"),
        form=form,
        submit=_("起草"),
        intro=_("文中的每一个数据都由统计口径给出；登记册没有数据的指标写作〔待补充〕，不作推算。"),
        consequence=_("起草不会公布任何内容；草稿可以随时重写。"),
        cancel_url=reverse("reports:document_list"),
        crumbs=[Crumb(_("报告"), reverse("reports:document_list")), Crumb(_("起草报告"))],
    )
    status = 409 if blockers else 422 if form.is_bound else 200
    return render(request, "reports/document_create.html", {"page": page, "blockers": blockers}, status=status)


@requires(DOCUMENT_READ)
@require_GET
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    document = document_for(request.user, pk)
    context = document_page(document, request.user, is_list=request.GET.get("view") == "figures")
    return render(request, "reports/document_detail.html", context)


@requires(DOCUMENT_READ)
@require_GET
def document_download(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    document = document_for(request.user, pk)
    if request.GET.get("format") != "xlsx":
        return download(document.file, file_name(document))
    content = workbook_of(document, list(figures_of(document)), request.user.get_username())
    response = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    response.headers["Content-Disposition"] = _attachment(file_name(document, "xlsx"))
    return response


@requires(DOCUMENT_WRITE)
@require_POST
def document_check(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    document = document_for(request.user, pk)
    try:
        left = actions.check_document(document=document, by=request.user.get_username(), at=timezone.now())
    except actions.StateForbids:
        return _forbidden(request, document)
    if left:
        messages.warning(request, _("%(count)s 个数据与写稿时不同，已标出，请逐一采用或重写。") % {"count": len(left)})
    else:
        messages.success(request, _("全部数据与登记册一致，可以签发。"))
    return _back(document)


@requires(DOCUMENT_WRITE)
@require_POST
def document_accept(request: HttpRequest, pk: int) -> HttpResponse:
    document = document_for(request.user, pk)
    form = AcceptForm(request.POST, choices=accept_choices(open_changes(document)))
    if not form.is_valid():
        context = document_page(document, request.user, accept=form)
        return render(request, "reports/document_detail.html", context, status=422)
    orders = [int(order) for order in form.cleaned_data["order"]]
    try:
        accepted = actions.accept_changes(
            document=document,
            orders=orders,
            reason=form.cleaned_data["reason"],
            by=request.user.get_username(),
            at=timezone.now(),
        )
    except actions.StateForbids:
        return _forbidden(request, document)
    messages.success(request, _("%(count)s 个数据采用写稿值，理由已记入附件。") % {"count": accepted})
    return _back(document)


@requires(DOCUMENT_WRITE)
@require_POST
def document_rewrite(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    document = document_for(request.user, pk)
    try:
        actions.rewrite_document(document=document, by=request.user.get_username(), at=timezone.now())
    except actions.StateForbids:
        return _forbidden(request, document)
    except actions.ReportBlocked as refusal:
        names = "、".join(blocker.title for blocker in refusal.blockers[:5])
        messages.error(request, _("还不能重写：%(names)s。") % {"names": names})
    except TemplateRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已按登记册现在的数据重写，请重新核对。"))
    return _back(document)


@requires(DOCUMENT_WRITE)
@require_POST
def document_sign(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    document = document_for(request.user, pk)
    try:
        actions.sign_document(document=document, by=request.user.get_username(), at=timezone.now())
    except actions.StateForbids:
        return _forbidden(request, document)
    messages.success(request, _("已签发，可以公布。"))
    return _back(document)


@requires(DOCUMENT_WRITE)
@require_POST
def document_publish(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    document = document_for(request.user, pk)
    try:
        actions.publish_document(document=document, by=cast("User", request.user), at=timezone.now())
    except actions.StateForbids:
        return _forbidden(request, document)
    except actions.ChangedFigures as refusal:
        names = "、".join(figure.title for figure in refusal.figures[:5])
        messages.error(
            request,
            _("没有公布：%(count)s 个数据在签发后又有变化（%(names)s）。请重新核对。")
            % {"count": len(refusal.figures), "names": names},
        )
    else:
        messages.success(request, _("已公布，文中数据已冻结。"))
    return _back(document)


def _back(document: Document) -> HttpResponseRedirect:
    return redirect("reports:document_detail", document.pk)


def _forbidden(request: HttpRequest, document: Document) -> HttpResponseRedirect:
    document.refresh_from_db()
    messages.error(request, _("报告现在的状态是“%(state)s”，不能这样做。") % {"state": document.get_state_display()})
    return _back(document)


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
