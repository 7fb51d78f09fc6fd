"""What every verb of an operator's own people asks first, and how it is sealed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.models import Duty
from shian.domains.selfcontrol.queries.accounts import duty_of
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator


def acting_for(by: Any, operator: Operator, duties: Collection[Duty], at: datetime) -> Duty:
    """The duty in which a user acts for an operator. Raises OutOfReach for a stranger, PermissionDenied for a duty
    that may not."""
    duty = duty_of(by, operator.pk, timezone.localdate(at))
    if duty is None:
        raise OutOfReach(f"operators.operator:{operator.code}")
    if duty not in duties:
        names = _("、").join(str(each.label) for each in duties)
        raise PermissionDenied(_("此操作由%(roles)s办理。") % {"roles": names})
    return duty


def seal_own(action: str, operator: Operator, by: str, at: datetime, data: Mapping[str, Any]) -> None:
    """One entry under the operator's own duty."""
    subject = f"selfcontrol.operator:{operator.code}"
    seal(action=f"selfcontrol.{action}", by=by, subject=subject, data=data, at=at)
