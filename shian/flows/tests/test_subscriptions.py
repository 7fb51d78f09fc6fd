"""After an import, a verdict or new weights, the worker evaluates anew what may read otherwise."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.domains.campaign.actions import enter_verdict, enter_weights, evaluate_area
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.domains.campaign.queries.inputs import standard_at
from shian.domains.campaign.tasks import evaluate_again, renew
from shian.domains.campaign.tests.factories import AS_OF, AT, make_areas, make_standard
from shian.kernel.events.bus import publish
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.events import ImportUndone

pytestmark = pytest.mark.django_db
LATER = date(2022, 12, 31)
SURVEY = "区划代码,测评名称,测评指标,测评结果,结果单位,组织单位,正式测评,结果日期\n"


@pytest.fixture
def city(db):
    make_areas()
    make_standard()
    finish("campaign.renew")  # weights came with the standard


def evaluate(as_of=AS_OF, area="131000"):
    return evaluate_area(area=area, as_of=as_of, by="office", at=max(AT, datetime.combine(as_of, AT.timetz())))


def jobs(task):
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").order_by("id")


def finish(task):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = %s", [task])


def waiting():
    """Which evaluations are to be made again, once the worker has looked."""
    for job in jobs("campaign.renew"):
        renew(**job.args)
    return [(job.args["area"], job.args["as_of"]) for job in jobs("campaign.evaluate_again")]


def work():
    for job in jobs("campaign.evaluate_again"):
        evaluate_again(**job.args)


def bring(tmp_path, score):
    path = tmp_path / f"{score}.csv"
    path.write_text(f"{SURVEY}131000,省级测评,满意度,{score},分,省食安办,是,2022-11-20\n", encoding="utf-8")
    return import_path(path=path, importer="ledger.survey_results", by="alice", at=AT)[0]


def satisfaction():
    return current_evaluations("1310").first().results.get(area_key="1310", indicator__code="6.0.4")


@pytest.mark.parametrize(("importer", "count"), [("out_orders", 1), ("in_orders", 1), ("operators", 0)])
def test_a_file_of_orders_that_is_taken_back_has_the_chains_looked_through(db, importer, count):
    publish(ImportUndone(importer=importer, batch=1, by="alice", at=AT))

    assert jobs("tracing.find_anomalies").count() == count


def test_an_import_evaluates_every_current_evaluation_again(city, tmp_path):
    evaluate()
    evaluate(LATER)
    assert satisfaction().veto_state == "unknown"

    bring(tmp_path, "79.9")
    assert waiting() == [("131000", "2022-12-31"), ("131000", "2022-11-24")]
    work()

    assert satisfaction().veto_state == "triggered"
    assert satisfaction().evaluation.created_by == "alice"


def test_several_imports_leave_one_job_and_an_unchanged_one_none(city, tmp_path):
    bring(tmp_path, "80")
    bring(tmp_path, "81")
    assert jobs("campaign.renew").count() == 1
    assert waiting() == []

    finish("campaign.renew")
    evaluate()
    bring(tmp_path, "81")
    assert not jobs("campaign.renew").exists()

    bring(tmp_path, "82")
    bring(tmp_path, "83")
    assert jobs("campaign.renew").count() == 1
    assert waiting() == waiting() == [("131000", "2022-11-24")]


def test_the_job_run_twice_keeps_one_result(city, tmp_path):
    evaluate()
    bring(tmp_path, "80")
    waiting()

    work()
    first = current_evaluations("1310").get()
    work()

    assert current_evaluations("1310").get() == first


def test_a_verdict_renews_the_other_evaluations_that_read_it(city):
    first, later = evaluate(), evaluate(LATER)
    evaluate(LATER, "131022")

    enter_verdict(
        evaluation=first, code="1.1.1", area="131000", verdict="达标", reviewer="赵评审", reviewed_on=AS_OF,
        by="alice", at=AT,
    )  # fmt: skip
    assert waiting() == [("131000", "2022-12-31"), ("131000", "2022-11-24")]
    work()

    assert current_evaluations("1310").last() == first
    renewed = current_evaluations("1310").first()
    assert renewed != later
    assert renewed.results.get(area_key="1310", indicator__code="1.1.1").state == "verdict"


def test_a_verdict_in_a_replaced_evaluation_renews_the_one_that_replaced_it(city, tmp_path):
    former = evaluate()
    bring(tmp_path, "80")
    waiting()
    work()
    finish("campaign.evaluate_again")
    finish("campaign.renew")

    enter_verdict(
        evaluation=former, code="1.1.1", area="131000", verdict="达标", reviewer="赵评审", reviewed_on=AS_OF,
        by="alice", at=AT,
    )  # fmt: skip
    assert waiting() == [("131000", "2022-11-24")]
    work()

    current = current_evaluations("1310").get()
    assert current.results.get(area_key="1310", indicator__code="1.1.1").state == "verdict"


def test_a_verdict_in_the_only_evaluation_asks_for_nothing(city):
    evaluation = evaluate()

    enter_verdict(
        evaluation=evaluation, code="1.1.1", area="131000", verdict="达标", reviewer="赵评审", reviewed_on=AS_OF,
        by="alice", at=AT,
    )  # fmt: skip

    assert not jobs("campaign.renew").exists()


def test_a_citys_own_weights_replace_the_illustrative_ones_from_their_day(city):
    evaluate()
    evaluate(LATER)
    sections = {1: 40, 2: 20, 3: 20, 4: 10, 5: 10, 6: 0}

    enter_weights(
        standard=standard_at(AS_OF), area="131000",
        sections={number: Decimal(points) for number, points in sections.items()},
        effective_from=date(2022, 12, 1), title="本市分值", source="廊创办〔2022〕9号", by="alice", at=AT,
    )  # fmt: skip
    assert waiting() == [("131000", "2022-12-31")]
    work()

    newest, older = current_evaluations("1310")
    assert (newest.as_of, newest.scoring.is_illustrative, newest.scoring.total) == (LATER, False, 100)
    assert older.scoring.is_illustrative


def test_weights_of_one_area_leave_the_evaluations_of_others_alone(city):
    evaluate()
    evaluate(area="131022")
    evaluate(area="131102")

    enter_weights(
        standard=standard_at(AS_OF), area="131000", sections={1: Decimal(100)}, effective_from=date(2022, 1, 1),
        title="本市分值", source="廊创办〔2022〕9号", by="alice", at=AT,
    )  # fmt: skip

    assert waiting() == [("131000", "2022-11-24"), ("131022", "2022-11-24")]
