"""Special supervision: four topics for each area, drawn townships, no cell empty without a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.supervisions import (
    SupervisionPlan,
    advance_supervision,
    draft_supervision_draw,
    fill_cell,
    plan_supervision,
    report_supervision,
)
from shian.domains.fieldchecks.models import SpecialSupervision, SupervisionCell
from shian.domains.fieldchecks.queries.supervisions import area_lines, empty_cells
from shian.domains.fieldchecks.tests.factories import AT, DAY
from shian.domains.fieldchecks.tests.test_rounds import KNOWN_AT, LATER, SOURCES
from shian.engine.draws import actions as draws
from shian.engine.draws.actions import Randomness
from shian.engine.draws.models import Method
from shian.engine.draws.tests.factories import number_entries
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


def planned(by, **changes):
    values = {
        "title": "第二轮专项督查",
        "area": "131000",
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=30),
        "per_area": 1,
    }
    return plan_supervision(plan=SupervisionPlan(**{**values, **changes}), by=by, at=AT)


def drawn(by):
    made = planned(by)
    randomness = Randomness(Method.PUBLIC, SOURCES, KNOWN_AT)
    draw = draft_supervision_draw(supervision=made, randomness=randomness, by=by, at=AT)
    number_entries()
    for reader in (by, reach_user("second", "131000", Role.OFFICE)):
        draws.enter_reading(draw=draw, values=[["3341.62"]], by=reader, at=LATER)
    draw.refresh_from_db()
    draws.confirm_draw(draw=draws.run_draw(draw=draw, by=by, at=LATER), by=by, at=LATER)
    made.refresh_from_db()
    return made


def test_every_area_gets_the_four_topics(people):
    made = planned(people["office"])

    lines = area_lines(made, people["office"])

    assert [line.area_key for line in lines] == ["131002", "131022"]
    assert [[cell.topic for cell in line.cells] for line in lines] == [
        ["属地管理责任", "两个责任落实", "现场点位", "宣传氛围"]
    ] * 2
    assert made.number == "1310-ZX2022-01"
    with pytest.raises(CheckRefused, match="结束日期"):
        planned(people["office"], ends_on=DAY - timedelta(days=1))


def test_townships_are_drawn_for_each_area(people):
    made = drawn(people["office"])

    assert made.state == "drawn"
    assert [line.townships for line in area_lines(made, people["office"])] == [["落垡镇"], ["固安镇"]]


def test_findings_have_a_score_and_what_was_not_looked_at_a_reason(people):
    made, by = drawn(people["office"]), people["office"]
    cell = SupervisionCell.objects.filter(supervision=made).first()

    for findings, score, reason in (
        ("", None, ""),
        ("有", None, ""),
        ("有", Decimal(90), "有"),
        ("", Decimal(90), "无"),
    ):
        with pytest.raises(CheckRefused):
            fill_cell(cell=cell, findings=findings, score=score, reason=reason, by=by, at=LATER)
    assert fill_cell(cell=cell, findings="台账齐全", score=Decimal(92), reason="", by=by, at=LATER).score == 92
    with pytest.raises(IntegrityError, match="findings_with_score"), transaction.atomic():
        SupervisionCell.objects.filter(pk=cell.pk).update(score=None)


def test_no_report_while_a_cell_is_empty_without_a_reason(people):
    made, by = drawn(people["office"]), people["office"]
    cells = list(SupervisionCell.objects.filter(supervision=made))
    for cell in cells[1:]:
        fill_cell(cell=cell, findings="有", score=Decimal(80), reason="", by=by, at=LATER)
    with pytest.raises(CheckRefused, match="还有 1 项"):
        advance_supervision(supervision=made, by=by, at=LATER)
    with pytest.raises(CheckRefused):
        report_supervision(supervision=made, by=by, at=LATER)

    fill_cell(cell=cells[0], findings="", score=None, reason="道路中断", by=by, at=LATER)
    assert empty_cells(made) == 0
    advance_supervision(supervision=made, by=by, at=LATER)
    reported = report_supervision(supervision=made, by=by, at=LATER)
    assert (reported.state, reported.reported_at) == ("reported", LATER)
    with pytest.raises(CheckRefused):
        fill_cell(cell=cells[0], findings="有", score=Decimal(80), reason="", by=by, at=LATER)
    assert advance_supervision(supervision=reported, by=by, at=LATER).state == "rectified"


def test_a_county_reads_its_own_line(client, people):
    made = planned(people["office"])

    assert [line.area_key for line in area_lines(made, people["county"])] == ["131022"]
    client.force_login(people["county"])
    page = client.get(reverse("fieldchecks:special_supervision_detail", args=[made.pk])).content.decode()
    assert "固安县" in page
    assert "安次区" not in page
    assert client.get(reverse("fieldchecks:special_supervision_create")).status_code == 403


def test_the_pages_of_a_supervision(client, people):
    client.force_login(people["office"])
    url = reverse("fieldchecks:special_supervision_create")
    plan = {"title": "督查", "area": "131000", "starts_on": "2022-11-24", "ends_on": "2022-12-24", "per_area": "2"}
    assert client.post(url, {**plan, "per_area": "0"}).status_code == 200
    client.post(url, plan)
    made = SpecialSupervision.objects.get()
    assert (
        "两个责任落实" in client.get(reverse("fieldchecks:special_supervision_detail", args=[made.pk])).content.decode()
    )

    SpecialSupervision.objects.update(state="drawn")
    cell = made.cells.order_by("pk").first()
    edit = reverse("fieldchecks:special_supervision_edit", args=[cell.pk])
    assert "二者填一项" in client.post(edit, {"findings": ""}).content.decode()
    client.post(edit, {"findings": "台账齐全", "score": "92"})
    cell.refresh_from_db()
    assert (cell.findings, cell.score) == ("台账齐全", 92)
    client.post(reverse("fieldchecks:special_supervision_confirm", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "drawn"
