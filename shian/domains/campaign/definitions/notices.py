"""The weekly notice of a reception as a paper; its numbers are those that were frozen."""

from collections.abc import Sequence

from shian.domains.campaign.models import NoticeLine, WeeklyNotice
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter

COLUMNS = (
    ReportColumn("序号", 0.7, "center"),
    ReportColumn("问题", 4.6),
    ReportColumn("整改单位", 2),
    ReportColumn("期限", 1.5, "center"),
    ReportColumn("状态", 1.2, "center"),
)
LISTS = (("overdue", "逾期未销号问题"), ("new", "本期新增问题"), ("closed", "本期销号问题"))
HOLDS = {"overdue": "is_overdue", "new": "is_new", "closed": "is_closed"}


def notice_paper(notice: WeeklyNotice, lines: Sequence[NoticeLine]) -> bytes:
    """The docx: movement, tie, and the lists of what is late, new and struck off."""
    parts: list[Part] = [Heading("一、整改进展"), _movement(notice)]
    numbers = iter("二三四五")
    for key, title in LISTS:
        chosen = [each for each in lines if getattr(each, HOLDS[key])]
        parts.append(Heading(f"{next(numbers)}、{title}（{len(chosen)}个）"))
        parts.append(_table(key, title, chosen) if chosen else "无。")
    if notice.demands:
        parts += [Heading(f"{next(numbers)}、工作要求"), notice.demands]
    office = notice.reception.issuer.name
    day = f"{notice.as_of.year}年{notice.as_of.month}月{notice.as_of.day}日"
    parts += [Signature(office), Signature(day)]
    title = f"{notice.reception.title}反馈问题整改周通报"
    return letter(title=title, beneath=f"第{notice.number}期（截至{day}）", parts=parts)


def _movement(notice: WeeklyNotice) -> str:
    told = notice.counts
    since = f"上期（截至{notice.since}）" if notice.since else "上期"
    rate = f"，销号率{told['struck'] / told['total'] * 100:.1f}%" if told["total"] else ""
    first = f"反馈问题共{told['total']}个，已销号{told['struck']}个，未销号{told['open']}个{rate}；"
    first += f"其中逾期{told['overdue']}个。"
    moved = f"{since}未销号{told['open_before']}个；本期新增{told['new']}个，重开{told['reopened']}个，"
    moved += f"销号{told['closed']}个，撤销{told['withdrawn_open']}个，本期未销号{told['open']}个。"
    return f"{first}\n{moved}"


def _table(key: str, title: str, lines: Sequence[NoticeLine]) -> ReportTable:
    rows = [
        [str(number), f"{each.case.number} {each.title}", each.unit_name or "未交办", str(each.due_on or ""),
         each.state_label]
        for number, each in enumerate(lines, 1)
    ]  # fmt: skip
    return ReportTable(key=key, title=title, columns=COLUMNS, rows=rows, is_annex=False)
