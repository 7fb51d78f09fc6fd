"""The records under their legal names, as docx: 每日食品安全检查记录, 周排查治理报告, 调度会议纪要."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from shian.domains.selfcontrol.models import DailyControl, DayResult, DispatchMeeting, Duty, WeeklyCheck
from shian.domains.selfcontrol.queries.controls import items_recorded, problems_found
from shian.domains.selfcontrol.rules.controls import NONE, PASS, PROBLEM
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter
from shian.registers.operators.models import Operator

DAY, WEEK, MONTH = "每日食品安全检查记录", "每周食品安全排查治理报告", "每月食品安全调度会议纪要"
WORDS = {PASS: "合格", PROBLEM: "有问题", NONE: "当日无此项"}
CHECKED = (
    ReportColumn("序号", 0.7, "center"), ReportColumn("环节", 1.2), ReportColumn("风险点", 3),
    ReportColumn("管控措施", 4), ReportColumn("结果", 1.2, "center"),
)  # fmt: skip
FOUND = (
    ReportColumn("发现日期", 1.4, "center"), ReportColumn("风险点", 3), ReportColumn("问题", 3),
    ReportColumn("处置措施", 3),
)  # fmt: skip
DECIDED = (ReportColumn("序号", 0.7, "center"), ReportColumn("决定事项", 5), ReportColumn("完成期限", 1.5, "center"))


def day_paper(record: DailyControl, name: str) -> bytes:
    """A day: what was looked at, what was found, who recorded it when. `name`: of whoever recorded it."""
    operator = record.operator
    items = items_recorded(record)
    rows = [
        [str(number), each.process, each.risk, each.control, WORDS[record.answers[each.key]]]
        for number, each in enumerate(items, 1)
    ]
    found = [
        [each.found_on.isoformat(), each.risk, each.description, each.measure or "待处置"]
        for each in problems_found(operator, record.day, record.day)
    ]
    parts: list[Part] = [_table("checked", "检查项目", CHECKED, rows)]
    if record.result == DayResult.CLEAR:
        parts.append("当日未发现食品安全风险隐患（零风险报告）。")
    else:
        parts.append(_table("found", "发现的问题", FOUND, found))
    if record.is_late:
        parts.append("本记录为补录。" if record.is_backfilled else "本记录于当日 24 时后提交。")
    if record.waited:
        parts.append(
            f"本记录在手机上离线完成（{_moment(record.made_at)}），联网后收到（{_moment(record.recorded_at)}）。"
        )
    parts += [Signature(f"食品安全员：{name}"), Signature(_day(record.day))]
    return letter(title=DAY, beneath=operator.name, parts=parts)


def week_paper(report: WeeklyCheck, operator: Operator, name: str) -> bytes:
    """A week: the days as recorded, problems with their measures, analysis, who signed."""
    last = report.monday + timedelta(days=6)
    found = [_found(each) for each in report.found["problems"]]
    parts: list[Part] = [
        Heading("一、本周情况"), report.summary or "（未填写）",
        f"本周已记录{len(report.found['days'])}天。", Heading("二、发现的问题"),
        _table("found", "日管控发现的问题", FOUND, found) if found else "本周未发现问题。",
        Heading("三、风险分析"), report.risks or "未发现新的风险。",
        Heading("四、治理措施"), report.measures or "按风险管控清单继续执行。",
    ]  # fmt: skip
    if report.signed_at is not None:
        parts += [
            Signature(f"{Duty(report.signed_duty).label}：{name}"),
            Signature(_day(timezone.localdate(report.signed_at))),
        ]
    return letter(title=WEEK, beneath=f"{operator.name}（{_day(report.monday)}至{_day(last)}）", parts=parts)


def month_paper(meeting: DispatchMeeting, operator: Operator, name: str) -> bytes:
    """A month: who met, what was heard, what was decided, who signed."""
    decided = [
        [str(number), each.text, each.due_on.isoformat()]
        for number, each in enumerate(meeting.decisions.order_by("pk"), 1)
    ]
    parts: list[Part] = [
        f"召开日期：{_day(meeting.held_on)}", f"参加人员：{meeting.participants}",
        Heading("一、听取汇报"), meeting.heard, Heading("二、决定事项"),
        _table("decided", "决定事项", DECIDED, decided) if decided else "本次会议没有新的决定事项。",
        Heading("三、下月安排"), meeting.plan or "按既定计划执行。",
    ]  # fmt: skip
    if meeting.signed_at is not None:
        parts += [Signature(f"主要负责人：{name}"), Signature(_day(timezone.localdate(meeting.signed_at)))]
    month = f"{meeting.month.year}年{meeting.month.month}月"
    return letter(title=MONTH, beneath=f"{operator.name}（{month}）", parts=parts)


def _found(told: Mapping[str, str]) -> list[str]:
    return [told["found_on"], told["risk"], told["description"], told["measure"] or "待处置"]


def _table(key: str, title: str, columns: tuple[ReportColumn, ...], rows: list[list[str]]) -> ReportTable:
    return ReportTable(key=key, title=title, columns=columns, rows=rows, is_annex=False)


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
