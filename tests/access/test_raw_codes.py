"""No page shows a reader what only the program understands: registers by number, keys, system actors, versions.

A code may stand where it identifies something beside its name: in an element `code`, an input, an address.
"""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from shian.engine.ledgers.declarations import all_ledgers
from shian.engine.ledgers.tests.factories import make_ledger_row
from shian.engine.measures.declarations import all_measures
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import key_of_code
from shian.registers.dictionaries.queries import dictionary
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import reach_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
UNIT = "1310-SAMR"
RAW = {
    "a register's number": re.compile(r"(?<![A-Za-z0-9])R\d\d(?![A-Za-z0-9])"),
    "a key": re.compile(r"(?<![\w./@-])[a-z]+(?:_[a-z0-9]+)+(?![\w.@-])"),
    "a version": re.compile(r"[a-z_]+@[a-z0-9-]+|illustrative-\d"),
    "a unit's code": re.compile(r"(?<![\w])\d{4,12}-[A-Z]{2,}"),
    "a system actor": re.compile(r"(?<![\w./-])(?:demo|cli|worker|importer)(?![\w./-])"),
}
HIDDEN = re.compile(r"(?s)<(script|style|svg|code|head|template)\b.*?</\1>|<[^>]+>")
PAGES = [
    "office:home", "campaign:item_list", "campaign:loss_list", "campaign:veto_board", "campaign:standard_detail",
    "campaign:catalogue_list", "campaign:war_map", "census:operator_list", "census:stage_report", "areas:area_list",
    "people:organisation_list", "ledgers:ledger_list", "figures:measure_list", "imports:batch_list",
    "imports:batch_create", "reports:document_list", "dictionaries:dictionary_list",
]  # fmt: skip
RECORDS = [
    ("figures:figure_detail", ("operators.total",)),
    ("figures:figure_detail", ("budgets.total",)),
    ("figures:figure_rows", ("operators.total",)),
    ("campaign:item_detail", ("1.4.2",)),
    ("areas:area_detail", ("131022100",)),
    ("people:organisation_detail", (UNIT,)),
    ("dictionaries:dictionary_detail", ("formats",)),
    ("dictionaries:term_detail", ("formats", "11")),
]


def raw_codes(page: str) -> dict[str, list[str]]:
    """What stands on the page for nobody to read, by kind."""
    text = html.unescape(HIDDEN.sub(" ", page))
    found = {kind: sorted(set(pattern.findall(text))) for kind, pattern in RAW.items()}
    return {kind: words for kind, words in found.items() if words}


@pytest.fixture(params=[Role.ADMIN, Role.OFFICE, Role.COUNTY, Role.STATION])
def reader(request: pytest.FixtureRequest, client: Client) -> Role:
    """Signed in as one role after the other."""
    role: Role = request.param
    area = {Role.COUNTY: "131022", Role.STATION: "131022100"}.get(role, "131000")
    user = (
        User.objects.create(username="root", role=role, is_superuser=True)
        if role is Role.ADMIN
        else reach_user("wang", area, role)
    )
    client.force_login(user)
    return role


def test_the_patterns_find_what_they_are_for() -> None:
    page = "<p>R02 1310-SAMR step@step-1 demo ledger_row illustrative-1</p><code>R03</code><a href='/x_y/'>名称</a>"

    assert raw_codes(page) == {
        "a register's number": ["R02"], "a key": ["ledger_row"], "a unit's code": ["1310-SAMR"],
        "a version": ["illustrative-1", "step@step-1"], "a system actor": ["demo"],
    }  # fmt: skip


def test_no_page_shows_raw_codes(reader: Role, client: Client) -> None:
    found = {}
    for name, args in [*((name, ()) for name in PAGES), *RECORDS]:
        answer = client.get(reverse(name, args=args))
        if answer.status_code == 200 and (codes := raw_codes(answer.content.decode())):
            found[f"{name} {args}"] = codes

    assert found == {}


def test_every_ledger_shows_units_by_name(client: Client) -> None:
    """One row of each ledger that points to a unit: its list and its record name the unit."""
    unit = Organisation.objects.get(code=UNIT)
    client.force_login(User.objects.create(username="root", role=Role.ADMIN, is_superuser=True))
    found = {}
    for ledger in all_ledgers().values():
        if not ledger.organisation:
            continue
        row = make_ledger_row(ledger, 10**6, key_of_code("131000"), **{ledger.organisation: unit.code})
        row.save()
        cols = {"cols": [each.name for each in ledger.fields]}
        for url in (
            reverse("ledgers:row_list", args=[ledger.key]),
            reverse("ledgers:row_detail", args=[ledger.key, row.pk]),
        ):
            page = client.get(url, cols).content.decode()
            if unit.name not in page or "a unit's code" in raw_codes(page):
                found[url] = raw_codes(page)

    assert found == {}


def test_every_register_that_is_named_has_a_name() -> None:
    used = {ledger.register for ledger in all_ledgers().values()} | {
        found.register for found in all_measures().values()
    }

    assert used - {""} <= set(dictionary("registers").names)
