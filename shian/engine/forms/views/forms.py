"""The list of forms, uploading a workbook, one form with its versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.forms import actions
from shian.engine.forms.faults import Fault, FormRefused
from shian.engine.forms.forms import UploadForm
from shian.engine.forms.models import FormVersion
from shian.engine.forms.permissions import FORM_READ, FORM_WRITE
from shian.engine.forms.queries import form_for, forms_for, version_in_force, versions_for, versions_in_force
from shian.engine.forms.sheets import SheetsUnreadable
from shian.engine.forms.tables import FAULTS, FORMS, VERSIONS, fault_rows, form_row, version_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table


@requires(FORM_READ)
def form_list(request: HttpRequest) -> HttpResponse:
    """Forms with the version that counts today."""
    query, series = ListQuery.read(request.GET, FORMS, default_sort="key"), request.GET.get("series", "")
    text, rows = request.GET.get("q", "").strip(), forms_for(request.user)
    options = [Option(each, each) for each in sorted(set(rows.values_list("series", flat=True)) - {""})]
    rows = rows.filter(series=series) if series else rows
    rows = rows.filter(title__icontains=text) if text else rows
    page = keyset_page(rows, query)
    current = {each.form_id: each for each in versions_in_force(timezone.localdate())}
    drafts = set(versions_for(request.user).filter(issued_at__isnull=True).values_list("form_id", flat=True))
    listed = [form_row(each, current.get(each.pk), each.pk in drafts) for each in page.items]
    upload = Action(_("上传工作簿"), reverse("forms:form_create"), icon="upload", kind="primary")
    filters = (
        Filter("series", _("系列"), options=options, value=series),
        Filter("q", _("表名"), kind="search", value=text),
    )
    empty = Empty(_("没有打分表"), _("创建办上传 XLSForm 工作簿并发布后，打分表会出现在这里。"))
    found = ListPage(
        _("打分表"),
        Table(FORMS, listed, query=query, page=page, empty=empty),
        unit=_("张"),
        summary=_("题目、分值、关键项和依据以发布的版本为准；已有的检查保留其当时的版本。"),
        filters=FilterBar(filters, clear_url=reverse("forms:form_list")),
        actions=[upload] if FORM_WRITE(request.user).allowed else [],
    )
    return render(request, "ui/page_list.html", {"list": found})


@requires(FORM_WRITE)
def form_create(request: HttpRequest) -> HttpResponse:
    """Upload a workbook; what is wrong with it is listed by sheet, row and column."""
    form, faults = UploadForm(request.POST or None, request.FILES or None), list[Fault]()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = actions.upload_form(name=file.name, stream=file, by=request.user, at=timezone.now())
        except FormRefused as refusal:
            faults = refusal.faults
            form.add_error("file", _("工作簿有 %(count)s 处问题，见下表。") % {"count": len(faults)})
        except (FileRefused, SheetsUnreadable, actions.VersionRefused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("已建立草稿，请核对后发布。"))
            return redirect("forms:version_detail", version.pk)
    page = FormPage(
        _("上传打分表"),
        form,
        _("上传并检查"),
        intro=_("工作簿的 form_id 与已有的表相同的，作为那张表的新版本；发布之前不影响任何检查。"),
        cancel_url=reverse("forms:form_list"),
        crumbs=[Crumb(_("打分表"), reverse("forms:form_list"))],
        has_files=True,
    )
    table = Table(FAULTS, fault_rows(faults), caption=_("工作簿的问题")) if faults else None
    context = {"page": page, "faults": table}
    return render(request, "forms/form_create.html", context, status=422 if form.is_bound else 200)


@requires(FORM_READ)
def form_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A form's versions, newest first."""
    form, today = form_for(request.user, key), timezone.localdate()
    current = version_in_force(form.key, today)
    mark = current.pk if current else None
    rows = [version_row(each, mark, today) for each in _versions(request, form.pk)]
    page = ListPage(
        form.title,
        Table(VERSIONS, rows),
        unit=_("个版本"),
        summary=_("表号 %(key)s · %(series)s") % {"key": form.key, "series": form.series or _("未分系列")},
        crumbs=[Crumb(_("打分表"), reverse("forms:form_list"))],
        actions=[Action(_("打开现行版本"), reverse("forms:version_detail", args=[mark]), icon="checklist")]
        if mark
        else [],
    )
    return render(request, "ui/page_list.html", {"list": page})


def _versions(request: HttpRequest, form: int) -> list[FormVersion]:
    return list(versions_for(request.user).filter(form=form))
