"""An import that was checked and left lying reminds whoever uploaded it, and in the end the office."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.flows.recipients import named, office_staff
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording
from shian.kernel.workdays.queries import calendar

ACCEPTED_WITHIN = 1  # working days; a habit of the office, no statute
WAITING = (BatchState.CHECKED, BatchState.STOPPED)


def matters(today: date) -> Iterable[Matter]:
    """Checked or stopped batches that nobody works on, due on the next working day."""
    days = calendar()
    rows = ImportBatch.objects.filter(state__in=WAITING, work="").order_by("pk")
    for batch in rows.only("pk", "name", "created_at", "created_by", "city", "county"):
        yield Matter(
            f"imports.importbatch:{batch.pk}",
            days.add_workdays(timezone.localdate(batch.created_at), ACCEPTED_WITHIN),
            {"name": batch.name},
            reverse("imports:batch_detail", args=[batch.pk]),
            batch,
        )


def recipients(matter: Matter, to: str) -> Collection[int]:
    """Who uploaded it; the office of its area."""
    batch: ImportBatch = matter.about
    return named(batch.created_by) if to == "uploader" else office_staff(batch.city, batch.county)


RULE = ReminderRule(
    key="imports.waiting",
    title=_("待接收的导入"),
    ladder=(Rung("due", 0, "uploader"), Rung("overdue", 2, "uploader"), Rung("escalated", 5, "office")),
    matters=matters,
    recipients=recipients,
    wording={
        "due": Wording(
            gettext_noop("导入“%(name)s”待接收"), gettext_noop("已检查但未接收，数据尚未写入。请核对后接收或取消。")
        ),
        "overdue": Wording(
            gettext_noop("导入“%(name)s”仍未接收"), gettext_noop("数据尚未写入，统计不含这批数据。请接收或取消。")
        ),
        "escalated": Wording(
            gettext_noop("导入“%(name)s”长期未接收"), gettext_noop("上传人未处理，数据尚未写入，请督促或取消。")
        ),
    },
    bundled=gettext_noop("%(count)s 个导入待接收"),
    list_url_name="imports:batch_list",
)
