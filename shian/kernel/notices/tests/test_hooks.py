"""Hooks: what a listener on this machine really receives, once, at the right hour, signed, and what is refused."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.notices import tasks
from shian.kernel.notices.actions import (
    Draft,
    HookRefused,
    deliver_pushes,
    end_hook,
    mark_all_read,
    register_hook,
    retry_pushes,
    run_rule,
    send_notices,
    try_hook,
)
from shian.kernel.notices.forms import HookForm
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import Hook, HookKind, HookMode, Push, PushState
from shian.kernel.notices.rules import MAX_ATTEMPTS, is_quiet, push_moment
from shian.kernel.notices.tests.cast import DUE_ON, ZONE, matter, moment, rule_over, user

pytestmark = pytest.mark.django_db
AT = moment("2026-03-11")
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


class Listener:
    """A chat server: keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: tuple[int, bytes] = (200, b'{"errcode": 0, "errmsg": "ok"}')
        heard = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, text = heard.answer
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_address[1]}"

    @property
    def texts(self) -> list[str]:
        return [json.loads(body)["text"]["content"] for _path, _headers, body in self.got]


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    found = Listener()
    settings.SHIAN_WEBHOOK_HOSTS = [found.place]
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def root() -> User:
    return user("root", Role.ADMIN)


@pytest.fixture
def alice() -> User:
    return user("alice")


def hook_to(listener: Listener, reader: User, root: User, kind: str = HookKind.WECOM, **more: Any) -> Hook:
    told = {
        "name": "工作群", "kind": kind, "url": f"http://{listener.place}/send?key=0123", "secret": "", "reader": reader,
        "mode": HookMode.IMMEDIATE, "quiet_from": None, "quiet_to": None, **more,
    }  # fmt: skip
    return register_hook(told=told, by=root, at=AT)


def send(*readers: User, count: int = 1, name: str = "事项", at: datetime = AT) -> int:
    drafts = [
        Draft([reader.pk for reader in readers], "tests", f"tests.matter:{n}", "due",
              Wording("%(name)s将到期", "正文只在系统内。"), {"name": f"{name}{n}"}, f"/matters/{n}/", at.date())
        for n in range(count)
    ]  # fmt: skip
    return send_notices(drafts=drafts, by="worker", at=at)


def test_a_robot_gets_one_message_with_titles_and_links_but_no_text(
    listener: Listener, alice: User, root: User, settings: Any
) -> None:
    settings.SHIAN_ADDRESS = "https://food.example.org"
    hook_to(listener, alice, root)
    send(alice, user("bob"), count=2)

    assert [deliver_pushes(at=AT), deliver_pushes(at=AT)] == [1, 0]
    ((path, headers, body),) = listener.got
    assert (path, headers["content-type"], headers["host"]) == ("/send?key=0123", "application/json", listener.place)
    told = json.loads(body)
    assert told["msgtype"] == "text"
    assert told["text"]["content"].splitlines() == [
        "食安：2 条通知",
        "[到期] 事项0将到期 2026-03-11", "https://food.example.org/matters/0/",
        "[到期] 事项1将到期 2026-03-11", "https://food.example.org/matters/1/",
    ]  # fmt: skip
    assert "正文" not in body.decode()
    assert set(Push.objects.values_list("state", flat=True)) == {"sent"}


def test_a_name_can_call_nobody_and_break_no_line(listener: Listener, alice: User, root: User) -> None:
    hook_to(listener, alice, root)
    send(alice, name="甲\n<@all>")
    deliver_pushes(at=AT)

    assert listener.texts == ["食安：1 条通知\n[到期] 甲 ＜@all>0将到期 2026-03-11"]


def test_a_message_is_cut_to_what_the_robot_takes_and_counts_the_rest(
    listener: Listener, alice: User, root: User
) -> None:
    hook_to(listener, alice, root)
    send(alice, count=40, name="固安县某某食品经营部整改" * 3)
    deliver_pushes(at=AT)

    (text,) = listener.texts
    assert 1500 < len(text.encode()) <= 2048
    shown = text.count("[到期]")
    assert text.endswith(f"另有 {40 - shown} 条，请登录系统查看。")


def test_dingtalk_is_signed_with_time_and_secret(listener: Listener, alice: User, root: User) -> None:
    hook_to(listener, alice, root, HookKind.DINGTALK, secret="SEC000")
    send(alice)
    deliver_pushes(at=AT)

    asked = parse_qs(urlsplit(listener.got[0][0]).query)
    stamp = str(int(AT.timestamp() * 1000))
    mac = hmac.new(b"SEC000", f"{stamp}\nSEC000".encode(), hashlib.sha256).digest()
    assert asked == {"key": ["0123"], "timestamp": [stamp], "sign": [base64.b64encode(mac).decode()]}


def test_a_program_gets_a_signed_standard_webhook(listener: Listener, alice: User, root: User) -> None:
    listener.answer = (204, b"")
    hook_to(listener, alice, root, HookKind.GENERIC, secret=SECRET)
    send(alice)
    deliver_pushes(at=AT)

    _path, headers, body = listener.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["webhook-timestamp"] == str(int(AT.timestamp()))
    told = json.loads(body)
    assert (told["type"], told["timestamp"]) == ("shian.notices", AT.isoformat())
    (notice,) = told["data"]["notices"]
    assert (notice["level"], notice["title"], notice["due_on"]) == ("due", "事项0将到期", "2026-03-11")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}'), "93000"),
        ((200, b"<html>"), "not JSON"),
        ((302, b""), "HTTP 302"),
        ((500, b"down"), "HTTP 500: down"),
    ],
)
def test_what_is_not_taken_is_tried_again_later_under_the_eyes_of_all(
    listener: Listener, alice: User, root: User, answer: tuple[int, bytes], error: str
) -> None:
    hook = hook_to(listener, alice, root)
    listener.answer = answer
    send(alice)

    assert [deliver_pushes(at=AT), deliver_pushes(at=AT)] == [0, 0]
    push = Push.objects.get()
    assert (push.attempts, push.next_at, len(listener.got)) == (1, AT + timedelta(minutes=1), 1)
    assert error in push.error
    listener.answer = (200, b'{"errcode": 0}')
    assert deliver_pushes(at=push.next_at) == 1
    push.refresh_from_db()
    assert (push.state, push.error, hook.pushes.count()) == ("sent", "", 1)


def test_it_is_given_up_in_the_end_and_goes_out_after_a_retry(listener: Listener, alice: User, root: User) -> None:
    hook = hook_to(listener, alice, root)
    listener.answer = (500, b"down")
    send(alice)
    at = AT
    for _attempt in range(MAX_ATTEMPTS):
        deliver_pushes(at=at)
        at = Push.objects.get().next_at

    assert Push.objects.get().state == PushState.FAILED
    assert Entry.objects.get(action="notices.push_ended").data["state"] == "failed"
    listener.answer = (200, b'{"errcode": 0}')
    assert retry_pushes(hook=hook, by=root, at=at) == 1
    assert deliver_pushes(at=at) == 1
    assert Push.objects.get().state == PushState.SENT


def test_one_dead_receiver_does_not_keep_the_others(listener: Listener, alice: User, root: User, settings: Any) -> None:
    settings.SHIAN_WEBHOOK_HOSTS = [listener.place, "127.0.0.1:9"]
    dead = hook_to(listener, alice, root, url="http://127.0.0.1:9/")
    hook_to(listener, alice, root)
    send(alice)

    assert deliver_pushes(at=AT) == 1
    assert "没有送到" in dead.pushes.get().error
    assert len(listener.got) == 1


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "https://localhost:8600/"]
)
def test_an_address_inside_is_never_asked_unless_the_host_is_named(
    url: str, listener: Listener, alice: User, root: User
) -> None:
    hook_to(listener, alice, root, url=url)
    send(alice)

    assert deliver_pushes(at=AT) == 0
    assert "内部网络" in Push.objects.get().error
    assert listener.got == []


@pytest.mark.parametrize("url", ["http://chat.example.org/", "ftp://x.example/", "https://a:b@x.example/", "随便"])
def test_an_address_in_the_clear_or_of_another_form_is_refused(
    url: str, listener: Listener, alice: User, root: User
) -> None:
    with pytest.raises(HookRefused):
        hook_to(listener, alice, root, url=url)
    assert not Hook.objects.exists()


@pytest.mark.parametrize(
    ("hour", "quiet", "daily", "moment_of"),
    [
        (9, (22, 7), False, (11, 9)), (23, (22, 7), False, (12, 7)), (3, (22, 7), False, (11, 7)),
        (7, (22, 7), False, (11, 7)), (22, (22, 7), False, (12, 7)), (12, (12, 14), False, (11, 14)),
        (6, None, True, (11, 8)), (8, None, True, (11, 8)), (9, None, True, (12, 8)), (9, (7, 9), True, (12, 9)),
    ],
)  # fmt: skip
def test_when_a_message_may_go_out(hour: int, quiet: Any, daily: bool, moment_of: tuple[int, int]) -> None:
    hours = (time(quiet[0]), time(quiet[1])) if quiet else None
    found = push_moment(moment("2026-03-11", hour), daily_at=time(8) if daily else None, quiet=hours)

    assert found == datetime(2026, 3, moment_of[0], moment_of[1], tzinfo=ZONE)
    assert not is_quiet(found.time(), hours)


def test_what_comes_in_quiet_hours_waits_and_goes_out_as_one(listener: Listener, alice: User, root: User) -> None:
    night, morning = moment("2026-03-11", 23), moment("2026-03-12", 7)
    hook_to(listener, alice, root, quiet_from=time(22), quiet_to=time(7))
    send(alice, at=night)
    send(alice, at=night + timedelta(hours=1))

    assert deliver_pushes(at=night + timedelta(hours=2)) == 0
    assert deliver_pushes(at=morning) == 1
    assert listener.texts[0].startswith("食安：2 条通知")


def test_a_retry_that_falls_into_quiet_hours_waits_too(listener: Listener, alice: User, root: User) -> None:
    hook_to(listener, alice, root, quiet_from=time(22), quiet_to=time(7))
    listener.answer = (500, b"")
    send(alice, at=moment("2026-03-11", 21))
    deliver_pushes(at=moment("2026-03-11", 21))
    deliver_pushes(at=moment("2026-03-11", 22))

    assert len(listener.got) == 1
    deliver_pushes(at=moment("2026-03-12", 7))
    assert len(listener.got) == 2


def test_the_digest_of_the_day_leaves_out_what_was_read(listener: Listener, alice: User, root: User) -> None:
    hook_to(listener, alice, root, mode=HookMode.DAILY)
    send(alice, at=AT)
    mark_all_read(user=alice, at=AT)
    send(alice, count=2, name="新事", at=AT + timedelta(hours=2))

    assert deliver_pushes(at=AT + timedelta(hours=3)) == 0
    assert deliver_pushes(at=moment("2026-03-12", 8)) == 1
    assert listener.texts[0].startswith("食安：2 条通知\n[到期] 新事0将到期")
    assert sorted(Push.objects.values_list("state", flat=True)) == ["passed", "sent", "sent"]


def test_an_escalation_reaches_the_group_once_whatever_is_run_again(
    listener: Listener, alice: User, root: User
) -> None:
    hook_to(listener, alice, root)
    rule = rule_over([matter()], owner=[alice], chief=[alice])
    for at in (moment(DUE_ON.isoformat()), moment("2026-03-18"), moment("2026-03-18", 10)):
        run_rule(rule=rule, at=at)
        run_rule(rule=rule, at=at)
        deliver_pushes(at=at)
        deliver_pushes(at=at)

    assert [text.split("[")[1].split("]")[0] for text in listener.texts] == ["到期", "升级"]


def test_a_trial_is_sent_even_at_night_and_an_ended_hook_hears_nothing(
    listener: Listener, alice: User, root: User
) -> None:
    night = moment("2026-03-11", 23)
    hook = hook_to(listener, alice, root, quiet_from=time(22), quiet_to=time(7))
    send(alice, at=night)
    try_hook(hook=hook, by=root, at=night)

    assert deliver_pushes(at=night) == 1
    assert listener.texts == ["食安：这是一条测试消息。"]
    end_hook(hook=hook, by=root, at=night)
    send(alice, at=night)
    assert deliver_pushes(at=moment("2026-03-12", 8)) == 0
    with pytest.raises(HookRefused):
        try_hook(hook=hook, by=root, at=night)
    assert Entry.objects.get(action="notices.hook_ended").data == {"name": "工作群", "dropped": 1}


def test_only_administrators_manage_hooks_and_no_seal_holds_the_address(
    listener: Listener, alice: User, root: User
) -> None:
    with pytest.raises(PermissionDenied):
        hook_to(listener, alice, alice)
    hook_to(listener, alice, root, HookKind.GENERIC, secret=SECRET)

    data = Entry.objects.get(action="notices.hook_registered").data
    assert data == {"name": "工作群", "kind": "generic", "reader": "alice", "mode": "immediate", "host": listener.place}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"secret": "short"}, "secret"), ({"quiet_from": ""}, "quiet_to"), ({"reader": "0"}, "reader"), ({}, ""),
        ({"quiet_from": "", "quiet_to": ""}, ""),
    ],
)  # fmt: skip
def test_the_form_names_the_field_that_is_wrong(change: dict[str, str], field: str, alice: User) -> None:
    told = {
        "name": "群", "kind": "generic", "url": "https://x.example/", "secret": SECRET, "reader": str(alice.pk),
        "mode": "daily", "quiet_from": "22:00", "quiet_to": "07:00",
    }  # fmt: skip
    assert list(HookForm({**told, **change}).errors) == ([field] if field else [])


def test_the_pages_show_retries_and_errors_and_neither_address_nor_titles(
    listener: Listener, alice: User, root: User, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(root)
    told = {
        "name": "工作群", "kind": "wecom", "url": f"http://{listener.place}/send?key=SECRET-0123", "secret": "",
        "reader": str(alice.pk), "mode": "immediate", "quiet_from": "", "quiet_to": "",
    }  # fmt: skip
    monkeypatch.setattr("shian.kernel.accounts.permissions.raise_if_reauthentication_required", lambda *_a, **_k: None)
    url = client.post(reverse("notices:hook_create"), told)["Location"]
    listener.answer = (500, b"down")
    send(alice)
    deliver_pushes(at=AT)
    Push.objects.update(state=PushState.FAILED)

    page, listed = (client.get(each).content.decode() for each in (url, reverse("notices:hook_list")))
    assert "HTTP 500: down" in page
    assert "…0123" in page
    assert "有失败" in listed
    assert "SECRET" not in page + listed
    assert "事项0" not in page
    number = Hook.objects.get().pk
    for verb in ("push_retry", "hook_check", "hook_end"):
        assert client.post(reverse(f"notices:{verb}", args=[number]))["Location"] == url
    assert sorted(Push.objects.values_list("state", flat=True)) == ["passed", "passed"]


def test_the_worker_asks_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(tasks, "deliver_pushes", lambda *, at: asked.append(at))
    tasks.push(0)
    assert len(asked) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message(listener: Listener) -> None:
    reader, root = user("alice"), user("root", Role.ADMIN)
    hook_to(listener, reader, root)
    send(reader, count=3)
    start, errors = threading.Barrier(3), []

    def work() -> None:
        try:
            start.wait(timeout=10)
            deliver_pushes(at=AT)
        except BaseException as error:  # noqa: BLE001 - a thread tells its test what went wrong
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert len(listener.got) == 1
