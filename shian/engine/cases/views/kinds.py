"""Every type of case on one page: how many are open, late and closed, and where a new one is begun."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.permissions import CASE_READ
from shian.engine.cases.queries import close_out_by, types_for, visible_cases
from shian.engine.cases.tables import KINDS, kind_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.tables import Table


@requires(CASE_READ)
def kind_list(request: HttpRequest) -> HttpResponse:
    """The types that the reader may see, whether or not there is a case of them, counted within the reader's reach."""
    user = request.user
    counted = close_out_by(visible_cases(user), "type", timezone.localdate())
    page = ListPage(
        _("各类事项"),
        Table(KINDS, [kind_row(each, counted.get(each.key), user) for each in types_for(user)]),
        unit=_("类"),
        summary=_("每一类事项的办理情况；可以由您提出的，在这里新建。"),
    )
    return render(request, "ui/page_list.html", {"list": page})
