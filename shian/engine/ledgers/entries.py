"""Pages where one row is typed or corrected, and where a row's file is read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.ledgers.actions import RowRefused, add_row, correct_row
from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.forms import RowForm
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.permissions import LEDGER_ENTER, LEDGER_READ, enter_into
from shian.engine.ledgers.queries import choosable_areas, file_of, key_of, texts_of
from shian.engine.ledgers.sights import crumbs, declared_or_404
from shian.kernel.accounts.permissions import check, requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.queries import home_key
from shian.registers.people.queries import posts_of


@requires(LEDGER_ENTER)
def row_create(request: HttpRequest, key: str) -> HttpResponseBase:
    """Type one row: the same checks, reach, history and seal as a file."""
    declared = declared_or_404(key)
    check(enter_into(declared), request.user)
    form = _form(request, declared, _usual(declared, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            add_row(ledger=declared, values=form.texts, files=form.uploads, by=request.user, at=timezone.now())
        except RowRefused as refused:
            form.refuse(refused.problems)
        else:
            messages.success(request, _("已登记并留存证。"))
            row = LedgerRow.objects.get_visible(request.user, ledger=key, key=key_of(declared, form.texts))
            return redirect("ledgers:row_detail", key, row.pk)
    return _page(request, declared, form, _("录入一条"), reverse("ledgers:row_list", args=[key]))


def _usual(declared: Ledger, user: Any) -> dict[str, str]:
    """What a new row most often says: the own area and unit."""
    today = timezone.localdate()
    post = posts_of(user, today).first()
    home = home_key(user, today)
    return {
        **({declared.area: code_of_key(home)} if declared.area and home else {}),
        **({declared.organisation: post.organisation.code} if declared.organisation and post else {}),
    }


@requires(LEDGER_ENTER)
def row_correct(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Correct one row; its natural key stays, and what it said before stays on its page."""
    declared = declared_or_404(key)
    row = LedgerRow.objects.get_visible(request.user, ledger=key, pk=pk)
    check(enter_into(declared), request.user)
    said = texts_of(declared, row)
    kept = {each.name for each in declared.fields if each.is_kept}
    typed = {name: text for name, text in said.items() if name not in kept}
    form = _form(request, declared, typed, settled=declared.key_fields)
    form.keep(name for name in kept if said[name])
    url = reverse("ledgers:row_detail", args=[key, pk])
    if request.method == "POST" and form.is_valid():
        try:
            correct_row(
                ledger=declared, row=row, values=form.texts, files=form.uploads, by=request.user, at=timezone.now()
            )  # fmt: skip
        except RowRefused as refused:
            form.refuse(refused.problems)
        else:
            messages.success(request, _("已更正；原内容保留在本记录的经过中。"))
            return redirect(url)
    return _page(request, declared, form, _("更正记录"), url, " · ".join(said[each] for each in declared.key_fields))


def _form(request: HttpRequest, declared: Ledger, initial: dict[str, str], settled: Any = ()) -> RowForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RowForm(*sent, ledger=declared, settled=settled, initial=initial)
    if declared.area:
        form.offer_areas(choosable_areas(request.user, timezone.localdate(), initial.get(declared.area, "")))
    return form


def _page(
    request: HttpRequest, declared: Ledger, form: RowForm, title: str, cancel_url: str, intro: str = ""
) -> HttpResponseBase:
    page = FormPage(
        title,
        form,
        _("保存"),
        intro=intro or declared.description,
        consequence=_("保存前按本台账的规则校验；保存后留存证，以后的每次更正都保留原内容。"),
        cancel_url=cancel_url,
        crumbs=crumbs(Crumb(declared.title, reverse("ledgers:row_list", args=[declared.key]))),
        has_files=any(each.is_file for each in declared.fields),
        draft=f"{declared.key} {intro}",
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(LEDGER_READ)
def row_file(request: HttpRequest, key: str, pk: int, name: str) -> HttpResponseBase:
    """The file in one field of a row, for whoever may see the row."""
    declared = declared_or_404(key)
    field = declared.by_name.get(name)
    row = LedgerRow.objects.get_visible(request.user, ledger=key, pk=pk)
    if field is None or not field.is_file:
        raise Http404(name)
    try:
        stored = file_of(row, name)
    except LookupError:
        raise Http404(name) from None
    return Door.of_page(request).let_out_stored(
        stored,
        f"{field.title}-{row.pk}.{stored.kind}",
        kind=Kind.FILE,
        subject=f"ledgers.ledgerrow:{row.pk}",
        title=f"{declared.title}（{field.title}）",
        personal=[field.personal] if field.personal else [],
        is_masked=False,
        at=timezone.now(),
    )
