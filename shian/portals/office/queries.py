"""What the home page shows: the user's own work, what the user's units owe, and what changed lately.

The evaluation is read once: the items of one area give both the open work and the debts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.queries.catalogues import duties_awaiting
from shian.domains.campaign.queries.evaluations import Sight, item_results, sight_for
from shian.domains.duties.queries.letters import letters_to_sign
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import due_day, due_of
from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.queries import visible_cases
from shian.engine.reports.models import Document, DocumentState
from shian.kernel.accounts.models import Role
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.imports.permissions import IMPORT
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pieces import Action, Callout, TimelineEntry
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.registers.people.queries import posts_of

SHOWN = 50
RECENT = 8
LOOKED_BACK = 60
OPEN_BATCHES = (BatchState.CHECKED, BatchState.STOPPED, BatchState.FAILED)
OPEN_DOCUMENTS = (DocumentState.DRAFT, DocumentState.CHECKED, DocumentState.SIGNED)


@dataclass(frozen=True)
class Task:
    """Something to do, one click away."""

    kind: str
    title: str
    note: str
    url: str
    state: str


@dataclass(frozen=True)
class Owed:
    """What the user's units have to do, of one type of case."""

    type: CaseType
    open: int
    overdue: int
    next_on: date | None


@dataclass(frozen=True)
class Debt:
    """An item whose points the user's units have lost, or that nobody has decided."""

    code: str
    title: str
    lost: Decimal
    undecided: Decimal
    reason: str
    url: str


@dataclass(frozen=True)
class Desk:
    """The evaluation that the user looks at, and the items of it that concern the user's departments."""

    sight: Sight
    departments: frozenset[str]
    results: tuple[Any, ...]

    def url_of(self, code: str) -> str:
        area, as_of = code_of_key(self.sight.area_key), self.sight.found.as_of
        return f"{reverse('campaign:item_detail', args=[code])}?{urlencode({'area': area, 'as_of': as_of})}"


def desk_of(user: Any) -> Desk:
    """Items of the user's own area; a department's user sees the items that the department leads."""
    sight = sight_for(user)
    departments = frozenset(
        code
        for code in posts_of(user, timezone.localdate()).values_list("organisation__department_code", flat=True)
        if code and user.role == Role.DEPARTMENT
    )
    if sight.evaluation is None:
        return Desk(sight, departments, ())
    rows = item_results(sight.evaluation, sight.area_key, user)
    own = (row for row in rows if not departments or departments & set(row.lead_codes))
    return Desk(sight, departments, tuple(own))


def tasks_of(user: Any, desk: Desk) -> list[Task]:
    """The user's work, what is late or stopped first."""
    found = [*_import_tasks(user), *_document_tasks(user), *_item_tasks(desk)]
    order = {OVERDUE: 0, DUE: 1, WAITING: 2}
    return sorted(found, key=lambda task: order[task.state])


def owed_by_units(user: Any, today: date) -> list[Owed]:
    """Open cases that the user's units must do, by type, with how many are late and when the next one is due."""
    units = list(reach_of(user).organisations)
    rows = visible_cases(user).filter(Q(unit__in=units), is_open=True).order_by().values("type")
    counted = rows.annotate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), next=Min("due_on", filter=Q(due_on__gte=today))
    )
    found = [Owed(case_type(row["type"]), row["open"], row["late"], row["next"]) for row in counted]
    return sorted(found, key=lambda owed: owed.type.order)


def signatures_of(user: Any) -> list[Callout]:
    """What waits for the user's signature, each one press away: issued catalogues of the own unit, letters."""
    return [*_letters_to_sign(user), *_catalogues_to_sign(user)]


def visits_to_make(user: Any) -> list[Callout]:
    """How many of the businesses that an official answers for nobody visited in their period, and until when."""
    today = timezone.localdate()
    due = due_of(user, today) if user.role == Role.OFFICIAL else []
    if not due:
        return []
    numbers = numbers_at(today)
    told = {"count": len(due), "due_on": min(due_day(each, today, numbers) for each in due)}
    mine = Action(_("我的包保"), reverse("duties:mine_detail"), icon="clipboard-check", kind="primary")
    return [Callout(_("%(count)s 家包保主体待督导") % told, _("期限 %(due_on)s") % told, state=DUE, actions=[mine])]


def _letters_to_sign(user: Any) -> list[Callout]:
    return [
        Callout(
            _("待签订：%(name)s的食品安全责任与任务承诺书") % {"name": each.official.name},
            _("包保主体 %(count)s 户，签订期限 %(due_on)s") % {"count": each.subjects, "due_on": each.due_on},
            state=OVERDUE if each.due_on < timezone.localdate() else DUE,
            actions=[
                Action(_("查看并签字"), reverse("duties:letter_detail", args=[each.pk]), icon="edit", kind="primary")
            ],
        )
        for each in letters_to_sign(user)[:RECENT]
    ]


def _catalogues_to_sign(user: Any) -> list[Callout]:
    return [
        Callout(
            _("待签收：%(catalogue)s") % {"catalogue": each.catalogue.get_kind_display()},
            _("分解到本单位 %(lines)s 条，完成期限 %(due_on)s")
            % {"lines": each.lines, "due_on": each.catalogue.due_on},
            state=DUE,
            actions=[
                Action(_("签收"), reverse("campaign:duty_acknowledge", args=[each.catalogue.pk]), icon="check",
                       kind="primary", method="post"),
                Action(_("查看"), reverse("campaign:catalogue_detail", args=[each.catalogue.pk])),
            ],
        )
        for each in duties_awaiting(user, timezone.localdate())
    ]  # fmt: skip


def _import_tasks(user: Any) -> Iterable[Task]:
    rows = ImportBatch.objects.visible_to(user).filter(state__in=OPEN_BATCHES, work="")
    if user.role not in {Role.ADMIN, Role.OFFICE}:
        rows = rows.filter(created_by=user.get_username())
    for batch in rows.order_by("-id")[:SHOWN]:
        stopped = batch.state != BatchState.CHECKED
        yield Task(
            _("导入"),
            batch.name,
            batch.get_state_display(),
            reverse("imports:batch_detail", args=[batch.pk]),
            OVERDUE if stopped else DUE,
        )


def _document_tasks(user: Any) -> Iterable[Task]:
    if user.role not in {Role.ADMIN, Role.OFFICE}:
        return
    rows = Document.objects.visible_to(user).filter(state__in=OPEN_DOCUMENTS)
    for document in rows.order_by("-created_at")[:SHOWN]:
        url = reverse("reports:document_detail", args=[document.pk])
        title = f"{document.title} · {document.as_of}"  # the drafts of a title differ by their day only
        yield Task(_("报告"), title, document.get_state_display(), url, DUE)


def _item_tasks(desk: Desk) -> Iterable[Task]:
    for row in desk.results:
        if row.state == "unknown" and not row.stated_reason:
            title = f"{row.indicator.code} {row.indicator.title}"
            yield Task(_("评价内容"), title, row.reason, desk.url_of(row.indicator.code), WAITING)


def debts_of(desk: Desk) -> list[Debt]:
    """Items that lost points or are undecided, most points first."""
    found = [
        Debt(
            row.indicator.code,
            row.indicator.title,
            row.lost or Decimal(0),
            row.weight if row.state == "unknown" else Decimal(0),
            row.stated_reason or row.reason,
            desk.url_of(row.indicator.code),
        )
        for row in desk.results
        if row.lost or row.state == "unknown"
    ]
    return sorted(found, key=lambda debt: (-debt.lost, -debt.undecided, debt.code))


def changes_for(user: Any, since: date | None) -> list[TimelineEntry]:
    """The newest imports and documents inside the user's reach, newest first; those after `since` are marked new.

    The files of one data package are one entry.
    """
    entries = [*_imports_taken(user, since), *_documents_made(user)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:RECENT]


def _imports_taken(user: Any, since: date | None) -> Iterable[TimelineEntry]:
    rows = ImportBatch.objects.visible_to(user).filter(state=BatchState.ACCEPTED, finished_at__isnull=False)
    latest = list(rows.order_by("-finished_at")[:LOOKED_BACK])
    may_open = IMPORT(user).allowed
    for (package, _apart), group in groupby(
        latest, key=lambda row: (row.package, _day_of(row) if row.package else row.pk)
    ):
        batches = list(group)
        told = {
            "new": f"{sum(batch.rows_new for batch in batches):,}",
            "changed": f"{sum(batch.rows_changed for batch in batches):,}",
        }
        first = batches[0]
        if package:
            title = _("导入数据包%(name)s，%(count)s 个文件") % {"name": package, "count": len(batches)}
            url = reverse("imports:batch_list")
        else:
            title = _("导入%(name)s") % {"name": first.name}
            url = reverse("imports:batch_detail", args=[first.pk])
        yield TimelineEntry(
            title,
            _moment(first),
            actor(first.finished_by),
            body=_("新增 %(new)s 行，变更 %(changed)s 行") % told,
            state=DONE if since is None or _day_of(first) >= since else "",
            icon="file-import",
            url=url if may_open else "",
        )


def _moment(batch: ImportBatch) -> datetime:
    return batch.finished_at or batch.created_at


def _day_of(batch: ImportBatch) -> date:
    return timezone.localdate(_moment(batch))


def _documents_made(user: Any) -> Iterable[TimelineEntry]:
    published = Q(state=DocumentState.PUBLISHED) | Q(created_by=user.get_username())
    for document in Document.objects.visible_to(user).filter(published).order_by("-created_at")[:RECENT]:
        url = reverse("reports:document_detail", args=[document.pk])
        yield TimelineEntry(document.title, document.created_at, actor(document.created_by), icon="report", url=url)
