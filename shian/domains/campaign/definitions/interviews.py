"""The pack of an interview as a paper."""

from datetime import date

from shian.domains.campaign.queries.interviews import Pack
from shian.engine.cases.models import Case
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter

OWED = (ReportColumn("序号", 0.7, "center"), ReportColumn("职责", 6), ReportColumn("依据", 2.6))
KNOWN = (
    ReportColumn("序号", 0.7, "center"),
    ReportColumn("指标", 3.2),
    ReportColumn("数值", 2.2),
    ReportColumn("目标", 1.3),
    ReportColumn("时点", 1.5, "center"),
    ReportColumn("来源登记簿", 2),
)


def interview_paper(case: Case, pack: Pack, area: str, day: date) -> bytes:
    """Duties of the position, key figures each with as-of date and register, the questions if there are any."""
    owed = [[str(number), each.text, each.source] for number, each in enumerate(pack.owed, 1)]
    known = [
        [str(number), each.title, each.shown, each.target, each.as_of.isoformat(), each.source]
        for number, each in enumerate(pack.known, 1)
    ]
    parts: list[Part] = [Heading("一、岗位职责")]
    parts.append(_table("owed", "岗位职责一览", OWED, owed) if owed else "登记簿中没有该职务的职责记录。")
    parts += [Heading("二、关键数据"), _table("known", "关键数据一览", KNOWN, known)]
    if questions := str(case.data.get("question_set", "")).strip():
        parts += [Heading("三、访谈问题"), questions]
    parts += [Signature(case.issuer.name), Signature(f"{day.year}年{day.month}月{day.day}日")]
    return letter(title="领导访谈资料", beneath=f"{area} {case.data['position']}（{case.number}）", parts=parts)


def _table(key: str, title: str, columns: tuple[ReportColumn, ...], rows: list[list[str]]) -> ReportTable:
    return ReportTable(key=key, title=title, columns=columns, rows=rows, is_annex=False)
