"""The main job: a city's registers become its score, its gaps and its report."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as Word

from shian.domains.campaign.actions import adopt_reasons, write_self_assessment
from shian.domains.campaign.models import Indicator, ItemResult, ItemState
from shian.domains.campaign.queries.evaluations import kept_evaluation, report_blockers
from shian.domains.campaign.queries.losses import losses_by_department
from shian.domains.campaign.queries.units import units_for
from shian.engine.measures.queries import figure
from shian.engine.reports.actions import ReportBlocked
from shian.engine.reports.models import Document
from shian.kernel.accounts.models import Role
from shian.registers.areas.queries import areas_valid_at
from shian.registers.people.tests.factories import reach_user
from tests.city import AREA, AS_OF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]


def report(tmp_path: Path) -> str:
    path = tmp_path / "report.docx"
    write_self_assessment(area=AREA, as_of=AS_OF, by="carol", at=timezone.now(), out=path)
    return "\n".join(paragraph.text for paragraph in Word(str(path)).paragraphs)


def test_every_area_has_all_94_items_each_in_one_state_with_its_basis() -> None:
    evaluation = kept_evaluation(AREA, AS_OF)
    areas = set(
        areas_valid_at(AS_OF)
        .filter(city="1310", level__in=["city", "county", "township"])
        .values_list("key", flat=True)
    )

    results = ItemResult.objects.filter(evaluation=evaluation)

    assert Indicator.objects.count() == 94
    assert Counter(results.values_list("area_key", flat=True)) == dict.fromkeys(areas, 94)
    assert set(results.values_list("state", flat=True)) == set(ItemState.values)
    assert not results.filter(state__in=[ItemState.UNKNOWN, ItemState.NOT_APPLICABLE], reasons=[]).exists()
    decided = results.exclude(state__in=[ItemState.UNKNOWN, ItemState.NOT_APPLICABLE])
    assert not decided.filter(basis={}).exists()


def test_lost_points_add_up_over_the_departments_that_owe_them() -> None:
    evaluation = kept_evaluation(AREA, AS_OF)
    rows = list(ItemResult.objects.filter(evaluation=evaluation, area_key="1310").select_related("indicator"))

    losses = losses_by_department(rows, units_for(evaluation.standard, "1310", AS_OF))

    assert sum(loss.lost for loss in losses) == pytest.approx(sum(row.lost or 0 for row in rows))
    assert losses[0].lost > 0


def test_the_report_waits_for_reasons_and_then_states_the_city(tmp_path: Path) -> None:
    evaluation = kept_evaluation(AREA, AS_OF)
    waiting = [item.code for item in report_blockers(evaluation)]

    with pytest.raises(ReportBlocked) as refused:
        report(tmp_path)
    assert [blocker.title.split()[0] for blocker in refused.value.blockers] == waiting != []

    adopt_reasons(evaluation=evaluation, area=AREA, by="carol", at=timezone.now())
    text = report(tmp_path)

    for published in ("64,098", "23,863", "14,129", "25,476", "553.82", "9.78"):
        assert published in text
    assert "示例权重" in text
    figures = Document.objects.get().figures
    assert figures.filter(measure="operators.total", value=64098, as_of=AS_OF).exists()
    assert set(re.findall("〔待补充：(.*?)〕", text)) <= set(figures.filter(value=None).values_list("title", flat=True))


def test_another_day_answers_from_history() -> None:
    autumn = figure("publicity.media_reports", area=AREA, as_of=AS_OF).value
    spring = figure("publicity.media_reports", area=AREA, as_of=date(2023, 5, 19)).value

    assert autumn is not None
    assert spring is not None
    assert 200 <= autumn < 300 <= spring < 400


def test_the_page_of_the_total_opens_into_its_six_kinds_and_the_small_into_three(client: Client) -> None:
    client.force_login(reach_user("carol", AREA, Role.OFFICE))
    opened = {"operators.total": ("64,098", 6), "operators.small": ("25,476", 3)}

    for key, (value, count) in opened.items():
        page = client.get(reverse("figures:figure_detail", args=[key]), {"area": AREA, "as_of": str(AS_OF)})
        parts = page.context["figure"].facts[0].facts

        assert value in page.content.decode()
        assert len(parts) == count
        assert sum(part.value for part in parts) == int(value.replace(",", ""))
        assert all(part.url for part in parts)
