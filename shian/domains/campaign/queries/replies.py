"""Replies to proposals: the drafts of one, and those that anybody may read."""

from django.db.models import QuerySet

from shian.domains.campaign.models import ReplyDraft
from shian.domains.campaign.rules.proposals import ANSWERED, YES
from shian.engine.cases.models import Case
from shian.kernel.scope.walls import system_scope


def replies_of(case: Case) -> list[ReplyDraft]:
    """Every writing of the reply, the newest first."""
    return list(ReplyDraft.objects.filter(case=case).order_by("-number"))


def _published() -> QuerySet[Case]:
    """Proposals whose reply went out, with consent to publish it, and was written here."""
    rows = Case.objects.filter(type="proposal", state__in=ANSWERED, data__publish_consent=YES, replies__isnull=False)
    return rows.select_related("unit").distinct()


def public_replies() -> list[Case]:
    """What citizens find in the list, newest first."""
    with system_scope():  # a stranger has no reach; consent decides what is shown
        return list(_published().order_by("-closed_at", "-pk"))


def public_reply(pk: int) -> tuple[Case, ReplyDraft] | None:
    """A published proposal with its newest reply; None for everything else."""
    with system_scope():
        case = _published().filter(pk=pk).first()
        return (case, replies_of(case)[0]) if case else None
