"""A letter to another area about a recall: opened as a case with its number, and its paper kept with it (G-07)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Recall, RecallHolder, RecallState
from shian.domains.tracing.permissions import RECALL_ORDER
from shian.domains.tracing.queries.recall_letters import HOLDER, LETTER, Goods, goods_of, sender_for
from shian.engine.cases.actions import Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal

Paper = Callable[[Case, Sequence[Goods], str, str, date], bytes]


@dataclass(frozen=True)
class Inquiry:
    """What a letter asks. receiver: the authority; party: who makes or holds the goods there; words: more than the
    usual; due_on: until when an answer is asked for."""

    receiver: str
    side: str
    party: str
    due_on: date
    words: str = ""


@transaction.atomic
def send_letter(
    *, recall: Recall, told: Inquiry, paper: Paper, by: Any, at: datetime, holder: RecallHolder | None = None
) -> Case:
    """Write to the authority of another area about the recall's source, or about a holder there. `paper` draws the
    letter once it has its number; it stays with the case.

    Raises PermissionDenied, OutOfReach; TradeRefused for drills, for a recall that was not ordered, for a second letter
    about a holder that one is under way about, and for somebody without a unit to write in the name of.
    """
    name = acting(RECALL_ORDER, by, recall.area)
    day = timezone.localdate(at)
    if recall.is_drill or recall.state not in {RecallState.RUNNING, RecallState.CLOSED}:
        raise TradeRefused(_("只有已决定的召回可以发协查函，演练不发。"))
    if told.due_on <= day:
        raise TradeRefused(_("反馈期限应在今天以后。"), "due_on")
    subject = holder.subject if holder else recall.subject
    declared = case_type(LETTER)
    if holder and Case.objects.filter(type=LETTER, subject=subject, is_open=True).exists():
        raise TradeRefused(_("已经为这个持有者发函，尚未办结。"))
    sender = sender_for(by, recall, day)
    if sender is None:
        raise TradeRefused(_("您没有所属单位，不能发函。"))
    data = {"receiver": told.receiver, "side": HOLDER if holder else told.side, "party": told.party,
            "recall_no": recall.number}  # fmt: skip
    opening = Opening(
        title=_("%(receiver)s：协查 %(title)s") % {"receiver": told.receiver, "title": recall.title},
        area_key=recall.area, issuer=sender, body=told.words, source="recall", subject=subject, due_on=told.due_on,
        data=data,
    )  # fmt: skip
    case = open_case(declared=declared, opening=opening, by=by, at=at)
    title = f"{case.number}.docx"
    stored = store_file(
        name=title,
        stream=BytesIO(paper(case, goods_of(recall, holder), recall.reason, told.words, day)),
        kinds=("docx",),
        by=name,
        at=at,
    )
    given = Given(files=[Evidence(stored, title, "letter")])
    move_case(declared=declared, case=case, step=declared.step("send"), seen=case.version, given=given, by=by, at=at)
    seal(action="tracing.letter_sent", by=name, subject=recall.subject,
         data={"letter": case.number, "receiver": told.receiver}, at=at)  # fmt: skip
    return case
