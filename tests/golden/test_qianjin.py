"""The published figures of Qianjin come out of imported rows: a district as the evaluated unit."""

import hashlib
import io
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
import yaml
from django.test import Client
from django.urls import reverse

from shian.config import verbs
from shian.config.home import PROJECT
from shian.engine.measures.queries import figure
from shian.kernel.accounts.models import Role, User
from tests import database
from tests.city import TODAY, connected_to

PACK = PROJECT / "packs" / "cities" / "qianjin"
FIGURES: dict[str, dict[str, Any]] = yaml.load((PACK / "figures.yaml").read_bytes(), yaml.CSafeLoader)
FIELD = {
    key: entry
    for key, entry in FIGURES.items()
    if entry["status"] == "bound" and entry["measure"].startswith(("field_", "check_", "duty_", "selfcontrol."))
}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qianjin")]


@pytest.fixture(scope="module")
def qianjin(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This module's tests stand in a database of their own with the district's package, imported."""
    admin = database.cluster().conninfo()
    name = f"{database.session_name()}_qianjin"
    with django_db_blocker.unblock():
        database.clone(admin, database.migrated_template(admin), name)
        with connected_to(name), tempfile.TemporaryDirectory(prefix="shian-qianjin-") as folder:
            command = [sys.executable, "-m", "tools.democity", "--city", "qianjin", "--seed", "1", "--today", TODAY]
            subprocess.run([*command, "--out", folder], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
            verbs.load_packs(by="test")
            outcomes = verbs.import_path(Path(folder), by="test")
            assert not (stopped := [verbs.outcome_line(each) for each in outcomes if verbs.was_stopped(each)]), stopped
            assert all(map(_close, ("2023Q1", "2023Q2", "2023Q3")))
            yield
        database.drop(admin, name)


def _close(key: str) -> int:
    """Freeze a quarter of the district, as the worker does when its days are over."""
    from shian.domains.duties.actions.quarters import close_quarter
    from shian.domains.duties.rules.visits import Quarter

    quarter = Quarter.read(key)
    after = datetime.combine(quarter.following.first + timedelta(days=10), time(3), ZoneInfo("Asia/Shanghai"))
    return close_quarter(quarter=quarter, city="2308", by="test", at=after)


@pytest.mark.parametrize("key", FIELD)
def test_figure_equals_the_published_one(key: str) -> None:
    entry = FIELD[key]
    published = entry["published"]
    value = figure(entry["measure"], area=entry["area"], as_of=entry["as_of"], period=entry.get("period")).value

    assert value is not None, "no rows answer it"
    if "range" in published:
        low, high = published["range"]
        assert value >= low
        assert high is None or value < high
    else:  # a published share is rounded to whole per cents
        assert (round(value) if published["unit"] == "%" else value) == Decimal(str(published["value"]))


def test_immediate_and_ordered_rectification_add_up_and_every_figure_opens_its_rows() -> None:
    client = Client()
    client.force_login(User.objects.create(username="alice", role=Role.ADMIN))

    def rows(measure: str) -> int:
        url = reverse("figures:figure_rows", args=[measure])
        page = client.get(url, {"area": "230804", "as_of": "2023-11-30"})
        assert page.status_code == 200, measure
        return int(page.context["list"].total)

    found = {name: rows(f"field_problems.{name}") for name in ("found", "at_once", "by_order")}
    assert found == {"found": 43, "at_once": 31, "by_order": 12}
    assert rows("field_visits.visits") == 546
    assert rows("field_filings.filed") == 11


def test_the_31_were_closed_on_the_day_they_were_found_with_both_photos() -> None:
    from shian.engine.cases.models import Case, CaseFile
    from shian.kernel.scope.walls import system_scope

    with system_scope():
        rows = [each for each in Case.objects.filter(type="field_problem") if not each.data.get("order_no")]
        kinds = {(each.case_id, each.kind) for each in CaseFile.objects.filter(case__in=rows)}

    assert len(rows) == 31
    assert all(each.closed_at is not None and each.closed_at.date() == each.opened_on for each in rows)
    assert all((each.pk, kind) in kinds for each in rows for kind in ("before", "after"))


def test_a_fifth_of_each_of_ten_formats_is_drawn_anew_and_comes_to_546() -> None:
    """The published sample is one that everybody can draw again: 20 % of each format, rounded up."""
    from shian.domains.fieldchecks.actions.rounds import RoundPlan, draft_round_draw, plan_round
    from shian.domains.fieldchecks.queries.formats import formats_at
    from shian.domains.fieldchecks.rules.rounds import format_of
    from shian.engine.draws import actions
    from shian.engine.draws.models import Method
    from shian.engine.draws.queries import record_of, sample_of
    from shian.engine.draws.rules.record import first_difference, verify_record
    from shian.engine.draws.tests.factories import number_entries

    at, parties = datetime(2023, 12, 1, 1, 0, tzinfo=UTC), _parties()
    told = ("2023年第二轮明查", "230804", at.date(), at.date() + timedelta(days=100))
    plan = RoundPlan(*told, Decimal("0.2"), 1, Decimal("0.5"), 0, formats_at("230804", at.date()))
    made = plan_round(plan=plan, by=parties[0], at=at)
    randomness = actions.Randomness(Method.COMMITMENTS, parties=[each.username for each in parties])
    draw = draft_round_draw(round=made, randomness=randomness, by=parties[0], at=at)
    number_entries(at)
    for each in parties:
        digest = hashlib.sha256((each.username * 4).encode()).hexdigest()
        actions.commit(draw=draw, digest=digest, by=each, at=at)
    for each in parties:
        actions.reveal(draw=draw, secret=each.username * 4, by=each, at=at)
    draw = actions.confirm_draw(draw=actions.run_draw(draw=draw, by=parties[0], at=at), by=parties[0], at=at)

    drawn = Counter(format_of(each.stratum) for each in sample_of(draw))
    assert (draw.frame_count, drawn.total()) == (2723, 546)
    assert sorted(drawn.values()) == sorted((6, 6, 2, 1, 100, 92, 27, 35, 258, 19))
    assert first_difference(verify_record(record_of(draw))) is None


def _parties() -> list[User]:
    """Two of the district's office who commit to a secret each."""
    from shian.registers.people.tests.factories import reach_user

    return [reach_user(name, "230804", Role.OFFICE) for name in ("office", "watch")]


def test_the_91_of_the_officials_are_none_of_the_43_of_the_checks() -> None:
    from shian.domains.duties.models import DutyVisit
    from shian.engine.cases.models import Case
    from shian.kernel.scope.walls import system_scope

    with system_scope():
        told = {kind: Case.objects.filter(type=kind) for kind in ("duty_problem", "field_problem")}
        numbers = {kind: set(rows.values_list("number", flat=True)) for kind, rows in told.items()}
        visits = {each.data["visit"] for each in told["duty_problem"]}

    assert {kind: len(found) for kind, found in numbers.items()} == {"duty_problem": 91, "field_problem": 43}
    assert not numbers["duty_problem"] & numbers["field_problem"]
    assert DutyVisit.objects.filter(number__in=visits).count() == 91


def test_the_fourth_quarter_is_under_way() -> None:
    rate = figure("duty_rounds.completion", area="230804", as_of=date(2023, 11, 30))

    assert rate.whole == 1964
    assert rate.part is not None
    assert 0.4 * 1964 < rate.part < 0.6 * 1964


def test_an_imported_letter_s_papers_are_three_lists_and_one_letter_over_the_same_operators() -> None:
    from shian.domains.duties.definitions.letters import letter_papers
    from shian.domains.duties.models import Letter
    from shian.domains.duties.queries.letters import subjects_of

    letter = Letter.objects.filter(state="in_force", subjects__gt=1).order_by("pk").first()
    assert letter is not None
    operators = list(subjects_of(letter))
    paper = docx.Document(io.BytesIO(letter_papers(letter, operators)))
    headings = [each.text for each in paper.paragraphs if re.match("[一二三四]、", each.text) and len(each.text) < 20]
    listed = [[row.cells[2].text for row in table.rows[1:]] for table in paper.tables]

    published = {key: FIGURES[f"QJ23_{key}"]["published"]["value"] for key in ("LISTS", "LETTERS")}
    assert sum(each.endswith("清单") for each in headings) == published["LISTS"] == 3
    assert sum(each.endswith("承诺书") for each in headings) == published["LETTERS"] == 1
    assert listed == [[each.operator.code for each in operators]] * 4


def test_the_district_answers_for_three_of_the_four_tiers() -> None:
    from shian.domains.duties.models import Tier, TierLetter

    rows = Tier.objects.filter(state="confirmed", county="230804", valid_to=None)

    assert set(rows.values_list("tier", flat=True)) == {"B", "C", "D"}
    assert len(TierLetter) == FIGURES["QJ23_TIERS"]["published"]["value"]


def test_the_seven_articles_and_four_reports_open_into_their_rows() -> None:
    client = Client()
    client.force_login(User.objects.create(username="bob", role=Role.ADMIN))
    for key, count in (("two_duties_articles", 7), ("two_duties_reports", 4)):
        url = reverse("figures:figure_rows", args=[f"publicity.{key}"])
        assert client.get(url, {"area": "230804", "as_of": "2023-11-30"}).context["list"].total == count
