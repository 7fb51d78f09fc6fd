"""The published figures of Langfang come out of imported rows, in a city of real size."""

import ast
import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.config.home import PROJECT
from shian.domains.campaign.actions import adopt_reasons, draft_self_assessment
from shian.domains.campaign.queries.evaluations import kept_evaluation
from shian.engine.measures.queries import figure
from shian.kernel.accounts.models import Role, User
from tests.city import AREA, AS_OF

PACK = PROJECT / "packs" / "cities" / "langfang"
FIGURES: dict[str, dict[str, Any]] = yaml.load((PACK / "figures.yaml").read_bytes(), yaml.CSafeLoader)
CHECKS: list[dict[str, Any]] = yaml.load((PACK / "checks.yaml").read_bytes(), yaml.CSafeLoader)["checks"]
BOUND = {key: entry for key, entry in FIGURES.items() if entry["status"] == "bound" and not entry.get("background")}
EXACT = [key for key, entry in FIGURES.items() if entry["published"]["qualifier"] == "exact"]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"==": operator.eq, ">=": operator.ge, "<=": operator.le}
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "round": lambda number, digits: round(number, int(digits)),
    "abs": lambda number: abs(number),
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]


def computed(key: str) -> Decimal | None:
    entry = FIGURES[key]
    return figure(entry["measure"], area=entry["area"], as_of=entry["as_of"], period=entry.get("period")).value


def rounded(value: Decimal, published: dict[str, Any]) -> Decimal:
    return round(value, published.get("decimals", 0)) if value != value.to_integral() else value


@pytest.mark.parametrize("key", BOUND)
def test_figure_equals_the_published_one(key: str) -> None:
    published, value = FIGURES[key]["published"], computed(key)

    assert value is not None, "no rows answer it"
    if published["qualifier"] == "exact":
        assert rounded(value, published) == Decimal(str(published["value"]))
    elif "range" in published:
        low, high = published["range"]
        assert value >= low
        assert high is None or value < high
    elif published["qualifier"] == "at_least":
        assert value >= Decimal(str(published["value"]))
    else:
        assert rounded(value, published) == Decimal(str(published["value"]))


@pytest.mark.parametrize("key", [key for key in EXACT if key in BOUND])
def test_its_page_shows_the_published_figure(key: str, client: Client) -> None:
    entry = FIGURES[key]
    client.force_login(User.objects.create(username="alice", role=Role.ADMIN))
    asked = {name: str(entry[name]) for name in ("area", "as_of", "period") if entry.get(name)}

    page = client.get(reverse("figures:figure_detail", args=[entry["measure"]]), asked).context["figure"]

    assert rounded(Decimal(page.value), entry["published"]) == Decimal(str(entry["published"]["value"]))


def test_the_report_prints_what_its_city_published() -> None:
    """Every figure of the report that has a published counterpart on the same day equals it."""
    evaluation = kept_evaluation(AREA, AS_OF)
    adopt_reasons(evaluation=evaluation, area=AREA, by="carol", at=timezone.now())
    document = draft_self_assessment(area=AREA, as_of=AS_OF, by="carol", at=timezone.now()).document
    printed = {(row.measure, row.period): row.value for row in document.figures.all() if row.as_of == AS_OF}
    wanted = {
        key: printed[spot]
        for key in BOUND
        if key in EXACT
        and (spot := (FIGURES[key]["measure"], FIGURES[key].get("period") or "")) in printed
        and FIGURES[key]["area"] == AREA
        and FIGURES[key]["as_of"] == AS_OF
    }

    assert len(wanted) > 20
    for key, value in wanted.items():
        assert value is not None, key
        assert rounded(value, FIGURES[key]["published"]) == Decimal(str(FIGURES[key]["published"]["value"])), key


def test_the_total_opens_into_its_six_kinds_and_the_small_into_three() -> None:
    day, area = date(2022, 11, 24), "131000"
    kinds = ("producers", "fcm", "sellers", "markets", "caterers", "small")
    small = ("workshops", "small_restaurants", "stalls")

    def value(name: str) -> Decimal:
        return figure(f"operators.{name}", area=area, as_of=day).value or Decimal(0)

    assert sum(map(value, kinds)) == value("total") == 64098
    assert sum(map(value, small)) == value("small") == 25476


def test_every_published_figure_is_bound_or_says_why_not() -> None:
    assert len(FIGURES) == 187
    assert len(EXACT) == 130
    for entry in FIGURES.values():
        assert entry["status"] in {"bound", "later", "outside"}
        assert entry["status"] == "bound" or entry.get("part") or entry.get("reason")


@cache
def evaluated(expression: str, published_only: bool) -> Decimal:
    def walk(node: ast.AST) -> Decimal:
        if isinstance(node, ast.Expression):
            return walk(node.body)
        if isinstance(node, ast.BinOp):
            return Decimal(ARITHMETIC[type(node.op)](walk(node.left), walk(node.right)))
        if isinstance(node, ast.Constant):
            return Decimal(str(node.value))
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            return FUNCTIONS[node.func.id](*map(walk, node.args))
        assert isinstance(node, ast.Name)
        entry = FIGURES[node.id]
        if node.id in BOUND and not published_only and "measure" in entry:
            return rounded(computed(node.id) or Decimal(0), entry["published"])
        return Decimal(str(entry["published"]["value"]))

    return walk(ast.parse(expression, mode="eval"))


@pytest.mark.parametrize("check", [each for each in CHECKS if each["op"] != "info"], ids=lambda check: check["id"])
def test_a_violated_check_is_reported_as_violated(check: dict[str, Any]) -> None:
    published_only = check.get("published_only", False)
    left = evaluated(str(check["expr"]), published_only)
    right = evaluated(str(check["rhs"]), published_only)

    holds = OPERATORS[check["op"]](left, right) or abs(left - right) <= Decimal(str(check.get("tolerance", 0)))

    assert holds == (check["expected"] == "satisfied")
