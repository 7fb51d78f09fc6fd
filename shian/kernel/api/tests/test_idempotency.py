"""A write with a key has one effect, however often and at once it is sent."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.api.actions import create_token, drop_expired_answers
from shian.kernel.api.models import KeptAnswer
from shian.kernel.api.registry import all_scopes
from shian.kernel.imports.models import ImportBatch
from shian.kernel.notary.models import Entry

FILE = "品类编码,名称,上级编码,产品范围\n0101,小麦粉,,食品\n".encode()
OTHER = "品类编码,名称,上级编码,产品范围\n0102,大米,,食品\n".encode()


def headers_of(username: str = "alice") -> dict[str, str]:
    owner = User.objects.create(username=username, role=Role.ADMIN)
    _token, key = create_token(owner=owner, name="x", scopes=list(all_scopes()), days=30, at=timezone.now())
    return {"Authorization": f"Bearer {key}"}


def sent(headers: dict[str, str], key: str, content: bytes = FILE) -> Any:
    form = {
        "importer": "products",
        "effective_on": "2022-11-24",
        "file": SimpleUploadedFile("品类.csv", content, "text/csv"),
    }
    return Client().post("/api/v1/imports", form, headers={**headers, "Idempotency-Key": key})


@pytest.mark.django_db
def test_the_same_request_again_gives_the_same_answer_and_no_second_effect() -> None:
    headers = headers_of()

    first, second = sent(headers, "upload-1"), sent(headers, "upload-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert second["Location"] == first["Location"] == f"/api/v1/imports/{first.json()[0]['id']}"
    assert ImportBatch.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_for_another_body_is_422() -> None:
    headers = headers_of()
    sent(headers, "upload-1")

    answer = sent(headers, "upload-1", OTHER)

    assert (answer.status_code, answer.json()["type"]) == (422, "/api/problems#idempotency-key-reused")
    assert ImportBatch.objects.count() == 1


@pytest.mark.django_db
def test_another_token_may_use_the_same_key() -> None:
    assert sent(headers_of(), "upload-1").status_code == 201
    assert sent(headers_of("bob"), "upload-1").status_code == 201
    assert ImportBatch.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "short", "with space in it", "x" * 129])
def test_a_write_without_a_good_key_is_400(key: str) -> None:
    answer = sent(headers_of(), key)

    assert (answer.status_code, answer.json()["type"]) == (400, "/api/problems#idempotency-key-missing")
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_a_refused_write_leaves_its_key_free() -> None:
    headers = headers_of()

    refused = sent(headers, "upload-1", b"")
    accepted = sent(headers, "upload-1")

    assert (refused.status_code, accepted.status_code) == (422, 201)


@pytest.mark.django_db
def test_an_answer_is_forgotten_after_a_day() -> None:
    headers = headers_of()
    sent(headers, "upload-1")
    KeptAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = sent(headers, "upload-1", OTHER)

    assert answer.status_code == 201
    assert ImportBatch.objects.count() == 2
    assert drop_expired_answers(at=timezone.now() + timedelta(days=1, seconds=1)) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_one_effect() -> None:
    headers = headers_of()
    barrier, answers = threading.Barrier(4), []

    def send() -> None:
        barrier.wait()
        try:
            answers.append(sent(headers, "upload-1"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({json.dumps(answer.json()) for answer in answers}) == 1
    assert sum(answer.headers.get("Idempotency-Replayed") == "true" for answer in answers) == 3
    assert ImportBatch.objects.count() == 1
    assert Entry.objects.filter(action="files.stored").count() == 1
