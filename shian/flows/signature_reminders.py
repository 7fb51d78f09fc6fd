"""An issued catalogue reminds those who have to sign for their lines, and in the end the office that issued it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.queries.awaiting import AwaitedSignature, awaited_signatures
from shian.domains.campaign.rules.catalogues import MARKET_BUREAU
from shian.flows.recipients import county_staff, department_staff, office_staff
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording
from shian.kernel.workdays.queries import calendar

SIGNED_WITHIN = 3  # working days; a habit of the office, no statute
KIND_TERMS = {
    "county": gettext_noop("县（市、区）分解目录"),
    "department": gettext_noop("市直部门分解目录"),
    "section": gettext_noop("市场监管局科室分解目录"),
}


def matters(today: date) -> Iterable[Matter]:
    """One for each audience with lines to sign for, due three working days after the issue."""
    days = calendar()
    for awaited in awaited_signatures():
        issued_on = timezone.localdate(awaited.issued_at)
        yield Matter(
            f"campaign.catalogue:{awaited.catalogue}/{awaited.audience}",
            days.add_workdays(issued_on, SIGNED_WITHIN),
            {"unit": awaited.audience_name, "kind_term": KIND_TERMS[awaited.kind], "lines": awaited.lines},
            f"{reverse('campaign:catalogue_detail', args=[awaited.catalogue])}?audience={awaited.audience}",
            awaited,
        )


def recipients(matter: Matter, to: str) -> Collection[int]:
    """The unit that signs; the office when it has nobody, or when the ladder leads there."""
    awaited: AwaitedSignature = matter.about
    unit = _unit(awaited) if to == "unit" else []
    return unit or office_staff(awaited.city, awaited.county)


def _unit(awaited: AwaitedSignature) -> list[int]:
    if awaited.kind == "county":
        return county_staff(awaited.audience)
    code = awaited.audience if awaited.kind == "department" else MARKET_BUREAU
    return department_staff(code, awaited.city, awaited.county)


RULE = ReminderRule(
    key="campaign.signatures",
    title=_("分解目录签收"),
    ladder=(
        Rung("soon", -SIGNED_WITHIN, "unit"),
        Rung("due", 0, "unit"),
        Rung("overdue", 1, "unit"),
        Rung("escalated", 3, "office"),
    ),
    matters=matters,
    recipients=recipients,
    wording={
        "soon": Wording(
            gettext_noop("%(kind_term)s待签收：%(unit)s %(lines)s 条"), gettext_noop("请于 %(due_on)s 前核对并签收。")
        ),
        "due": Wording(
            gettext_noop("%(kind_term)s今日应签收：%(unit)s %(lines)s 条"), gettext_noop("签收期限为 %(due_on)s。")
        ),
        "overdue": Wording(
            gettext_noop("%(kind_term)s逾期未签收：%(unit)s %(lines)s 条"),
            gettext_noop("签收期限 %(due_on)s 已过，请尽快签收；再逾期将报创建办。"),
        ),
        "escalated": Wording(
            gettext_noop("%(unit)s逾期未签收%(kind_term)s，共 %(lines)s 条"),
            gettext_noop("签收期限 %(due_on)s 已过三个工作日，请创建办督促。"),
        ),
    },
    bundled=gettext_noop("%(count)s 个单位的分解目录待签收"),
    list_url_name="campaign:catalogue_list",
)
