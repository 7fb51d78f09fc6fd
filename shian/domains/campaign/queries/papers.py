"""Named reads of the library of papers: what is in force, what it replaced, who has not acknowledged it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from shian.domains.campaign.models import Paper, PaperReceipt, PaperState
from shian.domains.campaign.permissions import PAPER_WRITE
from shian.domains.campaign.queries.liaisons import called
from shian.kernel.scope.models import OutOfReach, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.areas.queries import area_names
from shian.registers.people.models import Organisation


def papers_for(user: Any) -> ScopedQuerySet[Paper]:
    """What the user may read: issued papers of the own area and of those above it; drafts in the own reach, for who
    writes papers. `is_superseded` says that an issued paper has taken the place."""
    reach = reach_of(user)
    rows = Paper.objects.annotate(is_superseded=Exists(_newer())).select_related("issuer", "supersedes")
    if reach.everything:
        return rows
    above = Q(city__in={key[:4] for key in reach.keys}) & Q(county__in={"", *(key[:6] for key in reach.keys)})
    readable = Q(state=PaperState.ISSUED) & (above | reach.area_filter())
    if PAPER_WRITE(user).allowed:
        readable |= reach.area_filter()
    return rows.filter(readable)


def _newer() -> QuerySet[Paper]:
    return Paper.objects.filter(supersedes=OuterRef("pk"), state=PaperState.ISSUED)


def papers_in_force(user: Any) -> ScopedQuerySet[Paper]:
    """Issued papers that nothing has replaced."""
    return papers_for(user).filter(~Exists(_newer()), state=PaperState.ISSUED)


def paper_for(user: Any, pk: int) -> Paper:
    """The paper, or Http404; OutOfReach when it is not the user's to read."""
    found = papers_for(user).filter(pk=pk).first()
    if found is None:
        if Paper.objects.filter(pk=pk).exists():
            raise OutOfReach(f"campaign.paper:{pk}")
        raise Http404(pk)
    return found


def may_see_paper(user: Any, key: str) -> bool:
    """For the seal of a paper."""
    return key.isdecimal() and papers_for(user).filter(pk=int(key)).exists()


def found_papers(user: Any, *, text: str = "", kind: str = "", in_force: bool = False) -> ScopedQuerySet[Paper]:
    """The papers that a filter leaves; a number or title finds the newer papers of the same line as well."""
    rows = papers_in_force(user) if in_force else papers_for(user)
    if text:
        hits = Q(doc_no__icontains=text) | Q(title__icontains=text)
        rows = rows.filter(pk__in=_with_successors(papers_for(user).filter(hits).values_list("pk", flat=True)))
    return rows.filter(kind=kind) if kind else rows


def _with_successors(numbers: Iterable[int]) -> set[int]:
    found, edge = set[int](), set(numbers)
    while edge:
        found |= edge
        edge = set(Paper.objects.filter(supersedes__in=edge).values_list("pk", flat=True)) - found
    return found


def version_in_force(paper: Paper) -> Paper | None:
    """The issued paper at the end of the line that this one stands in; None while none was issued."""
    issued, seen = (paper if paper.state == PaperState.ISSUED else None), {paper.pk}
    edge = paper
    while newer := Paper.objects.filter(supersedes=edge, state=PaperState.ISSUED).exclude(pk__in=seen).first():
        issued = edge = newer
        seen.add(newer.pk)
    return issued


def line_of(paper: Paper, user: Any) -> list[Paper]:
    """What the paper replaced, newest first, and what replaced it before those: its whole line that the user sees."""
    numbers = _with_successors({paper.pk})
    edge: Paper | None = paper
    while edge is not None and edge.supersedes_id is not None and edge.supersedes_id not in numbers:
        numbers.add(edge.supersedes_id)
        edge = Paper.objects.filter(pk=edge.supersedes_id).first()
    return list(papers_for(user).filter(pk__in=numbers).order_by("-issued_on", "-version", "-pk"))


@dataclass
class Receipts:
    """Receipts of one paper: how many units, and the names of those that have not acknowledged it."""

    total: int = 0
    done: int = 0
    missing: list[str] = field(default_factory=list)


def receipts_of(papers: Iterable[Paper]) -> dict[int, Receipts]:
    """Paper → its receipts. Two queries."""
    found: dict[int, Receipts] = {each.pk: Receipts() for each in papers}
    names = area_names(timezone.localdate())
    for row in PaperReceipt.objects.filter(paper__in=found).select_related("unit").order_by("unit_id"):
        told = found[row.paper_id]
        told.total += 1
        if row.acknowledged_on:
            told.done += 1
        else:
            told.missing.append(called(row.unit, names))
    return found


def receipt_rows(paper: Paper) -> list[PaperReceipt]:
    """Those that wait first. The names of units are no secret."""
    rows = PaperReceipt.objects.filter(paper=paper).select_related("unit")
    return sorted(rows, key=lambda each: (each.acknowledged_on is not None, each.unit_id))


def own_open_receipts(user: Any, paper: Paper) -> list[PaperReceipt]:
    """The receipts that the user may sign: those of the own units."""
    rows = PaperReceipt.objects.filter(
        paper=paper, acknowledged_on__isnull=True, unit__code__in=reach_of(user).organisations
    )
    return list(rows.select_related("unit"))


def awaited_from(user: Any) -> ScopedQuerySet[Paper]:
    """Issued papers that the user's units have still to acknowledge."""
    units = reach_of(user).organisations
    waiting = PaperReceipt.objects.filter(paper=OuterRef("pk"), unit__code__in=units, acknowledged_on__isnull=True)
    return papers_in_force(user).filter(Exists(waiting))


def units_in_reach(user: Any, codes: Iterable[str]) -> list[Organisation]:
    """The units of these codes inside the user's reach."""
    return list(Organisation.objects.visible_to(user).filter(code__in=codes))
