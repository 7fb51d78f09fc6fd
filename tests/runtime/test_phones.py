"""Phones with ODK Collect against a server that runs: the whole way of one, and many while the server is killed.

What is measured over loopback is what a phone sees: HTTP, not Django's test client.
"""

import base64
import hashlib
import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from shian.engine.forms.tests.collect import photo, sized_photo
from shian.engine.forms.tests.phones import Answer, Phone
from tests.runtime.conftest import environment_of, eventually, free_port, migrated_home
from tests.runtime.nursery import Child, Nursery, nursery, start_web

PHONES, EACH, KILLS = 4, 12, 3
SITE = "tests.runtime.phone_site"
SETUP = """
import json, sys
from shian.kernel.scope.walls import work_as_system
work_as_system()
"""
# A form that is issued, inspectors with a phone and a password each: told as JSON.
PREPARE = """
from datetime import date
from django.utils import timezone
from shian.engine.forms import actions
from shian.engine.forms.tests.sheets import workbook
from shian.engine.forms.tests.test_protocol import SURVEY
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user
at = timezone.now()
office = reach_user("alice", "131000", Role.OFFICE)
version = actions.upload_form(name="x.xlsx", stream=workbook(SURVEY), by=office, at=at)
actions.issue_version(version=version, valid_from=date(2026, 1, 1), by=office, at=at)
users = [reach_user(f"inspector{n}", "131022", Role.COUNTY) for n in range(int(sys.argv[1]))]
for user in users:
    user.set_password("correct horse battery"); user.must_change_password = False; user.save()
print(json.dumps([actions.admit_phone(name="x", by=user, at=at)[1] for user in users]))
"""
# Every submission whose number begins so, with its files, and how often each was sealed.
JUDGE = """
from shian.engine.forms.models import FormSubmission
from shian.kernel.notary.models import Entry
told = []
for each in FormSubmission.objects.filter(instance_id__startswith=sys.argv[1]).order_by("pk"):
    sealed = Entry.objects.filter(subject=f"forms.formsubmission:{each.pk}").order_by("id")
    told.append({"id": each.instance_id, "percent": str(each.percent), "is_whole": each.completed_at is not None,
                 "files": dict(each.attachments.values_list("name", "stored__sha256")), "area": each.area,
                 "user": each.user.username, "seals": [entry.action for entry in sealed]})
print(json.dumps(told))
"""
GOOD = {
    "start": "2026-11-20T09:00:00.000+08:00", "end": "2026-11-20T09:25:00.000+08:00", "point": "P1",
    "place": "39.437 116.297 20.1 4.5", "licence": "pass", "records": "fail", "records_photo": "1.jpg",
    "records_note": "无票据", "expired": "1", "hygiene": "dust", "hygiene_photo": "2.jpg",
    "shian_earned": "63", "shian_whole": "100", "shian_score": "63",
}  # fmt: skip


@dataclass
class Server:
    """A migrated database and the web server on it, which may be killed."""

    loaded: Nursery
    port: int
    secrets: list[str] = field(default_factory=list)
    running: Child | None = None

    def ran(self, code: str, *words: object) -> Any:
        return json.loads(self.loaded.ran(SETUP + code, *words))

    def start(self) -> None:
        self.running = start_web(self.loaded, self.port, f"{SITE}:application")

    def kill(self) -> None:
        """kill -9 of the server and its workers."""
        assert self.running
        self.running.kill()
        self.running = None

    def phone(self, number: int = 0) -> Phone:
        """By the address in its QR code, through a proxy that speaks TLS."""
        address = f"http://127.0.0.1:{self.port}/forms/key/{self.secrets[number]}"
        return Phone(address, {"X-Forwarded-Proto": "https"})

    def answers(self) -> bool:
        phone = self.phone()
        try:
            return phone.asked("HEAD", f"{phone.address}/submission").status == 204
        except (OSError, http.client.HTTPException):
            return False
        finally:
            phone.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One for both tests: what they send has numbers of their own."""
    told = {"SHIAN_HTTPS": "1", "SHIAN_PROXIES": "1"}
    with (
        migrated_home() as (home, database),
        nursery({**environment_of(home, database), **told}, SITE) as loaded,
    ):
        made = Server(loaded, free_port())
        made.secrets = made.ran(PREPARE, PHONES)
        made.start()
        eventually(made.answers)
        yield made
        if made.running:
            made.kill()


def direct(url: str) -> str:
    """Addresses come back as the phone sees them, behind TLS; here nothing speaks TLS."""
    return url.replace("https://", "http://")


def test_collect_goes_its_whole_way(server: Server) -> None:
    with closing(server.phone()) as phone:
        _goes_its_way(server, phone)

    one, two = server.ran(JUDGE, "uuid:way-")
    assert (one["percent"], one["is_whole"], one["area"], one["user"]) == ("63.00", True, "131022", "inspector0")
    assert set(one["files"]) == {"1.jpg", "2.jpg"}
    assert one["seals"] == ["forms.received", "forms.files_received", "forms.files_received"]
    assert (two["percent"], two["is_whole"], two["user"], two["seals"]) == (
        "100.00", True, "inspector1", ["forms.received"],
    )  # fmt: skip


def _goes_its_way(server: Server, phone: Phone) -> None:
    form = phone.forms()["open_T1"]
    xform = phone.asked("GET", direct(form["downloadUrl"])).content
    assert form["hash"] == f"md5:{hashlib.md5(xform).hexdigest()}"
    (listed,) = phone.rows(direct(form["manifestUrl"]), "mediaFile")
    assert listed["filename"] == "points.csv"
    assert b"P1" in phone.asked("GET", direct(listed["downloadUrl"])).content

    # Two photos in two posts, as Collect sends what is larger than one post may be; then all of it again.
    body = phone.filled(xform, GOOD, "uuid:way-one")
    first = sent(phone, body, {"1.jpg": photo(1)}, more=True)
    assert (first.status, first.told) == (201, ("submit_success", "已收到答案，还有文件没有收齐。"))
    assert sent(phone, body, {"2.jpg": sized_photo(200_000, 2)}).told[1] == "已收到。"
    assert sent(phone, body, {"1.jpg": photo(1)}, more=True).status == 201
    assert sent(phone, body, {"2.jpg": photo(3)}).status == 409
    other = phone.filled(xform, {**GOOD, "records_note": "另写"}, "uuid:way-one")
    assert sent(phone, other, {}).status == 409
    false = phone.filled(xform, {**GOOD, "shian_score": "99"})
    refused = sent(phone, false, {})
    assert (refused.status, refused.told[0]) == (422, "submit_failure")

    # Another one by name and password over TLS; never without.
    basic = "Basic " + base64.b64encode(b"inspector1:correct horse battery").decode()
    way = f"http://127.0.0.1:{server.port}/forms/openrosa"
    by_name = Phone(way, {"X-Forwarded-Proto": "https", "Authorization": basic})
    plain = {**GOOD, "records": "pass", "hygiene": "none", "expired": "0", "records_photo": "", "hygiene_photo": "",
             "records_note": "", "shian_earned": "100", "shian_score": "100"}  # fmt: skip
    assert sent(by_name, by_name.filled(xform, plain, "uuid:way-two"), {}).status == 201
    by_name.close()
    for headers, refused_with in (({"X-Forwarded-Proto": "https"}, {401}), ({"Authorization": basic}, {301, 403})):
        with closing(Phone(way, headers)) as stranger:  # without a name; without TLS
            assert stranger.asked("GET", f"{way}/formList").status in refused_with


def sent(phone: Phone, body: bytes, files: dict[str, bytes], *, more: bool = False) -> Answer:
    head = phone.asked("HEAD", f"{phone.address}/submission")
    assert head.status == 204
    return phone.posted(direct(head.headers["location"]), body, files, more=more)


@dataclass
class Inspector(threading.Thread):
    """Sends one after the other; each until it is told that it has come."""

    server: Server
    number: int
    xform: bytes
    done: dict[str, dict[str, str]] = field(default_factory=dict)
    again: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        with closing(self.server.phone(self.number)) as phone:
            self.send_all(phone)

    def send_all(self, phone: Phone) -> None:
        for turn in range(EACH):
            name = f"uuid:killed-{self.number}-{turn}"
            files = {
                file: sized_photo(50_000, self.number * 1000 + turn * 10 + place)
                for place, file in enumerate(("1.jpg", "2.jpg"))
            }
            body = phone.filled(self.xform, GOOD, name)
            for file, content in files.items():
                self.until_it_has_come(phone, body, {file: content})
            self.done[name] = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}

    def until_it_has_come(self, phone: Phone, body: bytes, files: dict[str, bytes]) -> None:
        while True:
            try:
                answer = phone.posted(f"{phone.address}/submission", body, files)
                if answer.status == 201:
                    return
                assert answer.status >= 500, answer.content.decode()
            except (OSError, http.client.HTTPException):
                pass
            self.again += 1
            time.sleep(0.1)


def have_sent(inspectors: list[Inspector], wanted: int) -> bool:
    return sum(len(each.done) for each in inspectors) >= wanted


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_the_web_server_is_killed(server: Server) -> None:
    with closing(server.phone()) as phone:
        xform = phone.asked("GET", direct(phone.forms()["open_T1"]["downloadUrl"])).content
    inspectors = [Inspector(server, number, xform) for number in range(PHONES)]
    for each in inspectors:
        each.start()

    for kill in range(1, KILLS + 1):
        eventually(partial(have_sent, inspectors, kill * PHONES * EACH // (KILLS + 1)), 120)
        server.kill()
        server.start()
    for each in inspectors:
        each.join(timeout=180)

    assert not any(each.is_alive() for each in inspectors)
    kept = server.ran(JUDGE, "uuid:killed-")
    expected = {name: files for each in inspectors for name, files in each.done.items()}
    assert len(expected) == PHONES * EACH
    assert {each["id"]: each["files"] for each in kept} == expected
    assert len(kept) == len(expected)
    assert all(each["is_whole"] and each["seals"].count("forms.received") == 1 for each in kept)
    assert all(each["seals"].count("forms.files_received") == 2 for each in kept)
    assert sum(each.again for each in inspectors) > 0, "no kill struck a post"
