"""What is kept as a record is in Chinese, also when its writer reads English."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D

import pytest
from django.utils.translation import override

from shian.domains.campaign.actions.commendations import propose_commendation
from shian.domains.campaign.actions.meetings import Plan
from shian.domains.campaign.actions.replies import draft_reply
from shian.domains.campaign.actions.submissions import send_submission
from shian.domains.campaign.actions.unit_scores import appeal_score, confirm_ranking, publish_ranking
from shian.domains.campaign.models import UnitScore
from shian.domains.campaign.queries.commendations import cause_for
from shian.domains.campaign.queries.interviews import pack_of
from shian.domains.campaign.tests import test_selfchecks as selfchecks
from shian.domains.campaign.tests import test_unit_scores as scored
from shian.domains.campaign.tests.factories import AT
from shian.domains.campaign.tests.loops import AT as MARCH
from shian.domains.campaign.tests.loops import opened, photo, took
from shian.engine.cases.actions import ask_extension
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseRequest
from shian.engine.cases.tests.cast import Cast
from shian.engine.measures.queries import Figure
from shian.kernel.accounts.models import Role

pytestmark = pytest.mark.django_db
units, evaluation = scored.units, scored.evaluation
cast, merged = selfchecks.cast, selfchecks.merged
MONDAY = date(2023, 3, 6)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def ranking(evaluation):
    scored.judge(evaluation, scored.FIELD_OF_AGRI, "部分达标", ratio=D("0.5"))
    return confirm_ranking(area_key="1310", window=scored.NOVEMBER, by="office", at=AT)


def test_a_confirmed_score_says_in_chinese_what_lost_its_points(evaluation, units):
    case = scored.made(units["AGRI"], "T-1", due_on=date(2022, 11, 1))
    scored.clocked(case, date(2022, 11, 1))
    ranking = confirm_ranking(area_key="1310", window=scored.NOVEMBER, by="office", at=AT)
    (part,) = UnitScore.objects.get(ranking=ranking, unit=units["AGRI"]).parts

    assert part["losses"][0]["reason"] == "逾期未办结，期限 2022-11-01"


def test_an_appeal_is_titled_in_chinese(ranking, units):
    publish_ranking(ranking=ranking, by="office", at=AT)
    officer, score = scored.staff("gu", Role.DEPARTMENT, units["AGRI"]), scored.of(ranking, "AGRI")
    score.ranking.refresh_from_db()

    case = appeal_score(score=score, text="有异议", files=[], by=officer, at=AT)

    assert case.title == "AGRI局对 2022年11月 动态评价得分的申诉"


@pytest.mark.parametrize(("person", "title"), [("王小明", "约谈：AGRI局工作人员"), ("", "约谈：AGRI局")])
def test_a_commendation_is_titled_and_grounded_in_chinese(ranking, units, person, title):
    told = {"kind": "约谈", "target_unit": "AGRI局", "target_person": person, "body": "连续逾期"}

    case = propose_commendation(cause="score:202211/1310-AGRI", told=told, by="office", at=AT)

    assert case.title == title
    assert case.data["grounds"] == "AGRI局 2022年11月 动态评价 60.00 分，第 1 名"


def test_grounds_in_chinese_are_understood_on_an_english_page(units):
    card = scored.made(units["AGRI"], "创建办督〔2022〕1号", kind="card")
    entry = scored.made(units["office"], "奖惩〔2022〕9号", kind="commendation",
                        data={"grounds": "督办卡 创建办督〔2022〕1号：检测室未运行"})  # fmt: skip

    found = cause_for(entry)

    assert found is not None
    assert found.url == f"/cases/{card.pk}/"


def test_a_friday_meeting_is_called_so_in_chinese():
    assert Plan.friday(date(2023, 3, 10)).title == "2023-03-10 周五调度会"


def test_self_checks_are_titled_in_chinese(merged):
    titles = {merged.title, *Case.objects.filter(parent=merged).values_list("title", flat=True)}

    assert titles == {"自查报告（汇总）：2023 年", *(f"{key}政府自查报告：2023 年" for key in selfchecks.TOWNS)}


def test_what_goes_upward_is_told_in_chinese():
    cast = Cast()
    opened(cast, "problem", unit=cast.bureau, data={"severity": "一般"})

    sent = send_submission(unit=cast.bureau, monday=MONDAY, by="test", at=MARCH)

    told = {each["key"]: each for each in sent.contents}
    assert not [each["title"] for each in sent.contents if each["title"].isascii()]
    assert [line.rpartition("：")[2] for each in told.values() for line in each["lines"]] == ["待交办"]


def test_the_facts_of_an_interview_are_worded_in_chinese():
    cast = Cast()
    case = opened(cast, "interview", title="访谈", area_key="1310", unit=None, due_on=date(2023, 3, 20),
                  data={"position": "分管副市长"})  # fmt: skip

    pack = pack_of(case, cast.office, date(2023, 3, 20))

    assert pack.known
    assert not [each for each in pack.known if each.title.isascii() or each.source.isascii()]
    assert [each.title for each in pack.known[-3:]] == ["问题办结情况", "任务办结情况", "督办卡办结情况"]


def test_a_reply_prints_its_figures_in_chinese(monkeypatch):
    from shian.domains.campaign.actions import replies

    cast = Cast()
    told = {"kind": "政协提案", "session": "七届二次", "original_no": "1", "proposer_org": "民盟"}
    case = opened(cast, "proposal", data=told, unit=cast.bureau)
    took(case, "assign", "test", unit=cast.bureau)
    found = Figure("operators.total", "131022", MONDAY, "", D(120), reason="")
    monkeypatch.setattr(replies, "figure", lambda *_given, **_named: found)

    draft = draft_reply(case=case, template="现有 {operators.total}。", as_of=MONDAY, by="test", at=MARCH)

    assert draft.text == "现有 120家。"


def test_a_request_that_a_closed_case_leaves_is_answered_in_chinese():
    cast = Cast()
    case = opened(cast, "problem", unit=cast.bureau, data={"severity": "一般"})
    took(case, "assign", "test", unit=cast.bureau, due_on=date(2023, 4, 1))
    ask_extension(declared=case_type("problem"), case=case, seen=case.version, days=3, reason="材料未齐",
                  by=cast.officer, at=MARCH)  # fmt: skip
    took(case, "submit", "test", note="已改", files=[photo()], data={"measures": "补记"})

    took(case, "dismiss", "test", note="不成立")

    assert CaseRequest.objects.get(case=case).answer == "事项已办结。"


def test_a_relapse_is_listed_and_restored_in_chinese():
    cast = Cast()
    kept = opened(cast, "keeping", title="食堂保持达标", data={"passed_on": "2022-10-20"})
    took(kept, "relapse", "test", note="留样不足", data={"checked_on": "2023-03-06"})
    problem = Case.objects.get(parent=kept)

    took(problem, "dismiss", "test", note="误报")

    assert problem.title == "复查不合格：食堂保持达标"
    restored = kept.events.get(step="restore")
    assert restored.note == f"问题 {problem.number} 已销号。"
