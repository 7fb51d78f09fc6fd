"""The owner's own notices."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema

from shian.kernel.accounts.permissions import any_user
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.notices.actions import mark_read
from shian.kernel.notices.models import Notice
from shian.kernel.notices.queries import notices_of

router = ApiRouter("notices")


class NoticeOut(Schema):
    """A message to the owner; `subject` names what it is about ("app.model:key")."""

    id: int
    level: str
    title: str
    body: str
    subject: str
    link: str
    due_on: date | None
    sent_at: datetime
    read_at: datetime | None


class NoticeQuery(Schema):
    unread: bool = Field(False, description="Only those not read yet.")


class ReadIn(Schema):
    """Which notices have been read; those of other users are left alone."""

    ids: list[int] = Field(min_length=1, max_length=500)


class ReadOut(Schema):
    read: int


@router.read("", policy=any_user, response=PageOut[NoticeOut])
def notices(request: HttpRequest, page: Query[PageQuery], chosen: Query[NoticeQuery]) -> dict[str, Any]:
    """Notices, newest first."""
    return page_of(request, page, notices_of(request.user, unread=chosen.unread), ("id",), _drawn, is_descending=True)


@router.write("/read", policy=any_user, response=ReadOut)
def notices_read(request: HttpRequest, told: ReadIn) -> dict[str, int]:
    """Mark notices as read; how many were unread."""
    known = [number for number in told.ids if 0 < number < 2**63]
    return {"read": mark_read(user=request.user, numbers=known, at=timezone.now())}


def _drawn(row: Notice) -> dict[str, Any]:
    names = ("level", "title", "body", "subject", "link", "due_on", "sent_at", "read_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


register_router(_("通知"), router)
