"""Signatures and photos of a visit, as links that leave through the door."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.permissions import VISIT_READ
from shian.domains.fieldchecks.queries.visits import visit_for
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.ui.pieces import Fact

SIGNATURES = ("operator_signature", "team_signature")


def photo_facts(visit: FieldVisit) -> list[Fact]:
    """Each signature that is there."""
    labels = {"operator_signature": _("经营者签名"), "team_signature": _("检查人员签名")}
    return [
        Fact(labels[name], _("已签"), url=reverse("fieldchecks:field_visit_download", args=[visit.pk, name]))
        for name in SIGNATURES
        if getattr(visit, f"{name}_id") is not None
    ]


@requires(VISIT_READ)
def visit_download(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A signature as it was drawn."""
    visit = visit_for(request.user, pk)
    stored = getattr(visit, name) if name in SIGNATURES else None
    if stored is None:
        raise Http404(name)
    return Door.of_page(request).let_out_stored(
        stored, f"{visit.number}-{name}.{stored.kind}", kind=Kind.FILE, subject=visit.subject, title=visit.number,
        at=timezone.now(),
    )  # fmt: skip
