"""The seal of one deed, with all that is needed to verify it anywhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from shian.kernel.accounts.permissions import any_user
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.notary.models import Entry
from shian.kernel.notary.proofs import proof_of
from shian.kernel.notary.queries import numbered
from shian.kernel.notary.subjects import may_see

router = ApiRouter("log")


class ProofOut(Schema):
    """The way of the leaf to a signed checkpoint (RFC 9162; C2SP tlog-checkpoint)."""

    leaf: int
    path: list[str]
    checkpoint: str
    keys: list[str]


class EntryOut(Schema):
    """A sealed deed. `content` is the canonical JSON that was sealed; `proof` is null while the entry waits."""

    uid: UUID
    action: str
    subject: str
    at: datetime
    rows: int | None
    content: str
    salt: str
    leaf_data: str
    is_intact: bool
    proof: ProofOut | None


@router.read("/entries/{uuid:uid}", policy=any_user, response=EntryOut)
def entry(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """One entry of the log with its seal.

    404 also for an entry whose record the owner may not open.
    """
    found = numbered(Entry.objects.filter(uid=uid)).first()
    if found is None or not may_see(request.user, found):
        raise Http404(uid)
    proof = proof_of(found)
    told = proof.as_json()
    return {
        "uid": found.uid,
        "action": found.action,
        "subject": found.subject,
        "at": found.at,
        "rows": found.rows_count,
        "content": told["entry"],
        "salt": told["salt"],
        "leaf_data": told["leaf_data"],
        "is_intact": not proof.problem,
        "proof": {name: told[name] for name in ("leaf", "path", "checkpoint", "keys")} if proof.inclusion else None,
    }


register_router(_("存证日志"), router)
