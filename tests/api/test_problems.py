"""Errors as RFC 9457 problem details, in the language that was asked for."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.api.actions import create_token
from shian.kernel.api.problems import MEDIA_TYPE, PROBLEMS, Problem, problem_for_status, problem_from
from shian.kernel.api.registry import all_scopes

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers() -> dict[str, str]:
    owner = User.objects.create(username="alice", role=Role.ADMIN)
    _token, key = create_token(owner=owner, name="x", scopes=list(all_scopes()), days=30, at=timezone.now())
    return {"Authorization": f"Bearer {key}"}


def asked(headers: dict[str, str], path: str, **more: str) -> Any:
    return Client().get(f"/api/v1{path}", headers={**headers, **more})


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("/products/none", 404, "not-found"),
        ("/nowhere", 404, "not-found"),
        ("/products/%00", 404, "not-found"),
        ("/products?limit=0", 422, "invalid"),
        ("/products?limit=501", 422, "invalid"),
        ("/products?limitt=5", 422, "invalid"),
        ("/products?cursor=x", 422, "cursor-invalid"),
        ("/products?scope=%00", 422, "invalid"),
        ("/areas/13", 404, "not-found"),
        ("/figures/operators.total/value?as_of=2999-01-01&area=131000", 422, "invalid"),
        ("/imports/99999999999999999999", 422, "invalid"),
    ],
)
def test_errors_are_problem_details(headers: dict[str, str], path: str, status: int, key: str) -> None:
    answer = asked(headers, path)

    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, MEDIA_TYPE)
    assert (told["type"], told["status"]) == (f"/api/problems#{key}", status)
    assert told["title"]
    assert told["detail"]


def test_another_method_is_405_with_those_that_are_known(headers: dict[str, str]) -> None:
    answer = Client().delete("/api/v1/products", headers=headers)

    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.json()["type"] == "/api/problems#method-not-allowed"


def test_a_wrong_parameter_is_named(headers: dict[str, str]) -> None:
    told = asked(headers, "/products?limit=many").json()["errors"]

    assert told == [{"in": "query", "pointer": "/limit", "detail": "应为整数"}]


@pytest.mark.parametrize(("language", "title"), [("zh-CN,zh;q=0.9", "没有找到"), ("en-GB,en;q=0.9", None)])
def test_the_language_is_that_of_the_reader(headers: dict[str, str], language: str, title: str | None) -> None:
    answer = asked(headers, "/products/none", **{"Accept-Language": language})

    assert answer["Content-Language"] == ("zh-hans" if title else "en")
    if title:
        assert answer.json()["title"] == title


def test_a_fault_of_ours_is_no_page(headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from shian.registers.products import api as endpoints

    def fail(*_arguments: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(endpoints, "_drawn", fail)
    monkeypatch.setattr(endpoints, "page_of", fail)
    client = Client(raise_request_exception=False)

    answer = client.get("/api/v1/products", headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (500, MEDIA_TYPE)
    assert "broken" not in answer.content.decode()


def test_exceptions_become_their_problems() -> None:
    denied = problem_from(PermissionDenied("只对创建办开放。"))

    assert denied is not None
    assert (denied.type.key, denied.detail) == ("forbidden", "只对创建办开放。")
    assert problem_from(RuntimeError()) is None
    assert problem_for_status(418).type.key == "malformed"
    assert problem_for_status(503).type.key == "server-error"
    assert Problem("conflict").type is PROBLEMS["conflict"]


def test_a_body_that_is_no_json_is_malformed(headers: dict[str, str]) -> None:
    answer = Client().post(
        "/api/v1/notices/read", "{", content_type="application/json", headers={**headers, "Idempotency-Key": "a" * 9}
    )

    assert (answer.status_code, answer.json()["type"]) == (400, "/api/problems#malformed")
