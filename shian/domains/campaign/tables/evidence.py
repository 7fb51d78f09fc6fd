"""How evidence, items, rounds and verdicts look in tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    ReviewRound,
    ReviewVerdict,
    RoundItem,
)
from shian.domains.campaign.rules.evidence import EXPIRED, EXPIRING, validity
from shian.engine.cases.tables import unit_text
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {
    NeedState.NONE: NEUTRAL, NeedState.FILED: WAITING, NeedState.RETURNED: OVERDUE, NeedState.CONDITIONAL: DUE,
    NeedState.PASSED: DONE,
}  # fmt: skip
NEEDS = (
    Column("item", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("area", gettext_lazy("区划")),
    Column("unit", gettext_lazy("责任单位")),
    Column("state", gettext_lazy("状态")),
    Column("files", gettext_lazy("材料"), kind="number", unit=gettext_lazy("份")),
    Column("expiry", gettext_lazy("有效期")),
    Column("filed_on", gettext_lazy("首次提交"), kind="date", is_default=False),
    Column("passed_on", gettext_lazy("通过日期"), kind="date"),
)
ROUNDS = (
    Column("title", gettext_lazy("轮次"), is_wide=True, is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("passed", gettext_lazy("通过率"), kind="rate"),
    Column("waiting", gettext_lazy("待审核"), kind="number", unit=gettext_lazy("项")),
    Column("missing", gettext_lazy("未提交"), kind="number", unit=gettext_lazy("项")),
    Column("opened_at", gettext_lazy("开始"), kind="date"),
    Column("due_on", gettext_lazy("审核截止"), kind="date"),
)
LISTED = (
    Column("item", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("area", gettext_lazy("区划")),
    Column("unit", gettext_lazy("责任单位")),
    Column("before", gettext_lazy("列入原因")),
    Column("outcome", gettext_lazy("本轮结论")),
    Column("decided_at", gettext_lazy("审核时间"), kind="moment"),
)
VERSIONS = (
    Column("name", gettext_lazy("文件"), is_wide=True, is_fixed=True),
    Column("number", gettext_lazy("版本"), kind="number"),
    Column("size", gettext_lazy("大小")),
    Column("uploaded_at", gettext_lazy("上传时间"), kind="moment"),
    Column("by", gettext_lazy("上传人")),
    Column("note", gettext_lazy("修改说明"), is_wide=True),
    Column("sha256", gettext_lazy("校验值（SHA-256）"), kind="code"),
)
SERVED = (
    Column("item", gettext_lazy("评价内容"), is_wide=True, is_fixed=True),
    Column("area", gettext_lazy("区划")),
    Column("state", gettext_lazy("状态")),
    Column("accepted", gettext_lazy("接收的版本"), kind="number"),
    Column("archived_at", gettext_lazy("归档时间"), kind="date"),
)
REPLACED = gettext_lazy("已换新版本")
KILO = 1024


@dataclass(frozen=True)
class Names:
    """Words for codes on a page: items, areas."""

    items: Mapping[str, str]
    areas: Mapping[str, str]

    def item(self, code: str) -> str:
        return f"{code} {self.items.get(code, '')}".strip()


def state_cell(state: str, note: str = "") -> Cell:
    """The word of a state in its colour."""
    word = NeedState(state)
    return Cell(str(word.label), state=TONES[word], note=note)


def expiry_cell(days: Sequence[date], today: date, warned_before: int) -> Cell | None:
    """The first last day of several documents, with how near it is."""
    if not days:
        return None
    first = min(days)
    match validity(first, today, warned_before):
        case str(found) if found == EXPIRED:
            return Cell(_("%(day)s 已过期") % {"day": first}, state=OVERDUE)
        case str(found) if found == EXPIRING:
            return Cell(_("%(day)s 到期") % {"day": first}, state=DUE)
    return Cell(first.isoformat())


def need_url(need: EvidenceNeed) -> str:
    return reverse("campaign:need_detail", args=[need.pk])


def need_row(
    need: EvidenceNeed, links: Sequence[EvidenceLink], names: Names, today: date, warned_before: int, *, is_own: bool
) -> Row:
    """What is owed for an item in an area."""
    days = [link.evidence.expires_on for link in links if link.evidence.expires_on]
    unit = unit_text(need.unit) or None
    return Row(
        {
            "item": names.item(need.item_code),
            "area": names.areas.get(need.area, need.area),
            "unit": Cell(unit, note=_("本单位") if is_own else ""),
            "state": state_cell(need.state),
            "files": len(links) or None,
            "expiry": expiry_cell(days, today, warned_before),
            "filed_on": need.filed_on,
            "passed_on": need.passed_on,
        },
        url=need_url(need),
        key=str(need.pk),
    )


def round_state(review: ReviewRound, today: date) -> tuple[str, str]:
    """The word and the colour of a round."""
    if review.closed_at:
        return _("已结束"), DONE
    return (_("已过截止日"), OVERDUE) if review.due_on < today else (_("审核中"), WAITING)


def round_row(review: ReviewRound, counts: Mapping[str, int], today: date) -> Row:
    """A round in the list; `counts` are its items by outcome."""
    word, tone = round_state(review, today)
    return Row(
        {
            "title": review.title,
            "state": Cell(word, state=tone),
            "passed": (counts.get(NeedState.PASSED, 0), sum(counts.values())),
            "waiting": counts.get(NeedState.FILED, 0) or None,
            "missing": counts.get(NeedState.NONE, 0) or None,
            "opened_at": review.opened_at,
            "due_on": review.due_on,
        },
        url=reverse("campaign:round_detail", args=[review.pk]),
        key=str(review.pk),
    )


def listed_row(item: RoundItem, names: Names) -> Row:
    """An item on a round's list."""
    need = item.need
    reason = Cell(_("上轮已通过，材料有变")) if item.before == NeedState.PASSED else state_cell(item.before)
    return Row(
        {
            "item": names.item(need.item_code),
            "area": names.areas.get(need.area, need.area),
            "unit": unit_text(need.unit) or None,
            "before": reason,
            "outcome": state_cell(item.outcome),
            "decided_at": item.decided_at,
        },
        url=need_url(need),
        key=str(need.pk),
    )


def side_by_side(rounds: Sequence[ReviewRound]) -> tuple[Column, ...]:
    """The columns of an item's page: a document, then a column for each round that listed the item."""
    return (
        Column("document", gettext_lazy("材料"), is_wide=True, is_fixed=True),
        *(Column(f"round{each.pk}", each.title) for each in rounds),
        Column("state", gettext_lazy("现在")),
    )


def side_row(
    link: EvidenceLink, rounds: Sequence[ReviewRound], verdicts: Mapping[tuple[int, int], ReviewVerdict]
) -> Row:
    """A document with the verdict of every round."""
    evidence = link.evidence
    cells: dict[str, Any] = {
        "document": Cell(evidence.title, note=evidence.doc_no),
        "state": state_cell(link.state, _("版本 %(number)s") % {"number": evidence.version}),
    }
    for each in rounds:
        if given := verdicts.get((link.pk, each.pk)):
            cells[f"round{each.pk}"] = verdict_cell(given)
    return Row(cells, url=reverse("campaign:evidence_detail", args=[evidence.pk]), key=str(link.pk))


def outcome_row(items: Sequence[RoundItem], state: str) -> Row:
    """The last line: the item as a whole in every round."""
    cells: dict[str, Any] = {f"round{each.round_id}": state_cell(each.outcome) for each in items}
    return Row({"document": _("整项"), **cells, "state": state_cell(state)})


def verdict_cell(given: ReviewVerdict) -> Cell:
    """A verdict in its colour, with what was said of which version."""
    told = [_("版本 %(number)s") % {"number": given.version.number}, given.comment]
    return state_cell(given.verdict, "；".join(filter(None, told)))


def version_row(version: EvidenceVersion) -> Row:
    """A version of a document with its content's hash."""
    return Row(
        {
            "name": version.name,
            "number": version.number,
            "size": f"{max(1, round(version.stored.size / KILO))} KB",
            "uploaded_at": version.uploaded_at,
            "by": actor(version.uploaded_by),
            "note": version.note,
            "sha256": version.stored.sha256,
        },
        url=reverse("campaign:version_download", args=[version.evidence_id, version.number]),
        key=str(version.pk),
    )


def served_row(link: EvidenceLink, names: Names) -> Row:
    """An item that a document serves."""
    note = str(REPLACED) if link.accepted and link.accepted.number != link.evidence.version else ""
    return Row(
        {
            "item": names.item(link.need.item_code),
            "area": names.areas.get(link.need.area, link.need.area),
            "state": state_cell(link.state),
            "accepted": Cell(link.accepted.number, note=note) if link.accepted else None,
            "archived_at": link.archived_at,
        },
        url=need_url(link.need),
        key=str(link.pk),
    )


def evidence_state(evidence: Evidence, today: date, warned_before: int) -> tuple[str, str]:
    """How near a document is to its end, in words and colour; ("", "") while it is valid."""
    match validity(evidence.expires_on, today, warned_before):
        case str(found) if found == EXPIRED:
            return _("已过期"), OVERDUE
        case str(found) if found == EXPIRING:
            return _("即将到期"), DUE
    return "", ""
