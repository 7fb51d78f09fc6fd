"""Places that are looked into at an interval: list, a new one, an end to some."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import requires
from shian.kernel.imports import actions
from shian.kernel.imports.forms import SourceForm
from shian.kernel.imports.permissions import MANAGE_SOURCES, importers_for
from shian.kernel.imports.queries import sources_of
from shian.kernel.imports.tables import SOURCES, source_table
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import ListQuery


@requires(MANAGE_SOURCES)
def source_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, SOURCES, default_sort="place")
    page = keyset_page(sources_of(request.user).order_by(), query)
    listed = ListPage(
        title=_("定时取数"),
        table=source_table(page, query),
        unit=_("处"),
        summary=_("按间隔查看文件夹或网址，内容有变才形成新的批次。"),
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list"))],
        actions=[Action(_("添加来源"), reverse("imports:source_create"), icon="plus", kind="primary")],
        bulk_actions=[Action(_("停用所选"), reverse("imports:source_end"), icon="x")] if page.items else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(MANAGE_SOURCES)
def source_create(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, specs=importers_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_source(wanted=form.wanted(), by=request.user, at=timezone.now())
            messages.success(request, _("来源已添加，到时自动查看。"))
            return redirect("imports:source_list")
        except actions.SourceUnusable as error:
            form.add_error("place", str(error))
    page = FormPage(
        title=_("添加来源"),
        form=form,
        submit=_("添加"),
        groups=[
            FieldGroup(_("来源"), ["importer", "kind", "place"]),
            FieldGroup(_("时间"), ["every_minutes", "valid_from", "valid_to", "accepts"]),
        ],
        intro=_("取到的文件先检查；有误或合计不符的留待人工处理。"),
        cancel_url=reverse("imports:source_list"),
        crumbs=[
            Crumb(_("数据导入"), reverse("imports:batch_list")),
            Crumb(_("定时取数"), reverse("imports:source_list")),
        ],
        draft="source",
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(MANAGE_SOURCES)
@require_POST
def source_end(request: HttpRequest) -> HttpResponse:
    keys = [key for key in request.POST.getlist("key") if key.isdecimal()]
    chosen = list(sources_of(request.user).filter(pk__in=keys))
    if len(chosen) < len(keys):
        raise PermissionDenied
    for source in chosen:
        actions.end_source(source=source, by=request.user, at=timezone.now())
    messages.success(request, _("已停用 %(count)s 处来源。") % {"count": len(chosen)})
    return redirect("imports:source_list")
