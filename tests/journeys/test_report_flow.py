"""A report while its registers move: write, import, check, accept, check again, publish."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document as Word

from shian.config import verbs
from shian.domains.campaign.actions import adopt_reasons, evaluate_area, write_self_assessment
from shian.domains.campaign.queries.evaluations import kept_evaluation
from shian.engine.measures.models import FrozenFigure
from shian.engine.reports import actions
from shian.engine.reports.models import Document, DocumentState
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user
from tests.city import AREA, AS_OF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
REASON = "以自评时点对外报送的数据为准"
HEADINGS = (
    "区划代码,测评名称,测评指标,测评结果,结果单位,有效样本数,测评方式,组织单位,正式测评,误差范围（百分点）,结果日期"
)


def survey(folder: Path, result: str) -> None:
    """The ordinary importer replaces the official satisfaction of the city."""
    row = f"131000,2022年食品安全满意度测评,满意度,{result},分,,未注明,未注明（自评报告载明）,是,,2022-10-31"
    path = folder / f"survey-{result}.csv"
    path.write_text(f"{HEADINGS}\n{row}\n", encoding="utf-8")
    verbs.import_path(path, by="carol", importer="ledger.survey_results")


def now() -> datetime:
    return timezone.now()


def draft() -> Document:
    adopt_reasons(evaluation=kept_evaluation(AREA, AS_OF), area=AREA, by="carol", at=now())
    return actions.write_document(kind="self_assessment", area=AREA, as_of=AS_OF, by="carol", at=now()).document


def checked(document: Document) -> dict[str, str]:
    """What a check asks for: slot and today's value of each open change."""
    return {row.slot: row.now_shown for row in actions.check_document(document=document, by="carol", at=now())}


def accept_all(document: Document) -> None:
    orders = document.figures.filter(status="changed").values_list("order", flat=True)
    actions.accept_changes(document=document, orders=orders, reason=REASON, by="carol", at=now())


def test_an_accepted_difference_is_asked_for_again_only_when_the_value_moves_again(tmp_path: Path) -> None:
    document = draft()
    survey(tmp_path, "71.123456")

    first = checked(document)

    assert first["satisfaction"] == "71.12分"
    assert first["campaign.vetoes_triggered"] == "1项"  # the evaluation follows in the same check, not in the next one
    assert not any("待补充" in shown for shown in first.values())
    accept_all(document)
    assert checked(document) == {}
    assert document.state == DocumentState.CHECKED
    kept = document.figures.get(slot="satisfaction")
    assert (kept.shown, kept.now_shown, kept.accepted_reason) == ("80分", "71.12分", REASON)

    survey(tmp_path, "72")
    again = checked(document)

    assert again["satisfaction"] == "72分"
    assert "campaign.vetoes_triggered" not in again  # accepted as 1, and 1 it is still


def test_publication_freezes_what_was_printed_and_accepted(tmp_path: Path) -> None:
    alice = reach_user("alice", AREA, Role.OFFICE)
    document = draft()
    survey(tmp_path, "71.123456")
    checked(document)
    accept_all(document)
    actions.sign_document(document=document, by="carol", at=now())

    actions.publish_document(document=document, by=alice, at=now())

    frozen = FrozenFigure.objects.filter(document=f"reports.document:{document.pk}")
    printed = document.figures.filter(is_supplied=False, value__isnull=False).exclude(measure="")
    assert {(row.measure, row.period): row.value for row in frozen} == {
        (row.measure, row.period): row.value for row in printed
    }
    assert frozen.get(measure="survey_results.satisfaction").value == 80


def test_a_report_of_another_day_does_not_name_the_days_of_the_first(tmp_path: Path) -> None:
    day, out = date(2026, 11, 20), tmp_path / "report.docx"
    evaluation = evaluate_area(area=AREA, as_of=day, by="carol", at=now())
    adopt_reasons(evaluation=evaluation, area=AREA, by="carol", at=now())

    write_self_assessment(area=AREA, as_of=day, by="carol", at=now(), out=out)

    body = "\n".join(paragraph.text for paragraph in Word(str(out)).paragraphs)
    assert "2022年10月" not in body
    assert "指挥部组织开展了创建工作自查自评" in body
