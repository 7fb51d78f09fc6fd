"""Named reads of commendation and accountability: what caused an entry, and which entries a reader sees (A-18)."""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import AppraisalEntry, ItemResult, UnitScore
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.domains.campaign.queries.periods import period_text
from shian.domains.campaign.rules.commendations import APPRAISAL, CASE, ITEM, SCORE, CauseKey, read_cause
from shian.engine.cases.declarations import case_type, case_types
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import key_of_code
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import area_names

KEY = "commendation"
GROUNDS = re.compile(r"(?P<type>\S+) (?P<number>[^：\s]+)(：|$)")
SHOWN_TO_ALL = ("published", "archived")


@dataclass(frozen=True)
class Cause:
    """A score, an appraisal, a case or an item, in words; `area_key` is where it lies, `unit` the one it is about."""

    key: CauseKey
    label: str
    url: str
    area_key: str
    unit: str = ""


def cause_of(text: str) -> Cause | None:
    """The record that an entry's subject names, if there is one. Whoever may read the entry may read what it says."""
    key = read_cause(text)
    return _cause(key) if key else None


def _cause(key: CauseKey) -> Cause | None:
    with system_scope():
        return _FOUND.get(key.source, _case)(key)


def cause_for(case: Case) -> Cause | None:
    """What caused an entry, if it is there."""
    return _cause(key) if (key := key_of_entry(case)) else None


def key_of_entry(case: Case) -> CauseKey | None:
    """What caused an entry: what it names; of one that a file brought, the case whose type and number its grounds tell
    ("督办卡 创建办督〔2022〕1号：…")."""
    if key := read_cause(case.subject):
        return key
    told = GROUNDS.match(str(case.data.get("grounds", "")))
    if told is None:
        return None
    with language_of_record():
        types = {str(each.title): each.key for each in case_types()}
    return CauseKey(CASE, types.get(told["type"], ""), told["number"])


def cause_urls(cases: Collection[Case]) -> dict[int, str]:
    """Entry → the page of what caused it, of those whose cause is there. Three statements, however many there are."""
    keys = {case.pk: key for case in cases if (key := key_of_entry(case))}
    with system_scope():
        pages = {**_score_pages(keys.values()), **_appraisal_pages(keys.values()), **_case_pages(keys.values())}
    pages |= _item_pages(keys.values())
    return {pk: pages[key] for pk, key in keys.items() if key in pages}


def _of(keys: Iterable[CauseKey], source: str) -> tuple[set[str], set[str]]:
    wanted = [key for key in keys if key.source == source]
    return {key.first for key in wanted}, {key.second for key in wanted}


def _score_pages(keys: Iterable[CauseKey]) -> dict[CauseKey, str]:
    periods, units = _of(keys, SCORE)
    rows = UnitScore.objects.filter(ranking__period__in=periods, unit__code__in=units)
    found = (CauseKey(SCORE, *row) for row in rows.values_list("ranking__period", "unit__code"))
    return {key: _score_url(key) for key in found}


def _appraisal_pages(keys: Iterable[CauseKey]) -> dict[CauseKey, str]:
    years, units = _of(keys, APPRAISAL)
    rows = AppraisalEntry.objects.filter(
        appraisal__year__in=[int(year) for year in years if year.isdecimal()], unit__code__in=units
    )
    return {
        CauseKey(APPRAISAL, str(year), unit): _entry_url(pk)
        for year, unit, pk in rows.values_list("appraisal__year", "unit__code", "pk")
    }


def _case_pages(keys: Iterable[CauseKey]) -> dict[CauseKey, str]:
    kinds, numbers = _of(keys, CASE)
    rows = Case.objects.filter(type__in=kinds, number__in=numbers).only("type", "number")
    return {CauseKey(CASE, row.type, row.number): case_url(row) for row in rows}


def _item_pages(keys: Iterable[CauseKey]) -> dict[CauseKey, str]:
    found: dict[CauseKey, str] = {}
    for key in keys:
        with suppress(ValueError):  # no area code
            found |= {key: _item_url(key)} if key.source == ITEM else {}
    return found


def _score_url(key: CauseKey) -> str:
    return f"{reverse('campaign:ranking_detail', args=[key.second])}?{urlencode({'period': key.first})}"


def _entry_url(pk: int) -> str:
    return reverse("campaign:appraisal_detail", args=[pk])


def _item_url(key: CauseKey) -> str:
    area = urlencode({"area": key_of_code(key.second)})
    return f"{reverse('campaign:item_detail', args=[key.first])}?{area}"


def _score(key: CauseKey) -> Cause | None:
    rows = UnitScore.objects.select_related("ranking", "unit").filter(ranking__period=key.first, unit__code=key.second)
    found = rows.first()
    if found is None:
        return None
    told = {
        "unit": found.unit.name,
        "period": period_text(key.first),
        "place": found.place or "—",
        "score": f"{found.score or 0:.2f}",
    }
    label = _("%(unit)s %(period)s 动态评价 %(score)s 分，第 %(place)s 名") % told
    return Cause(key, label, _score_url(key), found.ranking.area, found.unit.name)


def _appraisal(key: CauseKey) -> Cause | None:
    if not key.first.isdecimal():
        return None
    rows = AppraisalEntry.objects.select_related("appraisal", "unit")
    found = rows.filter(appraisal__year=int(key.first), unit__code=key.second).first()
    if found is None:
        return None
    told = {
        "unit": found.unit.name,
        "year": key.first,
        "grade": found.grade or "—",
        "score": found.verified_total or "—",
    }
    label = _("%(unit)s %(year)s 年度考核 %(score)s 分，等次 %(grade)s") % told
    return Cause(key, label, _entry_url(found.pk), found.appraisal.area, found.unit.name)


def _case(key: CauseKey) -> Cause | None:
    found = Case.objects.select_related("unit").filter(type=key.first, number=key.second).first()
    if found is None:
        return None
    declared = case_type(found.type)
    told = {"type": declared.title, "number": found.number, "title": found.title}
    label = _("%(type)s %(number)s：%(title)s") % told
    return Cause(key, label, case_url(found), found.area, found.unit.name if found.unit else "")


def _item(key: CauseKey) -> Cause | None:
    try:
        area = key_of_code(key.second)
    except ValueError:
        return None
    evaluation = current_evaluations(area).first()
    rows = ItemResult.objects.select_related("indicator").filter(evaluation=evaluation, area_key=area)
    found = rows.filter(indicator__code=key.first).first()
    if found is None:
        return None
    name = area_names(timezone.localdate()).get(area, key.second)
    told = {"area": name, "code": key.first, "title": found.indicator.title, "lost": f"{found.lost or 0:.2f}"}
    return Cause(key, _("%(area)s %(code)s %(title)s，失分 %(lost)s") % told, _item_url(key), area)


_FOUND = {SCORE: _score, APPRAISAL: _appraisal, ITEM: _item}


def keeps_commendations(user: Any, area_key: str) -> bool:
    """Whether the user reads entries before they are published."""
    return case_type(KEY).view(user).allowed and reach_of(user).covers(area_key)


def commendations_in(user: Any, area_key: str) -> QuerySet[Any]:
    """The entries of a campaign that the user reads, newest first: all for the office, for others what is published.
    Read inside `system_scope`: published entries are told to every unit."""
    rows = (
        Case.objects.filter(type=KEY, city=area_key[:4]).select_related("unit", "issuer").order_by("-opened_on", "-pk")
    )
    if len(area_key) > 4:
        rows = rows.filter(county=area_key[:6])
    return rows if keeps_commendations(user, area_key) else rows.filter(state__in=SHOWN_TO_ALL, merged_into=None)


def about_cause(user: Any, cause: CauseKey) -> QuerySet[Any]:
    """The entries that one score, appraisal, case or item caused, as far as the user's own pages show them."""
    if not case_type(KEY).view(user).allowed:
        return Case.objects.none()
    return Case.objects.visible_to(user).filter(type=KEY, subject=str(cause)).order_by("-pk")
