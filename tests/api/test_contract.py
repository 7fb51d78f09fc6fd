"""The interface does what its description says: schemathesis calls every endpoint with good and bad values."""

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode

from shian.config.home import PROJECT
from shian.kernel.accounts.models import Role
from shian.kernel.api import middleware
from shian.kernel.api.rendering import openapi_text
from shian.kernel.api.site import openapi
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import token_for

EXAMPLES = {GenerationMode.POSITIVE: 5, GenerationMode.NEGATIVE: 3}
# A value that fits its schema may still name no area, no period, or a state that has passed: 404, 409, 422.
MEANT = ["2xx", "401", "403", "404", "409", "422"]
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": MEANT}},
    "generation": {"database": "none"},
}


def test_the_committed_description_is_the_present_one() -> None:
    committed = (PROJECT / "docs" / "openapi.json").read_text(encoding="utf-8")

    assert committed == openapi_text(openapi()), "renew it: .venv/bin/python -m tools.openapi"


def test_the_description_is_openapi_3_1() -> None:
    told = openapi()

    assert told["openapi"] == "3.1.0"
    assert json.loads(openapi_text(told)) == told


@pytest.fixture(scope="module")
def server() -> Any:
    """The program as a WSGI server, in the transaction of the test."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield get_wsgi_application()
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("langfang")
def test_every_endpoint_keeps_to_its_description(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "PER_MINUTE", 10**6)
    key = token_for(reach_user("program", "131022", Role.COUNTY))
    headers = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", server, config=SchemathesisConfig.from_dict(CONFIG), headers={"Host": "localhost"}
    )
    answers: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode, examples in EXAMPLES.items():
            call(operation, mode, examples, headers, answers)

    assert answers[200] > 30
    assert answers[404] > 20
    assert answers[422] > 20


@pytest.mark.django_db
def test_an_answer_that_is_not_as_described_is_found(server: Any) -> None:
    told = openapi()
    told["paths"] = {"/api/v1/products": told["paths"]["/api/v1/products"]}
    told["components"]["schemas"]["PageOut_ProductOut_"]["required"].append("total")
    headers = {"Authorization": f"Bearer {token_for(reach_user('program', '131022', Role.COUNTY))}"}
    schema = schemathesis.openapi.from_dict(told, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = server
    (found,) = schema.get_all_operations()

    with pytest.raises(FailureGroup, match='"total" is a required property'):
        call(found.ok(), GenerationMode.POSITIVE, 3, headers, Counter())


def call(operation: Any, mode: GenerationMode, examples: int, headers: dict[str, str], answers: Counter[int]) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        answers[case.call_and_validate(headers={**headers, "Host": "localhost"}).status_code] += 1

    once()
