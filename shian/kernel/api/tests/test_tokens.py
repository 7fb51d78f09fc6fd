"""Tokens: made once, kept as a digest, ended by time, by their owner or with the account."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.api import middleware
from shian.kernel.api.actions import NoScope, create_token, enter, revoke_token
from shian.kernel.api.models import Token
from shian.kernel.api.rules import is_idempotency_key, is_token, minute_of, new_token, request_digest, seconds_left
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, 30, tzinfo=UTC)


@pytest.fixture
def alice() -> User:
    return User.objects.create(username="alice", role=Role.ADMIN)


def made(owner: User, *scopes: str, at: datetime | None = None, days: int = 30) -> tuple[Token, str]:
    return create_token(
        owner=owner, name="统计程序", scopes=scopes or ["read:products"], days=days, at=at or timezone.now()
    )


def asked(key: str, path: str = "/api/v1/products"):
    return Client().get(path, headers={"Authorization": f"Bearer {key}"})


def test_a_token_is_kept_as_its_digest_and_sealed_without_it(alice: User) -> None:
    token, key = made(alice)

    stored = Token.objects.values().get(pk=token.pk)
    entry = Entry.objects.get(action="api.token_created")
    assert is_token(key)
    assert key not in str(stored)
    assert key not in str(entry.data)
    assert (entry.actor, entry.subject) == ("alice", f"api.token:{token.pk}")
    assert key.startswith(token.hint)


def test_a_token_opens_for_its_owner(alice: User) -> None:
    token, key = made(alice)

    assert asked(key).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("scopes", [[], ["read:nothing"], ["read:products", "all"]])
def test_a_token_without_known_scopes_is_refused(alice: User, scopes: list[str]) -> None:
    with pytest.raises(NoScope):
        create_token(owner=alice, name="x", scopes=scopes, days=30, at=NOW)


def test_another_lifetime_is_refused(alice: User) -> None:
    with pytest.raises(ValueError, match="3650"):
        made(alice, days=3650)


def test_a_token_ends_at_its_time(alice: User) -> None:
    _token, key = made(alice, at=NOW, days=30)

    assert enter(key=key, at=NOW + timedelta(days=30) - timedelta(seconds=1)) is not None
    assert enter(key=key, at=NOW + timedelta(days=30)) is None


def test_a_revoked_token_is_refused_and_the_end_is_sealed_once(alice: User) -> None:
    token, key = made(alice)
    revoke_token(number=token.pk, by=alice, at=timezone.now())
    revoke_token(number=token.pk, by=alice, at=timezone.now())

    answer = asked(key)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert Entry.objects.filter(action="api.token_revoked").count() == 1


def test_nobody_ends_another_ones_token(alice: User) -> None:
    token, key = made(alice)
    bob = User.objects.create(username="bob", role=Role.ADMIN)

    with pytest.raises(Http404):
        revoke_token(number=token.pk, by=bob, at=timezone.now())
    assert asked(key).status_code == 200


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"valid_to": timezone.now()}, {"valid_from": timezone.now() + timedelta(days=9)}]
)
def test_a_closed_account_closes_its_tokens(alice: User, change: dict[str, object]) -> None:
    _token, key = made(alice)
    User.objects.filter(pk=alice.pk).update(**change)

    assert asked(key).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", f"Bearer {new_token()}", f"Basic {new_token()}"],
    ids=["none", "scheme", "short", "unknown", "other-scheme"],
)
def test_what_is_no_token_is_refused(header: str) -> None:
    answer = Client().get("/api/v1/products", headers={"Authorization": header})

    assert answer.status_code == 401


def test_requests_beyond_the_limit_wait_for_the_next_minute(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "PER_MINUTE", 3)
    monkeypatch.setattr(middleware.timezone, "now", lambda: NOW)
    _token, key = made(alice, at=NOW)
    _other, second = made(alice, at=NOW)

    answers = [asked(key, "/api/v1/products/none") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[3]["Retry-After"] == "30"
    assert answers[3].json()["type"] == "/api/problems#rate-limited"
    assert answers[0]["RateLimit"] == '"token";r=2;t=30'
    assert asked(second).status_code == 200
    monkeypatch.setattr(middleware.timezone, "now", lambda: NOW + timedelta(seconds=30))
    assert asked(key).status_code == 200


def test_minutes_are_counted_from_the_clock() -> None:
    assert minute_of(NOW + timedelta(seconds=29)) == minute_of(NOW)
    assert minute_of(NOW + timedelta(seconds=30)) == minute_of(NOW) + 1
    assert [seconds_left(NOW), seconds_left(NOW + timedelta(seconds=30))] == [30, 60]


@pytest.mark.parametrize(
    ("key", "is_good"), [("a" * 8, True), ("a" * 7, False), ("a" * 129, False), ("a b c d e", False)]
)
def test_idempotency_keys_are_printable_and_long_enough(key: str, is_good: bool) -> None:
    assert is_idempotency_key(key) is is_good


def test_parts_cannot_be_shifted_into_each_other() -> None:
    assert request_digest("POST", "/a", [b"ab", b"c"]) != request_digest("POST", "/a", [b"a", b"bc"])
