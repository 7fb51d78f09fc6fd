"""Letters: list, record, signed with a drawn signature after the own password, countersigned, printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.letters import countersign_letter, sign_letter
from shian.domains.duties.definitions.letters import letter_papers
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.models import Letter, LetterState
from shian.domains.duties.permissions import DUTY_KEEP, DUTY_OWN, LETTER_SIGN
from shian.domains.duties.queries.letters import is_own, letter_for, letters_of, may_countersign, subjects_of
from shian.domains.duties.tables.roster import (
    LETTER_TONES,
    LETTERS,
    OF_OFFICIAL,
    letter_rows,
    letter_url,
    match_rows,
    official_url,
)
from shian.domains.duties.views.shown import STEPS, figure_url, home_of, names, paged, today
from shian.engine.reports.paper import paper, paper_actions
from shian.kernel.accounts.permissions import confirms, requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Option, Section, Stat
from shian.kernel.ui.signatures import signature_in
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, Table

SIGNATURES = ("signature", "counter_signature")


@requires(DUTY_OWN)
def letter_list(request: HttpRequest) -> HttpResponse:
    """Letters of the reach; officials see their own and those to countersign."""
    user: Any = request.user
    choice, named = read_choice(request.GET, user), names()
    rows = letters_of(user).filter(choice.inside)
    rows = rows.filter(state=choice.state) if choice.state in LetterState.values else rows.exclude(
        state=LetterState.INVALID
    )  # fmt: skip
    rows = rows.filter(official__name__icontains=choice.text) if choice.text else rows
    empty = Empty(_("没有承诺书"), _("对接批准后，每名干部自动有一份待签订的承诺书。"))
    table = paged(request, rows, LETTERS, lambda items: letter_rows(items, today()), empty, sort="due_on")
    states = [Option(each.value, each.label) for each in LetterState]
    page = ListPage(
        _("包保承诺书"), table, unit=_("份"),
        filters=filters_of(choice, user, named, today(), states=states, placeholder=_("干部姓名")),
        summary=_("干部或其包保主体一有变动，承诺书即时失效，重新签订。"),
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": page, "stats": _stats(user, choice), "notes": ()})


def _stats(user: Any, choice: Any) -> list[Stat]:
    rows = letters_of(user).filter(choice.inside).order_by()
    due = rows.filter(state=LetterState.DUE).count()
    waiting, good = rows.filter(state=LetterState.SIGNED).count(), rows.filter(state=LetterState.IN_FORCE).count()
    whole, unit = due + waiting + good, _("份")
    more = f"&area={choice.area}" if choice.area else ""
    return [
        Stat(_("已生效"), good, unit=unit, part=good, whole=whole,
             url=figure_url("duty_matches.signed", home_of(user, choice.area))),
        Stat(_("待签订"), due, unit=unit, state=DUE if due else DONE, url=f"?state={LetterState.DUE}{more}"),
        Stat(_("待对签"), waiting, unit=unit, state=DUE if waiting else DONE, url=f"?state={LetterState.SIGNED}{more}"),
    ]  # fmt: skip


@requires(DUTY_OWN)
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with the operators that it stands for."""
    letter = letter_for(request.user, pk)
    state = LetterState(letter.state)
    page = RecordPage(
        _("%(name)s的承诺书") % {"name": letter.official.name}, code=_("第 %(number)s 份") % {"number": letter.number},
        kind=_("包保承诺书"),
        state=LETTER_TONES[state], state_label=state.label,
        crumbs=[Crumb(_("包保承诺书"), reverse("duties:letter_list"))], actions=_actions(request.user, letter),
        sections=[Section(_("承诺书"), _facts(letter))], timeline=timeline_of(letter.subject),
    )  # fmt: skip
    rows = list(match_rows(subjects_of(letter), names()))
    tables = [(_("所列主体"), Table(OF_OFFICIAL, rows, empty=Empty(_("没有包保主体"))))]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _facts(letter: Letter) -> list[Fact]:
    official, before, post = letter.official, letter.replaces, letter.counter_post
    counter = f"{letter.counter_name}（{post}）" if letter.counter_name else post
    facts = [
        Fact(_("包保干部"), f"{official.name}（{official.unit}{official.post}）", url=official_url(official)),
        Fact(_("包保主体"), letter.subjects, kind="number", unit=_("户")),
        Fact(_("签订原因"), letter.reason), Fact(_("生成时间"), letter.issued_at, kind="moment"),
        Fact(_("签订期限"), letter.due_on, kind="date"), Fact(_("签字时间"), letter.signed_at, kind="moment"),
        Fact(_("对签人"), counter),
        Fact(_("对签时间"), letter.countersigned_at, kind="moment"),
        Fact(_("前一份"), before.number if before else None, url=letter_url(before) if before else ""),
    ]  # fmt: skip
    labels = {"signature": _("干部签名"), "counter_signature": _("对签人签名")}
    facts += [
        Fact(labels[name], _("已签"), url=reverse("duties:signature_download", args=[letter.pk, name]))
        for name in SIGNATURES
        if getattr(letter, f"{name}_id")
    ]
    if letter.ended_at:
        facts += [Fact(_("失效时间"), letter.ended_at, kind="moment"), Fact(_("失效原因"), letter.ended_because)]
    return facts


def _actions(user: Any, letter: Letter) -> list[Action]:
    found = paper_actions(_("下载三清单一承诺"), reverse("duties:letter_download", args=[letter.pk]))
    if letter.state == LetterState.DUE and _may_sign(user, letter):
        found.append(Action(_("签字"), reverse("duties:letter_sign", args=[letter.pk]), icon="edit", kind="primary"))
    if letter.state == LetterState.SIGNED and may_countersign(user, letter):
        url = reverse("duties:letter_confirm", args=[letter.pk])
        found.append(Action(_("对签"), url, icon="edit", kind="primary"))
    return found


def _may_sign(user: Any, letter: Letter) -> bool:
    keeps = DUTY_KEEP(user).allowed and reach_of(user).covers(letter.area)
    return keeps or is_own(user, letter)


@requires(LETTER_SIGN)
@confirms
def letter_sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The official signs, or a signature on paper is recorded."""
    letter = letter_for(request.user, pk)
    if letter.state != LetterState.DUE or not _may_sign(request.user, letter):
        raise Http404(pk)

    def step() -> None:
        drawn = signature_in(request.POST, request.FILES, "signature")
        sign_letter(letter=letter, signature=drawn, by=request.user, at=timezone.now())

    return _signing(request, letter, step, is_counter=False)


@requires(LETTER_SIGN)
@confirms
def letter_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The other side signs; the letter is in force."""
    letter = letter_for(request.user, pk)
    if letter.state != LetterState.SIGNED or not may_countersign(request.user, letter):
        raise Http404(pk)

    def step() -> None:
        drawn = signature_in(request.POST, request.FILES, "signature")
        countersign_letter(
            letter=letter, signature=drawn, counter_name=request.POST.get("counter_name", "")[:30], by=request.user,
            at=timezone.now(),
        )  # fmt: skip

    return _signing(request, letter, step, is_counter=True)


def _signing(request: HttpRequest, letter: Letter, step: Any, *, is_counter: bool) -> HttpResponseBase:
    if request.method == "POST":
        try:
            step()
        except STEPS.refusals as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已对签，承诺书生效。") if is_counter else _("已签字，待对签。"))
            return redirect(letter_url(letter))
    listed = Crumb(_("包保承诺书"), reverse("duties:letter_list"))
    crumbs = [listed, Crumb(letter.official.name, letter_url(letter))]
    context = {
        "letter": letter, "is_counter": is_counter, "back": letter_url(letter),
        "subjects": subjects_of(letter), "counter_name": request.POST.get("counter_name", ""),
        "crumbs": crumbs,
    }  # fmt: skip
    return render(request, "duties/letter_sign.html", context)


@requires(DUTY_OWN)
def letter_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Three lists and the letter; every copy that leaves is listed."""
    letter = letter_for(request.user, pk)
    title = f"{_('三清单一承诺')}-{letter.official.name}-{letter.number}"
    answer = paper(letter_papers(letter, list(subjects_of(letter))), title, request)
    door = Door.of_page(request)
    return door.let_out(answer, subject=letter.subject, title=title, rows=letter.subjects, at=timezone.now())


@requires(DUTY_OWN)
def signature_download(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A signature as it was drawn."""
    letter = letter_for(request.user, pk)
    stored = getattr(letter, name) if name in SIGNATURES else None
    if stored is None:
        raise Http404(name)
    return Door.of_page(request).let_out_stored(
        stored, f"letter-{letter.pk}-{name}.{stored.kind}", kind=Kind.FILE, subject=letter.subject,
        title=letter.official.name, at=timezone.now(),
    )  # fmt: skip
