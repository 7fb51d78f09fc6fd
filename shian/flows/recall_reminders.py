"""Recalls that wait for a decision, and recalls that run to their last day. Drills remind nobody."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shian.domains.tracing.queries.recalls import OpenRecall, open_recalls
from shian.flows.recall_receivers import staff_of_area
from shian.kernel.notices.ladders import Matter, ReminderRule, Rung, Wording


def _matters(is_decided: bool) -> Iterable[Matter]:
    for each in open_recalls(is_decided=is_decided):
        params: dict[str, str | int] = {"title": each.title, "number": each.number}
        link = reverse("tracing:recall_detail", args=[each.number])
        yield Matter(f"tracing.recall:{each.number}", each.due_on, params, link, each)


def _undecided(today: date) -> Iterable[Matter]:
    return _matters(False)


def _running(today: date) -> Iterable[Matter]:
    return _matters(True)


def recipients(matter: Matter, to: str) -> Collection[int]:
    """Whoever regulates food where the recall lies; in the end the city's office."""
    found: OpenRecall = matter.about
    return staff_of_area(found.area if to == "area" else found.area[:4])


RULES = (
    ReminderRule(
        key="tracing.undecided",
        title=_("待决定的召回"),
        ladder=(Rung("soon", -3, "area"), Rung("due", 0, "area"), Rung("escalated", 1, "office")),
        matters=_undecided,
        recipients=recipients,
        wording={
            "soon": Wording(
                gettext_noop("召回待决定：%(title)s（%(number)s）"),
                gettext_noop("启动期限 %(due_on)s，提出人以外的另一人决定后立即通知持有者。"),
            )
        },
        bundled=gettext_noop("%(count)s 个召回待决定"),
        list_url_name="tracing:recall_list",
        is_prompt=True,
    ),
    ReminderRule(
        key="tracing.unfinished",
        title=_("未办结的召回"),
        ladder=(Rung("soon", -3, "area"), Rung("overdue", 1, "area"), Rung("escalated", 3, "office")),
        matters=_running,
        recipients=recipients,
        wording={
            "soon": Wording(
                gettext_noop("召回将到期：%(title)s（%(number)s）"),
                gettext_noop("完成期限 %(due_on)s，请督促持有者退回、销毁并写总结。"),
            ),
            "overdue": Wording(
                gettext_noop("召回逾期：%(title)s（%(number)s）"), gettext_noop("完成期限 %(due_on)s 已过，尚未办结。")
            ),
        },
        bundled=gettext_noop("%(count)s 个召回未办结"),
        list_url_name="tracing:recall_list",
    ),
)
