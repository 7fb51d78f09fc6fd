"""Notice boards: which must be printed (again), print-ready sheets, delivered with the ledger, proof that they hang."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.boards import MOST, deliver_boards, post_board, print_boards
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.boards import PostingForm
from shian.domains.duties.models import Board, BoardState
from shian.domains.duties.permissions import BOARD_KEEP, DUTY_READ, OFFICIAL_WORK
from shian.domains.duties.queries.boards import (
    board_counts,
    boards_needed,
    boards_of,
    boards_to_post,
    code_url_of,
    matches_in_force,
)
from shian.domains.duties.queries.lists import texted
from shian.domains.duties.tables.roster import BOARD_TONES, BOARDS, MATCHES, board_rows, match_rows, operator_url
from shian.domains.duties.views.shown import names, paged, step_button, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.codes import scan_code
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Option, Section, Stat, Tab
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty

MADE = "made"


@requires(DUTY_READ)
def board_list(request: HttpRequest) -> HttpResponse:
    """Operators whose board must be printed, or with ?view=made the boards that are up to date."""
    user: Any = request.user
    choice, named = read_choice(request.GET, user), names()
    made, matches = request.GET.get("view") == MADE, matches_in_force(user, choice.inside)
    needed = texted(boards_needed(matches), choice.text, "operator__")
    if made:
        rows = texted(boards_of(user).filter(choice.inside), choice.text, "operator__")
        rows = rows.filter(state=choice.state) if choice.state in BoardState.values else rows
        empty = Empty(_("还没有公示板"), _("在“须打印”中打印。"))
        table = paged(
            request, rows, BOARDS, lambda items: board_rows(items, named), empty, has_ticks=BOARD_KEEP(user).allowed
        )
    else:
        empty = Empty(_("没有须打印的公示板"), _("每户的公示板都与现在的包保干部一致。"))
        table = paged(
            request, needed, MATCHES, lambda items: match_rows(items, named), empty, has_ticks=BOARD_KEEP(user).allowed
        )
    count = needed.count()
    states = [Option(each.value, each.label) for each in BoardState if each != BoardState.REPLACED]
    page = ListPage(
        _("公示板"), table, unit=_("块"), tabs=_tabs(choice.area, count, made=made),
        bulk_actions=_bulk(made=made) if BOARD_KEEP(user).allowed else [],
        filters=filters_of(choice, user, named, today(), states=states if made else ()),
        summary=_("和主体台账一起送到主体、张贴在门口：包保干部、企业食品安全员、办公电话和投诉电话；干部一换，公示板就要重新打印。"),
    )  # fmt: skip
    stats = [
        Stat(_("须打印"), count, unit=_("块"), state=DUE if count else DONE,
             state_label=_("没有或已过时") if count else _("没有")),
        *_stats(board_counts(boards_of(user).filter(choice.inside)), matches.count()),
    ]  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": stats, "notes": ()})


def _stats(counts: Mapping[str, int], whole: int) -> list[Stat]:
    named = (
        ("delivered", _("已送达"), _("块")),
        ("ledgers", _("主体台账已送达"), pgettext("ledger", "本")),
        ("posted", _("已张贴"), _("块")),
    )
    return [Stat(label, counts[key], unit=unit, part=counts[key], whole=whole) for key, label, unit in named]


def _bulk(*, made: bool) -> list[Action]:
    if not made:
        url = reverse("duties:board_print")
        return [Action(_("打印所选"), url, icon="printer", kind="primary", method="post")]
    return _delivering("", kind="primary")


def _delivering(key: str, kind: str = "secondary") -> list[Action]:
    """Delivered today: with the paper ledger, or the board alone."""
    url = reverse("duties:board_deliver") + (f"?key={key}" if key else "")
    return [
        Action(
            _("公示板和台账已送达"), url, icon="clipboard-check", kind=kind, method="post", name="ledger", value="1"
        ),
        Action(_("只送达公示板"), url, icon="check", method="post"),
    ]


def _tabs(area: str, count: int, *, made: bool) -> list[Tab]:
    own, more = reverse("duties:board_list"), f"&area={area}" if area else ""
    return [
        Tab(_("须打印"), f"{own}?view=needed{more}", count=count, is_active=not made),
        Tab(_("已打印"), f"{own}?view={MADE}{more}", is_active=made),
    ]


@requires(BOARD_KEEP)
@require_POST
def board_print(request: HttpRequest) -> HttpResponse:
    """New boards for the ticked matches, as sheets to print."""
    keys = [int(key) for key in request.POST.getlist("key") if key.isdecimal()]
    matches = list(matches_in_force(request.user).filter(pk__in=keys))
    done: list[Board] = []

    def step() -> None:
        done.extend(print_boards(matches=matches, by=request.user, at=timezone.now()))

    answer = step_button(request, step, _("已生成公示板。"), reverse("duties:board_list"))
    if not done:
        return answer
    first, last = done[0].pk, done[-1].pk
    return redirect(f"{reverse('duties:board_sheet_print')}?first={first}&last={last}")


@requires(BOARD_KEEP)
@require_POST
def board_deliver(request: HttpRequest) -> HttpResponse:
    """The ticked boards, or that of ?key=, came to their operators today; with ledger=1 the paper ledger too."""
    one = request.GET.get("key", "")
    keys = [int(key) for key in ([one] if one else request.POST.getlist("key")) if key.isdecimal()]
    boards = list(boards_of(request.user).filter(pk__in=keys))
    then = reverse("duties:board_detail", args=[boards[0].pk]) if one and boards else _made_url()

    def step() -> None:
        deliver_boards(boards=boards, with_ledger="ledger" in request.POST, by=request.user, at=timezone.now())

    return step_button(request, step, _("已登记送达。"), then)


@requires(DUTY_READ)
def board_sheet_print(request: HttpRequest) -> HttpResponse:
    """?first= &last= the sheets of these boards, one a page."""
    first, last = request.GET.get("first", ""), request.GET.get("last", "")
    wanted = (int(first), int(last)) if first.isdecimal() and last.isdecimal() else (0, 0)
    rows = boards_of(request.user).filter(pk__gte=wanted[0], pk__lte=wanted[1]).order_by("pk")[:MOST]
    sheets = [(each, board_picture(request, each)) for each in rows]
    context = {
        "sheets": sheets, "crumbs": [_listed()],
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary")],
    }  # fmt: skip
    return render(request, "duties/board_print.html", context)


def board_picture(request: HttpRequest, board: Board) -> SafeString:
    """The operator's public code; nothing for one without."""
    url = code_url_of(board.operator)
    if not url:
        return SafeString("")
    return scan_code(request.build_absolute_uri(url))


@requires(DUTY_READ)
def board_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One board: what stands on it, when it was printed and posted."""
    board = get_object_or_404(boards_of(request.user), pk=pk)
    state, content = BoardState(board.state), board.content
    facts = [
        Fact(_("主体"), board.operator.name, url=operator_url(board.operator)),
        Fact(_("包保干部"), content.get("official")), Fact(_("职务"), content.get("post")),
        Fact(_("办公电话"), content.get("phone")), Fact(_("投诉举报电话"), content.get("complaint")),
        *(Fact(title, name) for title, name in content.get("holders", [])),
        Fact(_("打印日期"), board.printed_on, kind="date"), Fact(_("送达日期"), board.delivered_on, kind="date"),
        Fact(_("主体台账送达日期"), board.ledger_on, kind="date"), Fact(_("张贴日期"), board.posted_on, kind="date"),
    ]  # fmt: skip
    actions = [Action(_("打印"), f"{reverse('duties:board_sheet_print')}?first={pk}&last={pk}", icon="printer")]
    keeps = BOARD_KEEP(request.user).allowed
    if keeps and (board.delivered_on is None or board.ledger_on is None):
        actions += _delivering(str(pk))[: 2 if board.delivered_on is None else 1]
    if keeps and state == BoardState.GENERATED:
        url = reverse("duties:board_publish", args=[pk])
        actions.append(Action(_("登记张贴"), url, icon="camera", kind="primary"))
    page = RecordPage(
        board.operator.name, code=_("第 %(version)s 版") % {"version": board.version}, kind=_("公示板"),
        state=BOARD_TONES[state], state_label=state.label,
        crumbs=[_listed()], actions=actions, sections=[Section(_("公示内容"), facts)],
        timeline=timeline_of(f"duties.board:{pk}") or None,
    )  # fmt: skip
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": ()})


@requires(OFFICIAL_WORK)
def board_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It hangs at the door, with a photo; an official comes from the own page."""
    user = request.user
    board = get_object_or_404(boards_to_post(user), pk=pk, state=BoardState.GENERATED)
    keeps = BOARD_KEEP(user).allowed and reach_of(user).covers(board.area)
    then = reverse("duties:board_detail", args=[pk]) if keeps else reverse("duties:mine_detail")
    listed = _listed() if keeps else Crumb(_("我的包保"), then)
    form = PostingForm(request.POST or None, request.FILES or None)

    def step() -> str:
        post_board(board=board, photo=form.cleaned_data["photo"].file, by=request.user, at=timezone.now())
        return _("已登记张贴。")

    page = FormPage(
        _("登记张贴"), form, _("登记"), intro=board.operator.name, cancel_url=then, crumbs=[listed],
    )  # fmt: skip
    return step_page(request, page, step, then)


def _listed() -> Crumb:
    return Crumb(_("公示板"), reverse("duties:board_list"))


def _made_url() -> str:
    return f"{reverse('duties:board_list')}?view={MADE}"
