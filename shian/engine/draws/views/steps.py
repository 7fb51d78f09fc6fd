"""The steps of a draw: its forms and its buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.draws import actions
from shian.engine.draws.actions import DrawRefused
from shian.engine.draws.forms import (
    CommitmentForm,
    DraftForm,
    ReadingForm,
    ReasonForm,
    SecretForm,
    initial_of,
)
from shian.engine.draws.lists import BadList
from shian.engine.draws.models import Draw, DrawPick, DrawState, Method
from shian.engine.draws.permissions import DRAW_WORK
from shian.engine.draws.queries import draw_for
from shian.engine.draws.tables import draw_url
from shian.engine.draws.views.lists import draw_crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.acting import acted, acted_or_told
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.registers.areas.tables import area_choices

LEVELS = ("city", "county")
Act = Callable[..., Any]


@requires(DRAW_WORK)
def draw_create(request: HttpRequest) -> HttpResponseBase:
    """Draft a draw."""
    return _draft_form(request, None)


@requires(DRAW_WORK)
def draw_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft."""
    draw = draw_for(request.user, pk)
    if draw.state != DrawState.DRAFT or draw.owner:
        raise Http404(pk)
    return _draft_form(request, draw)


def _draft_form(request: HttpRequest, draw: Draw | None) -> HttpResponseBase:
    form = DraftForm(
        request.POST or None,
        request.FILES or None,
        areas=area_choices(request.user, LEVELS, timezone.localdate()),
        reader=request.user,
        initial=initial_of(draw) if draw else {},
    )
    if request.method == "POST" and form.is_valid():
        made = _drafted(request, form, draw)
        if made is not None:
            return redirect(draw_url(made))
    groups = [
        FieldGroup(_("抽什么"), ["title", "area", "frame_kind", "as_of", "list_file", "basis"]),
        FieldGroup(_("抽多少"), ["ratio", "rounding", "minimum", "reserves", "weights"],
                   help=_("每层分别抽取；比例按该层全部单位计算。")),
        FieldGroup(_("谁去检查"), form.team_fields,
                   help=_("检查人员与单位用同一个随机数抽取；有利害关系的一律回避，抽不出时说明是谁、为什么。")),
        FieldGroup(_("随机数"), form.randomness_fields,
                   help=_("用公开数据时填数据和公布时间；用承诺时填参与方。")),
    ]  # fmt: skip
    page = FormPage(
        _("修改抽签") if draw else _("起草抽签"),
        form,
        _("保存草稿"),
        groups=groups,
        intro=_("保存后先核对每层的数目，再冻结。"),
        cancel_url=draw_url(draw) if draw else reverse("draws:draw_list"),
        crumbs=draw_crumbs(draw),
        has_files=True,
        draft="draws-draft",
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)


def _drafted(request: HttpRequest, form: DraftForm, draw: Draw | None) -> Draw | None:
    """The saved draft; None when it was refused, with the reason in the form."""
    made: list[Draw] = []

    def act() -> None:
        who: dict[str, Any] = {"draft": form.draft(), "by": request.user, "at": timezone.now()}
        made.append(actions.edit_draw(draw=draw, **who) if draw else actions.create_draw(**who))

    try:
        acted(form, act, DrawRefused)
    except BadList as bad:
        for problem in bad.problems:
            form.add_error(bad.field, problem)
    return made[0] if made else None


def _step(request: HttpRequest, pk: int, act: Act, done: str) -> HttpResponseBase:
    """A button: do it, say so, back to the draw."""
    draw = draw_for(request.user, pk)
    acted_or_told(request, lambda: act(draw=draw, by=request.user, at=timezone.now()), DrawRefused, done)
    return redirect(draw_url(draw))


@requires(DRAW_WORK)
@require_POST
def draw_freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _step(request, pk, actions.freeze_draw, _("名册和参数已冻结并存证。"))


@requires(DRAW_WORK)
@require_POST
def draw_run(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _step(request, pk, actions.run_draw, _("已抽出样本和备选，请核对后确认。"))


@requires(DRAW_WORK)
@require_POST
def draw_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _step(request, pk, actions.confirm_draw, _("样本已确认。"))


@requires(DRAW_WORK)
@require_POST
def draw_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _step(request, pk, actions.publish_draw, _("记录已公布。"))


def _form(
    request: HttpRequest,
    draw: Draw,
    form: Form,
    act: Callable[[], Any],
    *,
    title: str,
    submit: str,
    **told: Any,
) -> HttpResponseBase:
    """A form of one draw: do it, say so, back to the draw; a refusal stands in the form."""
    if request.method == "POST" and form.is_valid() and acted(form, act, DrawRefused):
        messages.success(request, _("已记录并存证。"))
        return redirect(draw_url(draw))
    page = FormPage(
        title, form, submit, cancel_url=draw_url(draw), crumbs=draw_crumbs(draw), draft=f"draws-{draw.pk}", **told
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.is_bound else 200)


def _frozen(request: HttpRequest, pk: int, method: Method) -> Draw:
    """The draw that waits for this kind of randomness. Raises Http404."""
    draw = draw_for(request.user, pk)
    if draw.state != DrawState.FROZEN or draw.method != method:
        raise Http404(pk)
    return draw


@requires(DRAW_WORK)
def reading_enter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the signed-in person reads of the public sources."""
    draw = _frozen(request, pk, Method.PUBLIC)
    form = ReadingForm(request.POST or None, sources=draw.sources)

    def act() -> None:
        actions.enter_reading(draw=draw, values=form.values(), by=request.user, at=timezone.now())

    intro = _("请直接从来源抄录，不要照抄别人；两人一致后随机数即定，不能再改。")
    return _form(request, draw, form, act, title=_("录入公开数据"), submit=_("录入"), intro=intro)


@requires(DRAW_WORK)
def commitment_enter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A party binds itself."""
    draw = _frozen(request, pk, Method.COMMITMENTS)
    form = CommitmentForm(request.POST or None)

    def act() -> None:
        actions.commit(draw=draw, digest=form.cleaned_data["digest"], by=request.user, at=timezone.now())

    told = _("承诺后不能更改；全部承诺后再揭示。")
    return _form(request, draw, form, act, title=_("作出承诺"), submit=_("承诺"), consequence=told)


@requires(DRAW_WORK)
def commitment_open(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A party shows its secret."""
    draw = _frozen(request, pk, Method.COMMITMENTS)
    form = SecretForm(request.POST or None)

    def act() -> None:
        actions.reveal(draw=draw, secret=form.cleaned_data["secret"].strip(), by=request.user, at=timezone.now())

    return _form(request, draw, form, act, title=_("揭示"), submit=_("揭示"))


@requires(DRAW_WORK)
def draw_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The draw is void."""
    draw = draw_for(request.user, pk)
    if draw.state in (DrawState.CONFIRMED, DrawState.CANCELLED):
        raise Http404(pk)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.cancel_draw(draw=draw, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())

    told = _("作废后不能恢复，记录和存证保留。")
    return _form(request, draw, form, act, title=_("作废抽签"), submit=_("作废"), consequence=told)


@requires(DRAW_WORK)
def replacement_create(request: HttpRequest, pk: int, pick: int) -> HttpResponseBase:
    """Who cannot be visited gives way to the first reserve left."""
    draw = draw_for(request.user, pk)
    found = get_object_or_404(DrawPick.objects.select_related("row"), draw=draw, pk=pick)
    if draw.state != DrawState.CONFIRMED:
        raise Http404(pk)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.replace_pick(
            draw=draw, key=found.row.key, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )

    told = _("由同层次序最前的备选顶替，原因随记录公布。")
    title = _("替换%(name)s") % {"name": found.row}
    return _form(request, draw, form, act, title=title, submit=_("替换"), consequence=told)
