"""Training of officials: the sessions, and who still has none that counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.models import Official, Training
from shian.domains.duties.permissions import DUTY_READ
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.tables.trainings import TRAININGS, UNTRAINED, training_rows, untrained_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level, level_of_key
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Crumb, FilterBar, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach


@requires(DUTY_READ)
def training_list(request: HttpRequest) -> HttpResponse:
    """Sessions in the reader's reach, newest first."""
    query = ListQuery.read(request.GET, TRAININGS, default_sort="-planned_on")
    page = keyset_page(Training.objects.visible_to(request.user), query)
    rows = list(training_rows(page.items, area_names(timezone.localdate())))
    found = ListPage(
        _("包保培训"), Table(TRAININGS, rows, query=query, page=page,
                           empty=Empty(_("还没有登记培训"), _("举办以后用导入登记培训和参加人员。"))),
        unit=_("场"), actions=[Action(_("未培训干部"), reverse("duties:untrained_list"), icon="users")],
        summary=_("没有参加培训的包保干部不能单独督导；是否要求、多久有效见参数。"),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(DUTY_READ)
def untrained_list(request: HttpRequest) -> HttpResponse:
    """Officials of today without a training that counts: exactly those who may not visit alone."""
    today = timezone.localdate()
    area = in_reach(request.user, picked_area(request.GET.getlist("area")))
    rows = untrained(Official.objects.visible_to(request.user), today)
    if area:
        rows = rows.filter(**{Level(level_of_key(area)).value: area})
    query = ListQuery.read(request.GET, UNTRAINED)
    page, names = keyset_page(rows, query), area_names(today)
    found = ListPage(
        _("未培训包保干部"),
        Table(UNTRAINED, [untrained_row(each, names) for each in page.items], query=query, page=page,
              empty=Empty(_("都已参加培训"))),
        unit=_("人"), crumbs=[Crumb(_("包保培训"), reverse("duties:training_list"))],
        filters=FilterBar([], area_picker(request.user, area, today)),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})
