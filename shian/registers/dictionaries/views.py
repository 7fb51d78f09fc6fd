"""Pages of dictionaries: the list, one dictionary on a day, one code with its history, and the forms that change it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.languages import bilingual
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.dictionaries.actions import EntryRefused, confirm_entry, discard_entry, draft_entry, end_entry
from shian.registers.dictionaries.forms import DETAILS, PREFIX, EndForm, EntryForm
from shian.registers.dictionaries.models import DictionaryEntry
from shian.registers.dictionaries.permissions import DICTIONARY_CHANGE, DICTIONARY_READ
from shian.registers.dictionaries.queries import (
    Dictionary,
    all_dictionaries,
    dictionary,
    drafts_of,
    entries_by_state,
    terms_of,
)
from shian.registers.dictionaries.rules import Term, is_seen_from, terms_seen_from
from shian.registers.dictionaries.tables import DICTIONARIES, TERMS, dictionary_row, draft_row, term_row, term_url

EVERY = "every"
TIMELINE = 30


def _found(key: str) -> Dictionary:
    try:
        return dictionary(key)
    except LookupError:
        raise Http404(key) from None


def _as_of(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("字典"), reverse("dictionaries:dictionary_list")), *more]


def _crumb(found: Dictionary) -> Crumb:
    return Crumb(found.title, reverse("dictionaries:dictionary_detail", args=[found.key]))


@requires(DICTIONARY_READ)
def dictionary_list(request: HttpRequest) -> HttpResponse:
    """Every dictionary, with how many of its terms hold on the day."""
    as_of = _as_of(request)
    home = home_key(request.user, as_of)
    rows = [
        dictionary_row(
            each, len(terms_seen_from(terms_of(each.key), as_of, home)), entries_by_state(each.key, request.user)
        )
        for each in all_dictionaries().values()
    ]
    page = ListPage(
        _("字典"),
        Table(DICTIONARIES, rows, query=ListQuery.read(request.GET, DICTIONARIES)),
        unit=_("本"),
        summary=_("名录里的用语及其起止日期：旧记录按当时的用语显示，新导入按生效日期检查。"),
        filters=FilterBar([Filter("as_of", _("数据时点"), "date", value=as_of.isoformat())]),
    )
    return render(request, "ui/page_list.html", {"list": page})


@requires(DICTIONARY_READ)
def dictionary_detail(request: HttpRequest, key: str) -> HttpResponse:
    """The terms in force on a day, or every term that ever held; drafts come first."""
    found, as_of = _found(key), _as_of(request)
    shown = request.GET.get("shown", "")
    query = ListQuery.read(request.GET, TERMS)
    rows = _term_rows(request, found, as_of, is_every=shown == EVERY)
    filters = [
        Filter("as_of", _("数据时点"), "date", value=as_of.isoformat()),
        Filter("shown", _("范围"), options=[Option(EVERY, _("含已停用和尚未启用"))], value=shown),
    ]
    page = ListPage(
        found.title,
        Table(TERMS, rows, query=query, empty=Empty(_("当日没有有效条目"), _("请换一个日期。"))),
        unit=_("条"),
        summary=_summary(found),
        crumbs=_crumbs(),
        filters=FilterBar(filters),
        actions=_list_actions(found, request.user),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _term_rows(request: HttpRequest, found: Dictionary, as_of: date, *, is_every: bool) -> list[Row]:
    names, home, terms = area_names(as_of), home_key(request.user, as_of), terms_of(found.key)
    listed = [each for each in terms if is_seen_from(each, terms, home)]
    if not is_every:
        listed = terms_seen_from(terms, as_of, home)
    listed.sort(key=lambda each: (each.code, each.area, each.valid_from))
    drafts = [draft_row(each, names) for each in drafts_of(found.key, request.user)] if found.is_open else []
    return [*drafts, *(term_row(found.key, each, names, as_of) for each in listed)]


def _summary(found: Dictionary) -> str:
    told = {"path": found.path, "day": found.edition_on.isoformat()}
    source = _("随系统发布的条目来自 %(path)s，版本日期 %(day)s。") % told
    rule = _("本地可增加、改名和停用条目。") if found.is_open else _("本字典由系统规则使用，不能增减条目。")
    return "".join(filter(None, [source, rule, found.note and f"{found.note}。"]))


def _list_actions(found: Dictionary, user: Any) -> list[Action]:
    if not found.is_open or not DICTIONARY_CHANGE(user).allowed:
        return []
    return [Action(_("增加条目"), reverse("dictionaries:entry_draft", args=[found.key]), icon="plus", kind="primary")]


@requires(DICTIONARY_READ)
def term_detail(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One code: what it is called where and when, and what was done to it."""
    found, as_of = _found(key), _as_of(request)
    names, home, terms = area_names(as_of), home_key(request.user, as_of), terms_of(key)
    own = [each for each in terms if each.code == code and is_seen_from(each, terms, home)]
    drafts = [each for each in drafts_of(key, request.user) if each.code == code]
    if not own and not drafts:
        raise Http404(code)
    newest = max(own, key=lambda each: each.valid_from, default=None)
    title = bilingual(newest.name, newest.name_en or None) if newest else drafts[0].name
    page = RecordPage(
        title,
        code=code,
        kind=found.title,
        crumbs=_crumbs(_crumb(found)),
        sections=[_facts(found, newest)] if newest else [],
        timeline=_timeline(key, code),
        actions=_term_actions(found, code, newest, drafts, request.user),
    )
    rows = [draft_row(each, names) for each in drafts] + [term_row(key, each, names, as_of) for each in own]
    columns = [each for each in TERMS if each.key != "code"]
    return render(request, "dictionaries/term_detail.html", {"record": page, "terms": Table(columns, rows, id="terms")})


def _facts(found: Dictionary, term: Term) -> Section:
    facts = [
        Fact(_("英文名称"), term.name_en),
        *(Fact(DETAILS.get(name, name), value) for name, value in term.details.items() if isinstance(value, str)),
        Fact(_("出处"), found.path if term.entry is None else _("本地条目")),
    ]
    return Section(_("基本情况"), facts)


def _term_actions(
    found: Dictionary, code: str, newest: Term | None, drafts: list[DictionaryEntry], user: Any
) -> list[Action]:
    if not found.is_open or not DICTIONARY_CHANGE(user).allowed:
        return []
    actions = []
    for draft in drafts:
        told = {"name": draft.name, "day": draft.valid_from.isoformat()}
        confirm = _("自 %(day)s 起启用“%(name)s”；该编码的原名称同日停用，此前的记录不变。") % told
        url = reverse("dictionaries:entry_confirm", args=[draft.pk])
        actions.append(Action(_("启用"), url, icon="check", kind="primary", method="post", consequence=confirm))
        url = reverse("dictionaries:entry_discard", args=[draft.pk])
        actions.append(
            Action(_("作废草稿"), url, icon="trash", kind="danger", method="post", consequence=_("草稿将被删除。"))
        )
    if newest and newest.valid_to is None and not drafts:
        url = f"{reverse('dictionaries:entry_draft', args=[found.key])}?code={code}"
        actions.append(Action(_("改名"), url, icon="edit"))
        actions.append(Action(_("停用"), reverse("dictionaries:entry_end", args=[found.key, code]), icon="ban"))
    return actions


def _timeline(key: str, code: str) -> list[TimelineEntry]:
    words = {
        "dictionaries.entry_drafted": _("草拟：%(name)s"),
        "dictionaries.entry_confirmed": _("启用：%(name)s"),
        "dictionaries.entry_discarded": _("作废：%(name)s"),
        "dictionaries.entry_ended": _("停用：%(name)s"),
    }
    return [
        TimelineEntry(
            words[entry.action] % {"name": entry.data["name"]},
            entry.at,
            by=actor(entry.actor),
            body=_("%(start)s 至 %(end)s；%(reason)s")
            % {
                "start": entry.data["valid_from"],
                "end": entry.data["valid_to"] or _("今后"),
                "reason": entry.data["reason"],
            },
            seal=entry.seal,
        )
        for entry in entries_of(f"dictionaries.entry:{key}/{code}")[:TIMELINE]
    ]


def _open_dictionary(key: str) -> Dictionary:
    found = _found(key)
    if not found.is_open:
        raise Http404(key)
    return found


def _home_code(user: Any) -> str:
    key = home_key(user, timezone.localdate())
    return code_of_key(key) if key else ""


@requires(DICTIONARY_CHANGE)
def entry_draft(request: HttpRequest, key: str) -> HttpResponseBase:
    """Write down a new entry or a new name."""
    found = _open_dictionary(key)
    code = request.GET.get("code", "")
    known = next((each for each in terms_of(key) if each.code == code), None)
    kept = {f"{PREFIX}{name}": value for name, value in known.details.items()} if known else {}
    initial = {"code": code, "area_code": _home_code(request.user), "valid_from": timezone.localdate(), **kept}
    form = EntryForm(request.POST or None, dictionary=found, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entry = draft_entry(key=key, **form.entry, by=request.user, at=timezone.now())
        except EntryRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("草稿已保存，请核对后启用。"))
            return redirect(term_url(key, entry.code))
    page = FormPage(
        _("改名") if code else _("增加条目"),
        form,
        _("保存草稿"),
        intro=str(found.title),
        consequence=_("草稿不影响任何导入，启用后才按日期生效。"),
        cancel_url=term_url(key, code) if code else reverse("dictionaries:dictionary_detail", args=[key]),
        crumbs=_crumbs(_crumb(found)),
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


@requires(DICTIONARY_CHANGE)
def entry_end(request: HttpRequest, key: str, code: str) -> HttpResponseBase:
    """End a word in an area from a day on."""
    found = _open_dictionary(key)
    term = next((each for each in reversed(terms_of(key)) if each.code == code), None)
    if term is None:
        raise Http404(code)
    initial = {
        "area_code": code_of_key(term.area) if term.area else _home_code(request.user),
        "on": timezone.localdate(),
    }
    form = EndForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            end_entry(key=key, code=code, **form.cleaned_data, by=request.user, at=timezone.now())
        except EntryRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已停用；此前的记录仍按原名称显示。"))
            return redirect(term_url(key, code))
    page = FormPage(
        _("停用“%(name)s”") % {"name": term.name},
        form,
        _("停用"),
        intro=str(found.title),
        consequence=_("停用后不能恢复；需要时可以同一编码另立条目。"),
        cancel_url=term_url(key, code),
        crumbs=_crumbs(_crumb(found), Crumb(term.name, term_url(key, code))),
    )
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


@requires(DICTIONARY_CHANGE)
@require_POST
def entry_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put a draft in force."""
    entry = _settled(request, pk, confirm_entry, _("“%(name)s”已启用。"))
    return redirect(term_url(entry.dictionary, entry.code))


@requires(DICTIONARY_CHANGE)
@require_POST
def entry_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    entry = _settled(request, pk, discard_entry, _("草稿已作废。"))
    return redirect("dictionaries:dictionary_detail", entry.dictionary)


def _settled(request: HttpRequest, pk: int, verb: Callable[..., object], told: str) -> DictionaryEntry:
    """The draft after the verb; what came of it is told on the next page."""
    entry: DictionaryEntry = DictionaryEntry.objects.get_visible(request.user, pk=pk)
    try:
        verb(entry=entry, by=request.user, at=timezone.now())
    except EntryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told % {"name": entry.name})
    return entry
