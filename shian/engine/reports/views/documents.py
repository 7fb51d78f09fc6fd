"""Pages of documents: list, new, record with its figures and former texts, download."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shian.engine.reports import actions
from shian.engine.reports.declarations import TemplateRefused
from shian.engine.reports.forms import DocumentForm
from shian.engine.reports.kinds import Blocker, report_kinds
from shian.engine.reports.models import DocumentState
from shian.engine.reports.permissions import DOCUMENT_READ, DOCUMENT_WRITE
from shian.engine.reports.queries import document_for, documents_for, former_version
from shian.engine.reports.tables import DOCUMENTS, document_rows
from shian.engine.reports.taking import taken
from shian.engine.reports.views.record import document_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
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
            writing = actions.write_document(**form.cleaned_data, by=request.user.get_username(), at=timezone.now())
        except actions.ReportBlocked as refusal:
            blockers = refusal.blockers
        except TemplateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(writing))
            return redirect("reports:document_detail", writing.document.pk)
    page = FormPage(
        title=_("起草报告"),
        form=form,
        submit=_("起草"),
        intro=_("文中的每一个数据都由统计口径给出；登记册没有数据的指标写作〔待补充〕，不作推算。"),
        consequence=_("起草不会公布任何内容。同一地区、同一时点已有草稿的，更新那份草稿，原稿保留。"),
        cancel_url=reverse("reports:document_list"),
        crumbs=[Crumb(_("报告"), reverse("reports:document_list")), Crumb(_("起草报告"))],
    )
    status = 409 if blockers else 422 if form.is_bound else 200
    return render(request, "reports/document_create.html", {"page": page, "blockers": blockers}, status=status)


@requires(DOCUMENT_READ)
@require_GET
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    document = document_for(request.user, pk)
    context = document_page(document, request.user, view=request.GET.get("view", ""))
    return render(request, "reports/document_detail.html", context)


@requires(DOCUMENT_READ)
@require_http_methods(["GET", "POST"])
def document_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    document, number = document_for(request.user, pk), request.GET.get("version")
    former = former_version(document, request.user, number) if number else None
    form = "xlsx" if request.GET.get("format") == "xlsx" else "docx"
    return taken(document, form, Door.of_page(request), at=timezone.now(), former=former)


def _told(writing: actions.Writing) -> str:
    """What came of writing, for the user."""
    if writing.outcome == actions.Outcome.SAME:
        return _("这份草稿已经有了，数据没有变化，已为您打开。")
    if writing.outcome == actions.Outcome.UPDATED:
        text = _("已有草稿的数据有变化，已更新为第 %(version)s 稿，请核对；原稿保留在“历次文稿”。")
        return text % {"version": writing.document.version}
    return _("草稿已写成，请核对文中数据。")
