"""The papers of an official: three lists and one letter, all four with the same operators (三清单一承诺)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from shian.domains.duties.models import Letter, Match, OfficialLevel
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Heading, Part, Signature, letter

VERSION = "2022-1"
COLUMNS = (
    ReportColumn("序号", 0.7, "center"), ReportColumn("主体名称", 4.2), ReportColumn("主体编号", 2),
    ReportColumn("层级", 0.9, "center"), ReportColumn("所在地址", 4.2),
)  # fmt: skip
DUTIES = (
    "掌握所包保主体的基本情况和食品安全状况，每户主体同一时间只由一名干部包保；",
    "督促主体负责人落实食品安全主体责任，配备食品安全总监、食品安全员；",
    "督促主体落实日管控、周排查、月调度，建立食品安全风险管控清单；",
    "发现食品安全问题和隐患及时移交所在地市场监管所，跟踪到销号；",
    "主体或本人职务变动的，即时办理交接并重新签订承诺书。",
)
TASKS = (
    "每季度对所包保主体至少督导一次，节假日和重要时段按要求增加；",
    "督导以现场为主，如实填写督导记录，拍摄照片，由主体负责人签字；",
    "逐项核对许可公示、人员配备、三项机制记录、进货查验和上次问题整改；",
    "发现问题当场提出整改要求，不能当场改正的当日移交；",
    "每年参加食品安全知识培训，未经培训不单独督导。",
)
SUPERVISION = (
    "上级包保干部和食安办每半年抽查下级督导记录，核对督导是否真实；",
    "督导完成率、问题发现率、整改率和承诺书签订率按季度统计并通报；",
    "应督导未督导、督导流于形式、隐瞒问题的，约谈并纳入食品安全评议考核；",
    "发生食品安全事件的，按事发当日的包保关系倒查责任。",
)
PROMISES = (
    "一、牢记食品安全是底线，认真履行属地管理责任，对清单所列主体的包保督导负责。",
    "二、按期完成督导任务，如实记录，不弄虚作假，不增加主体不必要的负担。",
    "三、发现的问题一盯到底，督促整改到位；重大隐患立即报告。",
    "四、职务或包保主体变动的，及时交接，重新签订承诺书。",
)


def letter_papers(row: Letter, matches: Sequence[Match]) -> bytes:
    """The docx of one letter: list of duties, of tasks, for supervision, and the letter. Raises nothing."""
    official = row.official
    who = f"{official.name}，{official.unit}{official.post}，{OfficialLevel(official.level).label}包保干部"
    parts: list[Part] = [f"{who}，包保主体{row.subjects}户。清单版本{VERSION}，第{row.number}份。"]
    for number, (title, items) in enumerate((("责任清单", DUTIES), ("任务清单", TASKS), ("督查清单", SUPERVISION)), 1):
        parts += [Heading(f"{'一二三'[number - 1]}、{title}"), _numbered(items)]
        parts.append(_table(f"list{number}", f"{title}所列主体", matches))
    parts += [Heading("四、食品安全责任与任务承诺书"), f"本人{who}，郑重承诺：", "\n".join(PROMISES)]
    parts.append(_table("letter", "承诺书所列主体", matches))
    parts += [Signature(line) for line in _signatures(row)]
    return letter(
        title="食品安全包保责任书（三清单一承诺）", beneath=_day(timezone.localdate(row.issued_at)), parts=parts
    )


def _signatures(row: Letter) -> list[str]:
    """Who signed on which day; blank lines where nobody has yet."""
    signed, counter = _signed(row.signed_at), _signed(row.countersigned_at)
    lines = [
        f"承诺人：{row.official.name if row.signed_at else '＿＿＿＿'}　{signed}",
        f"对签人（{row.counter_post}）：{row.counter_name or '＿＿＿＿'}　{counter}",
    ]
    if row.ended_at:
        lines.append(f"已于{timezone.localtime(row.ended_at):%Y-%m-%d %H:%M}失效：{row.ended_because}")
    return lines


def _signed(at: datetime | None) -> str:
    return _day(timezone.localdate(at)) if at else "　　年　月　日"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _numbered(items: Sequence[str]) -> str:
    return "\n".join(f"（{'一二三四五六'[number]}）{item}" for number, item in enumerate(items))


def _table(key: str, title: str, matches: Sequence[Match]) -> ReportTable:
    rows = [
        [str(number), each.operator.name, each.operator.code, each.tier, each.operator.address]
        for number, each in enumerate(matches, 1)
    ]
    return ReportTable(key, title, COLUMNS, rows)
