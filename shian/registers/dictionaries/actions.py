"""Verbs of dictionaries: draft, confirm, discard, end. Nothing that was in force is ever rewritten or removed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.dictionaries.models import DictionaryEntry, EntryState
from shian.registers.dictionaries.permissions import DICTIONARY_CHANGE
from shian.registers.dictionaries.queries import dictionary, terms_of
from shian.registers.dictionaries.rules import Term, terms_in_force


class EntryRefused(ValueError):
    """The entry cannot be made, confirmed or ended; the text tells the user why and what to do."""


@transaction.atomic
def draft_entry(
    *,
    key: str,
    code: str,
    name: str,
    area_code: str,
    valid_from: date,
    reason: str,
    by: Any,
    at: datetime,
    name_en: str = "",
    details: Mapping[str, str] | None = None,
) -> DictionaryEntry:
    """Write down a new word, or a new name of a code, that holds for nobody yet.

    Raises PermissionDenied, OutOfReach, LookupError, EntryRefused.
    """
    area = _admitted(key, area_code, by)
    if DictionaryEntry.objects.filter(dictionary=key, code=code, area_code=area_code, valid_from=valid_from).exists():
        raise EntryRefused(_("该编码在同一地区、同一启用日期已有条目。"))
    if any(term.name == name and term.code != code for term in terms_in_force(terms_of(key), valid_from, area)):
        raise EntryRefused(_("“%(name)s”当日已是另一个编码的名称，请换一个名称。") % {"name": name})
    entry = DictionaryEntry.objects.create(
        dictionary=key,
        code=code,
        name=name,
        name_en=name_en,
        details=dict(details or {}),
        area_code=area_code,
        valid_from=valid_from,
        reason=reason,
        drafted_at=at,
        drafted_by=by.get_username(),
        **columns_of_key(area),
    )
    _seal("dictionaries.entry_drafted", entry, by, at)
    return entry


@transaction.atomic
def confirm_entry(*, entry: DictionaryEntry, by: Any, at: datetime) -> DictionaryEntry:
    """Put a draft in force from its first day; the former name of its code ends there on that day.

    Raises PermissionDenied, OutOfReach, EntryRefused.
    """
    locked = _draft(entry, by)
    area = key_of_code(locked.area_code)
    for term in terms_in_force(terms_of(locked.dictionary), locked.valid_from, area):
        if term.code == locked.code and term.valid_from < locked.valid_from:
            _end(locked.dictionary, term, locked.area_code, locked.valid_from, locked.reason, by, at)
    locked.state, locked.confirmed_at, locked.confirmed_by = EntryState.VALID, at, by.get_username()
    locked.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _seal("dictionaries.entry_confirmed", locked, by, at)
    return locked


@transaction.atomic
def discard_entry(*, entry: DictionaryEntry, by: Any, at: datetime) -> None:
    """Throw a draft away; its seal stays. Raises PermissionDenied, OutOfReach, EntryRefused."""
    locked = _draft(entry, by)
    _seal("dictionaries.entry_discarded", locked, by, at)
    locked.delete()


@transaction.atomic
def end_entry(*, key: str, code: str, area_code: str, on: date, reason: str, by: Any, at: datetime) -> DictionaryEntry:
    """End a word in an area: from `on` it is refused there, before it reads as it did. A word of the pack ends for this
    area only. Raises PermissionDenied, OutOfReach, LookupError, EntryRefused.
    """
    area = _admitted(key, area_code, by)
    term = next((each for each in terms_in_force(terms_of(key), on, area) if each.code == code), None)
    if term is None or term.valid_from >= on:
        raise EntryRefused(_("该编码当日在该地区没有可以停用的条目，请核对日期和地区。"))
    return _end(key, term, area_code, on, reason, by, at)


def _admitted(key: str, area_code: str, by: Any) -> str:
    """The area key, after every question of permission."""
    check(DICTIONARY_CHANGE, by)
    area = key_of_code(area_code)
    if not reach_of(by).covers(area):
        raise OutOfReach(f"dictionaries.entry:{key}/{area_code}")
    if not dictionary(key).is_open:
        raise EntryRefused(_("本字典由系统规则使用，不能增减条目。"))
    return area


def _draft(entry: DictionaryEntry, by: Any) -> DictionaryEntry:
    _admitted(entry.dictionary, entry.area_code, by)
    locked = DictionaryEntry.objects.select_for_update().filter(pk=entry.pk, state=EntryState.DRAFT).first()
    if locked is None:
        raise EntryRefused(_("该条目已不是草稿，请刷新页面。"))
    return locked


def _end(key: str, term: Term, area_code: str, on: date, reason: str, by: Any, at: datetime) -> DictionaryEntry:
    """The city's own row gets its last day; a term of a larger area gets a row of this area that has one."""
    area = key_of_code(area_code)
    values = {"valid_to": on, "state": EntryState.ENDED, "ended_at": at, "ended_by": by.get_username()}
    if term.entry is not None and term.area == area:
        entry = DictionaryEntry.objects.select_for_update().get(pk=term.entry)
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save(update_fields=[*values])
    else:
        entry = DictionaryEntry.objects.create(
            dictionary=key,
            code=term.code,
            name=term.name,
            name_en=term.name_en,
            details=dict(term.details),
            area_code=area_code,
            valid_from=term.valid_from,
            reason=reason,
            drafted_at=at,
            drafted_by=by.get_username(),
            confirmed_at=at,
            confirmed_by=by.get_username(),
            **columns_of_key(area),
            **values,
        )
    _seal("dictionaries.entry_ended", entry, by, at, reason=reason)
    return entry


def _seal(action: str, entry: DictionaryEntry, by: Any, at: datetime, **more: str) -> None:
    data = {
        "name": entry.name,
        "area": entry.area_code,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "details": entry.details,
        "reason": entry.reason,
        **more,
    }
    subject = f"dictionaries.entry:{entry.dictionary}/{entry.code}"
    seal(action=action, by=by.get_username(), subject=subject, data=data, at=at)
