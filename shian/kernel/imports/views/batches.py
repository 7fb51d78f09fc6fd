"""Pages of batches: list, upload, one batch with preview and problems, undoing, downloads."""

import io
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door, without_data
from shian.kernel.files.actions import FileRefused
from shian.kernel.imports import actions
from shian.kernel.imports.forms import DifferenceForm, UndoForm, UploadForm
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.models import BatchState, ImportBatch, Work
from shian.kernel.imports.permissions import IMPORT, importers_for
from shian.kernel.imports.queries import batch_of, batches_at_work, batches_of, problems_of, repeated
from shian.kernel.imports.record import batch_record, repeats_callout, undo_words
from shian.kernel.imports.specs import ImportSpec, UnknownImporter, importer
from shian.kernel.imports.tables import (
    BATCHES,
    batch_table,
    batch_words,
    heading_table,
    line_shown,
    preview_table,
    problem_table,
    total_table,
)
from shian.kernel.imports.taking import bad_rows_taken, original_taken, workbook_answer
from shian.kernel.imports.workbooks import write_template
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import ListQuery

SHOWN_PROBLEMS = 200
LINE = "import-line"


def _line(request: HttpRequest) -> HttpResponse:
    """How far the worker is, asked again and again by the list; the list itself once nothing is left to do."""
    found = batches_at_work(request.user)
    answer = render(request, "imports/batch_list.html#line", {"line": line_shown(found)})
    if not found:
        answer["HX-Refresh"] = "true"
    return answer


@requires(IMPORT)
def batch_list(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Target") == LINE:
        return _line(request)
    query = ListQuery.read(request.GET, BATCHES, default_sort="-id")
    rows = batches_of(request.user).order_by().select_related("file")
    state, kind = request.GET.get("state", ""), request.GET.get("importer", "")
    if state in BatchState.values:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(importer=kind)
    page, specs = keyset_page(rows, query), importers_for(request.user)
    filters = [
        Filter("importer", _("导入类型"), options=[Option(spec.key, spec.title) for spec in specs], value=kind),
        Filter("state", _("状态"), options=[Option(v, label) for v, label in BatchState.choices], value=state),
    ]
    listed = ListPage(
        title=_("数据导入"),
        table=batch_table(page, query),
        unit=_("批"),
        filters=FilterBar(filters),
        actions=[
            Action(_("上传文件"), reverse("imports:batch_create"), icon="upload", kind="primary"),
            Action(_("定时取数"), reverse("imports:source_list"), icon="clock"),
            Action(_("记住的表头"), reverse("imports:heading_list"), icon="table"),
        ],
    )
    shown = {"list": listed, "line": line_shown(batches_at_work(request.user))}
    return render(request, "imports/batch_list.html", shown)


@requires(IMPORT)
def batch_create(request: HttpRequest) -> HttpResponse:
    specs = importers_for(request.user)
    initial = {"importer": request.GET.get("importer", "")}
    form = UploadForm(request.POST or None, request.FILES or None, specs=specs, initial=initial)
    if request.method == "POST" and form.is_valid() and (batches := _upload(request, form)):
        if len(batches) > 1:
            messages.success(
                request, _("数据包已拆成 %(count)s 个批次，请按顺序检查并接收。") % {"count": len(batches)}
            )
            return redirect("imports:batch_list")
        return redirect("imports:batch_detail", batches[0].pk)
    page = FormPage(
        title=_("上传文件"),
        form=form,
        submit=_("上传并检查"),
        groups=[
            FieldGroup(_("文件"), ["importer", "file", "effective_on"]),
            FieldGroup(_("核对"), ["expected_rows", "expected_sums"]),
        ],
        intro=_("上传后先检查，不会写入数据；核对无误后再接收。"),
        cancel_url=reverse("imports:batch_list"),
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list"))],
        has_files=True,
    )
    return render(request, "imports/batch_create.html", {"page": page, "specs": specs})


def _upload(request: HttpRequest, form: UploadForm) -> list[ImportBatch]:
    """The new batches; none when the form says what is wrong."""
    upload, now = form.cleaned_data["file"], timezone.now()
    try:
        batches = actions.upload_file(
            importer_key=form.cleaned_data["importer"], name=upload.name, stream=upload.file,
            stated=form.stated(), by=request.user, at=now,
        )  # fmt: skip
    except (FileRefused, FileUnusable) as error:
        form.add_error("file", str(error))
        return []
    actions.start_work(batch=batches[0], work=Work.CHECK, by=request.user, at=now)
    return batches


def spec_of_batch(batch: ImportBatch) -> ImportSpec:
    try:
        return importer(batch.importer)
    except UnknownImporter as error:
        raise Http404(str(error)) from error


@requires(IMPORT)
def batch_detail(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, batch_of(request.user, number), DifferenceForm())


def _show(request: HttpRequest, batch: ImportBatch, form: DifferenceForm) -> HttpResponse:
    spec = spec_of_batch(batch)
    if getattr(request, "htmx", False):
        answer = render(request, "imports/batch_detail.html#progress", {"batch": batch})
        if not batch.work:
            answer["HX-Refresh"] = "true"
        return answer
    problems, before = problems_of(batch), repeated(batch) if batch.state == BatchState.CHECKED else None
    context: dict[str, Any] = {
        "record": batch_record(batch, spec, before),
        "repeats": repeats_callout(before) if before else None,
        "batch": batch,
        "problem_count": problems.count(),
        "problems": problem_table(problems[:SHOWN_PROBLEMS]),
        "shown_problems": SHOWN_PROBLEMS,
        "headings": heading_table(batch),
        "preview": preview_table(batch, spec),
        "totals": total_table(batch, spec),
        "difference_form": form,
    }
    return render(request, "imports/batch_detail.html", context)


@requires(IMPORT)
@require_POST
def batch_check(request: HttpRequest, number: int) -> HttpResponse:
    return _start(request, number, Work.CHECK)


@requires(IMPORT)
@require_POST
def batch_accept(request: HttpRequest, number: int) -> HttpResponse:
    return _start(request, number, Work.ACCEPT)


def _start(request: HttpRequest, number: int, work: Work) -> HttpResponse:
    batch, again = batch_of(request.user, number), request.POST.get("again") == "1"
    try:
        actions.start_work(batch=batch, work=work, by=request.user, at=timezone.now(), again=again)
    except actions.BatchNotOpen:
        messages.error(request, _("该批次正在处理，或已经办结。"))
    except actions.BatchUnchanged as unchanged:
        messages.error(request, str(unchanged))
    return redirect("imports:batch_detail", number)


@requires(IMPORT)
@require_POST
def batch_accept_difference(request: HttpRequest, number: int) -> HttpResponse:
    batch = batch_of(request.user, number)
    form = DifferenceForm(request.POST)
    if not form.is_valid():
        return _show(request, batch, form)
    try:
        actions.accept_difference(batch=batch, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, _("差额已由您接受并存证，现在可以接收。"))
    except actions.BatchNotOpen:
        messages.error(request, _("该批次没有待接受的差额。"))
    return redirect("imports:batch_detail", number)


@requires(IMPORT)
@require_POST
def batch_cancel(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.cancel_batch(batch=batch_of(request.user, number), by=request.user, at=timezone.now())
        messages.success(request, _("批次已取消，文件仍然保留。"))
    except actions.BatchNotOpen:
        messages.error(request, _("该批次正在处理，或已经办结。"))
    return redirect("imports:batch_detail", number)


@requires(IMPORT)
def batch_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an accepted batch back, with a reason; what depends on it is told."""
    batch = batch_of(request.user, number)
    form, address = UndoForm(request.POST or None), reverse("imports:batch_detail", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.undo_batch(batch=batch, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
            messages.success(request, _("已撤销，数据恢复到接收以前，并已存证。"))
            return redirect(address)
        except actions.UndoRefused as refused:
            form.add_error(None, str(refused))
        except actions.BatchNotOpen:
            form.add_error(None, _("只有已接收的批次可以撤销。"))
    page = FormPage(
        title=_("撤销导入"),
        form=form,
        submit=_("撤销导入"),
        intro=batch_words(batch),
        consequence=undo_words(batch),
        cancel_url=address,
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list")), Crumb(batch.name, address)],
        draft=f"undo-{number}",
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(IMPORT)
def batch_bad_rows(request: HttpRequest, number: int) -> HttpResponseBase:
    batch = batch_of(request.user, number)
    return bad_rows_taken(batch, spec_of_batch(batch), Door.of_page(request), at=timezone.now())


@requires(IMPORT)
def batch_file(request: HttpRequest, number: int) -> HttpResponseBase:
    batch = batch_of(request.user, number)
    return original_taken(batch, Door.of_page(request), at=timezone.now())


@requires(IMPORT)
def template_download(request: HttpRequest, key: str) -> HttpResponseBase:
    spec = next((each for each in importers_for(request.user) if each.key == key), None)
    if spec is None:
        raise Http404
    out = io.BytesIO()
    write_template(out, spec)
    return without_data(workbook_answer(out, f"{spec.title}-{_('模板')}.xlsx"))
