"""Who answered for an operator on a day: from any incident to the persons of that day, not of today; printable."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from shian.domains.duties.models import OfficialLevel
from shian.domains.duties.permissions import DUTY_READ
from shian.domains.duties.queries.responsibility import Answer, Holder, answer_for, holders_at
from shian.domains.duties.views.shown import names, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Section
from shian.kernel.ui.states import OVERDUE, WAITING
from shian.registers.operators.models import Operator


@requires(DUTY_READ)
def responsibility_detail(request: HttpRequest) -> HttpResponse:
    """?code= an operator, ?on= a day (today): the chain of that day."""
    user: Any = request.user
    code, day = request.GET.get("code", "").strip().upper(), _day(request.GET.get("on", ""))
    operator = Operator.objects.visible_to(user).filter(code=code).first() if code else None
    bar = FilterBar([
        Filter("code", _("主体编号"), "search", value=code, placeholder=_("主体编号")),
        Filter("on", _("日期"), "date", value=day.isoformat()),
    ])  # fmt: skip
    notes = [] if operator or not code else [Callout(_("辖区内没有这个编号的主体"), state=OVERDUE)]
    page = RecordPage(
        operator.name if operator else _("谁在负责"), code=operator.code if operator else "", kind=_("责任追溯"),
        crumbs=[Crumb(_("包保对接"), reverse("duties:match_list"))],
        sections=_sections(operator, day) if operator else [],
        actions=[Action(_("打印"), "#print", icon="printer")] if operator else [],
    )  # fmt: skip
    if not code:
        notes = [
            Callout(
                _("输入主体编号和日期"), _("查出那一天的包保干部、监管所和企业负责人员，不是今天的。"), state=WAITING
            )
        ]
    return render(
        request, "duties/responsibility.html", {"record": page, "notes": notes, "filterbar": bar, "tables": ()}
    )


def _day(text: str) -> date:
    """The day that was asked for; a day to come, or none, is today."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return min(found or today(), today())


def _sections(operator: Operator, day: date) -> list[Section]:
    answer, named = answer_for(operator, day), names()
    place = " ".join(named[key] for key in (operator.county, operator.township, operator.village) if key in named)
    subject = Section(_("主体"), [
        Fact(_("名称"), operator.name, url=reverse("census:operator_detail", args=[operator.code])),
        Fact(_("所在区划"), place), Fact(_("查询日期"), day, kind="date"),
        Fact(_("包保层级"), f"{answer.tier}（{answer.tier_reason}）" if answer.tier else _("当日没有层级")),
        Fact(_("监管所"), answer.station),
    ])  # fmt: skip
    return [subject, _official(answer), *_own(holders_at(operator, day))]


def _official(answer: Answer) -> Section:
    if answer.official is None:
        return Section(_("包保干部"), [Fact(_("包保干部"), _("当日没有包保干部"), state=OVERDUE)])
    letter = _("第 %(number)s 份") % {"number": answer.letter_number}
    return Section(_("包保干部"), [
        Fact(_("姓名"), answer.name, url=reverse("duties:official_detail", args=[answer.official])),
        Fact(_("层级"), OfficialLevel(str(answer.level)).label), Fact(_("职务"), f"{answer.unit}{answer.post}"),
        Fact(_("办公电话"), answer.office_phone), Fact(_("对接起始"), answer.since, kind="date"),
        Fact(_("对接截止"), answer.until, kind="date"), Fact(_("对接原因"), answer.reason),
        Fact(_("当日有效的承诺书"), letter if answer.letter else _("没有"),
             url=reverse("duties:letter_detail", args=[answer.letter]) if answer.letter else ""),
    ])  # fmt: skip


def _own(holders: list[Holder]) -> list[Section]:
    if not holders:
        return []
    return [Section(_("企业人员和督导"), [
        Fact(each.title, each.name, url=each.url, note=_("自 %(day)s") % {"day": each.since} if each.since else "")
        for each in holders
    ])]  # fmt: skip
