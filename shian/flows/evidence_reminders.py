"""A document that expires reminds the unit that filed it, and in the end the office."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.domains.campaign.queries.evidence import expiring_documents
from shian.flows.recipients import county_staff, department_staff, office_staff
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording


def matters(today: date) -> Iterable[Matter]:
    """One for each document that expires within the days of packs/parameters/evidence.yaml, or has expired."""
    for each in expiring_documents(today):
        assert each.expires_on is not None
        url = reverse("campaign:evidence_detail", args=[each.pk])
        yield Matter(f"campaign.evidence:{each.pk}", each.expires_on, {"title": each.title}, url, each)


def recipients(matter: Matter, to: str) -> Collection[int]:
    """The liaison officers of the unit, or who regulates its county; the office when it has nobody."""
    found = matter.about
    unit = found.unit
    told: Collection[int] = []
    if to == "unit":
        told = department_staff(unit.department_code, unit.city, unit.county)
        told = told or (county_staff(unit.county) if unit.county else [])
    return told or office_staff(found.city, found.county)


RULE = ReminderRule(
    key="campaign.evidence",
    title=_("佐证材料到期"),
    ladder=(
        Rung("soon", -20, "unit"), Rung("due", 0, "unit"), Rung("overdue", 1, "unit"), Rung("escalated", 5, "office"),
    ),
    matters=matters,
    recipients=recipients,
    wording={
        "soon": Wording(
            gettext_noop("佐证材料“%(title)s”将到期"), gettext_noop("有效期至 %(due_on)s，请准备新文件并换新版本。")
        ),
        "due": Wording(
            gettext_noop("佐证材料“%(title)s”今日到期"), gettext_noop("有效期至 %(due_on)s，请尽快换新版本。")
        ),
        "overdue": Wording(
            gettext_noop("佐证材料“%(title)s”已过期"), gettext_noop("有效期 %(due_on)s 已过，请换新版本并重新送审。")
        ),
        "escalated": Wording(
            gettext_noop("佐证材料“%(title)s”过期未换"),
            gettext_noop("有效期 %(due_on)s 已过五个工作日，请创建办督促。"),
        ),
    },
    bundled=gettext_noop("%(count)s 份佐证材料到期"),
    list_url_name="campaign:need_list",
)  # fmt: skip
