"""Any of the 64,098 files opens in under two seconds and says for each record where it came from (B-18)."""

import time

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from shian.engine.ledgers.models import LedgerRow
from shian.kernel.accounts.models import Role
from shian.kernel.imports.models import ImportBatch
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
SECONDS = 2.0
SAMPLE = 40


def opened(client: Client, code: str, **query: str) -> tuple[str, float]:
    began = time.monotonic()
    response = client.get(reverse("census:operator_detail", args=[code]), query)
    taken = time.monotonic() - began
    assert response.status_code == 200
    return response.content.decode(), taken


def richest() -> list[str]:
    """Those with most to show: dated changes, ledger rows, members of a chain, stalls in a market."""
    operators = Operator.objects.order_by()
    changed = operators.annotate(n=Count("versions")).order_by("-n", "pk").values_list("code", flat=True)[:3]
    named = LedgerRow.objects.exclude(operator_code="").values("operator_code").annotate(n=Count("pk"))
    ledgers = named.order_by("-n").values_list("operator_code", flat=True)[:3]
    hubs = [
        code
        for field in ("chain_code", "host_code")
        for code in operators.exclude(**{field: ""}).values(field).annotate(n=Count("pk")).order_by("-n")
        .values_list(field, flat=True)[:2]
    ]  # fmt: skip
    return [code for code in [*changed, *ledgers, *hubs] if operators.filter(code=code).exists()]


def test_every_file_names_the_batch_that_brought_it() -> None:
    known = ImportBatch.objects.filter(importer="operators", state="accepted").values("pk")

    assert Operator.objects.count() >= 64098
    assert not Operator.objects.exclude(source_batch__in=known).exists()
    assert not LedgerRow.objects.exclude(batch__in=ImportBatch.objects.values("pk")).exists()


def test_files_open_fast_and_show_their_source(client: Client) -> None:
    client.force_login(reach_user("alice", "131000", Role.OFFICE))
    every = Operator.objects.order_by("pk").values_list("code", "source_batch")
    spread = [every[number] for number in range(0, every.count(), every.count() // SAMPLE)]

    for code, batch in spread:
        html, taken = opened(client, code)
        assert taken < SECONDS, code
        assert reverse("imports:batch_detail", args=[batch]) in html, code


def test_the_richest_files_open_fast_on_every_tab(client: Client) -> None:
    client.force_login(reach_user("alice", "131000", Role.OFFICE))
    codes = richest()
    assert len(codes) >= 3

    for code in codes:
        for tab in ("", "ledgers", "linked", "address"):
            _html, taken = opened(client, code, tab=tab)
            assert taken < SECONDS, (code, tab)


def test_each_ledger_record_of_a_file_names_its_source(client: Client) -> None:
    client.force_login(reach_user("alice", "131000", Role.OFFICE))
    row = LedgerRow.objects.filter(operator_code__in=Operator.objects.values("code")).order_by("pk").first()
    assert row is not None

    panel, _taken = opened(client, row.operator_code, tab="ledgers")
    page = client.get(reverse("ledgers:row_detail", args=[row.ledger, row.pk])).content.decode()

    assert reverse("ledgers:row_detail", args=[row.ledger, row.pk]) in panel
    assert reverse("imports:batch_detail", args=[row.batch]) in page
