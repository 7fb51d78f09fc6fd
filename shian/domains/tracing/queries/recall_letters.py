"""Letters to other areas about recalls: whom they concern, which goods, and who has not answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from shian.domains.tracing.models import Channel, InOrder, Recall, RecallHolder
from shian.domains.tracing.queries.chains import kilos_of
from shian.domains.tracing.queries.names import lot_names
from shian.domains.tracing.queries.recalls import lines_of
from shian.engine.cases.models import Case
from shian.engine.cases.queries import visible_cases
from shian.engine.trace.models import Holding
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation
from shian.registers.people.queries import valid_at

LETTER, SOURCE, HOLDER = "recall_letter", "来源", "持有者"
BUREAU = "SAMR"
STANDINGS = ("open", "overdue", "closed")


@dataclass(frozen=True)
class Goods:
    """One lot that a letter names; at: when it came there."""

    name: str
    number: str
    kilos: float | Decimal | None
    at: datetime


def goods_of(recall: Recall, holder: RecallHolder | None) -> list[Goods]:
    """What the holder has to look for; without one, the lots where the recall begins."""
    told: list[tuple[int, Any, datetime]]
    if holder is not None:
        told = [(each.lot, each.kilos, each.first_at) for each in lines_of(holder)]
    else:
        kilos = kilos_of(recall.roots)
        roots = Holding.objects.filter(pk__in=recall.roots).order_by("pk")
        told = [(each.lot, kilos.get(each.pk), each.first_at) for each in roots]
    names = lot_names({lot for lot, _kilos, _at in told})
    return [Goods(names[lot].name, names[lot].number, kilos, timezone.localtime(at)) for lot, kilos, at in told]


def source_of(recall: Recall) -> str:
    """The supplier that the gate wrote down for the goods, "" where a certificate or nobody says."""
    with system_scope():
        told = InOrder.objects.filter(holding__in=recall.roots, certificate=None).exclude(supplier="").order_by("pk")
        first = told.first()
    return f"{first.supplier}（{first.origin}）" if first and first.origin else first.supplier if first else ""


def outside_of(recall: Recall) -> tuple[int, int]:
    """Holders who lie in another city, and for how many of them a letter went out."""
    rows = RecallHolder.objects.filter(recall=recall, channel=Channel.LETTER)
    with system_scope():
        parties = set(
            Case.objects.filter(type=LETTER, subject__in=[each.subject for each in rows])
            .exclude(state="withdrawn").values_list("subject", flat=True)
        )  # fmt: skip
    return len(rows), len(parties)


def sender_for(user: Any, recall: Recall, day: date) -> Organisation | None:
    """In whose name the user writes: the market bureau among the own units, else one of them; for a program, and for
    whoever runs the system, the bureau of the recall's area."""
    standing = Organisation.objects.filter(valid_at(day))
    reach = None if isinstance(user, str) else reach_of(user)
    with system_scope():
        if reach is not None and not reach.everything:
            own = list(standing.filter(code__in=reach.organisations).order_by("code"))
            return next((each for each in own if each.department_code == BUREAU), own[0] if own else None)
        place = columns_of_key(recall.area)
        rows = standing.filter(city=place["city"], department_code=BUREAU, township="")
        return rows.filter(county__in={place["county"], ""}).order_by("-county", "pk").first()


def letters_of(user: Any, recall: Recall) -> list[Case]:
    """The letters about a recall and its holders that the user sees, the newest first."""
    rows = visible_cases(user).filter(type=LETTER, data__recall_no=recall.number)
    return list(rows.order_by("-pk"))


def letters_chosen(user: Any, *, standing: str, text: str, today: date) -> QuerySet[Case]:
    """Letters in reach with `receiver`. standing: open, overdue (no answer past its day), closed."""
    rows = visible_cases(user).filter(type=LETTER).annotate(receiver=KeyTextTransform("receiver", "data"))
    if standing:
        rows = rows.filter(is_open=standing != "closed")
    if standing == "overdue":
        rows = rows.filter(due_on__lt=today)
    return rows.filter(receiver__contains=text) if text else rows


def overdue_by_receiver(user: Any, today: date) -> Sequence[tuple[str, int]]:
    """Receiver → letters without an answer past their day, the most first."""
    counts: dict[str, int] = {}
    for each in letters_chosen(user, standing="overdue", text="", today=today):
        counts[each.data["receiver"]] = counts.get(each.data["receiver"], 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
