"""The published tiers of Qinhuangdao: set by the product's rule over an imported census, counted from their rows."""

import csv
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.utils import timezone

from shian.config import verbs
from shian.config.home import PROJECT
from shian.domains.duties.actions.census import Found, record_census
from shian.domains.duties.actions.tiers import confirm_tiers, propose_tiers
from shian.domains.duties.models import Tier, TierOrigin
from shian.engine.measures.queries import figure
from shian.kernel.accounts.models import Role, User
from shian.registers.people.tests.factories import reach_user
from tests import database
from tests.city import TODAY, connected_to

FIGURES: dict[str, dict[str, Any]] = yaml.load(
    (PROJECT / "packs" / "cities" / "qinhuangdao" / "figures.yaml").read_bytes(), yaml.CSafeLoader
)
AT = datetime(2023, 8, 8, 1, tzinfo=UTC)  # the published day
NEEDED = ("areas", "operators", "duty_officials", "duty_census")  # not the package's own tiers
PUBLISHED = {
    key.removeprefix("QH23_TIER_"): each["published"]["value"] for key, each in FIGURES.items() if "TIER" in key
}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qinhuangdao")]


@pytest.fixture(scope="module")
def package() -> Iterator[Path]:
    """The city's Data Package."""
    with tempfile.TemporaryDirectory(prefix="shian-qinhuangdao-") as folder:
        command = [sys.executable, "-m", "tools.democity", "--city", "qinhuangdao", "--seed", "1", "--today", TODAY]
        subprocess.run([*command, "--out", folder], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        yield Path(folder)


@pytest.fixture(scope="module")
def qinhuangdao(package: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this module's own with the imported census, tiered by the rule and confirmed by the office."""
    admin = database.cluster().conninfo()
    name = f"{database.session_name()}_qinhuangdao"
    with django_db_blocker.unblock():
        database.clone(admin, database.migrated_template(admin), name)
        with connected_to(name):
            verbs.load_packs(by="test")
            outcomes = verbs.import_path(package, by="test", resources=NEEDED)
            assert not (stopped := [verbs.outcome_line(each) for each in outcomes if verbs.was_stopped(each)]), stopped
            assert not Tier.objects.exists()
            _analyse()
            assert _tiered(reach_user("office", "130300", Role.OFFICE), AT) == PUBLISHED["TOTAL"]
            _analyse()
            yield
        database.drop(admin, name)


def _analyse() -> None:
    """As a server does by itself: without it the planner takes a city's rows for a few."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ANALYZE")
    connection.close()


def _tiered(by: User, at: datetime) -> int:
    """What the rule proposes is confirmed; how many."""
    count = propose_tiers(area_key="1303", by=by, at=at)
    confirm_tiers(rows=list(Tier.objects.filter(state="proposed")), by=by, at=at)
    return count


def test_the_rule_gives_the_published_number_of_each_tier() -> None:
    rows = Tier.objects.filter(state="confirmed", origin=TierOrigin.RULE, city="1303", valid_to=None)
    counts = Counter(rows.values_list("tier", flat=True))

    assert counts == {"A": 24, "B": 283, "C": 1916, "D": 19165}
    assert counts.total() == 21388
    assert {**counts, "TOTAL": counts.total()} == PUBLISHED


@pytest.mark.parametrize("key", FIGURES)
def test_figure_equals_the_published_one(key: str) -> None:
    entry = FIGURES[key]

    assert figure(entry["measure"], area=entry["area"], as_of=entry["as_of"]).value == entry["published"]["value"]


def test_the_package_brings_the_tiers_that_the_rule_gives(package: Path) -> None:
    """A demo imports them: each operator has the tier, with the reason, that the product works out itself."""
    with (package / "duty_tiers.csv").open(encoding="utf-8", newline="") as stream:
        brought = {row["主体编号"]: (row["包保层级"], row["分级依据"]) for row in csv.DictReader(stream)}
    rows = Tier.objects.filter(state="confirmed").values_list("operator__code", "tier", "reason")

    assert {code: (tier, reason) for code, tier, reason in rows} == brought


def test_a_change_of_tier_leaves_the_old_row_with_an_end_date() -> None:
    office, at = User.objects.get(username="office"), AT + timedelta(days=30)
    was = Tier.objects.select_related("operator").filter(tier="D", industry="catering").earliest("pk")
    record_census(operator=was.operator, found=Found("verified", 120, Decimal(2500)), by=office, at=at)

    assert _tiered(office, at) == 1

    old, new = Tier.objects.filter(operator=was.operator).order_by("valid_from")
    day = timezone.localdate(at)
    assert (old.pk, old.tier, old.state, old.valid_to) == (was.pk, "D", "confirmed", day)
    assert (new.tier, new.state, new.valid_from, new.valid_to) == ("B", "confirmed", day, None)
    moved = {"b": PUBLISHED["B"] + 1, "d": PUBLISHED["D"] - 1, "total": PUBLISHED["TOTAL"]}
    assert {key: figure(f"duty_tiers.{key}", area="130300", as_of=day).value for key in moved} == moved
    before = figure("duty_tiers.d", area="130300", as_of=day - timedelta(days=1)).value
    assert before == PUBLISHED["D"]
