"""Letters: who gets them, in which language, once, and until they are gone."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend

from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notices.actions import Draft, choose_mail, deliver_mails, queue_digests, retry_mails, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import Mail, MailMode, Notice, Preference
from shian.kernel.notices.outgoing import SentState
from shian.kernel.notices.rules import MAX_ATTEMPTS
from shian.kernel.notices.tests.cast import moment, user

pytestmark = pytest.mark.django_db
AT = moment("2026-03-11")


class ClosedServer(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPServerDisconnected("closed")


def send(*readers, title="%(name)s将到期", count=1, at=AT):
    drafts = [
        Draft([reader.pk for reader in readers], "tests", f"tests.matter:{n}", "due", Wording(title, "请办理。"),
              {"name": f"事项{n}"}, f"/matters/{n}/")
        for n in range(count)
    ]  # fmt: skip
    return send_notices(drafts=drafts, by="worker", at=at)


@pytest.fixture
def alice():
    return user("alice", email="alice@example.org")


def test_who_wants_mail_at_once_gets_one_letter_for_what_came_at_once(alice) -> None:
    choose_mail(user=alice, mode=MailMode.IMMEDIATE, address="alice@example.org", at=AT)
    send(alice, user("bob", email="bob@example.org"), count=3)

    letter = Mail.objects.get()
    assert (letter.recipient, letter.title) == (alice, "食安：3 条通知")
    assert letter.body.count("请办理。") == 3
    assert Notice.objects.filter(mail=letter).count() == 3
    assert deliver_mails(at=AT) == 1
    assert [(m.to, m.subject) for m in outbox.outbox] == [(["alice@example.org"], "食安：3 条通知")]


def test_the_digest_of_the_day_tells_unread_notices_once(alice) -> None:
    send(alice, count=2)
    Notice.objects.filter(subject="tests.matter:1").update(read_at=AT)

    assert queue_digests(at=AT) == 1
    assert queue_digests(at=AT + timedelta(hours=1)) == 0
    letter = Mail.objects.get()
    assert (letter.title, letter.digest_on) == ("食安：事项0将到期", AT.date())
    assert "事项1" not in letter.body


def test_the_next_days_digest_does_not_repeat_what_was_told(alice) -> None:
    send(alice)
    queue_digests(at=AT)
    assert queue_digests(at=AT + timedelta(days=1)) == 0

    send(alice, title="%(name)s已逾期")
    assert queue_digests(at=AT + timedelta(days=1)) == 1
    assert Mail.objects.latest("id").title == "食安：事项0已逾期"


def test_nobody_without_an_address_or_who_wants_none_gets_a_letter(alice) -> None:
    bob, carol = user("bob"), user("carol", email="carol@example.org")
    choose_mail(user=carol, mode=MailMode.NONE, address="carol@example.org", at=AT)
    send(bob, carol)

    assert queue_digests(at=AT) == 0
    assert not Mail.objects.exists()


def test_the_choice_is_kept_and_sealed_without_the_address(alice) -> None:
    choose_mail(user=alice, mode=MailMode.NONE, address="new@example.org", at=AT)
    choose_mail(user=alice, mode=MailMode.DAILY, address="new@example.org", at=AT)

    alice.refresh_from_db()
    assert (Preference.objects.get(user=alice).mail_mode, alice.email) == ("daily", "new@example.org")
    assert Entry.objects.filter(action="notices.mail_chosen").latest("id").data == {
        "mode": "daily",
        "has_address": True,
    }


def test_a_letter_links_to_the_matter_when_the_system_knows_its_address(alice, settings) -> None:
    send(alice)
    settings.SHIAN_ADDRESS = "https://food.example.org"
    queue_digests(at=AT)

    assert "https://food.example.org/matters/0/" in Mail.objects.get().body


def test_a_title_is_one_line_whatever_a_name_holds(alice) -> None:
    choose_mail(user=alice, mode=MailMode.IMMEDIATE, address="alice@example.org", at=AT)
    send(alice, title="甲\nBcc: bob@example.org")
    deliver_mails(at=AT)

    assert outbox.outbox[0].subject == "食安：甲 Bcc: bob@example.org"
    assert outbox.outbox[0].recipients() == ["alice@example.org"]


def test_a_refused_letter_is_tried_again_later_and_given_up_in_the_end(alice, settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ClosedServer"
    send(alice)
    queue_digests(at=AT)
    at = AT
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert deliver_mails(at=at) == 0
        letter = Mail.objects.get()
        assert (letter.attempts, letter.error) == (attempt, "closed")
        assert deliver_mails(at=at) == 0  # not before its time
        assert Mail.objects.get().attempts == attempt
        at = letter.next_at

    assert letter.state == SentState.FAILED
    assert Entry.objects.get(action="notices.mail_ended").data == {"state": "failed", "attempts": MAX_ATTEMPTS}


def test_a_failed_letter_is_sent_after_a_retry(alice, settings) -> None:
    send(alice)
    queue_digests(at=AT)
    Mail.objects.update(state=SentState.FAILED, attempts=MAX_ATTEMPTS, error="closed")

    assert retry_mails(numbers=[Mail.objects.get().pk], by="root", at=AT) == 1
    assert deliver_mails(at=AT) == 1
    assert Mail.objects.get().state == SentState.SENT
    assert retry_mails(numbers=[Mail.objects.get().pk], by="root", at=AT) == 0


def test_a_letter_is_sent_once_and_carries_its_own_identifier(alice) -> None:
    send(alice)
    queue_digests(at=AT)

    assert [deliver_mails(at=AT), deliver_mails(at=AT)] == [1, 0]
    assert outbox.outbox[0].extra_headers["Message-ID"] == f"<shian-{Mail.objects.get().pk}-20260311010000@localhost>"


def test_a_letter_whose_reader_has_no_address_any_more_is_not_sent(alice) -> None:
    send(alice)
    queue_digests(at=AT)
    choose_mail(user=alice, mode=MailMode.NONE, address="", at=AT)

    assert deliver_mails(at=AT) == 0
    assert Mail.objects.get().error == "no address"


def test_a_notice_to_nobody_is_nothing() -> None:
    assert send() == 0
    assert not Entry.objects.exists()


def test_administrators_are_readers_like_others() -> None:
    assert send(user("root", Role.ADMIN, "root@example.org")) == 1
    assert queue_digests(at=AT) == 1
