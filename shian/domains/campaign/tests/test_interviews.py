"""Interviews of leaders (A-28): one action makes the pack; every figure in it has its as-of date and its register."""

import io
from datetime import date

import docx
import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.actions.interviews import prepare_interview
from shian.domains.campaign.queries.interviews import Known, Pack, pack_of
from shian.domains.campaign.tests.loops import AT, opened, took
from shian.engine.cases.actions import CaseChanged, CaseRefused
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseFile
from shian.engine.cases.tests.cast import Cast
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.tests.factories import make_ledger_row
from shian.kernel.files.queries import open_file

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 20)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def interview(cast: Cast) -> Case:
    return opened(cast, "interview", title="访谈分管副市长", area_key="1310", unit=None, due_on=DAY,
                  data={"position": "分管副市长"})  # fmt: skip


def act(number: int, position: str, subject: str) -> None:
    told = {"act_no": subject, "position": position, "act": "调研", "subject": subject, "acted_on": date(2023, 2, 1)}
    make_ledger_row(ledger("leader_duties"), number, "1310", **told).save()


def paper_of(case: Case) -> docx.document.Document:
    with open_file(CaseFile.objects.get(case=case, kind="pack").stored) as stream:
        return docx.Document(io.BytesIO(stream.read()))


def test_one_press_makes_the_pack_and_every_figure_has_its_day_and_register(
    cast: Cast, interview: Case, client: Client
) -> None:
    act(1, "分管副市长", "调研食品企业")
    act(2, "县长", "别人的事")
    opened(cast, "problem", title="待办", area_key="1310", unit=None, data={"severity": "一般"})
    client.force_login(cast.office)
    address = reverse("campaign:interview_draft", args=[interview.pk])

    answer = client.post(address, {"question_set": "如何落实党政同责？", "seen": interview.version})

    interview.refresh_from_db()
    assert answer.status_code == 302
    assert interview.state == "prepared"
    paper = paper_of(interview)
    text = "\n".join(each.text for each in paper.paragraphs)
    assert "分管副市长" in text
    assert "如何落实党政同责？" in text
    owed, known = paper.tables
    duties = [cell.text for row in owed.rows for cell in row.cells]
    assert any("调研食品企业" in each for each in duties)
    assert not any("别人的事" in each for each in duties)
    rows = [[cell.text for cell in row.cells] for row in known.rows]
    assert rows[0][4:] == ["时点", "来源登记簿"]
    assert len(rows) > 4
    assert all(date.fromisoformat(row[4]) and row[5] and row[2] for row in rows[1:])
    assert any(row[1] == "问题办结情况" and row[2].startswith("1 件") for row in rows[1:])


def test_an_evaluated_item_brings_value_target_day_and_register(
    evaluate, registers, cast: Cast, client: Client
) -> None:
    registers["monitoring_sites.township_coverage", "1310"] = 100
    evaluate()
    case = opened(
        cast, "interview", title="访谈市长", area_key="1310", unit=None, due_on=DAY, data={"position": "市长"}
    )

    pack = pack_of(case, cast.office, DAY)

    found = next(each for each in pack.known if each.title.startswith("1.4.2"))
    assert found.shown.startswith("100")
    assert found.as_of == date(2022, 11, 24)
    assert found.source
    assert any(each.shown == "未定" and each.source == "创建评价结果" for each in pack.known)


def test_it_goes_from_scheduled_to_recorded_and_a_record_needs_answers_and_score(cast: Cast, interview: Case) -> None:
    pack = Pack([], [Known("指标", "1", "", DAY, "台账")])
    prepare_interview(
        case=interview, pack=pack, paper=_docx(), questions="", seen=interview.version, by=cast.office, at=AT
    )
    interview.refresh_from_db()
    took(interview, "hold", cast.office, data={"held_on": "2023-03-06"})
    interview.refresh_from_db()

    with pytest.raises(CaseRefused, match="答复要点"):
        took(interview, "record", cast.office, data={"question_set": "一问"})
    took(interview, "record", cast.office, data={"answers_summary": "已部署", "question_set": "一问", "score": "95"})

    interview.refresh_from_db()
    assert interview.state == "recorded"
    assert not interview.is_open
    assert [each.key for each in case_type("interview").states[:4]] == ["scheduled", "prepared", "held", "recorded"]


def test_a_pack_without_figures_and_a_pack_for_a_changed_case_are_refused(cast: Cast, interview: Case) -> None:
    def prepare(pack: Pack, seen: int) -> None:
        prepare_interview(case=interview, pack=pack, paper=_docx(), questions="", seen=seen, by=cast.office, at=AT)

    with pytest.raises(CaseRefused, match="没有可用的数据"):
        prepare(Pack([], []), interview.version)
    with pytest.raises(CaseChanged):
        prepare(Pack([], [Known("指标", "1", "", DAY, "台账")]), interview.version + 1)
    assert not CaseFile.objects.filter(case=interview).exists()


def test_who_is_not_of_the_office_prepares_nothing(cast: Cast, interview: Case, client: Client) -> None:
    client.force_login(cast.officer)

    assert client.post(reverse("campaign:interview_draft", args=[interview.pk]), {"seen": 1}).status_code == 403


def test_the_office_sees_the_facts_on_the_interviews_page(cast: Cast, interview: Case, client: Client) -> None:
    client.force_login(cast.office)

    page = client.get(reverse("cases:case_detail", args=[interview.pk]), {"tab": "facts"}).content.decode()

    assert "生成访谈资料" in page
    assert "来源登记簿" in page


def _docx() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()
