"""After a verdict, a closed case or an import only what changed and the sums above it are written; the result is always
that of a full evaluation. On the registers' own figures, in a real database."""

from datetime import date, datetime
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.domains.campaign.actions import enter_verdict, evaluate_area
from shian.domains.campaign.actions.rescoring import ask_rescoring, rescore_all, rescore_sources
from shian.domains.campaign.models import AreaScore, Evaluation, Indicator, IndicatorMeasure, ItemResult, Verdict
from shian.domains.campaign.queries import sources
from shian.domains.campaign.queries.sources import items_reading, sources_read
from shian.domains.campaign.tasks import rescore
from shian.domains.campaign.tests.factories import AS_OF, AT, make_organisation
from shian.domains.campaign.tests.loops import photo, took
from shian.domains.campaign.tests.test_actions_evaluation import content
from shian.engine.cases.models import Case
from shian.engine.ledgers.actions import enter_row
from shian.engine.ledgers.declarations import ledger
from shian.engine.measures.declarations import all_measures
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation
from tests.extent import IS_WHOLE

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
BOUND = "3.20.3"  # a field item, for these tests also bound to the close-out rate of problems
AREAS = ("1310", "131002", "131022", "131022100")


@pytest.fixture
def bound(city):
    """The small city with an item that counts problems struck off, at every level."""
    IndicatorMeasure.objects.create(
        indicator=Indicator.objects.get(code=BOUND), key=f"{BOUND}-z", title="问题销号率", unit="%", operator=">=",
        threshold=95, levels=["city", "county", "township"], measure="problems.close_out_rate",
        order=99, kind="rate",
    )  # fmt: skip
    sources._bound.cache_clear()
    make_organisation("CAMPO")
    yield
    sources._bound.cache_clear()


def evaluate():
    return evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)


def problem(number, area, closed_on=None):
    unit = Organisation.objects.get(department_code="CAMPO", county="")
    moment = datetime(closed_on.year, closed_on.month, closed_on.day, 12, tzinfo=ZONE) if closed_on else None
    return Case.objects.create(
        type="problem", number=f"WT-{number}", title="隐患", state="closed" if closed_on else "rectifying",
        is_open=closed_on is None, issuer=unit, unit=unit, opened_on=date(2022, 10, 1), closed_at=moment,
        created_at=AT, updated_at=AT, data={"severity": "一般"}, **columns_of_key(area),
    )  # fmt: skip


def survey(area, score):
    by, _made = User.objects.get_or_create(username="keeper", role=Role.ADMIN)
    row = {"area_code": area.ljust(6, "0"), "survey": "省级测评", "measure": "满意度", "score": score, "unit": "分",
           "organiser": "省食安办", "is_official": "true", "published_on": "2022-11-20"}  # fmt: skip
    enter_row(ledger=ledger("survey_results"), values=row, by=by, at=AT)


def judge(evaluation, code, area, verdict):
    enter_verdict(
        evaluation=evaluation, code=code, area=area.ljust(6, "0"), verdict=verdict, ratio=D("0.4"), reviewer="一组",
        reason="查阅资料", reviewed_on=date(2022, 11, 1), by="rev", at=AT,
    )  # fmt: skip


def digests(evaluation):
    return dict(ItemResult.objects.filter(evaluation=evaluation).values_list("pk", "digest"))


def sums(evaluation):
    rows = AreaScore.objects.filter(evaluation=evaluation)
    return {(row.pop("area_key"), row.pop("section_number")): row for row in rows.values()}


VERDICTS = st.tuples(st.just("verdict"), st.sampled_from(["1.1.1", BOUND, "4.24.1", "5.38.1"]), st.sampled_from(AREAS),
                     st.sampled_from(["达标", "部分达标", "不达标", "不适用"]))  # fmt: skip
FOUND = st.tuples(st.just("found"), st.sampled_from(AREAS[1:]))
CLOSED = st.tuples(st.just("closed"), st.integers(0, 9))
IMPORTED = st.tuples(st.just("import"), st.sampled_from(AREAS[:3]), st.sampled_from(["79.9", "80", "91.25"]))


@settings(max_examples=15 if IS_WHOLE else 5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.one_of(VERDICTS, FOUND, CLOSED, IMPORTED), min_size=1, max_size=7))
def test_any_changes_rescored_touch_their_ancestors_only_and_equal_a_full_evaluation(bound, changes):
    Evaluation.objects.update(is_current=False)
    Verdict.objects.all().delete()
    Case.objects.all().delete()
    rescored = evaluate()
    for number, change in enumerate(changes):
        before, totals = digests(rescored), sums(rescored)
        match change:
            case ("verdict", code, area, word):
                judge(rescored, code, area, word)
            case ("found", area):
                problem(number, area)
                rescore_sources(evaluation=rescored, sources=["cases.problem"], by="worker", at=AT)
            case ("closed", place):
                found = list(Case.objects.filter(is_open=True).order_by("number"))
                for case in found[place : place + 1]:
                    Case.objects.filter(pk=case.pk).update(
                        is_open=False, state="closed", closed_at=datetime(2022, 11, 20, 12, tzinfo=ZONE)
                    )
                rescore_sources(evaluation=rescored, sources=["cases.problem"], by="worker", at=AT)
            case ("import", area, score):
                survey(area, score)
                rescore_sources(evaluation=rescored, sources=["ledger.survey_results"], by="worker", at=AT)
        _only_ancestors(rescored, before, totals)
    rescored.refresh_from_db()
    same = evaluate()
    Evaluation.objects.filter(pk=rescored.pk).update(is_current=False)
    full = evaluate()

    assert same.pk == rescored.pk
    assert full.result_digest == rescored.result_digest
    assert content(full) == content(rescored)


def _only_ancestors(evaluation, before, totals):
    """Only sums above a changed result have changed."""
    changed = [pk for pk, digest in digests(evaluation).items() if before[pk] != digest]
    rows = ItemResult.objects.filter(pk__in=changed).values_list("area_key", "section_number")
    above = {spot for area, section in rows for spot in ((area, 0), (area, section))}
    moved = {spot for spot, row in sums(evaluation).items() if totals[spot] != row}
    assert moved <= above


def test_a_closed_case_is_rescored_by_the_worker_in_its_areas_only(bound):
    first, second = problem(1, "131022100"), problem(2, "131002")
    Case.objects.filter(pk=first.pk).update(state="submitted", turn="unit:1310-CAMPO")
    evaluation = evaluate()
    before = digests(evaluation)
    first.refresh_from_db()
    assert ItemResult.objects.get(evaluation=evaluation, area_key="131022", indicator__code=BOUND).ratio == 0
    took(first, "return", "office", note="再查", due_on=date(2023, 3, 20))
    first.refresh_from_db()
    took(first, "submit", "unit", note="已改", data={"measures": "更换"}, files=[photo()])
    first.refresh_from_db()
    took(first, "close", "verifier")
    Case.objects.filter(pk=first.pk).update(closed_at=datetime(2022, 11, 20, 12, tzinfo=ZONE))
    jobs = ProcrastinateJob.objects.filter(task_name="campaign.rescore")
    assert [job.args["source"] for job in jobs] == ["cases.problem"]

    rescore(**jobs[0].args)

    found = {row.area_key: row.ratio for row in ItemResult.objects.filter(evaluation=evaluation, indicator__code=BOUND)}
    assert (found["131022"], found["131022100"], found["131002"], found["1310"]) == (1, 1, 0, 0)
    changed = [pk for pk, digest in digests(evaluation).items() if before[pk] != digest]
    areas = set(ItemResult.objects.filter(pk__in=changed).values_list("area_key", "indicator__code"))
    assert areas == {("1310", BOUND), ("131022", BOUND), ("131022100", BOUND)}
    assert second.is_open
    assert evaluate().pk == evaluation.pk
    assert rescore_all(source="cases.problem", by="worker", at=AT) == 0


def test_rescoring_after_a_closed_case_takes_few_statements_however_many_areas(bound):
    for number, area in enumerate(AREAS[1:]):
        problem(number, area)
    evaluation = evaluate()
    Case.objects.update(is_open=False, state="closed", closed_at=datetime(2022, 11, 20, 12, tzinfo=ZONE))

    with CaptureQueriesContext(connection) as queries:
        changed = rescore_sources(evaluation=evaluation, sources=["cases.problem"], by="worker", at=AT)

    written = [query["sql"] for query in queries if (query["sql"] or "").startswith("UPDATE")]
    assert len(changed) == 4
    assert len(written) == 1 + 2 * len(changed) + 1, written  # the results, two sums above each, the digest
    assert len(queries) - 2 * len(changed) <= 16


def test_one_seal_tells_what_answers_otherwise(bound):
    problem(1, "131022100")
    evaluation = evaluate()
    Case.objects.update(is_open=False, state="closed", closed_at=datetime(2022, 11, 20, 12, tzinfo=ZONE))

    rescore_sources(evaluation=evaluation, sources=["cases.problem"], by="worker", at=AT)

    entry = Entry.objects.get(action="campaign.sources_rescored")
    assert [each[:2] for each in entry.data["results"]] == [
        [BOUND, "131000"], [BOUND, "131022"], [BOUND, "131022100"],
    ]  # fmt: skip
    evaluation.refresh_from_db()
    assert entry.data["digest"] == evaluation.result_digest


def test_nothing_is_asked_for_what_no_item_reads(city):
    sources._bound.cache_clear()
    evaluate()

    assert not ask_rescoring(source="cases.keeping", by="worker")
    assert ask_rescoring(source="ledger.survey_results", by="worker")


def test_a_replaced_evaluation_is_left_alone(bound):
    problem(1, "131022")
    evaluation = evaluate()
    Evaluation.objects.filter(pk=evaluation.pk).update(is_current=False)
    Case.objects.update(is_open=False, state="closed", closed_at=datetime(2022, 11, 20, 12, tzinfo=ZONE))

    assert rescore_sources(evaluation=evaluation, sources=["cases.problem"], by="worker", at=AT) == []


def test_a_measure_reads_the_sources_of_all_its_parts(bound):
    assert sources_read("problems.close_out_rate") == {"cases.problem"}
    assert sources_read("pesticides.cut_2y_rate") == {"ledger.pesticides"}
    assert all(sources_read(key) for key in all_measures())
    item = Indicator.objects.get(code=BOUND)
    assert items_reading(item.standard_id, ["cases.problem"]) == [item.pk]
