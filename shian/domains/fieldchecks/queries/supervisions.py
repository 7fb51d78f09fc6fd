"""Special supervision: its matrix of areas and topics, the townships that were drawn."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shian.domains.fieldchecks.models import SpecialSupervision, SupervisionCell
from shian.domains.fieldchecks.permissions import SUPERVISION_READ
from shian.engine.draws.frames import FrameLine
from shian.engine.draws.models import DrawState
from shian.engine.draws.queries import draw_owned_by, sample_of
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.scope.models import ScopedQuerySet
from shian.registers.areas.queries import area_names, areas_valid_at

FRAME = "fieldchecks.townships"


def supervisions_of(user: Any) -> ScopedQuerySet[SpecialSupervision]:
    """Those of the user's areas and of the areas above, newest first."""
    found: ScopedQuerySet[SpecialSupervision] = SpecialSupervision.objects.visible_to(user)
    return found.order_by("-starts_on", "-pk")


def supervision_for(user: Any, pk: int) -> SpecialSupervision:
    """One supervision. Raises Http404, OutOfReach."""
    found: SpecialSupervision = SpecialSupervision.objects.get_visible(user, pk=pk)
    return found


def may_see_supervision(user: Any, key: str) -> bool:
    """For the seals of a supervision."""
    return SUPERVISION_READ(user).allowed and SpecialSupervision.objects.has_visible(user, pk=key)


def cell_for(user: Any, pk: int) -> SupervisionCell:
    """One cell with its supervision. Raises Http404, OutOfReach."""
    found: SupervisionCell = SupervisionCell.objects.select_related("supervision").get_visible(user, pk=pk)
    return found


def township_lines(area: str, day: date) -> list[FrameLine]:
    """The townships of an area, one stratum for each county."""
    names = area_names(day)
    rows = areas_valid_at(day).filter(level="township", key__startswith=area).order_by("key")
    return [
        FrameLine(FrameRow(row.key, names.get(row.key[:6], row.key[:6]), area=row.key[:6]), row.name) for row in rows
    ]  # fmt: skip


def empty_cells(supervision: SpecialSupervision) -> int:
    """How many topics of areas say neither what was found nor why nothing was looked at."""
    return SupervisionCell.objects.filter(supervision=supervision, filled_at__isnull=True).count()


@dataclass
class AreaLine:
    """An area of a supervision: its cells by topic, in order, and the townships that were drawn."""

    area_key: str
    cells: list[SupervisionCell] = field(default_factory=list)
    townships: list[str] = field(default_factory=list)

    @property
    def mean(self) -> Decimal | None:
        """Of the topics that were looked at."""
        scores = [cell.score for cell in self.cells if cell.score is not None]
        return sum(scores, Decimal(0)) / len(scores) if scores else None


def area_lines(supervision: SpecialSupervision, user: Any) -> list[AreaLine]:
    """Every area in the reader's reach with all its topics. Three queries."""
    lines: dict[str, AreaLine] = {}
    cells = SupervisionCell.objects.visible_to(user).filter(supervision=supervision).order_by("area_key", "order")
    for cell in cells:
        lines.setdefault(cell.area_key, AreaLine(cell.area_key)).cells.append(cell)
    drawn: dict[str, list[str]] = defaultdict(list)
    draw = draw_owned_by(supervision.subject)
    if draw is not None and draw.state == DrawState.CONFIRMED:
        for each in sample_of(draw):
            drawn[each.area_key].append(each.label)
    for key, line in lines.items():
        line.townships = drawn[key]
    return list(lines.values())
