"""The outbox: letters are queued with the notices that they tell of, and sent by the worker until they are gone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shian.kernel.accounts.models import User
from shian.kernel.notary.actions import seal
from shian.kernel.notices.models import Mail, MailMode, Notice
from shian.kernel.notices.outgoing import SentState
from shian.kernel.notices.queries import users_with_mail

SENDER = "worker"
LISTED = 100  # notices of one letter


def queue_letters(*, notices: Sequence[Notice], at: datetime) -> int:
    """One letter to each recipient who wants mail at once, in the caller's transaction; how many letters."""
    readers = {notice.recipient_id for notice in notices}
    wanting = {user.pk: user for user in users_with_mail(MailMode.IMMEDIATE).filter(pk__in=readers)}
    by_reader: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.recipient_id in wanting:
            by_reader[notice.recipient_id].append(notice)
    for number, own in by_reader.items():
        mail = _letter(wanting[number], own, at)
        mail.save()
        _tell(mail, own)
    return len(by_reader)


@transaction.atomic
def queue_digests(*, at: datetime) -> int:
    """Today's digest for each user who wants one and has unread notices that no letter told of; how many letters.

    Called again on the same day, by whichever worker, it finds the digest of the day and leaves it.
    """
    today, queued = timezone.localdate(at), 0
    unread = Notice.objects.filter(read_at__isnull=True, mail__isnull=True)
    served = Mail.objects.filter(digest_on=today).values("recipient")
    wanting = users_with_mail(MailMode.DAILY).filter(pk__in=unread.values("recipient")).exclude(pk__in=served)
    for user in wanting.order_by("pk"):
        own = list(unread.filter(recipient=user).order_by("-id")[:LISTED])
        draft = _letter(user, own, at)
        mail, is_new = Mail.objects.get_or_create(
            recipient=user, digest_on=today, defaults={"title": draft.title, "body": draft.body} | _moments(at)
        )
        if is_new:
            _tell(mail, own)
            queued += 1
    return queued


def deliver_mails(*, at: datetime, limit: int = 200) -> int:
    """Send what waits, each letter in its own transaction; how many were sent.

    A letter is locked while it is sent, so two workers never send the same one. A worker killed between the server's
    receipt and the commit sends it again, under the same Message-ID.
    """
    sent = 0
    for _round in range(limit):
        outcome = _deliver_next(at)
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def retry_mails(*, numbers: Iterable[int], by: str, at: datetime) -> int:
    """Put failed letters back in the queue; how many."""
    rows = Mail.objects.filter(pk__in=list(numbers), state=SentState.FAILED)
    count = rows.update(state=SentState.WAITING, attempts=0, next_at=at, error="")
    seal(action="notices.mail_retried", by=by, subject="notices.mail", data={"count": count}, at=at)
    return count


@transaction.atomic
def _deliver_next(at: datetime) -> bool | None:
    """Whether the next letter was sent; None when none waits."""
    waiting = Mail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
    mail = waiting.filter(state=SentState.WAITING, next_at__lte=at).order_by("next_at", "pk").first()
    if mail is None:
        return None
    mail.tried(_send(mail), at)
    mail.save(update_fields=["attempts", "error", "state", "sent_at", "next_at"])
    if mail.state != SentState.WAITING:
        data = {"state": str(mail.state), "attempts": mail.attempts}
        seal(action="notices.mail_ended", by=SENDER, subject=f"notices.mail:{mail.pk}", data=data, at=at)
    return not mail.error


def _send(mail: Mail) -> str:
    """What went wrong, "" when the server took the letter."""
    if not mail.recipient.email:
        return "no address"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {"Message-ID": f"<shian-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>"}
    try:
        EmailMessage(mail.title, mail.body, to=[mail.recipient.email], headers=headers).send()
    except (OSError, SMTPException) as error:
        return str(error) or type(error).__name__
    return ""


def _tell(mail: Mail, notices: Sequence[Notice]) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)


def _moments(at: datetime) -> dict[str, datetime]:
    return {"next_at": at, "created_at": at}


def _letter(user: User, notices: Sequence[Notice], at: datetime) -> Mail:
    """A letter in the user's language; not saved."""
    with translation.override(getattr(user, "language", "") or settings.LANGUAGE_CODE):
        if len(notices) == 1:
            title = _("食安：%(title)s") % {"title": notices[0].title}
        else:
            title = _("食安：%(count)s 条通知") % {"count": len(notices)}
        parts = [part for notice in notices for part in _paragraph(notice)]
        ending = _("您可以在“通知”页设置是否接收邮件。")
    return Mail(recipient=user, title=" ".join(title.split())[:200], body="\n".join([*parts, ending]), **_moments(at))


def _paragraph(notice: Notice) -> list[str]:
    lines = [f"[{notice.get_level_display()}] {notice.title}", notice.body]
    if notice.link and settings.SHIAN_ADDRESS:
        lines.append(f"{settings.SHIAN_ADDRESS}{notice.link}")
    return [*filter(None, lines), ""]
