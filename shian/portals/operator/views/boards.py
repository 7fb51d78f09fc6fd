"""The business's notice board: what stands on it, whether it still holds, and the photo that shows it at the door."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.boards import post_board
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.forms.boards import PostingForm
from shian.domains.duties.queries.boards import board_of, is_outdated
from shian.domains.duties.views.boards import board_picture
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused
from shian.kernel.ui.acting import Steps
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.states import DONE, DUE, WAITING
from shian.portals.operator.views.frame import crumbs, framed, to
from shian.portals.operator.views.marks import Mark
from shian.registers.operators.models import Operator

step_page = Steps(DutyRefused, FileRefused).page


def board_mark(operator: Operator) -> Mark | None:
    """How the board stands; None where there is none."""
    board = board_of(operator)
    if board is None:
        return None
    title, url = _("包保责任公示板"), to("board_detail", operator)
    if is_outdated(board):
        return Mark(title, WAITING, _("等新的公示板"), url)
    if board.posted_on is None:
        return Mark(title, DUE, _("待张贴"), url)
    return Mark(title, DONE, _("已张贴"), url)


@requires(own_portal)
def board_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """The sheet as it was printed, and what is to be done with it."""
    operator = own_operator(request.user, code)
    board = board_of(operator)
    context = framed(
        operator, "", board=board, mark=board_mark(operator), picture=board_picture(request, board) if board else "",
        is_outdated=board is not None and is_outdated(board), crumbs=crumbs(operator),
    )  # fmt: skip
    return render(request, "operator/board.html", context)


@requires(own_portal)
def board_publish(request: HttpRequest, code: str) -> HttpResponseBase:
    """A photo of the board where it hangs."""
    operator = own_operator(request.user, code)
    board, then = board_of(operator), to("board_detail", operator)
    form = PostingForm(request.POST or None, request.FILES or None)

    def step() -> str:
        if board is None:
            raise DutyRefused(_("还没有公示板。"))
        post_board(board=board, photo=form.cleaned_data["photo"].file, by=request.user, at=timezone.now())
        return _("已登记张贴。")

    page = FormPage(
        _("登记张贴"), form, _("登记"), intro=_("贴在门口显眼处，拍一张能看清字的照片。"), cancel_url=then,
        crumbs=[*crumbs(operator), Crumb(_("包保责任公示板"), then)],
    )  # fmt: skip
    return step_page(request, page, step, then)
