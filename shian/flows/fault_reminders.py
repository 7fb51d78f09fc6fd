"""A job that failed for good is told to the administrators: one notice for each kind of job and day."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django.models import ProcrastinateEvent

from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording
from shian.kernel.notices.queries import administrators

LOOKED_BACK = timedelta(days=3)


def matters(today: date) -> Iterable[Matter]:
    """Kinds of jobs that failed lately, by day; those that are being tried again have not failed yet."""
    rows = ProcrastinateEvent.objects.filter(type="failed", job__status="failed", at__date__gte=today - LOOKED_BACK)
    counted = rows.annotate(day=TruncDate("at")).order_by("day", "job__task_name").values("day", "job__task_name")
    for row in counted.annotate(count=Count("pk"), last=Max("job")):
        params = {"task": row["job__task_name"], "count": row["count"], "last": row["last"]}
        yield Matter(f"jobs.task:{row['job__task_name']}", row["day"], params)


def recipients(matter: Matter, to: str) -> Collection[int]:
    return administrators()


RULE = ReminderRule(
    key="jobs.failed",
    title=_("后台任务失败"),
    ladder=(Rung("fault", 0, "administrators"),),
    matters=matters,
    recipients=recipients,
    wording={
        "fault": Wording(
            gettext_noop("后台任务失败：%(task)s"),
            gettext_noop("%(due_on)s 已失败 %(count)s 次，最近一次任务编号 %(last)s；原因见服务日志。"),
        )
    },
    bundled=gettext_noop("%(count)s 类后台任务失败"),
    is_prompt=True,
)
