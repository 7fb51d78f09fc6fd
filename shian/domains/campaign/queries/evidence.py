"""Named reads of evidence: what is owed and filed, rounds side by side, gap lists, and the dated rule of expiry."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shian.domains.campaign.models import (
    Channel,
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    Indicator,
    NeedState,
    ReviewRound,
    ReviewVerdict,
    RoundItem,
)
from shian.domains.campaign.queries.standards import standard_in_force
from shian.kernel.accounts.models import Role
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.queries import areas_valid_at
from shian.registers.people.models import Organisation

WARNED_BEFORE = Dated("evidence", lambda told: int(told["warned_before"]))


def warned_before(day: date) -> int:
    """Days before a document's last day from which it is told as expiring. Raises ImproperlyConfigured."""
    return WARNED_BEFORE.at(day)


def document_items() -> list[Indicator]:
    """The items of the standard in force that are chiefly checked by documents, in order."""
    standard = standard_in_force()
    if standard is None:
        return []
    return list(standard.indicators.filter(primary_channel=Channel.DOCUMENT).order_by("order"))


def item_titles() -> dict[str, str]:
    """Code → title of every item of the standard in force."""
    standard = standard_in_force()
    return dict(standard.indicators.values_list("code", "title")) if standard else {}


def own_filter(user: Any) -> Q:
    """Rows of the user's own units, wherever they lie."""
    return Q(unit__in=list(reach_of(user).organisations))


def evidence_for(user: Any) -> ScopedQuerySet[Evidence]:
    """Documents inside the user's reach, and those of the own units."""
    return Evidence.objects.filter(reach_of(user).area_filter() | own_filter(user)).select_related("unit")


def needs_for(user: Any) -> ScopedQuerySet[EvidenceNeed]:
    """What is owed inside the user's reach, and by the own units."""
    return EvidenceNeed.objects.filter(reach_of(user).area_filter() | own_filter(user)).select_related("unit")


def rounds_for(user: Any) -> ScopedQuerySet[ReviewRound]:
    """The rounds of the areas that hold the user's reach, or lie in it."""
    reach = reach_of(user)
    if reach.everything:
        return ReviewRound.objects.all()
    above = Q(city__in=sorted({key[:4] for key in reach.keys})) & (
        Q(county="") | Q(county__in=[key[:6] for key in reach.keys])
    )
    return ReviewRound.objects.filter(above)


def open_round_over(area_key: str) -> ReviewRound | None:
    """The open round whose area holds this one; the nearest above where two do."""
    own = columns_of_key(area_key)
    rows = ReviewRound.objects.filter(city=own["city"], county__in={"", own["county"]}, closed_at__isnull=True)
    return rows.order_by("-county").first()


def last_round(area_key: str) -> ReviewRound | None:
    """The newest round of exactly this area."""
    own = columns_of_key(area_key)
    return ReviewRound.objects.filter(city=own["city"], county=own["county"]).order_by("-number").first()


def units_to_file_for(user: Any) -> list[Organisation]:
    """The units in whose name the user files: the own ones; for a regulator or the office also those in reach."""
    reach = reach_of(user)
    own = Q(code__in=list(reach.organisations))
    if user.role in {Role.COUNTY, Role.STATION, Role.OFFICE, Role.ADMIN}:
        own |= reach.area_filter() & ~Q(department_code="")
    rows = Organisation.objects.filter(own, valid_to__isnull=True).order_by("county", "township", "code")
    return sorted(rows[:400], key=lambda each: each.code not in reach.organisations)


def may_file_for(user: Any, unit: Organisation) -> bool:
    """Whether the user files in the unit's name: its own, or one that a regulator or the office answers for."""
    reach = reach_of(user)
    if reach.everything or unit.code in reach.organisations:
        return True
    return user.role in {Role.COUNTY, Role.STATION, Role.OFFICE} and reach.covers(unit.area)


def round_items(user: Any, review: ReviewRound) -> QuerySet[RoundItem]:
    """The round's list as far as the user reaches, with what is owed."""
    rows = RoundItem.objects.filter(round=review).select_related("need__unit", "round")
    reach = reach_of(user)
    return rows.filter(reach.area_filter("need__") | Q(need__unit__in=list(reach.organisations)))


def links_in(user: Any, review: ReviewRound) -> list[EvidenceLink]:
    """The documents under the round's items as far as the user reaches, in the order of the items."""
    items = round_items(user, review)
    rows = EvidenceLink.objects.filter(need__in=items.values("need")).select_related(*LINKED)
    order = {each.code: each.order for each in document_items()}
    return sorted(rows, key=lambda each: (order.get(each.need.item_code, 0), each.need.area, each.pk))


LINKED = ("evidence__unit", "need__unit", "accepted__stored")


def links_of_need(need: EvidenceNeed) -> list[EvidenceLink]:
    """The documents under an item, oldest first."""
    return list(EvidenceLink.objects.filter(need=need).select_related(*LINKED).order_by("pk"))


def links_of(evidence: Evidence) -> list[EvidenceLink]:
    """The items that a document serves."""
    return list(EvidenceLink.objects.filter(evidence=evidence).select_related(*LINKED).order_by("need__item_code"))


def versions_of(evidence: Evidence) -> list[EvidenceVersion]:
    """Every version with its content, newest first."""
    return list(EvidenceVersion.objects.filter(evidence=evidence).select_related("stored").order_by("-number"))


def version_now(evidence: Evidence) -> EvidenceVersion:
    """The newest version."""
    return EvidenceVersion.objects.select_related("stored").get(evidence=evidence, number=evidence.version)


def versions_now(links: Collection[EvidenceLink]) -> dict[int, EvidenceVersion]:
    """Document → its newest version, of many. One statement."""
    wanted = {link.evidence_id: link.evidence.version for link in links}
    rows = EvidenceVersion.objects.filter(evidence__in=list(wanted)).select_related("stored")
    return {each.evidence_id: each for each in rows if each.number == wanted[each.evidence_id]}


def standing_verdicts(links: Collection[EvidenceLink]) -> dict[tuple[int, int], ReviewVerdict]:
    """(document under item, round) → the verdict that counts: the newest of that round. One statement."""
    found: dict[tuple[int, int], ReviewVerdict] = {}
    rows = ReviewVerdict.objects.filter(link__in=[each.pk for each in links]).select_related("round", "version")
    for each in rows.order_by("-at", "-pk"):
        found.setdefault((each.link_id, each.round_id), each)
    return found


def rounds_of_need(need: EvidenceNeed) -> list[RoundItem]:
    """The rounds that listed the item, in order."""
    return list(RoundItem.objects.filter(need=need).select_related("round").order_by("round__number"))


def need_of_item(user: Any, item_code: str, area_key: str) -> EvidenceNeed | None:
    """What is owed for the item in exactly this area, if the user reaches it."""
    return needs_for(user).filter(item_code=item_code, **columns_of_key(area_key)).first()


def state_counts(rows: QuerySet[Any], column: str = "state") -> dict[str, int]:
    """State → how many, of these needs or listed items. One statement."""
    return {each[column]: each["count"] for each in rows.order_by().values(column).annotate(count=Count("pk"))}


def accepted_links(item_code: str, area_key: str, by: date) -> list[EvidenceLink]:
    """Documents under the item that a reviewer has accepted up to the day, in this area exactly."""
    rows = EvidenceLink.objects.filter(
        need__item_code=item_code,
        accepted__isnull=False,
        **{f"need__{name}": value for name, value in columns_of_key(area_key).items()},
    )
    passed = ReviewVerdict.objects.filter(link=OuterRef("pk"), verdict=NeedState.PASSED, at__date__lte=by)
    return list(rows.filter(Exists(passed)).select_related(*LINKED).order_by("pk"))


def areas_at(area_key: str, levels: Sequence[str], day: date) -> list[str]:
    """The keys of the area itself and of those below it at the levels, on the day."""
    rows = areas_valid_at(day).filter(key__startswith=area_key, level__in=levels)
    return sorted(rows.values_list("key", flat=True))


def may_see_evidence(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the document with this key."""
    return key.isdecimal() and evidence_for(user).filter(pk=int(key)).exists()


def may_see_round(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the round with this key."""
    return key.isdecimal() and rounds_for(user).filter(pk=int(key)).exists()


def expiring_documents(today: date) -> list[Evidence]:
    """Documents under some item whose last day is near or has passed, whoever looks: for reminders."""
    rows = Evidence.objects.filter(expires_on__lte=today + timedelta(days=warned_before(today)), links__isnull=False)
    return list(rows.distinct().select_related("unit").order_by("expires_on", "pk"))
