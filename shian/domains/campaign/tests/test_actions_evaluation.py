"""Evaluating: states at every level, replacing only what differs, rescoring equal to a full run."""

from collections import Counter
from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shian.domains.campaign.actions import (
    DayToCome,
    VerdictRefused,
    adopt_reasons,
    enter_verdict,
    evaluate_area,
    rescore_item,
    state_reason,
)
from shian.domains.campaign.models import AreaScore, Evaluation, ItemResult, StatedReason, Verdict
from shian.domains.campaign.queries import report_blockers
from shian.domains.campaign.queries.inputs import NothingInForce
from shian.domains.campaign.tests.factories import AS_OF, AT, make_areas, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from tests.extent import IS_WHOLE

pytestmark = pytest.mark.django_db
CODES = ("1.1.1", "1.4.2", "1.6.3", "4.24.1", "4.25.1", "6.0.4", "5.38.1", "3.20.3")


def result(evaluation, code, area="1310"):
    return ItemResult.objects.get(evaluation=evaluation, indicator__code=code, area_key=area)


def judge(evaluation, code, verdict="达标", area="131000", **given):
    values = {"reviewer": "评审一组", "reviewed_on": date(2022, 11, 1), "by": "rev", "at": AT, "reason": "查阅资料"}
    return enter_verdict(evaluation=evaluation, code=code, area=area, verdict=verdict, **{**values, **given})


def content(evaluation):
    """Everything an evaluation says, without ids."""
    rows = ItemResult.objects.filter(evaluation=evaluation).order_by("area_key", "indicator__order")
    sums = AreaScore.objects.filter(evaluation=evaluation).order_by("area_key", "section_number")
    skipped = {"id", "evaluation_id"}
    return [
        {name: value for name, value in row.items() if name not in skipped} for row in [*rows.values(), *sums.values()]
    ]


def test_every_item_has_one_of_five_states_in_every_area(evaluate):
    evaluation = evaluate()

    areas = Counter(ItemResult.objects.filter(evaluation=evaluation).values_list("area_key", flat=True))
    assert areas == dict.fromkeys(["1310", "131002", "131022", "131002100", "131022100", "131022101"], 94)
    unknown = ItemResult.objects.filter(evaluation=evaluation, state="unknown")
    assert unknown.exists()
    assert not unknown.filter(reasons=[]).exists()
    assert all(row.reason for row in unknown)


def test_measures_run_only_at_the_levels_they_declare(evaluate, registers):
    registers.update({("survey_results.satisfaction", key): "85" for key in ("1310", "131002", "131002100")})

    evaluation = evaluate()

    assert result(evaluation, "4.24.1").state == "external"
    below = [result(evaluation, "4.24.1", area) for area in ("131002", "131002100")]
    assert {(row.state, row.reason, row.weight) for row in below} == {("not_applicable", "不适用于本级", 0)}


@pytest.mark.parametrize(
    ("value", "state", "margin", "met"), [("79.9", "triggered", "-0.1", False), ("80", "clear", "0", True)]
)
def test_satisfaction_on_the_line_is_clear_with_margin_0(evaluate, registers, value, state, margin, met):
    registers["survey_results.satisfaction", "1310"] = value

    row = result(evaluate(), "6.0.4")

    assert (row.veto_state, row.margin, row.met) == (state, D(margin), met)


def test_a_measured_value_converts_to_points_and_names_the_formula(evaluate, registers):
    registers["survey_results.awareness", "1310"] = "68"

    row = result(evaluate(), "4.25.1")

    assert (row.ratio, row.formula) == (D("0.8"), "pro_rata@pro-rata-1")
    assert row.score == (row.weight * D("0.8")).quantize(D("0.0001"))


def test_the_same_result_again_keeps_the_evaluation(evaluate, registers):
    first, second = evaluate(), evaluate()
    registers["drills.city_live_2y", "1310"] = "2"
    third = evaluate()

    assert first.pk == second.pk != third.pk
    assert Evaluation.objects.filter(is_current=True).get() == third
    assert Entry.objects.filter(action="campaign.area_evaluated").count() == 2


def test_an_evaluation_locks_the_former_one_before_it_reads(evaluate):
    """Else a verdict entered between reading and writing would be missing from the result."""
    evaluate()

    with CaptureQueriesContext(connection) as queries:
        evaluate()

    statements = [query["sql"] for query in queries]
    locked = next(n for n, sql in enumerate(statements) if "campaign_evaluation" in sql and "FOR UPDATE" in sql)
    judged = next(n for n, sql in enumerate(statements) if 'FROM "campaign_verdict"' in sql)
    assert locked < judged


def test_an_evaluation_seals_a_root_over_its_rows(evaluate):
    evaluate()

    entry = Entry.objects.get(action="campaign.area_evaluated")
    assert (entry.rows_count, entry.actor) == (6 * 94, "office")


def test_a_county_can_be_evaluated_alone(evaluate):
    evaluation = evaluate("131022")

    assert set(evaluation.results.values_list("area_key", flat=True)) == {"131022", "131022100", "131022101"}


def test_an_area_unknown_on_the_date_is_refused(evaluate):
    with pytest.raises(LookupError, match="没有区划 139900"):
        evaluate("139900")


def test_a_day_to_come_is_refused_in_one_sentence(evaluate):
    with pytest.raises(DayToCome, match="2022-11-25 还没有到，只能评价今天和今天以前的日期。"):
        evaluate(as_of=date(2022, 11, 25))

    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(("role", "area", "error"), [(Role.COUNTY, "131022", PermissionDenied),
                                                     (Role.OFFICE, "131022", OutOfReach)])  # fmt: skip
def test_a_user_evaluates_judges_and_explains_inside_reach_and_role_only(evaluate, role, area, error):
    evaluation, user = evaluate(), make_user("eve", role, area)
    given = {"evaluation": evaluation, "area": "131000", "by": user, "at": AT}

    for work in (
        lambda: evaluate_area(area="131000", as_of=AS_OF, by=user, at=AT),
        lambda: enter_verdict(code="1.1.1", verdict="达标", reviewer="一组", reviewed_on=AS_OF, **given),
        lambda: state_reason(code="1.1.1", reason="待评审", **given),
        lambda: adopt_reasons(**given),
        lambda: rescore_item(code="1.1.1", **given),
    ):
        with pytest.raises(error):
            work()
    assert not Verdict.objects.exists()
    assert not StatedReason.objects.exists()


def test_who_evaluates_in_another_language_gets_the_same_result(evaluate):
    with override("en"):
        evaluation = evaluate()
        adopt_reasons(evaluation=evaluation, area="131000", by="office", at=AT)
    again = evaluate()

    assert again == evaluation
    assert result(evaluation, "4.24.1").reasons[0] == {"code": "wanted", "computability": "external"}
    assert result(evaluation, "4.24.1").reason.startswith("尚未录入外部测评或抽检结果")
    assert StatedReason.objects.get(indicator_code="4.24.1").reason.startswith("尚未录入外部测评或抽检结果")


def test_without_a_standard_nothing_is_evaluated(db):
    make_areas()

    with pytest.raises(NothingInForce):
        evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)


def test_a_verdict_rescores_item_section_and_area(evaluate):
    evaluation = evaluate()
    before = AreaScore.objects.get(evaluation=evaluation, area_key="1310", section_number=0)

    row = judge(evaluation, "1.1.1")

    after = AreaScore.objects.get(evaluation=evaluation, area_key="1310", section_number=0)
    assert (row.state, row.score) == ("verdict", row.weight)
    assert after.earned - before.earned == row.weight
    assert (after.verdict, after.unknown) == (before.verdict + 1, before.unknown - 1)
    assert Entry.objects.filter(action="campaign.verdict_entered").count() == 1


def test_a_verdict_of_the_same_day_supersedes_the_former(evaluate):
    evaluation = evaluate()
    judge(evaluation, "1.1.1")

    row = judge(evaluation, "1.1.1", "不达标")

    assert row.score == 0
    assert [(v.verdict, v.superseded_at is None) for v in Verdict.objects.order_by("id")] == [
        ("达标", False),
        ("不达标", True),
    ]


def test_the_newest_review_up_to_the_date_counts(evaluate):
    evaluation = evaluate()
    judge(evaluation, "1.1.1", "不达标", reviewed_on=date(2022, 11, 10))

    row = judge(evaluation, "1.1.1", "达标", reviewed_on=date(2022, 10, 20))

    assert row.score == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [({"verdict": "部分达标"}, "得分率"), ({"verdict": "还行"}, "不认识"),
     ({"verdict": "不达标", "reason": " "}, "理由"),
     ({"reviewed_on": date(2022, 12, 1)}, "晚于"), ({"area": "131100"}, "不在本次评价范围")],
)  # fmt: skip
def test_a_contradictory_verdict_is_refused(evaluate, given, message):
    evaluation = evaluate()

    with pytest.raises(VerdictRefused, match=message):
        judge(evaluation, "1.1.1", **given)

    assert not Verdict.objects.exists()


def test_unmet_stays_unmet_whatever_the_reviewer_says(evaluate, registers):
    registers["incidents.grave_3y", "1310"] = "1"
    evaluation = evaluate()

    row = judge(evaluation, "6.0.3")

    assert (row.state, row.met, row.veto_state) == ("computed", False, "triggered")
    assert "以实测为准" in row.reason


def test_the_gate_opens_when_every_unknown_item_has_a_stated_reason(evaluate):
    evaluation = evaluate()
    first = report_blockers(evaluation)[0]

    state_reason(evaluation=evaluation, code=first.code, area="131000", reason="正在收集资料", by="office", at=AT)
    left = report_blockers(evaluation)
    adopted = adopt_reasons(evaluation=evaluation, area="131000", by="office", at=AT)

    assert first.code not in {item.code for item in left}
    assert adopted == len(left)
    assert report_blockers(evaluation) == []
    assert StatedReason.objects.count() == adopted + 1
    evaluation.refresh_from_db()
    assert evaluate() == evaluation


def test_an_empty_reason_is_refused(evaluate):
    with pytest.raises(VerdictRefused):
        state_reason(evaluation=evaluate(), code="1.1.1", area="131000", reason="  ", by="office", at=AT)


def test_entering_a_verdict_needs_at_most_12_statements(evaluate):
    evaluation = evaluate()

    with CaptureQueriesContext(connection) as queries:
        judge(evaluation, "1.1.1")

    assert len(queries) <= 12, [query["sql"][:90] for query in queries]


def test_rescoring_from_the_registers_needs_at_most_12_statements(evaluate, registers):
    evaluation = evaluate()
    registers["drills.city_live_2y", "1310"] = "2"

    with CaptureQueriesContext(connection) as queries:
        row = rescore_item(evaluation=evaluation, code="2.16.2", area="131000", by="office", at=AT)

    assert row.state == "computed"
    assert len(queries) <= 12


AREAS = st.sampled_from(["1310", "131002", "131022", "131022100"])
VERDICTS = st.tuples(
    st.sampled_from(CODES), AREAS, st.sampled_from(["达标", "部分达标", "不达标", "不适用"]), st.integers(1, 23)
)
VALUES = st.tuples(
    st.sampled_from(["survey_results.satisfaction", "grain_monitoring.coverage", "monitoring_sites.township_coverage"]),
    AREAS,
    st.sampled_from(["0", "24.9", "33.333333333333333333", "80", "100"]),
)
ITEM_OF = {
    "survey_results.satisfaction": ("4.24.1", "6.0.4"),
    "grain_monitoring.coverage": ("1.6.3",),
    "monitoring_sites.township_coverage": ("1.4.2",),
}


@settings(max_examples=12 if IS_WHOLE else 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.one_of(VERDICTS, VALUES), min_size=1, max_size=5))
def test_rescoring_equals_a_full_evaluation(evaluate, registers, changes):
    registers.clear()
    Evaluation.objects.update(is_current=False)
    Verdict.objects.all().delete()
    rescored = evaluate()
    for change in changes:
        if len(change) == 4:
            code, area, verdict, day = change
            judge(rescored, code, verdict, area=area.ljust(6, "0"), ratio=D("0.4"), reviewed_on=date(2022, 11, day))
        else:
            measure, area, value = change
            registers[measure, area] = value
            for code in ITEM_OF[measure]:
                rescore_item(evaluation=rescored, code=code, area=area.ljust(6, "0"), by="office", at=AT)
    rescored.refresh_from_db()
    same = evaluate()
    Evaluation.objects.filter(pk=rescored.pk).update(is_current=False)
    full = evaluate()

    assert same.pk == rescored.pk
    assert full.result_digest == rescored.result_digest
    assert content(full) == content(rescored)
