"""Letters to other areas: about a holder in another city or the source; number, paper, receipt, answer, who is late."""

import io
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from shian.domains.tracing.actions.recall_answers import answer_recall
from shian.domains.tracing.actions.recall_letters import Inquiry, send_letter
from shian.domains.tracing.actions.recall_notices import tell_holders
from shian.domains.tracing.actions.recalls import decide_recall, propose_recall
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.definitions.letters import letter_paper
from shian.domains.tracing.models import Channel, InOrder, Recall, RecallHolder
from shian.domains.tracing.queries.recall_letters import outside_of, overdue_by_receiver
from shian.domains.tracing.tests.test_recalls import cast, order, sold
from shian.engine.cases.actions import Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.trace.models import Party
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.queries import path_of
from shian.kernel.notary.queries import entries_of
from shian.kernel.notices.models import Notice
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import reach_user

__all__ = ["cast", "sold"]
pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ASKED = Inquiry("保定市市场监督管理局", "来源", "某某农业公司（保定）", TODAY + timedelta(days=10), "请核查同批次。")


@pytest.fixture
def office():
    """Who decides for the city, in the name of its market bureau."""
    made = reach_user("office", "131000", Role.OFFICE)
    Organisation.objects.filter(code="131000-office").update(name="廊坊市市场监督管理局", department_code="SAMR")
    return made


@pytest.fixture
def recall(sold, office) -> Recall:
    """O-2 lies in another city."""
    Party.objects.filter(operator__code="O-2").update(city="1306", county="130602")
    made = propose_recall(order=order(), by=sold["county"], at=timezone.now())
    decide_recall(recall=made, is_ordered=True, decision="", by=office, at=timezone.now())
    tell_holders(recall=made.pk, at=timezone.now())
    made.refresh_from_db()
    return made


def outside(recall: Recall) -> RecallHolder:
    return RecallHolder.objects.select_related("recall").get(recall=recall, channel=Channel.LETTER)


def write(recall: Recall, by, told: Inquiry = ASKED, holder: RecallHolder | None = None) -> Case:
    made = send_letter(recall=recall, told=told, paper=letter_paper, holder=holder, by=by, at=timezone.now())
    made.refresh_from_db()
    return made


def step(case: Case, key: str, by, **given) -> None:
    declared = case_type(case.type)
    case.refresh_from_db()
    move_case(declared=declared, case=case, step=declared.step(key), seen=case.version, given=Given(**given), by=by,
              at=timezone.now())  # fmt: skip


def test_a_letter_has_its_number_and_paper_and_its_receipt_and_answer_are_entered(recall, office, client):
    made = write(recall, office)
    client.force_login(office)
    page = reverse("cases:case_detail", args=[made.pk])
    assert "登记签收" in client.get(page).content.decode()

    assert (made.state, made.issuer.name, made.data["receiver"]) == ("sent", "廊坊市市场监督管理局", ASKED.receiver)
    assert made.number.startswith(f"召回协查〔{TODAY.year}〕1310-")
    stored = made.files.get().stored
    words = "\n".join(each.text for each in docx.Document(io.BytesIO(path_of(stored.sha256).read_bytes())).paragraphs)
    for word in (made.number, recall.number, ASKED.receiver, ASKED.party, ASKED.words, recall.reason):
        assert word in words, word
    assert entries_of(recall.subject)[0].data["letter"] == made.number
    step(made, "receive", office, data={"received_on": TODAY.isoformat(), "receipt_no": "保市监收〔2026〕9号"})
    step(made, "answer", office, data={"answered_on": TODAY.isoformat()}, note="已立案调查")
    assert "反馈不全，再次去函" in client.get(page).content.decode()
    step(made, "close", office)
    made.refresh_from_db()
    assert (made.is_open, made.data["receipt_no"]) == (False, "保市监收〔2026〕9号")


def test_a_holder_in_another_city_is_written_to_and_answered_for_by_those_of_the_recall(recall, office, sold):
    holder = outside(recall)
    assert RecallHolder.objects.visible_to(office).filter(pk=holder.pk).exists()
    assert RecallHolder.objects.visible_to(User.objects.create(username="root", role=Role.ADMIN)).count() == 4
    assert not RecallHolder.objects.visible_to(sold["other"]).filter(pk=holder.pk).exists()
    assert not Notice.objects.filter(subject=holder.subject).exclude(recipient=sold["gate"]).exists()
    assert outside_of(recall) == (1, 0)

    made = write(recall, office, holder=holder)

    assert (made.data["side"], outside_of(recall)) == ("持有者", (1, 1))
    with pytest.raises(TradeRefused, match="已经为这个持有者"):
        write(recall, office, holder=holder)
    answer_recall(holder=holder, on_hand=Decimal(50), returned=Decimal(50), by=office, at=timezone.now())
    assert outside(recall).acknowledged_by == "office"


def test_who_may_not_write(recall, office, sold):
    with pytest.raises(PermissionDenied):
        write(recall, reach_user("station", "131000", Role.STATION))
    with pytest.raises(TradeRefused, match="今天以后"):
        write(recall, office, Inquiry("甲局", "来源", "乙", TODAY))
    drill = propose_recall(order=order(), by=sold["county"], at=timezone.now(), is_drill=True)
    with pytest.raises(TradeRefused, match="演练"):
        write(drill, office)
    assert not Case.objects.exists()


def test_letters_without_an_answer_past_their_day_are_listed_by_receiver(recall, office, client):
    for receiver in ("保定市市场监督管理局", "天津市武清区市场监督管理局", "保定市市场监督管理局"):
        write(recall, office, Inquiry(receiver, "来源", "某某公司", TODAY + timedelta(days=3)))
    answered = Case.objects.latest("pk")
    step(answered, "answer", office, data={"answered_on": TODAY.isoformat()}, note="已查")
    Case.objects.filter(state="sent").update(due_on=TODAY - timedelta(days=1))

    assert overdue_by_receiver(office, TODAY) == [("保定市市场监督管理局", 1), ("天津市武清区市场监督管理局", 1)]
    client.force_login(office)
    told = client.get(reverse("tracing:recall_letter_list"), {"standing": "overdue"}).content.decode()
    assert "超期未反馈：保定市市场监督管理局 1 件；天津市武清区市场监督管理局 1 件" in told
    assert answered.number not in told
    client.force_login(reach_user("far", "130600", Role.OFFICE))
    assert "没有协查函" in client.get(reverse("tracing:recall_letter_list")).content.decode()


def test_a_letter_begins_on_the_page_of_the_recall_with_what_the_gate_wrote_down(recall, office, client):
    InOrder.objects.filter(number="R1").update(certificate=None, supplier="保定某合作社", origin="保定市定兴县")
    holder, page = outside(recall), reverse("tracing:recall_detail", args=[recall.number])
    create = reverse("tracing:recall_letter_create", args=[recall.number])
    client.force_login(office)
    assert "1 家持有者在外地" in client.get(page).content.decode()
    assert "保定某合作社（保定市定兴县）" in client.get(create).content.decode()
    assert "主体O-2" in client.get(create, {"holder": holder.pk}).content.decode()
    inside = RecallHolder.objects.get(recall=recall, operator__code="O-1")
    assert client.get(create, {"holder": inside.pk}).status_code == 404
    assert client.get(create, {"holder": "x"}).status_code == 404
    asked = {
        "receiver": "保定市市场监督管理局",
        "side": "持有者",
        "party": "主体O-2",
        "due_on": ASKED.due_on.isoformat(),
    }
    answer = client.post(f"{create}?holder={holder.pk}", asked)
    assert (answer.status_code, answer["Location"]) == (302, page)
    told = client.get(page).content.decode()
    assert Case.objects.get().number in told
    assert "已为其中 1 家发协查函" in told
