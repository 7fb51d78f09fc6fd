"""The city's return of a quarter as a paper: every county's figures as they were accepted."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from shian.domains.duties.models import AreaUpload
from shian.domains.duties.rules.visits import Quarter
from shian.engine.measures.declarations import measure
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter
from shian.kernel.ui.languages import language_of_record


def upload_paper(uploads: Sequence[AreaUpload], quarter: Quarter, city: str, names: Mapping[str, str]) -> bytes:
    """The docx: targets and what each county reached, what it says of the rest, who answers for it."""
    keys = [line["key"] for line in uploads[0].lines] if uploads else []
    with language_of_record():
        titles = {key: str(measure(key).title) for key in keys}
    columns = (ReportColumn("区划", 1.8), *(ReportColumn(titles[key], 1.8, "center") for key in keys))
    rows = [[names.get(each.county, each.county), *(_shown(line) for line in each.lines)] for each in uploads]
    targets = {line["key"]: line["target"] for each in uploads[:1] for line in each.lines}
    aims = "，".join(f"{titles[key]}{targets[key]}%" for key in keys)
    parts: list[Part] = [
        Heading("一、目标"), f"{aims}。", Heading("二、各县（市、区）情况"),
        ReportTable("areas", f"{quarter.key}落实食品安全属地管理责任情况", columns, rows),
    ]  # fmt: skip
    remarks = [f"{names.get(each.county, each.county)}：{each.remark}" for each in uploads if each.remark]
    parts += [Heading("三、未达目标的说明"), "\n".join(remarks) if remarks else "无。"]
    reported = next((each.reported_at for each in uploads if each.reported_at), None)
    day = timezone.localdate(reported) if reported else None
    parts += [Signature(f"{names.get(city, city)}“两个责任”工作专班")]
    parts += [Signature(f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日")]
    number = "一二三四"[quarter.number - 1]
    title = f"{quarter.year}年第{number}季度食品安全“两个责任”落实情况报告"
    return letter(title=title, beneath="" if day else "（未上报）", parts=parts)


def _shown(line: Mapping[str, str | int | None]) -> str:
    return "—" if line["actual"] is None else f"{float(str(line['actual'])):.1f}%（{line['part']}/{line['whole']}）"
