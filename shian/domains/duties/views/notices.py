"""Notices: list, what a quarter proposes, record with its figures, the paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.definitions.notice_papers import notice_paper
from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeState
from shian.domains.duties.permissions import DUTY_READ, NOTICE_KEEP
from shian.domains.duties.queries.notices import (
    areas_named,
    closed_quarters,
    lines_of,
    notice_for,
    notices_of,
    proposed,
    quarterly,
)
from shian.domains.duties.queries.problems import food_office
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tables.notices import (
    LINES,
    NOTICES,
    PROPOSALS,
    STATE_TONES,
    line_row,
    notice_rows,
    notice_url,
    proposal_row,
)
from shian.domains.duties.views.shown import names, paged, rows_url, today
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure
from shian.engine.reports.paper import paper, paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, code_of_key, level_of_key
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.states import DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_picker, in_reach

PUBLICITY = ("publicity.two_duties_articles", "publicity.two_duties_reports")
ISSUERS = (Level.CITY, Level.COUNTY)


def listed() -> Crumb:
    return Crumb(_("履职通报"), reverse("duties:notice_list"))


def may_keep(user: Any, notice: DutyNotice) -> bool:
    return NOTICE_KEEP(user).allowed and reach_of(user).covers(notice.area)


@requires(DUTY_READ)
def notice_list(request: HttpRequest) -> HttpResponse:
    """Notices of the reader's areas, and those that name them; what was written about the two duties beside them."""
    user, named = request.user, names()

    def drawn(items: list[DutyNotice]) -> list[Any]:
        return list(notice_rows(items, areas_named(items), named, today()))

    empty = Empty(_("还没有通报"), _("季度冻结后，按数字起草表扬、批评或者情况通报。"))
    act = Action(_("按季度数字起草"), reverse("duties:notice_draft"), icon="plus", kind="primary")
    page = ListPage(
        _("履职通报"), paged(request, notices_of(user), NOTICES, drawn, empty), unit=_("份"),
        actions=[act] if NOTICE_KEEP(user).allowed else [],
        summary=_("每份通报的数字都打开到当季的记录；起草和审定不是同一人。"),
    )  # fmt: skip
    context = {"list": page, "stats": _stats(user), "notes": (), "tables": ()}
    return render(request, "ui/page_overview.html", context)


def _stats(user: Any) -> list[Stat]:
    """Articles and reports about the two duties, which open into the ledger of publicity."""
    area = home_key(user, today())
    if not area or level_of_key(area) not in ISSUERS:
        return []
    labels = dict(zip(PUBLICITY, (_("两个责任公众号文章"), _("两个责任媒体报道")), strict=True))
    found = []
    for key, label in labels.items():
        told = figure(key, area=code_of_key(area), as_of=today())
        if told.value:
            found.append(Stat(label, told.value, unit=measure(key).unit, url=rows_url(key, area)))
    return found


def read_quarterly(request: HttpRequest) -> tuple[str, Quarter | None]:
    """Area and quarter that the address tells; the own area and the newest closed quarter else. Raises OutOfReach."""
    user = request.user
    area = in_reach(user, picked_area(request.GET.getlist("area"))) or home_key(user, today())
    if not area or level_of_key(area) not in ISSUERS:
        return "", None
    known = closed_quarters(area)
    told = request.GET.get("quarter", "")
    key = told if told in known else next(iter(known), "")
    return area, Quarter.read(key) if key else None


@requires(NOTICE_KEEP)
def notice_draft(request: HttpRequest) -> HttpResponse:
    """The figures of a closed quarter, area by area, with what they propose."""
    user, named = request.user, names()
    area, quarter = read_quarterly(request)
    found = quarterly(area, quarter) if quarter else None
    told = proposed(found, today()) if found else {}
    rows = [
        proposal_row(key, figures, told[key], named, found.quarter, found.check.pk if found.check else None)
        for key, figures in (sorted(found.figures.items()) if found else ())
        if found
    ]  # fmt: skip
    options = [Option(key, key) for key in (closed_quarters(area) if area else ())]
    bar = FilterBar(
        [Filter("quarter", _("季度"), options=options, value=quarter.key if quarter else "",
                default=options[0].value if options else "")],
        area_picker(user, area, today(), named),
    )  # fmt: skip
    empty = Empty(_("没有已冻结的季度"), _("季度结束并冻结后才能通报；请选择市或者县（市、区）。"))
    actions = []
    if found and rows:
        base = f"{reverse('duties:notice_create')}?area={area}&quarter={found.quarter.key}&kind="
        actions = [Action(kind.label, base + kind.value, icon="edit")
                   for kind in (NoticeKind.CRITICISM, NoticeKind.PRAISE, NoticeKind.INFORM)]  # fmt: skip
    page = ListPage(_("按季度数字起草通报"), Table(PROPOSALS, rows, empty=empty), unit=_("个区划"), filters=bar,
                    actions=actions, crumbs=[listed()],
                    summary=_("建议按参数给出，由人决定；每个数字打开到当季的记录。"))  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(DUTY_READ)
def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with every figure that it tells."""
    notice, user = notice_for(request.user, pk), request.user
    state, named = NoticeState(notice.state), names()
    quarter, lines = Quarter.read(notice.quarter), lines_of(notice)
    now = quarterly(notice.area, quarter, live=True).figures
    reach = reach_of(user)
    rows = [line_row(area, told, now.get(area, {}), named, notice, opens=reach.covers(area))
            for area, told in lines.items()]  # fmt: skip
    page = RecordPage(
        notice.title, code=notice.number, kind=_("履职通报"), badges=[notice.get_kind_display(), notice.quarter],
        state=STATE_TONES[state], state_label=state.label, crumbs=[listed()], actions=_actions(user, notice),
        sections=_sections(notice, named), timeline=timeline_of(notice.subject),
    )  # fmt: skip
    tables = [(_("通报的数字"), Table(LINES, rows, id="figures", empty=Empty(_("没有数字"))))]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": _notes(notice), "tables": tables})


def _sections(notice: DutyNotice, named: Any) -> list[Section]:
    text = [Fact(_("事由"), notice.reason), Fact(_("要求"), notice.demands),
            Fact(_("后续期限"), notice.follow_due_on, kind="date"), Fact(_("后续"), notice.follow_up)]  # fmt: skip
    course = [
        Fact(_("印发区划"), named.get(notice.area, notice.area)),
        Fact(_("起草人"), actor(notice.drafted_by)), Fact(_("起草时间"), notice.drafted_at, kind="moment"),
        Fact(_("审定人"), actor(notice.approved_by) if notice.approved_by else None),
        Fact(_("审定时间"), notice.approved_at, kind="moment"), Fact(_("印发时间"), notice.published_at, kind="moment"),
        Fact(_("登记人"), actor(notice.followed_by) if notice.followed_by else None),
    ]  # fmt: skip
    return [Section(title, [fact for fact in facts if fact.value not in (None, "")])
            for title, facts in ((_("内容"), text), (_("办理"), course))]  # fmt: skip


def _notes(notice: DutyNotice) -> list[Callout]:
    if notice.returned_because:
        return [Callout(_("审定人退回，修改后再审定"), notice.returned_because, state=OVERDUE)]
    if notice.state == NoticeState.PUBLISHED and notice.follow_due_on and notice.follow_due_on < today():
        return [Callout(_("后续期限已过，还没有登记后续。"), state=DUE)]
    return []


def _actions(user: Any, notice: DutyNotice) -> list[Action]:
    found = paper_actions(_("下载通报"), reverse("duties:notice_download", args=[notice.pk]))
    if not may_keep(user, notice):
        return found

    def to(name: str) -> str:
        return reverse(f"duties:notice_{name}", args=[notice.pk])

    own = notice.drafted_by == user.get_username()
    if notice.state == NoticeState.DRAFTED:
        if not own and not notice.returned_because:
            told = _("审定后数字不再改变，可以印发。")
            found += [Action(_("审定"), to("approve"), icon="check", kind="primary", method="post", consequence=told),
                      Action(_("退回"), to("return"), icon="arrow-left", kind="danger-quiet")]  # fmt: skip
        return [*found, Action(_("修改"), to("edit"), icon="edit")]
    if notice.state == NoticeState.APPROVED:
        told = _("印发后内容固定，被通报的区划看得到并收到消息。")
        publish = Action(_("印发"), to("publish"), icon="speakerphone", kind="primary", method="post", consequence=told)
        return [publish, *found]
    if notice.state == NoticeState.PUBLISHED:
        return [Action(_("登记后续"), to("resolve"), icon="edit", kind="primary"), *found]
    return found


@requires(DUTY_READ)
def notice_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The notice; every copy that leaves is listed."""
    notice = notice_for(request.user, pk)
    with system_scope():
        office = food_office(notice.area)
    lines, named = lines_of(notice), names()
    issuer = office.name if office else f"{named.get(notice.area, '')}食品安全委员会办公室"
    answer = paper(notice_paper(notice, lines, named, issuer), notice.title, request)
    door = Door.of_page(request)
    return door.let_out(answer, subject=notice.subject, title=notice.title, rows=len(lines), at=timezone.now())


def to_notice(notice: DutyNotice) -> list[Crumb]:
    return [listed(), Crumb(notice.title, notice_url(notice))]
