"""Texts that operators sign: issued by office or county, signed once by the principal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import acting_for, seal_own
from shian.domains.selfcontrol.models import CommitmentSignature, CommitmentText, Duty
from shian.domains.selfcontrol.models.own import place_of
from shian.domains.selfcontrol.permissions import COMMITMENT_ISSUE
from shian.domains.selfcontrol.queries.commitments import texts_to_sign
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.operators.models import Operator


@transaction.atomic
def issue_text(
    *, number: str, title: str, text: str, kinds: Sequence[str], area_code: str, by: Any, at: datetime
) -> CommitmentText:
    """A text for the operators of an area, of these kinds or of all. Raises PermissionDenied, OutOfReach; DutyRefused
    for a number that is taken."""
    check(COMMITMENT_ISSUE, by)
    key = key_of_code(area_code)
    if not reach_of(by).covers(key):
        raise OutOfReach(f"areas.area:{area_code}")
    if CommitmentText.objects.filter(number=number).exists():
        raise DutyRefused(_("这个编号已用过。"), "number")
    found: CommitmentText = CommitmentText.objects.create(
        number=number, title=title, text=text, kinds=list(kinds), area_code=area_code, issued_by=by.get_username(),
        issued_on=timezone.localdate(at), **columns_of_key(key),
    )  # fmt: skip
    told = {"number": number, "title": title, "text": text, "kinds": list(kinds)}
    subject = f"selfcontrol.text:{number}"
    seal(action="selfcontrol.text_issued", by=by.get_username(), subject=subject, data=told, at=at)
    return found


@transaction.atomic
def sign_text(*, operator: Operator, text: CommitmentText, by: Any, at: datetime) -> CommitmentSignature:
    """The principal signs for the operator. Raises PermissionDenied, OutOfReach; DutyRefused for a text that is not for
    the operator, or signed already."""
    acting_for(by, operator, (Duty.PRINCIPAL,), at)
    today = timezone.localdate(at)
    if text not in texts_to_sign(operator, today):
        raise DutyRefused(_("没有待签署的承诺书。"))
    signature: CommitmentSignature = CommitmentSignature.objects.create(
        text=text, operator=operator, signed_on=today, signed_by=by.get_username(), **place_of(operator)
    )
    seal_own("commitment_signed", operator, by.get_username(), at, {"number": text.number, "title": text.title})
    return signature
