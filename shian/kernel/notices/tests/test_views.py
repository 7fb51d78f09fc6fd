"""The inbox belongs to its reader; the bell is right after reading."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.notices.actions import Draft, mark_read, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import Mail, Notice, Preference
from shian.kernel.notices.outgoing import SentState
from shian.kernel.notices.tests.cast import moment, user

pytestmark = pytest.mark.django_db
AT = moment("2026-03-11")
INBOX = reverse("notices:notice_list")


@pytest.fixture
def alice(client: Client) -> User:
    reader = user("alice")
    client.force_login(reader)
    return reader


def send(*readers: User, name: str = "甲", level: str = "overdue") -> list[Notice]:
    draft = Draft(
        [reader.pk for reader in readers], "tests", f"tests.matter:{name}", level, Wording("%(name)s逾期", "请办理。"),
        {"name": name}, "/campaign/",
    )  # fmt: skip
    send_notices(drafts=[draft], by="worker", at=AT)
    return list(Notice.objects.filter(subject=f"tests.matter:{name}").order_by("recipient"))


def bell(client: Client) -> str:
    text = client.get(reverse("notices:preference_edit")).text
    return text.partition('class="sh-bell-count" aria-hidden="true">')[2].partition("<")[0]


def test_the_inbox_shows_what_is_unread_and_on_demand_everything(client: Client, alice: User) -> None:
    send(alice)
    read = send(alice, name="乙")[0]
    Notice.objects.filter(pk=read.pk).update(read_at=AT)

    unread, everything = client.get(INBOX).text, client.get(INBOX, {"show": "all"}).text
    assert "甲逾期" in unread
    assert "乙逾期" not in unread
    assert "甲逾期" in everything
    assert "乙逾期" in everything


def test_nobody_sees_anothers_notices_not_even_an_administrator(client: Client, alice: User) -> None:
    root = user("root", Role.ADMIN)
    own = send(alice)[0]
    client.force_login(root)

    assert "甲逾期" not in client.get(INBOX, {"show": "all"}).text
    assert client.get(reverse("notices:notice_detail", args=[own.pk])).status_code == 404
    assert Entry.objects.get(action="scope.refused").subject == f"notices.notice:{own.pk}"
    client.post(reverse("notices:notice_read"), {"key": [str(own.pk)]})
    own.refresh_from_db()
    assert own.read_at is None


def test_opening_a_notice_is_reading_it_and_is_sealed_once(client: Client, alice: User) -> None:
    notice = send(alice)[0]
    url = reverse("notices:notice_detail", args=[notice.pk])

    text = client.get(url).text
    client.get(url)
    assert "请办理。" in text
    assert 'href="/campaign/"' in text
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert Entry.objects.filter(action="notices.read").count() == 1


def test_ticked_notices_are_marked_and_the_rest_stays(client: Client, alice: User) -> None:
    first, second = send(alice)[0], send(alice, name="乙")[0]

    answer = client.post(reverse("notices:notice_read"), {"key": [str(first.pk), "x", "99999999"]}, follow=True)
    assert "已将 1 条通知标为已读" in answer.text
    assert list(Notice.objects.filter(read_at__isnull=True)) == [second]


def test_everything_is_marked_at_once(client: Client, alice: User) -> None:
    bob = user("bob")
    send(alice, bob)
    send(alice, name="乙")

    client.post(reverse("notices:notice_read"), {"all": "1"})
    assert not Notice.objects.filter(recipient=alice, read_at__isnull=True).exists()
    assert Notice.objects.filter(recipient=bob, read_at__isnull=True).count() == 1


def test_the_bell_counts_what_is_unread_and_is_right_after_reading(client: Client, alice: User) -> None:
    assert bell(client) == ""
    notice = send(alice)[0]
    send(alice, name="乙")
    assert bell(client) == "2"

    client.get(reverse("notices:notice_detail", args=[notice.pk]))
    assert bell(client) == "1"
    client.post(reverse("notices:notice_read"), {"all": "1"})
    assert bell(client) == ""


def test_the_bell_asks_nothing_of_its_own(client: Client, alice: User) -> None:
    send(alice)
    page = reverse("workdays:year_current")
    client.get(page)

    with CaptureQueriesContext(connection) as captured:
        assert "sh-bell-count" in client.get(page).text
    assert not [query for query in captured if "notices_notice" in query["sql"]]


def test_two_sendings_and_a_reading_leave_the_bell_equal_to_the_rows(alice: User) -> None:
    first = send(alice)[0]
    send(alice, name="乙")
    mark_read(user=alice, numbers=[first.pk], at=AT)
    mark_read(user=alice, numbers=[first.pk], at=AT)

    alice.refresh_from_db()
    assert alice.unread_notices == Notice.objects.filter(recipient=alice, read_at__isnull=True).count() == 1


def test_preferences_are_kept_and_an_immediate_letter_needs_an_address(client: Client, alice: User) -> None:
    url = reverse("notices:preference_edit")

    assert "请填写接收邮件的邮箱" in client.post(url, {"mail_mode": "immediate", "address": ""}).text
    client.post(url, {"mail_mode": "immediate", "address": "alice@example.org"})
    alice.refresh_from_db()
    assert (Preference.objects.get(user=alice).mail_mode, alice.email) == ("immediate", "alice@example.org")


def test_administrators_see_letters_without_their_text_and_retry_failed_ones(client: Client) -> None:
    root, bob = user("root", Role.ADMIN), user("bob", email="bob@example.org")
    letter = Mail.objects.create(
        recipient=bob, title="食安：甲", body="秘密", state=SentState.FAILED, next_at=AT, created_at=AT, error="closed"
    )
    client.force_login(root)

    text = client.get(reverse("notices:mail_list")).text
    assert "closed" in text
    assert "秘密" not in text
    client.post(reverse("notices:mail_retry"), {"key": [str(letter.pk)]})
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)


def test_the_inbox_keeps_its_budget(client: Client, alice: User, django_assert_max_num_queries) -> None:
    for number in range(60):
        send(alice, name=f"第{number}件")
    client.get(INBOX)

    with django_assert_max_num_queries(9):
        client.get(INBOX)
