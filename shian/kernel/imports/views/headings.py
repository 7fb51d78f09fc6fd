"""Matching headings by hand, and the list of what was matched."""

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
from shian.kernel.imports.forms import MatchForm
from shian.kernel.imports.models import Work
from shian.kernel.imports.permissions import IMPORT
from shian.kernel.imports.queries import batch_of, heading_matches_of
from shian.kernel.imports.tables import MATCHES, match_table
from shian.kernel.imports.views.batches import spec_of_batch
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import ListQuery


@requires(IMPORT)
def batch_match(request: HttpRequest, number: int) -> HttpResponse:
    """Which column of the file feeds which field, by hand; the file is checked again with it."""
    batch = batch_of(request.user, number)
    form = MatchForm(request.POST or None, headings=batch.headings, spec=spec_of_batch(batch))
    address = reverse("imports:batch_detail", args=[number])
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            actions.match_headings(batch=batch, fields=form.chosen(), by=request.user, at=now)
            actions.start_work(batch=batch, work=Work.CHECK, by=request.user, at=now)
        except actions.BatchNotOpen:
            messages.error(request, _("该批次正在处理，或已经办结。"))
        return redirect(address)
    page = FormPage(
        title=_("手工对应表头"),
        form=form,
        submit=_("记住并重新检查"),
        intro=_("左边是文件中的列。对应关系为本单位记住，以后导入同类文件时自动采用。"),
        cancel_url=address,
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list")), Crumb(batch.name, address)],
        draft=f"match-{number}",
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(IMPORT)
def heading_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, MATCHES, default_sort="heading")
    page = keyset_page(heading_matches_of(request.user).order_by(), query)
    listed = ListPage(
        title=_("记住的表头"),
        table=match_table(page, query),
        unit=_("条"),
        summary=_("手工对应过的列名；忘记后，按名称和别名重新匹配。"),
        crumbs=[Crumb(_("数据导入"), reverse("imports:batch_list"))],
        bulk_actions=[Action(_("忘记所选"), reverse("imports:heading_forget"), icon="x")] if page.items else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(IMPORT)
@require_POST
def heading_forget(request: HttpRequest) -> HttpResponse:
    keys = [key for key in request.POST.getlist("key") if key.isdecimal()]
    matches = list(heading_matches_of(request.user).filter(pk__in=keys))
    if len(matches) < len(keys):
        raise PermissionDenied
    count = actions.forget_headings(matches=matches, by=request.user, at=timezone.now())
    messages.success(request, _("已忘记 %(count)s 条。") % {"count": count})
    return redirect("imports:heading_list")
