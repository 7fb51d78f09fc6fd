"""The day's record: an answer for everything, once a day, late and back-filled told apart, gaps that stay gaps."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.selfcontrol.actions.controls import (
    declare_closure,
    end_closure,
    finish_decision,
    handle_problem,
    record_day,
)
from shian.domains.selfcontrol.actions.lists import approve_list, write_list
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.models import Closure, DailyControl, Decision, DispatchMeeting, OwnProblem, RiskList
from shian.domains.selfcontrol.queries.controls import gaps_between, items_of_day, open_decisions
from shian.domains.selfcontrol.queries.lists import first_items, list_in_force
from shian.domains.selfcontrol.tests.scene import NOW, TODAY, make_operator
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db


def listed(scene, operator=None, by=None, since=TODAY - timedelta(days=60)):
    """A list approved long ago."""
    operator = operator or scene.own
    write_list(operator=operator, items=first_items(operator, TODAY), reason="", by=by or scene.principal, at=NOW)
    approve_list(operator=operator, by=by or scene.principal, at=NOW)
    RiskList.objects.filter(operator=operator).update(valid_from=since)


def answers(operator, day=TODAY, **other):
    return {each.key: "pass" for each in items_of_day(operator, day)} | other


def recorded(scene, day=TODAY, by=None, at=NOW, notes=None, measures=None, **other):
    return record_day(
        operator=scene.own, day=day, answers=answers(scene.own, day, **other), notes=notes or {},
        measures=measures or {}, by=by or scene.officer, at=at,
    )  # fmt: skip


def test_a_day_without_a_finding_is_a_zero_report_that_was_recorded(scene):
    listed(scene)
    record = recorded(scene)

    assert (record.result, record.problems, record.is_late, record.township) == ("clear", 0, False, "131022100")
    assert Entry.objects.get(action="selfcontrol.day_recorded").data["result"] == "clear"


def test_every_item_wants_an_answer_and_every_problem_words(scene):
    listed(scene)
    with pytest.raises(DutyRefused, match="1 项"):
        recorded(scene, r06="")
    with pytest.raises(DutyRefused) as refused:
        recorded(scene, r06="problem")
    assert refused.value.field == "r06"
    assert not DailyControl.objects.exists()


def test_a_problem_is_opened_and_told_to_principal_and_director(scene):
    listed(scene)
    record = recorded(scene, r06="problem", r07="problem", notes={"r06": "牛奶过期", "r07": "冰柜 9 度"},
                      measures={"r06": "下架销毁"})  # fmt: skip

    assert (record.result, record.problems, record.is_reported) == ("problem", 2, True)
    first, second = OwnProblem.objects.order_by("item")
    assert (first.handled_on, first.measure, second.handled_on) == (TODAY, "下架销毁", None)
    assert second.due_on == TODAY + timedelta(days=7)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {scene.principal.pk, scene.director.pk}
    handle_problem(problem=second, measure="修好压缩机", by=scene.officer, at=NOW)
    with pytest.raises(DutyRefused):
        handle_problem(problem=second, measure="再修", by=scene.officer, at=NOW)


def test_the_same_day_again_changes_nothing(scene):
    listed(scene)
    first = recorded(scene)
    again = recorded(scene, by=scene.director, at=NOW + timedelta(hours=1), r06="problem", notes={"r06": "过期"})

    assert (again.recorded_by, again.result) == (first.recorded_by, "clear")
    assert DailyControl.objects.count() == 1
    assert not OwnProblem.objects.exists()


@pytest.mark.parametrize(("days", "late", "backfilled"), [(0, False, False), (1, True, False), (2, True, True)])
def test_a_record_after_midnight_is_late_and_later_back_filled(scene, days, late, backfilled):
    listed(scene)
    record = recorded(scene, day=TODAY - timedelta(days=days))

    assert (record.is_late, record.is_backfilled) == (late, backfilled)


def test_what_is_not_taken(scene):
    with pytest.raises(DutyRefused, match="清单"):
        recorded(scene)
    listed(scene)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=31)):
        with pytest.raises(DutyRefused, match="今天和此前"):
            recorded(scene, day=day)
    with pytest.raises(OutOfReach):
        recorded(scene, by=scene.station)
    with pytest.raises(OutOfReach):
        recorded(scene, by=scene.person("周五", "officer", scene.beside))


def test_a_day_without_a_record_is_a_gap_unless_it_was_declared_closed(scene):
    listed(scene)
    recorded(scene)
    closed = declare_closure(operator=scene.own, from_on=TODAY + timedelta(days=1), to_on=TODAY + timedelta(days=3),
                             reason="装修", by=scene.officer, at=NOW)  # fmt: skip
    first, last = TODAY - timedelta(days=1), TODAY + timedelta(days=4)

    assert gaps_between(scene.own, first, last) == [first, last]
    with pytest.raises(DutyRefused):
        declare_closure(operator=scene.own, from_on=TODAY - timedelta(days=1), to_on=TODAY, reason="补报",
                        by=scene.officer, at=NOW)  # fmt: skip
    with pytest.raises(DutyRefused):
        declare_closure(operator=scene.own, from_on=closed.to_on, to_on=closed.to_on, reason="x",
                        by=scene.officer, at=NOW)  # fmt: skip
    as_seen = Closure.objects.get()
    end_closure(closure=closed, by=scene.officer, at=NOW)
    with pytest.raises(DutyRefused):
        end_closure(closure=as_seen, by=scene.principal, at=NOW + timedelta(hours=1))
    assert gaps_between(scene.own, TODAY, last) == [TODAY + timedelta(days=n) for n in (1, 2, 3, 4)]
    assert Closure.objects.get().withdrawn_at == NOW


def test_the_days_of_a_closure_are_looked_at_by_one_at_a_time(scene):
    with CaptureQueriesContext(connection) as asked:
        declare_closure(operator=scene.own, from_on=TODAY, to_on=TODAY, reason="装修", by=scene.officer, at=NOW)

    said = [each["sql"] for each in asked]
    locked = next(place for place, sql in enumerate(said) if "operators_operator" in sql and "FOR UPDATE" in sql)
    looked = next(place for place, sql in enumerate(said) if 'FROM "selfcontrol_closure"' in sql)
    assert locked < looked


def test_before_opening_no_day_is_a_gap(scene):
    young = make_operator("R-9", opened_on=TODAY)

    assert gaps_between(young, TODAY - timedelta(days=5), TODAY) == [TODAY]


def decided(scene, text="更换冰柜"):
    meeting = DispatchMeeting.objects.create(
        operator=scene.own, month=date(2026, 10, 1), held_on=date(2026, 10, 30), participants="x", heard="x",
        written_by="x", signed_by="x", signed_at=NOW,
    )  # fmt: skip
    return Decision.objects.create(operator=scene.own, meeting=meeting, text=text, due_on=TODAY)


def test_a_decision_of_the_month_stands_in_each_days_list_until_it_is_done(scene):
    listed(scene)
    decision, yesterday = decided(scene), TODAY - timedelta(days=1)
    key = f"decision-{decision.pk}"

    assert items_of_day(scene.own, TODAY)[0].key == key
    recorded(scene, day=yesterday, **{key: "problem"})
    assert items_of_day(scene.own, TODAY)[0].key == key
    assert DailyControl.objects.get(day=yesterday).result == "clear"
    recorded(scene, **{key: "pass"})
    assert key not in {each.key for each in items_of_day(scene.own, TODAY + timedelta(days=1))}


def test_the_principal_may_tick_a_decision_off_at_once(scene):
    decision = decided(scene)
    with pytest.raises(PermissionDenied):
        finish_decision(decision=decision, by=scene.officer, at=NOW)
    as_seen = Decision.objects.get()
    finish_decision(decision=decision, by=scene.principal, at=NOW)
    with pytest.raises(DutyRefused):
        finish_decision(decision=as_seen, by=scene.principal, at=NOW)

    assert not open_decisions(scene.own, TODAY + timedelta(days=1)).exists()


def test_templates_differ_and_a_change_of_list_is_dated(scene):
    boss = scene.person("吴六", "principal", scene.producer)
    restaurant, producer = first_items(scene.own, TODAY), first_items(scene.producer, TODAY)
    assert not {each["risk"] for each in restaurant} & {each["risk"] for each in producer} - {"虫鼠害"}
    small = make_operator("S-1", kind="三小", small_kind="小餐饮", format="小餐饮", size="微型")
    assert len(first_items(small, TODAY)) == 10

    listed(scene, since=TODAY - timedelta(days=9))
    write_list(operator=scene.own, items=restaurant[:5], reason="不再做外卖", by=scene.officer, at=NOW)
    with pytest.raises(PermissionDenied):
        approve_list(operator=scene.own, by=scene.officer, at=NOW)
    approve_list(operator=scene.own, by=scene.director, at=NOW)

    assert (
        len(list_in_force(scene.own, TODAY).items),
        len(list_in_force(scene.own, TODAY - timedelta(days=1)).items),
    ) == (5, 16)
    write_list(operator=scene.own, items=restaurant[:4], reason="", by=scene.officer, at=NOW)
    with pytest.raises(DutyRefused, match="明天"):
        approve_list(operator=scene.own, by=scene.director, at=NOW)
    with pytest.raises(DutyRefused, match="写明"):
        write_list(operator=scene.producer, items=[{"key": "x", "risk": "y"}], reason="", by=boss, at=NOW)


def test_a_small_operators_list_stays_simple(scene):
    small = make_operator("S-1", kind="三小", small_kind="小餐饮", format="小餐饮", size="微型")
    boss = scene.person("吴六", "principal", small)
    items = first_items(small, TODAY)

    more = [*items, {**items[0], "key": "own1"}]
    with pytest.raises(DutyRefused, match="过多"):
        write_list(operator=small, items=more, reason="", by=boss, at=NOW)
    assert write_list(operator=small, items=items, reason="", by=boss, at=NOW).is_simplified


def test_the_page_of_the_day_keeps_what_was_typed_and_records(scene, client):
    listed(scene)
    client.force_login(scene.officer)
    url = reverse("operator:daily_control_enter", args=["R-1", TODAY.isoformat()])
    posted = answers(scene.own, r06="problem")

    page = client.post(url, posted).content.decode()
    assert "请写明发现了什么问题" in page
    assert 'value="problem" data-score="0" checked' in page
    done = client.post(url, posted | {"r06-note": "牛奶过期"})
    assert done.url == reverse("operator:desk_detail", args=["R-1"])
    assert "牛奶过期" in client.get(url).content.decode()
    paper = client.get(reverse("operator:daily_control_download", args=["R-1", TODAY.isoformat()]))
    assert paper["Content-Type"].endswith("wordprocessingml.document")
    for bad in ("2026-13-01", "x"):
        assert client.get(reverse("operator:daily_control_enter", args=["R-1", bad])).status_code == 404
    assert client.get(reverse("operator:daily_control_enter", args=["R-2", TODAY.isoformat()])).status_code == 404


def test_a_new_line_of_the_list_never_takes_the_place_of_another(scene, client):
    listed(scene)
    client.force_login(scene.officer)
    url = reverse("operator:risk_list_edit", args=["R-1"])
    items = client.get(url).context["items"]
    told = {"key": [each["key"] for each in items], "reason": "新增外卖"}
    for number, each in enumerate(items):
        words = {"process": "外卖", "risk": f"风险{number}", "control": "封签"} if each.get("is_new") else each
        told |= {f"{each['key']}-{name}": words[name] for name in ("process", "risk", "control")}
        told[f"{each['key']}-kept"] = "1"
    del told[f"{items[-2]['key']}-kept"]  # the first and the third of the new lines
    assert client.post(url, told).status_code == 302

    keys = [each["key"] for each in client.get(url).context["items"]]
    assert len(keys) == len(set(keys))
