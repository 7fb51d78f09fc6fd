"""What monitors are told, and what a log line holds."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from shian.config.operation import health
from shian.config.operation.logs import logging_config
from shian.kernel.accounts.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clones of the test template carry no mark of their own."""
    monkeypatch.setattr(health, "_schema", lambda: True)
    monkeypatch.setitem(health.CHECKS, "schema", lambda: True)


def test_live_answers_without_the_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_without_a_worker_is_degraded_but_serves(client: Client) -> None:
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"] == {"database": True, "schema": True, "worker": False, "disk": True}


def test_ready_is_503_when_the_database_is_gone_or_holds_another_schema(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> bool:
        raise DatabaseError

    monkeypatch.setattr(health.connection, "close", lambda: None)
    for broken in ({"database": gone}, {"schema": lambda: False}):
        monkeypatch.setattr(health, "CHECKS", {**health.CHECKS, **broken})
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["status"] == "down"


def test_metrics_do_not_exist_without_the_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/metrics").status_code == 404

    monkeypatch.setenv("SHIAN_METRICS_TOKEN", "a-long-token-of-the-monitor")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404

    told = client.get("/metrics", headers={"Authorization": "Bearer a-long-token-of-the-monitor"}).text
    assert "shian_sealed_entries " in told
    assert "shian_worker_heartbeat_age_seconds +Inf" in told
    assert "django_http_requests_total_by_method_total" in told


@contextmanager
def written(form: str, name: str) -> Iterator[list[str]]:
    """What the formatter of this form makes of what a logger hears inside the block."""
    made: list[str] = []
    config = logging_config(form=form, level="INFO")["formatters"]["structured"]
    formatter = ProcessorFormatter(foreign_pre_chain=config["foreign_pre_chain"], processors=config["processors"])

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            made.append(formatter.format(record))

    handler, logger = Keep(), logging.getLogger(name)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield made
    logger.removeHandler(handler)
    logger.setLevel(before)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the JSON formatter makes of the requests of this test."""
    with written("json", "shian.requests") as made:
        yield made


def test_a_request_is_one_line_with_its_id_and_without_what_was_searched(client: Client, lines: list[str]) -> None:
    answer = client.get("/operators/?q=张三", headers={"X-Request-ID": "proxy-made-0001"})

    assert answer["X-Request-ID"] == "proxy-made-0001"
    (line,) = lines
    told = json.loads(line)
    assert told["event"] == "request"
    assert told["request_id"] == "proxy-made-0001"
    assert (told["path"], told["status"], told["user"]) == ("/operators/", answer.status_code, "")
    assert told["timestamp"][:4] == str(timezone.now().year)
    assert "张三" not in line


def test_an_id_that_could_break_a_log_is_replaced(client: Client) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": 'x" injected="1'})

    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_refusal_is_one_line_without_the_code_that_refused(client: Client, form: str) -> None:
    client.force_login(User.objects.create(username="alice", role=Role.STATION))
    with written(form, "django.request") as lines:
        assert client.get(reverse("accounts:user_list")).status_code == 403

    (line,) = lines
    assert reverse("accounts:user_list") in line
    assert "Traceback" not in line


@pytest.mark.parametrize("form", ["plain", "json"])
def test_an_address_that_lets_its_reader_in_is_not_written_down(client: Client, form: str) -> None:
    secret = "s3cr3t" * 8
    with written(form, "django.request") as told, written(form, "shian.requests") as lines:
        assert client.get(f"/forms/key/{secret}/formList").status_code >= 400

    assert [secret in line for line in (*told, *lines)] == [False, False]


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_mistake_leaves_its_places_but_no_values(form: str) -> None:
    def mistaken(name: str) -> None:
        raise ValueError("too short" if len(name) < 9 else "too long")

    with written(form, "django.request") as lines:
        try:
            mistaken("".join(["张", "三"]))
        except ValueError:
            logging.getLogger("django.request").exception("Internal Server Error")

    (line,) = lines
    assert "Traceback" in line
    assert "in mistaken" in line
    assert "张三" not in line
