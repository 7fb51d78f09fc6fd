"""Measures over the campaign's own tables, and the report."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shian.domains.campaign import actions
from shian.domains.campaign.actions import adopt_reasons, draft_catalogues, draft_self_assessment, evaluate_area
from shian.domains.campaign.definitions.deeds import DEEDS
from shian.domains.campaign.definitions.report import items_without_result, self_assessment
from shian.domains.campaign.models import ItemResult, Standard
from shian.domains.campaign.queries import NotEvaluated, evaluation
from shian.domains.campaign.tests.factories import AS_OF, AT, make_user
from shian.engine.ledgers.models import LedgerRow
from shian.engine.measures.queries import figure, rows_of
from shian.engine.reports.actions import ReportBlocked
from shian.kernel.accounts.models import Role
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db
SEALING = {"seal", "seal_batch", "_seal", "seal_catalogue", "rescore_inside", "_decide", "_enter"}


def sealed_actions():
    """The names of actions that the campaign's verbs give to the log."""
    folder = Path(actions.__file__).parent
    calls = [
        each for path in folder.glob("*.py") for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") in SEALING
    ]  # fmt: skip
    given = [value for each in calls for value in (*each.args, *(keyword.value for keyword in each.keywords))]
    inside = [each for value in given for each in (ast.walk(value) if isinstance(value, ast.IfExp) else [value])]
    texts = {each.value for each in inside if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return {text for text in texts if text.startswith("campaign.")}


def test_everything_that_is_sealed_has_a_name():
    found = sealed_actions() | {"campaign.submission_accepted", "campaign.submission_returned"}

    assert len(found) > 50
    assert found == set(DEEDS)


def value(key, area="131000", as_of=AS_OF):
    return figure(key, area=area, as_of=as_of).value


@pytest.mark.parametrize(
    ("key", "number"),
    [("standard.sections", 6), ("standard.points", 38), ("standard.indicators", 94), ("standard.document", 47),
     ("standard.field", 39), ("standard.declared_points", 36), ("standard.declared_indicators", 94),
     ("standard.declared_document", 45), ("standard.declared_field", 39), ("standard.declared_unstated", 10)],
)  # fmt: skip
def test_standard_is_counted_from_rows(city, key, number):
    assert value(key) == number


def test_nothing_is_counted_before_the_standard_was_in_force(city):
    assert not value("standard.indicators", as_of=date(2020, 12, 31))


def test_rows_behind_a_count_reproduce_it(city):
    user = make_user("alice", Role.OFFICE)

    opened = rows_of("standard.sections", "part", area="131000", as_of=AS_OF, user=user)

    assert opened.rows.count() == 6
    assert opened.source.row_of(opened.rows.order_by("key")[0]).cells["title"] == "基础工作"


def test_catalogues_are_three_once_drafted(city):
    draft_catalogues(standard=Standard.objects.get(), area="131000", due_on=date(2023, 6, 30), by="office", at=AT)

    assert value("standard.catalogues", as_of=date(2023, 5, 19)) == 3


def test_evaluation_figures_follow_the_newest_evaluation(evaluate, registers):
    assert value("vetoes.triggered") is None
    registers["survey_results.satisfaction", "1310"] = "79.9"
    evaluate()

    assert value("standard.items_evaluated") == 94
    assert value("vetoes.triggered") == 1
    assert value("vetoes.unknown") == 4
    assert value("evaluation.items_unknown", "131022") == value("evaluation.items_unknown", "131022", date(2023, 5, 1))
    assert value("vetoes.triggered", as_of=date(2022, 11, 23)) is None


def test_json_of_an_evaluation(evaluate, registers):
    registers["survey_results.awareness", "1310"] = "85"
    evaluate()

    told = evaluation(area="131000", as_of=AS_OF)

    assert len(told["items"]) == 94
    assert sum(told["states"].values()) == 94
    assert (told["area"], told["area_name"], told["as_of"]) == ("131000", "廊坊市", "2022-11-24")
    assert "示例权重" in told["weights_note"]
    assert told["score"]["total"] == "120.00"
    item = next(item for item in told["items"] if item["code"] == "4.25.1")
    assert (item["state"], item["value"], item["threshold"], item["margin"], item["met"]) == (
        "external", "85", "85", "0", True,
    )  # fmt: skip
    assert next(item for item in told["items"] if item["code"] == "1.9.3")["lead"] == ["无牵头单位"]
    assert [section["title"] for section in told["sections"]][:2] == ["基础工作", "能力建设"]
    assert sum(Decimal(section["full"]) for section in told["sections"]) == Decimal(told["total"]["full"])


def test_a_county_reads_its_own_part_of_the_citys_evaluation(evaluate):
    evaluate()

    told = evaluation(area="131022", as_of=AS_OF)

    assert (told["area_name"], told["states"]["not_applicable"]) == ("固安县", 11)
    assert len(items_without_result("131022", AS_OF)) == 83
    assert self_assessment("131022", AS_OF).figures["campaign.not_applicable"].value == 11


def test_an_area_never_evaluated_says_so(city):
    with pytest.raises(NotEvaluated, match="还没有评价结果"):
        evaluation(area="131000", as_of=AS_OF)


def test_the_report_refuses_until_every_open_item_has_a_reason(evaluate):
    made = evaluate()

    with pytest.raises(ReportBlocked) as caught:
        draft_self_assessment(area="131000", as_of=AS_OF, by="office", at=AT)
    assert len(caught.value.blockers) == 94
    assert "1.1.1 食安要务督办与履职巡察" in {blocker.title for blocker in caught.value.blockers}

    adopt_reasons(evaluation=made, area="131000", by="office", at=AT)
    assert items_without_result("131000", AS_OF) == []
    document = draft_self_assessment(area="131000", as_of=AS_OF, by="office", at=AT).document
    assert document.kind == "self_assessment"


def test_without_an_evaluation_the_report_says_so(city):
    (blocker,) = items_without_result("131000", AS_OF)

    assert "请先运行评价" in blocker.reason


def test_report_context_names_vetoes_gaps_and_losses(evaluate, registers):
    registers["survey_results.satisfaction", "1310"] = "79.9"
    evaluate()

    context = self_assessment("131000", AS_OF)

    assert [veto["result"] for veto in context.words["vetoes"]] == ["未定", "未定", "未定", "已触发", "未定"]
    assert context.figures["campaign.items"].value == 94
    assert context.figures["campaign.vetoes_triggered"].value == 1
    assert "示例权重" in context.figures["campaign.score"].remark
    assert len(context.words["shortfalls"]) == 8
    tables = {table.key: table for table in context.tables}
    assert len(tables["items"].rows) == 94
    assert tables["losses"].rows[0]
    assert tables["sections"].rows[-1][0] == "合计"


@pytest.mark.parametrize(
    ("occurred_on", "state"),
    [("2019-11-23", "clear"), ("2019-11-25", "triggered"), ("2022-11-24", "triggered"), ("2022-11-25", "clear")],
)
def test_an_accident_of_three_years_and_one_day_ago_no_longer_counts(city, occurred_on, state):
    row = {"ledger": "incidents", "updated_at": AT, "updated_by": "x", **columns_of_key("1310")}
    data = {"kind": "零报告", "grade": "无", "is_grave": False}
    LedgerRow.objects.create(key='["0"]', occurs_on=date(2022, 1, 31), data=data, **row)
    data = {"kind": "事故", "grade": "重大", "is_grave": False}
    LedgerRow.objects.create(key='["1"]', occurs_on=date.fromisoformat(occurred_on), data=data, **row)

    made = evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)

    result = ItemResult.objects.get(evaluation=made, area_key="1310", indicator__code="6.0.2")
    assert result.veto_state == state
