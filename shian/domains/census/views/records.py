"""One operator: its whole life on one page."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shian.domains.census.filters import LICENCES
from shian.domains.census.permissions import OPERATOR_READ, handles
from shian.domains.census.queries.operators import (
    OperatorChoice,
    linked_operators,
    operators_at_same_address,
    operators_chosen,
    versions_of,
)
from shian.domains.census.tables import OPERATORS, operator_rows
from shian.domains.census.views.codes import DEEDS
from shian.engine.ledgers.queries import Origin, origins_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.records import FullRecord
from shian.kernel.imports.tables import batch_words
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.panels import panel_body, tabs_for
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_url
from shian.registers.operators.models import Operator, OperatorVersion

SHOWN = 50
TRACKED = {
    "kind": gettext_lazy("主体类别"),
    "small_kind": gettext_lazy("三小类别"),
    "format": gettext_lazy("业态"),
    "stage": gettext_lazy("环节"),
    "size": gettext_lazy("规模"),
}
PLACES = ("county", "township", "village")


@requires(OPERATOR_READ)
def operator_detail(request: HttpRequest, code: str) -> HttpResponse:
    operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    today = timezone.localdate()
    names = area_names(today)
    origins = origins_of({operator.source_batch} if operator.source_batch else set())
    is_closed = operator.closed_on is not None and operator.closed_on <= today
    is_handler = handles(request.user, operator)
    body = panel_body("operator", operator, request)
    page = RecordPage(
        operator.name,
        code=operator.code,
        state="neutral" if is_closed else "done",
        state_label=_("已注销") if is_closed else _("在营"),
        badges=_badges(operator),
        crumbs=[Crumb(_("经营主体"), reverse("census:operator_list"))],
        actions=[] if is_handler else _asking(operator),
        sections=[
            _basics(operator),
            _place(operator, names, is_handler=is_handler),
            _source(operator, origins),
        ],
        timeline=None if body else _timeline(operator, versions_of(operator), names, origins),
        tabs=tabs_for("operator", operator, request),
        body=body,
    )
    return render(request, "ui/page_record.html", {"record": page})


def _badges(operator: Operator) -> list[str]:
    return list(dict.fromkeys(filter(None, [operator.kind, operator.small_kind, operator.format])))


def _basics(operator: Operator) -> Section:
    return Section(
        _("基本情况"),
        [
            Fact(_("主体编号"), operator.code, kind="code", is_copied=True),
            Fact(_("统一社会信用代码"), operator.uscc, kind="code", is_copied=bool(operator.uscc)),
            Fact(_("证照类型"), LICENCES.get(operator.licence_kind, operator.licence_kind)),
            Fact(_("证照编号"), operator.licence_no, kind="code", is_copied=bool(operator.licence_no)),
            Fact(_("主体类别"), operator.kind, note=operator.small_kind),
            Fact(_("业态"), operator.format),
            Fact(_("环节"), operator.stage),
            Fact(_("规模"), operator.size),
            Fact(_("从业人数"), operator.employees, kind="number", unit=_("人")),
            Fact(_("经营面积"), operator.area_m2, kind="number", unit=_("平方米")),
            Fact(_("开业日期"), operator.opened_on, kind="date"),
            Fact(_("注销日期"), operator.closed_on, kind="date"),
        ],
    )


def _place(operator: Operator, names: Mapping[str, str], *, is_handler: bool) -> Section:
    """Where it is and whom to call; names and numbers stay masked but for the supervisors of its area."""
    where = [key for key in (operator.city, operator.county, operator.township) if key]
    position = f"{operator.lon}, {operator.lat}" if operator.lon is not None else None
    note = "" if is_handler else _("按最小必要原则遮盖，辖区监管人员可见全文")
    return Section(
        _("位置与联系"),
        [
            Fact(_("所在区划"), " / ".join(names.get(key, key) for key in where), url=area_url(operator.area)),
            Fact(_("地址"), operator.address),
            Fact(_("经纬度"), position, kind="code"),
            *_contact(operator, is_revealed=is_handler),
            Fact(_("连锁总部"), operator.chain_code, kind="code", url=_operator_url(operator.chain_code)),
            Fact(_("所在市场"), operator.host_code, kind="code", url=_operator_url(operator.host_code)),
        ],
        note=note,
    )


def _contact(operator: Operator, *, is_revealed: bool) -> list[Fact]:
    return [
        Fact(_("法定代表人（负责人）"), operator.representative, personal=Personal.NAME, is_revealed=is_revealed),
        Fact(_("联系电话"), operator.phone, personal=Personal.PHONE, is_revealed=is_revealed),
    ]


def _asking(operator: Operator) -> list[Action]:
    """The way to the full values, where there are any."""
    if not (operator.representative or operator.phone):
        return []
    return [Action(_("查看完整信息"), reverse("disclosures:record_open", args=["operator", operator.code]), icon="eye")]


def full_operator(user: Any, code: str) -> FullRecord:
    """The contact of an operator in the user's reach, in full; for one who gave a reason."""
    operator = Operator.objects.defer("search").get_visible(user, code=code)
    facts = _contact(operator, is_revealed=True)
    return FullRecord(f"operators.operator:{code}", operator.name, facts, _operator_url(code))


def _operator_url(code: str) -> str:
    return reverse("census:operator_detail", args=[code]) if code else ""


def _source(operator: Operator, origins: Mapping[int, Origin]) -> Section:
    origin = origins.get(operator.source_batch or 0)
    batch = origin.batch if origin else None
    return Section(
        _("来源"),
        [
            Fact(_("导入批次"), batch_words(batch) if batch else None, url=_batch_url(operator.source_batch)),
            Fact(_("接收人"), actor(batch.finished_by) if batch else None),
            Fact(_("最近更新"), operator.updated_at, kind="moment"),
        ],
        note=_("档案内每类记录在各自页签注明来源。"),
    )


def _batch_url(batch: int | None) -> str:
    try:
        return reverse("imports:batch_detail", args=[batch]) if batch else ""
    except NoReverseMatch:
        return ""


def _timeline(
    operator: Operator,
    versions: list[OperatorVersion],
    names: Mapping[str, str],
    origins: Mapping[int, Origin],
) -> list[TimelineEntry]:
    """Opening, every dated change of attributes, closing, the import and what was sealed about it; newest first."""
    entries = [
        TimelineEntry(
            DEEDS.get(entry.action, entry.action), entry.at, by=actor(entry.actor), seal=entry.seal, icon="fingerprint"
        )
        for entry in entries_of(f"operators.operator:{operator.code}")[:SHOWN]
    ]
    origin = origins.get(operator.source_batch or 0)
    if origin and origin.batch.finished_at:
        body = _("文件 %(name)s") % {"name": origin.batch.name}
        by = actor(origin.batch.finished_by)
        at = origin.batch.finished_at
        entries.append(
            TimelineEntry(pgettext("event", "数据导入"), at, by=by, body=body, seal=origin.seal, icon="file-import")
        )
    if operator.closed_on:
        entries.append(TimelineEntry(_("注销"), operator.closed_on, icon="archive"))
    for version, before in pairwise(versions):
        entries.append(
            TimelineEntry(_("信息变更"), version.valid_from, body=_changes(before, version, names), icon="edit")
        )
    entries.append(TimelineEntry(_("开业登记"), operator.opened_on, icon="flag"))
    return sorted(entries, key=lambda entry: _day(entry.at), reverse=True)


def _sealed(entry: Entry) -> TimelineEntry:
    title = DEEDS.get(entry.action, entry.action)
    return TimelineEntry(title, entry.at, by=actor(entry.actor), seal=entry.seal, icon="fingerprint")


def _day(at: datetime | date) -> date:
    return timezone.localtime(at).date() if isinstance(at, datetime) else at


def _changes(before: OperatorVersion, after: OperatorVersion, names: Mapping[str, str]) -> str:
    parts = [
        f"{label}{_('：')}{getattr(before, name) or '—'} → {getattr(after, name) or '—'}"
        for name, label in TRACKED.items()
        if getattr(before, name) != getattr(after, name)
    ]
    if before.area != after.area:
        parts.append(f"{_('区划')}{_('：')}{names.get(before.area, before.area)} → {names.get(after.area, after.area)}")
    return _("；").join(parts)


def area_operators_count(request: HttpRequest, area: Any) -> int:
    """Open operators of a division, for the tab on its record."""
    choice = OperatorChoice(timezone.localdate(), area=area.key)
    return operators_chosen(choice, request.user).count()


def area_operators_url(area: Any) -> str:
    return f"{reverse('census:operator_list')}?area={area.key}"


def linked_count(request: HttpRequest, operator: Any) -> int:
    return linked_operators(operator, request.user).count()


def linked_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Chain and market: the head, the members, the market, the stalls."""
    return _panel(request, linked_operators(operator, request.user), _("没有连锁或市场关系"))


def address_count(request: HttpRequest, operator: Any) -> int:
    return operators_at_same_address(operator, request.user).count()


def address_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Others at the same address: shared premises, or a successor."""
    return _panel(request, operators_at_same_address(operator, request.user), _("同一地址没有其他主体"))


def _panel(request: HttpRequest, rows: Any, nothing: str) -> SafeString:
    today = timezone.localdate()
    names = area_names(today)
    listed = list(operator_rows(rows.order_by("name_pinyin", "id")[:SHOWN], names, today))
    table = Table(OPERATORS, listed, empty=Empty(nothing))
    return render_to_string("ui/components/table.html", {"table": table}, request)
