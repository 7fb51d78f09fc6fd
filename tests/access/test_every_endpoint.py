"""Every endpoint × role → 200, 403 or 404. An endpoint that is not listed here fails."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from shian.kernel.accounts.models import WATCHERS, Role, User
from shian.kernel.api.routing import gate_of
from shian.kernel.api.site import operations
from shian.kernel.notary.models import Entry
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import BASE, Program, token_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]

EVERYBODY = frozenset(Role) - {Role.OPERATOR} - WATCHERS  # these have pages of their own and no programs
WRITERS = EVERYBODY - {Role.ASSESSOR}  # assessors change nothing, by no way
IMPORTERS = frozenset({Role.ADMIN, Role.OFFICE, Role.COUNTY, Role.DEPARTMENT})
AREA = {Role.COUNTY: "131022", Role.STATION: "131022100"}
DAY = "2022-11-24"
NOBODY = "019f0000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Endpoint:
    """Who may call it with which values; `through` is what they get. Outsiders get 404 for `elsewhere`."""

    roles: frozenset[Role] = EVERYBODY
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    through: int = 200
    elsewhere: dict[str, str] = field(default_factory=dict)


AT = {"as_of": DAY}
CITY = {"area": "131000"}
ENDPOINTS: dict[str, Endpoint] = {
    "GET /areas": Endpoint(elsewhere={"parent": "131023"}),
    "GET /areas/{code}": Endpoint(path={"code": "131022100"}),
    "GET /areas/{code}/population": Endpoint(path={"code": "131022100"}, query=AT),
    "GET /areas/{code}/outlines": Endpoint(path={"code": "131022"}, query=AT),
    "GET /cases": Endpoint(elsewhere={"area": "131023"}),
    "GET /cases/types": Endpoint(),
    "GET /cases/{int:number}": Endpoint(path={"number": 9_999_999}, through=404),
    "POST /cases": Endpoint(WRITERS, body={"type": "none", "title": "x", "area": "131022", "issuer": "x"}, through=422),
    "POST /cases/{int:number}/steps": Endpoint(
        WRITERS, {"number": 9_999_999}, body={"step": "close", "seen": 1}, through=404
    ),
    "GET /dataValueSets": Endpoint(
        query={"dataSet": "operators", "period": "20221124", "orgUnit": "131022100"}, elsewhere={"orgUnit": "131023"}
    ),
    "POST /dataValueSets": Endpoint(
        IMPORTERS, body={"dataValues": [{"dataElement": "none.none", "value": "1"}]}, through=422
    ),
    "GET /documents": Endpoint(elsewhere=CITY | {"area": "131023"}),
    "GET /documents/{int:number}": Endpoint(path={"number": 1}, through=404),
    "GET /documents/{int:number}/download": Endpoint(path={"number": 1}, through=404),
    "GET /evaluation": Endpoint(query=AT, elsewhere={"area": "131023"}),
    "GET /evaluation/items": Endpoint(query=AT, elsewhere={"area": "131023"}),
    "GET /evaluation/items/{code}": Endpoint(path={"code": "1.4.2"}, query=AT, elsewhere={"area": "131023"}),
    "GET /evaluation/losses/units": Endpoint(query=AT, elsewhere={"area": "131023"}),
    "GET /evaluation/losses/areas": Endpoint(query=AT, elsewhere={"area": "131023"}),
    "GET /evaluation/vetoes": Endpoint(query=AT, elsewhere={"area": "131023"}),
    "GET /figures": Endpoint(),
    "GET /figures/{key}": Endpoint(path={"key": "operators.total"}),
    "GET /figures/{key}/value": Endpoint(path={"key": "operators.total"}, query=AT, elsewhere={"area": "131023"}),
    "GET /figures/{key}/areas": Endpoint(path={"key": "operators.total"}, query=AT, elsewhere={"area": "131023"}),
    "GET /figures/{key}/rows": Endpoint(
        path={"key": "operators.total"}, query=AT | {"limit": "5"}, elsewhere={"area": "131023"}
    ),
    "GET /imports/importers": Endpoint(IMPORTERS),
    "GET /imports": Endpoint(IMPORTERS),
    "POST /imports": Endpoint(IMPORTERS, body={}, through=422),
    "GET /imports/{int:number}": Endpoint(IMPORTERS, {"number": 9_999_999}, through=404),
    "GET /imports/{int:number}/problems": Endpoint(IMPORTERS, {"number": 9_999_999}, through=404),
    "GET /imports/{int:number}/bad-rows": Endpoint(IMPORTERS, {"number": 9_999_999}, through=404),
    "POST /imports/{int:number}/check": Endpoint(IMPORTERS, {"number": 9_999_999}, body={}, through=404),
    "POST /imports/{int:number}/accept": Endpoint(IMPORTERS, {"number": 9_999_999}, body={}, through=404),
    "POST /imports/{int:number}/accept-difference": Endpoint(
        IMPORTERS, {"number": 9_999_999}, body={"reason": "已核对"}, through=404
    ),
    "POST /imports/{int:number}/cancel": Endpoint(IMPORTERS, {"number": 9_999_999}, body={}, through=404),
    "POST /imports/{int:number}/undo": Endpoint(
        IMPORTERS, {"number": 9_999_999}, body={"reason": "传错文件"}, through=404
    ),
    "GET /ledgers": Endpoint(),
    "GET /ledgers/{key}": Endpoint(path={"key": "budgets"}),
    "GET /ledgers/{key}/rows": Endpoint(path={"key": "budgets"}, elsewhere={"area": "131023"}),
    "GET /ledgers/{key}/public": Endpoint(path={"key": "budgets"}, elsewhere={"area": "131023"}),
    "GET /ledgers/{key}/rows/{int:number}": Endpoint(path={"key": "budgets", "number": 9_999_999}, through=404),
    "GET /ledgers/{key}/rows/{int:number}/history": Endpoint(path={"key": "budgets", "number": 9_999_999}, through=404),
    "GET /ledgers/{key}/export": Endpoint(path={"key": "budgets"}, elsewhere={"area": "131023"}),
    "GET /log/entries/{uuidstr:uid}": Endpoint(path={"uid": NOBODY}, through=404),
    "GET /notices": Endpoint(),
    "POST /notices/read": Endpoint(WRITERS, body={"ids": [1]}),
    "GET /operators": Endpoint(query={"limit": "5"}, elsewhere={"area": "131023"}),
    "GET /operators/points": Endpoint(query={"bbox": "116,38,118,40", "zoom": "9"}, elsewhere={"area": "131023"}),
    "GET /operators/{code}": Endpoint(path={"code": "none"}, through=404),
    "GET /operators/{code}/history": Endpoint(path={"code": "none"}, through=404),
    "GET /organisations": Endpoint(elsewhere={"area": "131023"}),
    "GET /organisations/{code}": Endpoint(path={"code": "131022100-u-station"}),
    "GET /organisations/{code}/posts": Endpoint(path={"code": "131022100-u-station"}),
    "GET /products": Endpoint(),
    "GET /products/{code}": Endpoint(path={"code": "none"}, through=404),
    "GET /standards": Endpoint(),
    "GET /standards/{int:number}": Endpoint(path={"number": 9_999}, through=404),
    "GET /standards/{int:number}/indicators": Endpoint(path={"number": 9_999}, through=404),
}


def names() -> Iterator[str]:
    for path, operation in operations():
        for method in operation.methods:
            yield f"{method} {path}"


@pytest.fixture
def users() -> dict[Role, User]:
    others = EVERYBODY - {Role.ADMIN}
    made = {role: reach_user(f"u-{role}", AREA.get(role, "131000"), role) for role in Role if role in others}
    made[Role.ADMIN] = User.objects.create(username="u-admin", role=Role.ADMIN, is_superuser=True, is_staff=True)
    return made


def address(name: str, endpoint: Endpoint) -> str:
    path = name.split(" ")[1].replace("int:", "").replace("uuidstr:", "")
    return path.format(**endpoint.path)


def called(program: Program, name: str, **query: str) -> int:
    endpoint = ENDPOINTS[name]
    if name.startswith("GET"):
        response = program.get(address(name, endpoint), {**endpoint.query, **query})
    elif name == "POST /imports":
        response = program.post(address(name, endpoint), form={})
    else:
        response = program.post(address(name, endpoint), endpoint.body)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


def test_every_endpoint_is_listed() -> None:
    assert set(names()) == set(ENDPOINTS)


def test_every_endpoint_states_scope_and_policy() -> None:
    gates = {f"{op.methods[0]} {path}": gate_of(op) for path, op in operations()}

    assert [name for name, gate in gates.items() if gate is None] == []
    assert {name.split(" ")[0] for name, gate in gates.items() if gate and gate.is_write} == {"POST"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_endpoint_opens_for_its_roles_only(name: str, users: dict[Role, User]) -> None:
    endpoint = ENDPOINTS[name]

    answers = {role: called(Program(token_for(user)), name) for role, user in users.items()}

    assert answers == {role: endpoint.through if role in endpoint.roles else 403 for role in users}


@pytest.mark.parametrize("role", sorted(frozenset(Role) - EVERYBODY))
def test_people_of_operators_and_watchers_have_no_programs(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        token_for(reach_user(f"u-{role}", "131022100", role))


@pytest.mark.parametrize("name", ENDPOINTS)
def test_endpoint_needs_its_scope(name: str, users: dict[Role, User]) -> None:
    gates = {f"{op.methods[0]} {path}": gate_of(op) for path, op in operations()}
    scope = gates[name].scope
    other = "read:products" if scope != "read:products" else "read:areas"

    answer = called(Program(token_for(users[Role.ADMIN], other)), name)

    assert answer == 403


@pytest.mark.parametrize("name", ENDPOINTS)
def test_endpoint_knows_no_stranger_and_no_session(name: str, users: dict[Role, User], client: Client) -> None:
    endpoint = ENDPOINTS[name]
    client.force_login(users[Role.ADMIN])
    call = client.get if name.startswith("GET") else client.post

    response = call(BASE + address(name, endpoint))

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", [name for name, endpoint in ENDPOINTS.items() if endpoint.elsewhere])
def test_another_area_is_404_and_the_attempt_is_sealed(name: str, users: dict[Role, User]) -> None:
    answer = called(Program(token_for(users[Role.COUNTY])), name, **ENDPOINTS[name].elsewhere)

    assert answer == 404
    assert Entry.objects.filter(action="scope.refused", actor="u-county").count() == 1


def test_a_record_elsewhere_is_404_and_the_attempt_is_sealed(users: dict[Role, User]) -> None:
    other = Operator.objects.filter(county="131023").order_by("pk")[0]

    answer = Program(token_for(users[Role.COUNTY])).get(f"/operators/{other.code}")

    assert answer.status_code == 404
    assert other.code in Entry.objects.get(action="scope.refused").subject


def test_lists_hold_own_rows_only(users: dict[Role, User]) -> None:
    program = Program(token_for(users[Role.STATION]))

    found = json.loads(program.get("/operators", {"limit": 500}).content)["items"]

    assert found
    assert {row["area"][:9] for row in found} == {"131022100"}
