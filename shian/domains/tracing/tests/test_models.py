"""What the database itself refuses and counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shian.domains.tracing.models import (
    Certificate,
    CertificateSource,
    InOrder,
    Market,
    MarketDay,
    Merchant,
    OutOrder,
    Producer,
    Proof,
    Variety,
    Verdict,
)
from shian.domains.tracing.queries.markets import turnovers
from shian.domains.tracing.tests import scene
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Merchant:
    scene.make_areas()
    return scene.make_merchant(scene.make_market())


def refused(claim: str, make) -> None:
    with pytest.raises(IntegrityError, match=claim), transaction.atomic():
        make()


def test_goods_are_admitted_with_a_proof_only_and_refused_with_a_reason(merchant: Merchant) -> None:
    claim = "tracing_in_admitted_with_proof"

    refused(claim, lambda: scene.make_in(merchant, proof=Proof.NONE))
    refused(claim, lambda: scene.make_in(merchant, verdict=Verdict.REFUSED, proof=Proof.NONE))
    nothing = {"lot": None, "holding": None, "proof": Proof.NONE}
    scene.make_in(merchant, verdict=Verdict.REFUSED, reason="无凭证，快检不合格", **nothing)


def test_a_day_adds_up_whoever_writes_and_takes_back_what_is_taken_back(merchant: Merchant) -> None:
    found = scene.make_in(merchant)
    scene.make_out(found, "C1", quantity=20)
    scene.make_out(found, "C2", quantity=30)
    OutOrder.objects.filter(number="C1").delete()

    day = MarketDay.objects.get()
    assert (day.day, day.ins, day.outs, day.in_kg, day.out_kg) == (scene.DAY, 1, 1, Decimal(500), Decimal(30))
    assert day.unknown == 0
    assert InOrder.objects.get().sold == 30
    refused("sold from stay", lambda: InOrder.objects.filter(pk=found.pk)._raw_delete("default"))


def test_who_leaves_later_still_trades_and_who_connects_later_does_not_count(merchant: Merchant) -> None:
    ahead = timezone.localdate() + timedelta(days=30)
    scene.make_merchant(merchant.market, "S002", left_on=ahead)
    for number in ("S003", "S005"):
        scene.make_merchant(merchant.market, number, connected_on=ahead)
    scene.make_merchant(merchant.market, "S004", left_on=timezone.localdate())

    assert turnovers(reach_user("alice", scene.COUNTY, Role.COUNTY))[merchant.market.pk].merchants == 2


def test_no_more_of_a_certificate_is_used_than_was_issued(merchant: Merchant) -> None:
    certificate = scene.make_certificate(scene.make_producer(), quantity=600)
    scene.make_in(merchant, "R1", quantity=500, proof=Proof.CERTIFICATE, certificate=certificate)
    part = scene.make_certificate(scene.make_producer("P2"), "HGZ2", quantity=60)
    CertificateSource.objects.create(certificate=part, source=certificate, quantity=60)

    certificate.refresh_from_db()
    assert certificate.used == 560
    more = {"quantity": 50, "proof": Proof.CERTIFICATE, "certificate": certificate}
    refused("tracing_certificate_not_overused", lambda: scene.make_in(merchant, "R2", **more))


def test_rows_are_seen_in_the_area_of_their_market_and_by_the_own_people(merchant: Merchant) -> None:
    found = scene.make_in(merchant)
    scene.make_out(found)
    scene.make_certificate(scene.make_producer())
    alice, carol = reach_user("alice", scene.COUNTY, Role.COUNTY), reach_user("carol", scene.OTHER, Role.COUNTY)

    for model in (Market, Merchant, InOrder, OutOrder, MarketDay, Producer, Certificate):
        assert model.objects.visible_to(alice).count() == 1, model
        assert model.objects.visible_to(carol).count() == 0, model
    assert Variety.objects.count() == 1
