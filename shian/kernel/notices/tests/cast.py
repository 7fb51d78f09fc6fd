"""Alice and Bob with inboxes, and a rule over matters that a test holds in its hand."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shian.kernel.accounts.models import Role, User
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording

ZONE = ZoneInfo("Asia/Shanghai")
LADDER = (
    Rung("soon", -3, "owner"),
    Rung("due", 0, "owner"),
    Rung("overdue", 1, "owner"),
    Rung("escalated", 5, "chief"),
)
DUE_ON = date(2026, 3, 11)  # a Wednesday; in March 2026 only weekends are off, with or without the notice


def moment(text: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=ZONE)


def user(name: str, role: Role = Role.COUNTY, email: str = "") -> User:
    return User.objects.create(username=name, display_name=name, role=role, email=email)


def matter(number: int = 1, due_on: date = DUE_ON) -> Matter:
    return Matter(f"tests.matter:{number}", due_on, {"name": f"事项{number}"}, f"/matters/{number}/")


def rule_over(matters: Sequence[Matter], **people: Sequence[User]) -> ReminderRule:
    """A rule whose matters stay open; `people` are the users behind each `to`."""
    return ReminderRule(
        key="tests.matters",
        title="事项",
        ladder=LADDER,
        matters=lambda today: matters,
        recipients=lambda matter, to: [each.pk for each in people.get(to, ())],
        wording={"soon": Wording("%(name)s将到期", "期限 %(due_on)s。"), "overdue": Wording("%(name)s已逾期")},
        bundled="%(count)s 件事项",
        list_url_name="notices:notice_list",
    )
