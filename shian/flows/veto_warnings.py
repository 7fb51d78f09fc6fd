"""A veto that comes nearer to its line, or crosses it, is told to the campaign office at once, and once (A-29)."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from shian.domains.campaign.events import VetoCrossed
from shian.flows.recipients import office_staff
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.rules import code_of_key, columns_of_key

RULE = "campaign.vetoes"
NEAR = Wording(
    gettext_noop("否决项预警：%(title)s"), gettext_noop("已进入预警范围，当前值 %(value)s，请尽快核查并采取措施。")
)
TRIGGERED = Wording(
    gettext_noop("否决项已触发：%(title)s"), gettext_noop("当前值 %(value)s，任何一项触发即不能通过评价，请立即核查。")
)


def tell_office(event: VetoCrossed) -> None:
    """One notice to each of the office's staff."""
    own = columns_of_key(event.area_key)
    is_over = event.after == "triggered"
    subject = f"campaign.item:{event.item_code}/{code_of_key(event.area_key)}"
    draft = Draft(
        office_staff(own["city"], own["county"]), RULE, subject,
        NoticeLevel.OVERDUE if is_over else NoticeLevel.DUE, TRIGGERED if is_over else NEAR,
        {"title": event.title, "value": event.value or "—"}, reverse("campaign:veto_board"),
    )  # fmt: skip
    send_notices(drafts=[draft], by=event.by, at=event.at)
