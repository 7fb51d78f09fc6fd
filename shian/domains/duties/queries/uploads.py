"""Named reads of what an area reports (C-13): empty required fields row by row, targets and what was reached."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.duties.models import AreaUpload, Letter, LetterState, Match, Official, Tier, TierState, UploadState
from shian.domains.duties.permissions import DUTY_READ
from shian.domains.duties.queries.coverage import in_force
from shian.domains.duties.queries.spotchecks import level_of
from shian.domains.duties.rules.uploads import UploadNumbers, is_met, read_upload_numbers
from shian.domains.duties.rules.visits import Quarter
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure, figures
from shian.kernel.imports.specs import importer
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import Level, code_of_key
from shian.kernel.ui.states import Text
from shian.registers.operators.models import Operator

NUMBERS = Dated("duty_uploads", read_upload_numbers)
SHOWN = 200


@dataclass(frozen=True)
class Gap:
    """A required field that is empty: in which register, of which row (code and name), and where it is mended. column,
    reason and remedy are those that the register's importer tells."""

    register: Text
    code: str
    name: str
    column: Text
    reason: str
    remedy: str
    url: str


@dataclass(frozen=True)
class Line:
    """A figure with its target."""

    key: str
    title: Text
    target: Decimal
    actual: Decimal | None
    part: int | None
    whole: int | None

    @property
    def is_met(self) -> bool:
        return is_met(self.actual, self.target)


@dataclass(frozen=True)
class Quality:
    """What stands in the way of a return, and what it would tell. gaps: at most SHOWN of `missing`; counts: register →
    rows and rows lacking something."""

    gaps: Sequence[Gap]
    missing: int
    counts: dict[str, dict[str, int]]
    lines: Sequence[Line]

    @property
    def unmet(self) -> list[Line]:
        return [line for line in self.lines if not line.is_met]


def upload_numbers(day: date) -> UploadNumbers:
    """The version in force on the day."""
    return NUMBERS.at(day)


def uploads_of(user: Any, quarter: Quarter) -> ScopedQuerySet[AreaUpload]:
    """Returns of a quarter that the user sees, the newest first."""
    found: ScopedQuerySet[AreaUpload] = AreaUpload.objects.visible_to(user).filter(quarter=quarter.key)
    return found.order_by("area_code", "-pk")


def upload_for(user: Any, pk: int) -> AreaUpload:
    """Raises Http404, OutOfReach."""
    found: AreaUpload = AreaUpload.objects.get_visible(user, pk=pk)
    return found


def may_see_upload(user: Any, key: str) -> bool:
    """For the seals of a return."""
    return key.isdecimal() and DUTY_READ(user).allowed and AreaUpload.objects.visible_to(user).filter(pk=key).exists()


def running_upload(area: str, quarter: Quarter) -> AreaUpload | None:
    """The one that was not returned."""
    rows = AreaUpload.objects.filter(area_code=code_of_key(area), quarter=quarter.key)
    return rows.exclude(state=UploadState.RETURNED).first()


def quality_of(area: str, quarter: Quarter, today: date) -> Quality:
    """Every empty required field of an area, and its figures. A few statements, however many rows."""
    day, numbers = quarter.until(today), upload_numbers(today)
    gaps: list[Gap] = []
    counts: dict[str, dict[str, int]] = {}
    missing = 0
    for register, fields in numbers.required.items():
        rows, lacking = _rows(register, area, day), Q(pk__in=[])
        for name in fields:
            lacking |= _empty(register, name)
        found = rows.filter(lacking)
        counts[register] = {"rows": rows.count(), "lacking": found.count()}
        for row in found[:SHOWN]:
            told = list(_gaps(register, fields, row))
            gaps += told
        missing += _missing(register, fields, found)
    return Quality(gaps[:SHOWN], missing, counts, lines_of(area, quarter, numbers))


@dataclass(frozen=True)
class Standing:
    """Of one county: empty required fields, and targets that are missed."""

    missing: int
    unmet: int


def standings(city: str, quarter: Quarter, today: date) -> dict[str, Standing]:
    """County → how it stands before it sends. As many statements as there are fields, however many counties."""
    day, numbers = quarter.until(today), upload_numbers(today)
    missing: Counter[str] = Counter()
    for register, fields in numbers.required.items():
        for name in fields:
            found = _rows(register, city, day).filter(_empty(register, name)).exclude(county="")
            missing.update(dict(found.order_by().values_list("county").annotate(Count("pk"))))
    unmet: Counter[str] = Counter()
    for key, target in numbers.targets.items():
        told = figures(
            [key], as_of=quarter.last, area_prefix=city, period=_period(key, quarter), levels=(Level.COUNTY,)
        )  # fmt: skip
        unmet.update(area for area, each in told[key].items() if not is_met(each.value, target))
    return {area: Standing(missing[area], unmet[area]) for area in {*missing, *unmet}}


def _missing(register: str, fields: Sequence[str], found: QuerySet[Any]) -> int:
    return sum(found.filter(_empty(register, name)).count() for name in fields)


def _here(area: str, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{level_of(area).value}": area}


def _dated(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _rows(register: str, area: str, day: date) -> QuerySet[Any]:
    """The rows that must be whole: officials of the day, operators with a tier, and of these who needs a match; and the
    officials who answer for somebody."""
    tiers = Tier.objects.filter(_dated(day), state=TierState.CONFIRMED, **_here(area))
    if register == "duty_officials":
        return Official.objects.filter(_dated(day), **_here(area)).order_by("code")
    if register == "operators":
        return Operator.objects.filter(pk__in=tiers.values("operator")).order_by("code")
    if register == "duty_matches":
        own = Match.objects.filter(in_force(day), operator=OuterRef("operator"))
        return tiers.annotate(is_matched=Exists(own)).select_related("operator").order_by("operator__code")
    busy = Match.objects.filter(in_force(day), **_here(area)).values("official")
    good = Letter.objects.filter(official=OuterRef("pk"), state=LetterState.IN_FORCE)
    return Official.objects.filter(pk__in=busy, **_here(area)).annotate(is_signed=Exists(good)).order_by("code")


def _empty(register: str, name: str) -> Q:
    derived = {"duty_matches": Q(is_matched=False), "duty_letters": Q(is_signed=False)}
    return derived.get(register) or Q(**{name: ""})


def _gaps(register: str, fields: Sequence[str], row: Any) -> Iterator[Gap]:
    """In the words of the importer of the register: 必填项为空, 请填写“…”."""
    spec = importer(register)
    subject = row.operator if register == "duty_matches" else row
    for name in fields:
        if register in {"duty_officials", "operators"} and getattr(row, name):
            continue
        title = spec.field(name).title
        remedy = _("请填写“%(title)s”") % {"title": title}
        url = _mended(register, subject)
        yield Gap(spec.title, subject.code, subject.name, title, _("必填项为空"), remedy, url)


def _mended(register: str, subject: Any) -> str:
    if register == "duty_officials":
        return reverse("duties:official_detail", args=[subject.pk])
    if register == "duty_letters":
        return f"{reverse('duties:letter_list')}?q={subject.name}"
    if register == "duty_matches":
        return reverse("duties:match_edit", args=[subject.code])
    return reverse("census:operator_detail", args=[subject.code])


def lines_of(area: str, quarter: Quarter, numbers: UploadNumbers) -> list[Line]:
    """The figures on the quarter's last day, with their targets."""
    found = []
    for key, target in numbers.targets.items():
        told = figure(key, area=code_of_key(area), as_of=quarter.last, period=_period(key, quarter))
        parts = [None if each is None else int(each) for each in (told.part, told.whole)]
        found.append(Line(key, measure(key).title, target, told.value, parts[0], parts[1]))
    return found


def _period(key: str, quarter: Quarter) -> str | None:
    return quarter.key if measure(key).period == "range" else None


def line_url(key: str, area: str, quarter: Quarter) -> str:
    """The figure, from where its rows open."""
    told = f"?area={code_of_key(area)}&as_of={quarter.last}"
    period = _period(key, quarter)
    return reverse("figures:figure_detail", args=[key]) + told + (f"&period={period}" if period else "")
