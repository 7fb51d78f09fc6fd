"""The yearly appraisal: issued, scored by each unit of itself, verified, graded, published (A-17)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.models import Appraisal, AppraisalEntry, AppraisalLine, AppraisalState, EntryState
from shian.domains.campaign.permissions import APPRAISAL_FILE, APPRAISAL_KEEP
from shian.domains.campaign.queries.appraisals import appraisal_rule, documents_of, lines_of
from shian.domains.campaign.queries.liaisons import officers_of
from shian.domains.campaign.queries.rankings import is_own
from shian.domains.campaign.queries.unit_scores import group_of
from shian.domains.campaign.queries.weeks import reporting_units
from shian.domains.campaign.rules.appraisals import (
    BEYOND,
    MISSING,
    UNPROVEN,
    UNREASONED,
    Said,
    grade_of,
    lacks_of_filing,
    lacks_of_verifying,
)
from shian.domains.campaign.rules.unit_scores import places
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key

RULE = "campaign.appraisals"
ISSUED = Wording(gettext_noop("%(year)s 年度考核待自评"), gettext_noop("请于 %(due_on)s 前逐条自评并附佐证材料。"))
PUBLISHED = Wording(gettext_noop("%(year)s 年度考核结果已公布"))


class AppraisalRefused(ValueError):
    """The appraisal cannot take this step; the text says why. `lines`: number of a line → what is wrong with it."""

    def __init__(self, text: str, lines: Mapping[int, str] | None = None) -> None:
        super().__init__(text)
        self.lines = dict(lines or {})


@transaction.atomic
def issue_appraisal(*, area_key: str, year: int, due_on: date, by: Any, at: datetime) -> Appraisal:
    """The year's appraisal with every unit of the campaign, each line by the rules in force on the day.

    Raises PermissionDenied, OutOfReach, AppraisalRefused.
    """
    name, today = acting(APPRAISAL_KEEP, by, area_key), timezone.localdate(at)
    own, rule = columns_of_key(area_key), appraisal_rule(today)
    if not 2000 <= year <= today.year:
        raise AppraisalRefused(_("考核年度应为今年或者以前的年度。"))
    if due_on < today:
        raise AppraisalRefused(_("自评期限不能早于今天。"))
    issued = _("%(year)s 年度考核已经下发。") % {"year": year}
    if Appraisal.objects.filter(city=own["city"], county=own["county"], year=year).exists():
        raise AppraisalRefused(issued)
    units = list(reporting_units(area_key, today))
    if not units:
        raise AppraisalRefused(_("没有登记参加创建的单位。"))
    try:
        with transaction.atomic():  # two at once: the second waits here for the first
            appraisal = Appraisal.objects.create(
                year=year, due_on=due_on, basis=rule.basis, issued_at=at, issued_by=name, **own,
                rules=[{"code": each.code, "title": each.title, "maximum": str(each.maximum)} for each in rule.lines],
                grades=[{"grade": grade, "least": str(least)} for grade, least in rule.grades],
            )  # fmt: skip
    except IntegrityError as clash:
        raise AppraisalRefused(issued) from clash
    entries = AppraisalEntry.objects.bulk_create(
        AppraisalEntry(appraisal=appraisal, unit=each, group=group_of(each, area_key)) for each in units
    )
    AppraisalLine.objects.bulk_create(
        AppraisalLine(entry=entry, number=number, code=each.code, title=each.title, asked=each.asked,
                      maximum=each.maximum)
        for entry in entries
        for number, each in enumerate(rule.lines, 1)
    )  # fmt: skip
    _seal("campaign.appraisal_issued", f"campaign.appraisal:{appraisal.pk}", name, at, year=year,
          units=[each.code for each in units], rule=str(rule.valid_from))  # fmt: skip
    _tell(appraisal, ISSUED, name, at)
    return appraisal


@transaction.atomic
def file_entry(*, entry: AppraisalEntry, said: Mapping[int, Said], by: Any, at: datetime) -> AppraisalEntry:
    """The unit scores itself, line (its number) by line, with its own documents; again until it is verified.

    Raises PermissionDenied, OutOfReach, AppraisalRefused with what each line lacks.
    """
    name = acting(APPRAISAL_FILE, by)
    if not isinstance(by, str) and not is_own(by, entry.unit):
        raise OutOfReach(f"campaign.appraisalentry:{entry.pk}")
    locked = _locked(entry, EntryState.OPEN, EntryState.FILED)
    lines = {each.number: each for each in lines_of(locked)}
    lacks = lacks_of_filing({number: (each.title, each.maximum) for number, each in lines.items()}, said)
    _refuse(lines, lacks, said)
    known = set(documents_of(locked.unit).values_list("pk", flat=True))
    for number, line in lines.items():
        answer = said[number]
        if set(answer.proofs) - known:
            raise OutOfReach(f"campaign.appraisalline:{line.pk}")
        line.self_score, line.self_note = answer.score, answer.words.strip()
        if {each.pk for each in line.proofs.all()} != set(answer.proofs):
            line.proofs.set(answer.proofs)
    AppraisalLine.objects.bulk_update(lines.values(), ["self_score", "self_note"])
    total = sum((each.self_score for each in lines.values() if each.self_score is not None), Decimal(0))
    locked.state, locked.self_total, locked.filed_at, locked.filed_by = EntryState.FILED, total, at, name
    locked.save(update_fields=["state", "self_total", "filed_at", "filed_by"])
    told = {each.code: [str(each.self_score), len(said[number].proofs)] for number, each in lines.items()}
    _seal("campaign.appraisal_filed", f"campaign.appraisalentry:{locked.pk}", name, at, unit=locked.unit.code,
          total=str(total), lines=told)  # fmt: skip
    return locked


@transaction.atomic
def verify_entry(*, entry: AppraisalEntry, said: Mapping[int, Said], by: Any, at: datetime) -> AppraisalEntry:
    """The office's own points beside the unit's, with a reason on every line where they differ; again until graded.

    Raises PermissionDenied, OutOfReach, AppraisalRefused with what each line lacks.
    """
    name = acting(APPRAISAL_KEEP, by, entry.appraisal.area)
    locked = _locked(entry, EntryState.FILED, EntryState.VERIFIED)
    lines = {each.number: each for each in lines_of(locked)}
    known = {number: (each.maximum, each.self_score or Decimal(0)) for number, each in lines.items()}
    _refuse(lines, lacks_of_verifying(known, said), said)
    for number, line in lines.items():
        line.verified_score, line.reason = said[number].score, said[number].words.strip()
    AppraisalLine.objects.bulk_update(lines.values(), ["verified_score", "reason"])
    total = sum((each.verified_score for each in lines.values() if each.verified_score is not None), Decimal(0))
    locked.state, locked.verified_total = EntryState.VERIFIED, total
    locked.verified_at, locked.verified_by = at, name
    locked.save(update_fields=["state", "verified_total", "verified_at", "verified_by"])
    told = {each.code: [str(each.verified_score), each.reason] for each in lines.values()}
    _seal("campaign.appraisal_verified", f"campaign.appraisalentry:{locked.pk}", name, at, unit=locked.unit.code,
          total=str(total), lines=told)  # fmt: skip
    return locked


def _locked(entry: AppraisalEntry, *wanted: EntryState) -> AppraisalEntry:
    found: AppraisalEntry = (
        AppraisalEntry.objects.select_for_update(of=("self",)).select_related("appraisal", "unit").get(pk=entry.pk)
    )
    if found.appraisal.state != AppraisalState.ISSUED:
        raise AppraisalRefused(_("本年度考核已经评定，不能再改。"))
    if found.state not in wanted:
        raise AppraisalRefused(_("此考核表现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    return found


def _refuse(lines: Mapping[int, AppraisalLine], lacks: Mapping[int, str], said: Mapping[int, Said]) -> None:
    """Say everything that is missing at once, each line by its name."""
    if not lacks:
        return
    texts = {number: _lack_text(lines[number], lack, said) for number, lack in lacks.items()}
    raise AppraisalRefused(" ".join(texts.values()), texts)


def _lack_text(line: AppraisalLine, lack: str, said: Mapping[int, Said]) -> str:
    answer = said.get(line.number, Said(None))
    told = {
        "number": line.number, "title": line.title, "maximum": _points(line.maximum), "own": _points(line.self_score),
        "score": _points(answer.score),
    }  # fmt: skip
    return {
        MISSING: _("第 %(number)s 条“%(title)s”没有填写得分。"),
        BEYOND: _("第 %(number)s 条“%(title)s”的得分应在 0 和 %(maximum)s 之间。"),
        UNPROVEN: _("第 %(number)s 条“%(title)s”得分大于 0，请写明自评说明或者附佐证材料。"),
        UNREASONED: _("第 %(number)s 条“%(title)s”自评 %(own)s 分、核定 %(score)s 分，请写明差异理由。"),
    }[lack] % told


def _points(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


@transaction.atomic
def grade_appraisal(*, appraisal: Appraisal, by: Any, at: datetime) -> Appraisal:
    """Grade and rank every unit by its verified total. A unit that has not scored itself by the last day has the lowest
    grade and no place. Raises PermissionDenied, OutOfReach, AppraisalRefused."""
    name = acting(APPRAISAL_KEEP, by, appraisal.area)
    locked = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
    if locked.state != AppraisalState.ISSUED:
        raise AppraisalRefused(_("本年度考核已经评定。"))
    entries = list(
        AppraisalEntry.objects.select_for_update(of=("self",)).filter(appraisal=locked).select_related("unit")
    )
    _refuse_early(locked, entries, timezone.localdate(at))
    grades = [(each["grade"], Decimal(each["least"])) for each in locked.grades]
    for entry in entries:
        entry.grade = grades[-1][0] if entry.verified_total is None else grade_of(entry.verified_total, grades)
    for group in {each.group for each in entries}:
        spots = places({each.pk: each.verified_total for each in entries if each.group == group})
        for entry in entries:
            entry.place = spots.get(entry.pk, entry.place)
    AppraisalEntry.objects.bulk_update(entries, ["grade", "place"])
    locked.state, locked.graded_at = AppraisalState.GRADED, at
    locked.save(update_fields=["state", "graded_at"])
    told = {each.unit.code: [str(each.verified_total), each.grade, each.place] for each in entries}
    _seal("campaign.appraisal_graded", f"campaign.appraisal:{locked.pk}", name, at, year=locked.year, units=told)
    return locked


def _refuse_early(appraisal: Appraisal, entries: list[AppraisalEntry], today: date) -> None:
    waiting = [each.unit.name for each in entries if each.state == EntryState.FILED]
    if waiting:
        raise AppraisalRefused(_("还没有核定：%(units)s") % {"units": "、".join(waiting)})
    silent = [each.unit.name for each in entries if each.state == EntryState.OPEN]
    if silent and today <= appraisal.due_on:
        told = {"day": appraisal.due_on, "units": "、".join(silent)}
        raise AppraisalRefused(_("自评期限 %(day)s 未过，还没有自评：%(units)s") % told)


@transaction.atomic
def publish_appraisal(*, appraisal: Appraisal, by: Any, at: datetime) -> int:
    """Every unit reads grades and places from now on; how many officers were told. Raises PermissionDenied, OutOfReach,
    AppraisalRefused."""
    name = acting(APPRAISAL_KEEP, by, appraisal.area)
    locked = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
    if locked.state != AppraisalState.GRADED:
        raise AppraisalRefused(_("考核现在是“%(state)s”，不能公布。") % {"state": locked.get_state_display()})
    locked.state, locked.published_at = AppraisalState.PUBLISHED, at
    locked.save(update_fields=["state", "published_at"])
    _seal("campaign.appraisal_published", f"campaign.appraisal:{locked.pk}", name, at, year=locked.year)
    return _tell(locked, PUBLISHED, name, at)


def _tell(appraisal: Appraisal, wording: Wording, by: str, at: datetime) -> int:
    codes = list(AppraisalEntry.objects.filter(appraisal=appraisal).values_list("unit__code", flat=True))
    users = sorted({user for found in officers_of(codes, timezone.localdate(at)).values() for user in found})
    params = {"year": appraisal.year, "due_on": str(appraisal.due_on)}
    link = f"{reverse('campaign:appraisal_list')}?year={appraisal.year}"
    draft = Draft(users, RULE, f"campaign.appraisal:{appraisal.pk}", NoticeLevel.INFO, wording, params, link)
    return send_notices(drafts=[draft], by=by, at=at)


def _seal(action: str, subject: str, by: str, at: datetime, **said: Any) -> None:
    seal(action=action, by=by, subject=subject, data=said, at=at)
