"""Opening the full values of a record, the list of all that was opened and exported, and that of every deed."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures import actions
from shian.kernel.disclosures.asking import slowed_down
from shian.kernel.disclosures.forms import ReasonForm
from shian.kernel.disclosures.models import Kind
from shian.kernel.disclosures.permissions import DISCLOSURE_READ, RECORD_OPEN
from shian.kernel.disclosures.queries import deeds, disclosures, wait_before
from shian.kernel.disclosures.records import full_record
from shian.kernel.disclosures.tables import DEEDS, DISCLOSURES, deed_row, disclosure_row
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Crumb, Filter, FilterBar, Option, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table


@requires(RECORD_OPEN)
def record_open(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """Asks why, then shows the values once: a reload asks again, and no cache keeps the answer."""
    record = full_record(kind, request.user, key)
    form = ReasonForm(request.POST or None)
    crumbs = [Crumb(record.title, record.url)]
    if seconds := wait_before(Kind.VIEW, request.user, timezone.now()):
        return slowed_down(request, seconds)
    if request.method == "POST" and form.is_valid():
        actions.open_record(record=record, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        note = _("本次查看已存证；离开本页后须重新说明理由。")
        shown = RecordPage(record.title, crumbs=crumbs, sections=[Section(_("完整信息"), record.facts, note=note)])
        answer = render(request, "ui/page_record.html", {"record": shown})
    else:
        page = FormPage(
            _("查看完整信息"),
            form,
            _("查看"),
            intro=_("请说明查看“%(title)s”个人信息的理由。只限本条记录、本次查看。") % {"title": record.title},
            consequence=_("理由、时间和您的姓名将存证，并列入查看与导出日志。"),
            cancel_url=record.url,
            crumbs=crumbs,
            draft="disclosure-reason",
        )
        answer = render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(DISCLOSURE_READ)
def disclosure_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, DISCLOSURES, default_sort="-id")
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    page = keyset_page(disclosures(request.user, kind=kind, text=text), query)
    options = [Option(value, label) for value, label in Kind.choices]
    listed = ListPage(
        _("查看与导出日志"),
        Table(
            DISCLOSURES,
            [disclosure_row(each) for each in page.items],
            query=query,
            page=page,
            empty=Empty(_("没有记录"), _("查看完整信息和导出都会列在这里。")),
        ),
        unit=_("次"),
        summary=_("谁在何时因何查看了个人信息、导出了哪些数据；每一行都有存证，不能更改。"),
        filters=FilterBar(
            [
                Filter("q", _("搜索"), "search", value=text, placeholder=_("用户名或对象")),
                Filter("kind", _("类型"), options=options, value=kind),
            ]
        ),
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(DISCLOSURE_READ)
def deed_list(request: HttpRequest) -> HttpResponse:
    """What everybody did, newest first; a date that is none is no limit."""
    query = ListQuery.read(request.GET, DEEDS, default_sort="-id")
    params = {name: request.GET.get(name, "").strip() for name in ("q", "from", "to")}
    begins, ends = (_day(params[name]) for name in ("from", "to"))
    page = keyset_page(deeds(request.user, text=params["q"], begins=begins, ends=ends), query)
    empty = Empty(_("没有符合条件的操作"), _("请放宽筛选条件。"))
    listed = ListPage(
        _("操作日志"),
        Table(DEEDS, [deed_row(each) for each in page.items], query=query, page=page, empty=empty),
        unit=_("条"),
        summary=_("每个账号、每次导入和每个后台任务做了什么；每一条都有存证，任何人都不能更改或删除。"),
        filters=FilterBar(
            [
                Filter("q", _("搜索"), "search", value=params["q"], placeholder=_("用户名、对象编号或操作代码")),
                Filter("from", _("自"), "date", value=params["from"]),
                Filter("to", _("至"), "date", value=params["to"]),
            ]
        ),
    )
    return render(request, "ui/page_list.html", {"list": listed})


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # the 31st of a month with 30 days
        return None
