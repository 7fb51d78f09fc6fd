"""The published figures of Qianjin come out of imported rows: a district as the evaluated unit."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

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
FIGURES: dict[str, dict[str, Any]] = yaml.safe_load((PACK / "figures.yaml").read_text(encoding="utf-8"))
FIELD = {
    key: entry
    for key, entry in FIGURES.items()
    if entry["status"] == "bound" and entry["measure"].startswith(("field_", "check_"))
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
            yield
        database.drop(admin, name)


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
    else:
        assert value == Decimal(str(published["value"]))


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
