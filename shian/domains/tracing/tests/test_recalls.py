"""Recalls: proposed, decided by another, told once, answered, watched, closed; drills never mixed up with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from shian.domains.tracing.actions import recall_notices
from shian.domains.tracing.actions.drills import end_drill, report_source
from shian.domains.tracing.actions.orders import record_sale
from shian.domains.tracing.actions.recall_answers import answer_recall, handle_alert
from shian.domains.tracing.actions.recall_notices import tell_holders, watch_recalls
from shian.domains.tracing.actions.recalls import Order, close_recall, decide_recall, propose_recall, publish_recall
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import (
    Cause,
    Certificate,
    Channel,
    InOrder,
    Recall,
    RecallAlert,
    RecallHolder,
    RecallLevel,
    RecallLine,
    RecallState,
    Treatment,
)
from shian.domains.tracing.queries.recalls import (
    open_recalls,
    preview_of,
    progress_by_area,
    progress_of,
    published,
    stopped_by,
)
from shian.domains.tracing.tests.test_imports import OUT
from shian.domains.tracing.tests.test_trade import cast
from shian.engine.trace.models import Holding, Identifier, Party, Ring
from shian.engine.trace.rules.identifiers import DOMAIN, short_digest
from shian.kernel.accounts.models import Role
from shian.kernel.disclosures.models import Disclosure
from shian.kernel.notary.queries import entries_of
from shian.kernel.notices.models import Notice, NoticeLevel
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(cast, bring, monkeypatch):
    """R1 (黄瓜, of HGZ1) went to two shops and a walk-in; somebody reads for O-1 and O-2. The cast, with a second
    county officer and the county's seller."""
    bring(
        "out_orders", OUT, "C1,M1,S1,R1,,2022-11-03,,O-1,,100", "C2,M1,S1,R1,,2022-11-03,,O-2,,50",
        "C3,M1,S1,R1,,2022-11-04,,,某饭馆,10",
    )  # fmt: skip
    operators = {each.code: each.pk for each in Operator.objects.all()}
    readers = {operators["O-1"]: [cast["seller"].pk], operators["O-2"]: [cast["gate"].pk]}
    monkeypatch.setattr(
        recall_notices, "users_of_operators", lambda keys: {k: readers[k] for k in keys if k in readers}
    )
    monkeypatch.setattr(recall_notices, "staff_of", lambda area: [cast["county"].pk])
    return cast | {
        "second": reach_user("bob", "131022", Role.COUNTY),
        "station": reach_user("st", "131022100", Role.STATION),
    }


def order(**given) -> Order:
    root = InOrder.objects.get(number="R1")
    told = {
        "title": "黄瓜", "roots": [root.holding], "level": RecallLevel.FIRST, "cause": Cause.SAMPLE,
        "reason": "农药残留超标", "treatment": Treatment.DESTROY, "advice": "停止食用并退回购买处",
        "known_at": timezone.now() - timedelta(hours=1),
    }  # fmt: skip
    return Order(**{**told, **given})


def running(people, *, is_drill=False, **given) -> Recall:
    """Proposed by one, ordered by the other, all told."""
    made = propose_recall(order=order(**given), by=people["county"], at=timezone.now(), is_drill=is_drill)
    decide_recall(recall=made, is_ordered=True, decision="", by=people["second"], at=timezone.now())
    tell_holders(recall=made.pk, at=timezone.now())
    made.refresh_from_db()
    return made


def holder(recall: Recall, code: str) -> RecallHolder:
    return RecallHolder.objects.select_related("recall").get(recall=recall, operator__code=code)


def test_a_preview_counts_before_anything_is_decided(sold):
    found = preview_of([InOrder.objects.get(number="R1").holding])

    assert (found.holdings(Ring.CONFIRMED), found.holdings(Ring.POSSIBLE)) == (4, 0)
    assert found.areas == {"131022"}
    assert found.kilos == 600
    assert not Recall.objects.exists()


def test_a_second_person_decides_and_everybody_is_told_once(sold):
    made = propose_recall(order=order(), by=sold["county"], at=timezone.now())
    assert (made.county, made.start_due_at - made.known_at) == ("131022", timedelta(hours=24))
    with pytest.raises(TradeRefused, match="提出人"):
        decide_recall(recall=made, is_ordered=True, decision="", by=sold["county"], at=timezone.now())
    with pytest.raises(OutOfReach):
        decide_recall(recall=made, is_ordered=True, decision="", by=sold["other"], at=timezone.now())
    with pytest.raises(PermissionDenied):
        decide_recall(recall=made, is_ordered=True, decision="", by=sold["station"], at=timezone.now())

    decided = decide_recall(recall=made, is_ordered=True, decision="同意", by=sold["second"], at=timezone.now())
    assert tell_holders(recall=made.pk, at=timezone.now()) == 4
    assert tell_holders(recall=made.pk, at=timezone.now()) == 0

    assert decided.state == RecallState.RUNNING
    told = dict(RecallHolder.objects.filter(recall=made).values_list("operator__code", "channel"))
    assert (
        told == {"O-1": Channel.PORTAL, "O-2": Channel.PORTAL, None: Channel.STATION} or Channel.PUBLIC in told.values()
    )
    readers = list(Notice.objects.filter(rule="tracing.recalls").values_list("recipient__username", flat=True))
    assert sorted(readers) == sorted([sold["seller"].username, sold["gate"].username, sold["county"].username])
    made.refresh_from_db()
    assert made.told_at is not None
    assert [each.action for each in entries_of(made.subject)] == [
        "tracing.recall_told", "tracing.recall_decided", "tracing.recall_proposed",
    ]  # fmt: skip
    with pytest.raises(TradeRefused, match="决定过"):
        decide_recall(recall=made, is_ordered=False, decision="晚了", by=sold["second"], at=timezone.now())


def test_a_refusal_needs_words_and_tells_nobody(sold):
    made = propose_recall(order=order(), by=sold["county"], at=timezone.now())
    with pytest.raises(TradeRefused, match="理由"):
        decide_recall(recall=made, is_ordered=False, decision=" ", by=sold["second"], at=timezone.now())

    decide_recall(recall=made, is_ordered=False, decision="复检合格", by=sold["second"], at=timezone.now())

    assert tell_holders(recall=made.pk, at=timezone.now()) == 0
    assert not RecallHolder.objects.exists()


def test_a_broken_thousand_is_told_once_when_it_begins_again(sold, monkeypatch):
    made = propose_recall(order=order(), by=sold["county"], at=timezone.now())
    decide_recall(recall=made, is_ordered=True, decision="", by=sold["second"], at=timezone.now())
    monkeypatch.setattr(recall_notices, "CHUNK", 1)
    usual, calls = recall_notices.send_notices, []

    def breaks(**given):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return usual(**given)

    monkeypatch.setattr(recall_notices, "send_notices", breaks)
    with pytest.raises(RuntimeError):
        tell_holders(recall=made.pk, at=timezone.now())
    assert 0 < RecallHolder.objects.filter(told_at__isnull=False).count() < 4

    tell_holders(recall=made.pk, at=timezone.now())

    assert not RecallHolder.objects.filter(told_at__isnull=True).exists()
    to_holders = Notice.objects.filter(subject__startswith="tracing.recallholder:")
    assert sorted(to_holders.values_list("recipient__username", flat=True)) == sorted(
        [sold["seller"].username, sold["gate"].username]
    )


def test_goods_under_recall_are_not_sold_and_what_moves_all_the_same_alerts(sold, bring, client):
    made = running(sold)
    root = InOrder.objects.get(number="R1")
    assert stopped_by(root.holding) == made
    with pytest.raises(TradeRefused, match=made.number):
        record_sale(order=root, quantity=Decimal(1), by="till", at=timezone.now())

    later = timezone.localdate()
    bring("out_orders", OUT, f"C9,M1,S1,R1,,{later},00:01,O-3,,5", "C8,M1,S1,R1,,2022-11-05,,O-3,,7")
    Recall.objects.update(decided_at=timezone.now() - timedelta(days=1))

    assert watch_recalls(at=timezone.now()) == 1
    assert watch_recalls(at=timezone.now()) == 0
    alert = RecallAlert.objects.get()
    assert alert.kilos == 5
    late = holder(made, "O-3")
    assert (late.is_late, late.told_at is not None) == (True, True)
    client.force_login(sold["county"])
    url = reverse("tracing:alert_edit", args=[made.number, alert.pk])
    assert url in client.get(reverse("tracing:recall_detail", args=[made.number])).content.decode()
    assert "处置结果" in client.get(url).content.decode()
    handle_alert(
        alert=alert, outcome="已追回", by=sold["station"] if alert.township else sold["county"], at=timezone.now()
    )
    with pytest.raises(TradeRefused):
        handle_alert(alert=alert, outcome="再来", by=sold["county"], at=timezone.now())


def test_holders_answer_until_the_recall_is_closed(sold):
    made = running(sold)
    shop = holder(made, "O-1")
    with pytest.raises(OutOfReach):
        answer_recall(holder=shop, on_hand=Decimal(1), by=sold["gate"], at=timezone.now())
    with pytest.raises(TradeRefused, match="不能超过"):
        answer_recall(holder=shop, on_hand=Decimal(40), destroyed=Decimal(41), by=sold["seller"], at=timezone.now())

    answer_recall(holder=shop, on_hand=Decimal(40), by=sold["seller"], at=timezone.now())
    answer_recall(
        holder=shop,
        on_hand=Decimal(40),
        returned=Decimal(10),
        destroyed=Decimal(30),
        by=sold["seller"],
        at=timezone.now(),
    )
    answer_recall(holder=holder(made, "O-2"), on_hand=Decimal(0), by=sold["station"], at=timezone.now())

    told = progress_of(made, timezone.now())
    assert RecallLine.objects.filter(holder=shop).count() == shop.lots == 1
    assert (told.holders, told.asked, told.told, told.acknowledged, told.handled) == (4, 3, 4, 2, 2)
    assert (told.on_hand, told.recovered, told.received) == (40, 40, 760)
    assert progress_by_area(made, timezone.now() + timedelta(hours=25))["131022"].late == 1
    with pytest.raises(TradeRefused, match="总结"):
        close_recall(recall=made, summary="", by=sold["county"], at=timezone.now())
    close_recall(recall=made, summary="其余已食用", by=sold["county"], at=timezone.now())
    assert stopped_by(InOrder.objects.get(number="R1").holding) is None
    with pytest.raises(TradeRefused):
        answer_recall(holder=shop, on_hand=Decimal(1), by=sold["seller"], at=timezone.now())


def test_whoever_scans_the_link_of_recalled_goods_is_told(sold, client):
    link = "/01/06901234567892/10/A1"
    uri = f"{DOMAIN}{link}"
    lot = InOrder.objects.get(number="R1").lot
    Identifier.objects.filter(pk=lot).update(uri=uri, digest=short_digest(uri))
    made = running(sold)
    assert "停止食用" not in client.get(link).content.decode()

    publish_recall(recall=made, by=sold["county"], at=timezone.now())

    shown = client.get(link).content.decode()
    assert "停止食用" in shown
    assert reverse("tracing:notice_detail", args=[made.number]) in shown


def test_a_drill_is_apart_from_recalls_everywhere(sold, bring):
    drill = running(sold, is_drill=True)

    assert drill.number.startswith("YL")
    assert stopped_by(InOrder.objects.get(number="R1").holding) is None
    assert record_sale(order=InOrder.objects.get(number="R1"), quantity=Decimal(1), by="till", at=timezone.now())
    assert watch_recalls(at=timezone.now()) == 0
    assert not RecallAlert.objects.exists()
    assert open_recalls(is_decided=True) == []
    assert published() == []
    with pytest.raises(TradeRefused, match="演练"):
        publish_recall(recall=drill, by=sold["county"], at=timezone.now())
    with pytest.raises(TradeRefused, match="评分"):
        close_recall(recall=drill, summary="x", by=sold["county"], at=timezone.now())
    with pytest.raises(TradeRefused, match="演练"):
        answer_recall(
            holder=holder(drill, "O-1"), on_hand=Decimal(5), destroyed=Decimal(5), by=sold["seller"], at=timezone.now()
        )
    notices = Notice.objects.filter(subject__startswith="tracing.")
    assert {(each.rule, each.level, each.title[:4]) for each in notices} == {
        ("tracing.drills", NoticeLevel.INFO, "【演练】")
    }
    assert {each.action for each in entries_of(drill.subject)} == {
        "tracing.drill_proposed", "tracing.drill_decided", "tracing.drill_told",
    }  # fmt: skip
    for wrong in ({"published_at": timezone.now()}, {"is_drill": False}, {"number": "ZH20260101-001"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recall.objects.filter(pk=drill.pk).update(**wrong)


def test_a_drill_is_timed_and_scored(sold, client):
    drill = running(sold, is_drill=True)
    report_source(drill=drill, code="P1", by=sold["county"], at=timezone.now())
    with pytest.raises(TradeRefused, match="已经"):
        report_source(drill=drill, code="P9", by=sold["county"], at=timezone.now())
    answer_recall(holder=holder(drill, "O-1"), on_hand=Decimal(0), by=sold["seller"], at=timezone.now())

    Recall.objects.filter(pk=drill.pk).update(decided_at=timezone.now() - timedelta(minutes=7))
    ended = end_drill(drill=drill, summary="O-2 没有答复", by=sold["county"], at=timezone.now())

    client.force_login(sold["county"])
    told = client.get(reverse("tracing:recall_detail", args=[drill.number])).content.decode()
    for word in ("用时 7 分钟", "50%", "得分"):  # one of two buyers was found
        assert word in told, word
    assert ended.is_source_right
    assert (ended.state, ended.score) == (RecallState.CLOSED, 30 + 30 + 20)
    with pytest.raises(TradeRefused):
        end_drill(drill=drill, summary="再来", by=sold["county"], at=timezone.now())


def test_everybody_who_scans_a_recalled_lot_reads_the_notice_and_of_a_drill_nothing(sold, client):
    token = Certificate.objects.get(number="HGZ1").token
    scan, listed = reverse("tracing:certificate_scan", args=[token]), reverse("tracing:notice_list")
    drill = running(sold, is_drill=True)
    assert "正在召回" not in client.get(scan).content.decode()
    assert client.get(reverse("tracing:notice_detail", args=[drill.number])).status_code == 404

    made = running(sold)
    assert client.get(reverse("tracing:notice_detail", args=[made.number])).status_code == 404
    assert "正在召回" not in client.get(scan).content.decode()
    publish_recall(recall=made, by=sold["county"], at=timezone.now())

    assert "正在召回" in client.get(scan).content.decode()
    assert made.number in client.get(listed).content.decode()
    told = client.get(reverse("tracing:notice_detail", args=[made.number])).content.decode()
    assert "停止食用" in told
    assert "主体O-2" not in told


def test_who_reads_a_number_from_a_voucher_finds_the_goods_in_the_own_area_only(sold, client):
    """The lot begins in a market elsewhere."""
    Party.objects.filter(operator__code="O-2").update(county="131002")
    [own] = Holding.objects.filter(party__operator__code="O-2").values_list("pk", flat=True)
    client.force_login(sold["other"])

    for word in ("R1", "C1", "HGZ1", "urn:shian:certificate:HGZ1"):
        answer = client.get(reverse("tracing:trace_list"), {"q": word})
        assert answer["Location"] == reverse("tracing:trace_detail", args=[own]), word
    client.force_login(reach_user("far", "131003", Role.COUNTY))
    assert "管辖范围内没有找到" in client.get(reverse("tracing:trace_list"), {"q": "R1"}).content.decode()


def test_pages_of_a_recall_show_it_to_its_readers_only(sold, client):
    made, root = running(sold), InOrder.objects.get(number="R1")
    urls = {
        "found": f"{reverse('tracing:trace_list')}?q=R1",
        "chain": reverse("tracing:trace_detail", args=[root.holding]),
        "rows": reverse("tracing:node_list", args=[root.holding, "forward"]),
        "recall": reverse("tracing:recall_detail", args=[made.number]),
        "holders": f"{reverse('tracing:holder_list', args=[made.number])}?state=told&ring=1",
        "holder": reverse("tracing:holder_detail", args=[made.number, holder(made, "O-1").pk]),
        "list": reverse("tracing:recall_list"),
        "sheet": reverse("tracing:recall_export", args=[made.number]),
    }
    client.force_login(sold["county"])
    answers = {name: client.get(url) for name, url in urls.items()}

    assert {name: each.status_code for name, each in answers.items()} == {
        **dict.fromkeys(urls, 200), "found": 302,
    }  # fmt: skip
    assert "主体O-2" in answers["rows"].content.decode()
    assert "正在召回" in answers["chain"].content.decode()
    assert "主体O-2" in answers["holders"].content.decode()
    assert b"".join(answers["sheet"].streaming_content)[:2] == b"PK"
    assert Disclosure.objects.get().subject == made.subject
    assert "还没有" not in answers["recall"].content.decode()
    client.force_login(sold["other"])
    for name in ("chain", "rows", "recall", "holders", "holder", "sheet"):
        assert client.get(urls[name]).status_code == 404, name


def test_an_operator_s_lots_are_called_back_together(sold, client):
    client.force_login(sold["county"])
    shown = client.get(reverse("tracing:trace_list"), {"q": "O-3"}).content.decode()
    assert "没有找到" in shown
    listed = client.get(reverse("tracing:trace_list"), {"q": "O-1"})
    url = f"{reverse('tracing:recall_create')}?operator=O-1&from=2022-11-01&until=2022-11-30"
    form = client.get(url)

    assert listed.status_code in {200, 302}
    assert form.status_code == 200
    assert "起点批次" in form.content.decode()
    for wrong in ("?operator=O-1&from=x&until=y", "?operator=NONE&from=2022-11-01&until=2022-11-30", "?holding=x"):
        assert client.get(reverse("tracing:recall_create") + wrong).status_code == 404
    client.force_login(sold["other"])
    assert client.get(url).status_code == 404
