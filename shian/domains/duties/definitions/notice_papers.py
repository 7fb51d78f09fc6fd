"""A notice as a paper; its numbers are those that were kept when it was drafted."""

from collections.abc import Mapping

from django.utils import timezone

from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeLine
from shian.domains.duties.rules.notices import FIGURES
from shian.domains.duties.rules.visits import Quarter
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter

TITLES = {
    "completion": "督导完成率", "due": "未督导（家）", "late": "补报（次）", "faults": "发现问题的督导（次）",
    "problems": "移交问题（项）", "handled": "期内销号（项）", "checked": "抽查（次）",
    "untrue": "不属实（次）", "score": "督查得分",
}  # fmt: skip
OPENINGS = {
    NoticeKind.PRAISE: "下列单位履行属地管理责任成绩突出，予以通报表扬：",
    NoticeKind.CRITICISM: "下列单位履行属地管理责任不到位，予以通报批评：",
    NoticeKind.INFORM: "现将有关单位履行属地管理责任的情况通报如下：",
}


def shown(line: NoticeLine) -> str:
    """98.50%（197/200）, 12, 86.67; a dash where nothing answers it."""
    if line.value is None:
        return "—"
    if line.whole is not None:
        return f"{line.value.normalize():f}%（{line.part}/{line.whole}）"
    return f"{line.value:.2f}" if line.key == "score" else f"{line.value:.0f}"


def notice_paper(
    notice: DutyNotice, lines: Mapping[str, Mapping[str, NoticeLine]], names: Mapping[str, str], issuer: str
) -> bytes:  # fmt: skip
    """The docx: reason, named areas with their figures, demands, who issues it and when."""
    quarter = Quarter.read(notice.quarter)
    keys = [key for key in FIGURES if any(key in told for told in lines.values())]
    columns = (ReportColumn("区划", 1.8), *(ReportColumn(TITLES[key], 1.3, "center") for key in keys))
    rows = [
        [names.get(area, area), *(shown(told[key]) if key in told else "—" for key in keys)]
        for area, told in lines.items()
    ]
    told = f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度包保督导情况"
    note = "完成率为季度冻结时的数字；每项数字可在系统的通报页面打开到记录。"
    opening = OPENINGS[NoticeKind(notice.kind)]
    parts: list[Part] = [
        Heading("一、事由"),
        notice.reason,
        opening,
        ReportTable("figures", told, columns, rows, note=note),
    ]
    if notice.demands:
        due = f"请于{_day(notice)}前报告落实情况。" if notice.follow_due_on else ""
        parts += [Heading("二、要求"), "\n".join(filter(None, (notice.demands, due)))]
    day = timezone.localdate(notice.published_at) if notice.published_at else None
    parts += [Signature(issuer), Signature(f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日")]
    beneath = notice.number if notice.published_at else f"{notice.number}（未印发）"
    return letter(title=notice.title, beneath=beneath, parts=parts)


def _day(notice: DutyNotice) -> str:
    day = notice.follow_due_on
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
