"""Broken chains: found, cleared when they close, found again, handled by the right people."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shian.domains.tracing.actions.anomalies import find_anomalies, handle_anomaly
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import AnomalyResult, InOrder, TraceAnomaly
from shian.domains.tracing.queries.anomalies import open_by_check, shown_by
from shian.domains.tracing.tests.test_imports import OUT
from shian.domains.tracing.tests.test_trade import cast
from shian.engine.trace.models import Movement
from shian.kernel.scope.models import OutOfReach

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
HOLDS_GRAPH = (
    "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' "
    "AND objid::bigint = hashtext('trace_graph')::bigint & 4294967295"
)
NIGHT = datetime(2022, 11, 25, 2, 40, tzinfo=timezone.get_default_timezone())


def test_an_out_order_beyond_its_in_order_is_on_the_county_s_list_next_day(cast, bring, client):
    bring("out_orders", OUT, "C1,M1,S1,R2,,2022-11-05,,O-1,,260")  # R2 came in with 200

    assert find_anomalies(by="worker", at=NIGHT)["overdrawn"] == (1, 0)
    assert find_anomalies(by="worker", at=NIGHT + timedelta(days=1))["overdrawn"] == (0, 0)

    found = TraceAnomaly.objects.get(check_key="overdrawn")
    assert (found.holding, found.found_on) == (InOrder.objects.get(number="R2").holding, NIGHT.date())
    assert open_by_check(cast["county"]) == {"overdrawn": 1}
    assert open_by_check(cast["other"]) == {}
    client.force_login(cast["county"])
    shown = client.get(reverse("tracing:anomaly_list"), {"check": "overdrawn"}).content.decode()
    assert "R2" in shown
    assert "商户甲" in shown
    url = reverse("tracing:anomaly_edit", args=[found.pk])
    assert url in shown
    assert "核查情况" in client.get(url).content.decode()


def test_a_chain_that_closes_is_cleared_and_opens_anew(cast, bring):
    bring("out_orders", OUT, "C1,M1,S1,R2,,2022-11-05,,O-1,,260")
    find_anomalies(by="worker", at=NIGHT)
    found = TraceAnomaly.objects.get(check_key="overdrawn")
    with pytest.raises(OutOfReach):
        handle_anomaly(anomaly=found, result=AnomalyResult.EXPLAINED, note="x", by=cast["other"], at=NIGHT)
    with pytest.raises(TradeRefused):
        handle_anomaly(anomaly=found, result=AnomalyResult.EXPLAINED, note=" ", by=cast["county"], at=NIGHT)
    handle_anomaly(anomaly=found, result=AnomalyResult.RECTIFIED, note="更正数量", by=cast["county"], at=NIGHT)
    moved = Movement.objects.filter(source=found.holding)
    moved.update(quantity=100)

    assert find_anomalies(by="worker", at=NIGHT + timedelta(days=1))["overdrawn"] == (0, 1)
    moved.update(quantity=260)
    assert find_anomalies(by="worker", at=NIGHT + timedelta(days=2))["overdrawn"] == (1, 0)

    found.refresh_from_db()
    assert (found.handled_at, found.cleared_on) == (None, None)


def test_an_anomaly_opens_the_records_that_show_it(cast, bring, client):
    bring("out_orders", OUT, "C1,M1,S1,R2,,2022-11-05,05:10,O-1,,260", "C2,M1,S1,R2,,2022-11-05,05:10,O-2,,90",
          "C3,M1,S1,R2,,2022-11-05,05:10,O-2,,90")  # fmt: skip
    find_anomalies(by="worker", at=NIGHT)
    much, twice = (TraceAnomaly.objects.get(check_key=each) for each in ("overdrawn", "doubled"))

    def numbers(user: str, found: TraceAnomaly) -> list[str]:
        return [each.number for each in shown_by(cast[user], found, 20)]

    assert numbers("county", much) == ["C1", "C2", "C3"]
    assert numbers("county", twice) == ["C2", "C3"]
    assert [(each.seller is None, each.buyer is None) for each in shown_by(cast["other"], much, 1)] == [(False, True)]
    client.force_login(cast["county"])
    url = reverse("tracing:anomaly_detail", args=[much.pk])
    shown = client.get(url).content.decode()
    for word in ("出多于进", "-240", reverse("tracing:out_order_detail", args=["C1"]), "商户甲", "核查"):
        assert word in shown
    assert url in client.get(reverse("tracing:trace_detail", args=[much.holding])).content.decode()
    client.post(reverse("tracing:anomaly_edit", args=[much.pk]), {"result": "explained", "note": "称重复核"})
    assert "称重复核" in client.get(url).content.decode()
    client.force_login(cast["other"])
    assert client.get(url).status_code == 404


def test_what_was_put_right_and_fails_on_a_later_day_is_open_anew(cast, bring):
    bring("out_orders", OUT, "C1,M1,S1,R2,,2022-11-05,,O-1,,260", "C2,M1,S1,R1,,2022-11-05,,O-1,,900")
    find_anomalies(by="worker", at=NIGHT)
    first, second = TraceAnomaly.objects.filter(check_key="overdrawn").order_by("pk")
    handled = {"by": cast["county"], "at": NIGHT, "note": "已核对"}
    handle_anomaly(anomaly=first, result=AnomalyResult.RECTIFIED, **handled)
    handle_anomaly(anomaly=second, result=AnomalyResult.EXPLAINED, **handled)

    assert find_anomalies(by="worker", at=NIGHT + timedelta(hours=1))["overdrawn"] == (0, 0)
    assert find_anomalies(by="worker", at=NIGHT + timedelta(days=1))["overdrawn"] == (1, 0)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_open, second.is_open) == (True, False)


def test_the_nightly_check_stops_nobody_who_draws(db):
    find_anomalies(by="worker", at=NIGHT)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.mode, count(*) FILTER (WHERE c.relname LIKE 'trace\\_%') > 0 FROM pg_locks l "
            "JOIN pg_class c ON c.oid = l.relation WHERE l.pid = pg_backend_pid() GROUP BY 1"
        )
        assert {mode for mode, is_of_graph in cursor.fetchall() if is_of_graph} == {"AccessShareLock"}
        cursor.execute(HOLDS_GRAPH)
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('trace_graph'))")
        cursor.execute(HOLDS_GRAPH)
        assert cursor.fetchone() == (1,)  # so it would have been seen
