"""What awaits a signature, whoever looks: for reminders, which go to those concerned only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from shian.domains.campaign.models import CatalogueState, Duty


@dataclass(frozen=True)
class AwaitedSignature:
    """The lines of one audience of one issued catalogue that nobody has acknowledged."""

    catalogue: int
    kind: str  # a CatalogueKind
    issued_at: datetime
    city: str
    county: str
    audience: str
    audience_name: str
    lines: int


def awaited_signatures() -> list[AwaitedSignature]:
    """One for each audience, in the order of the catalogues. One query."""
    rows = Duty.objects.filter(catalogue__state=CatalogueState.ISSUED, acknowledged_at__isnull=True)
    counted = rows.order_by("catalogue", "audience").values_list(
        "catalogue", "catalogue__kind", "catalogue__issued_at", "catalogue__city", "catalogue__county", "audience",
        "audience_name",
    )  # fmt: skip
    return [AwaitedSignature(*row) for row in counted.annotate(lines=Count("pk"))]
