"""The pages of the gallery: every pattern and every component once, in Chinese, with invented data."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from shian.kernel.ui import gallery_rows as rows
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.gallery_rows import ZONE
from shian.kernel.ui.gallery_words import word
from shian.kernel.ui.pages import FieldGroup, FigurePage, FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import (
    Action,
    Callout,
    Clock,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Section,
    Stat,
    Step,
    Tab,
)
from shian.kernel.ui.tables import Empty


def list_page(request: HttpRequest) -> dict[str, Any]:
    tabs = [
        Tab(word("全部"), "?", 64098, is_active=True),
        Tab(word("逾期整改"), "?state=overdue", 12, state="overdue"),
        Tab(word("本周到期"), "?state=due", 40, state="due"),
        Tab(word("我负责的"), "?mine=1", 318),
    ]
    return {
        "list": ListPage(
            title=word("经营主体"),
            unit=word("家"),
            summary=word("截至 2026-11-21，含已备案的小摊点。"),
            table=rows.example_table(request),
            tabs=tabs,
            filters=rows.filter_bar(),
            actions=[Action(word("登记主体"), url="#", icon="plus", kind="primary")],
            bulk_actions=[
                Action(word("下发检查任务"), url="#", icon="flag", kind="primary"),
                Action(
                    word("注销"), url="#", kind="danger", consequence=word("注销后不再计入统计，可在 30 日内撤回。")
                ),
            ],
            export_url="#",
            export_formats=("xlsx", "csv"),
        )
    }


def record_page(request: HttpRequest) -> dict[str, Any]:
    return {
        "record": RecordPage(
            title="北河县丰源豆制品小作坊",
            code="131002JY20242",
            kind=word("经营主体"),
            state="overdue",
            state_label=word("整改逾期"),
            clock=Clock(word("逾期 3 个工作日"), date(2026, 11, 18), "overdue"),
            crumbs=[Crumb(word("经营主体"), "#"), Crumb("北河县", "#"), Crumb("丰源豆制品小作坊")],
            badges=[word("小作坊"), word("高风险品种")],
            actions=[
                Action(
                    word("销号"),
                    url="#",
                    icon="check",
                    kind="primary",
                    consequence=word("销号后问题关闭，整改材料一并存证。"),
                ),
                Action(word("打印"), url="#", icon="printer"),
            ],
            sections=rows.sections(),
            timeline=rows.timeline(),
            tabs=[
                Tab(word("概况"), "#", is_active=True),
                Tab(word("检查"), "#", 14),
                Tab(word("抽检"), "#", 9),
                Tab(word("投诉"), "#", 1, state="due"),
            ],
        )
    }


def figure_page(request: HttpRequest) -> dict[str, Any]:
    facts = [
        Fact(word("统计口径"), word("期内到期的整改任务中，按期销号的占比。")),
        Fact(word("依据"), word("示例办法第十二条"), url="#"),
        Fact(word("截止日期"), date(2026, 11, 21)),
        Fact(word("计算时间"), datetime(2026, 11, 21, 14, 5, tzinfo=ZONE)),
        Fact(word("责任单位"), word("市食安办")),
    ]
    return {
        "figure": FigurePage(
            title=word("问题整改完成率"),
            value=99.6,
            unit="%",
            part=717,
            whole=720,
            rows_url="#",
            target="≥ 95%",
            margin=word("+4.6个百分点"),
            state="done",
            state_label=word("达标"),
            crumbs=[Crumb(word("创建评价"), "#"), Crumb(word("过程评价"), "#"), Crumb(word("问题整改完成率"))],
            actions=[Action(word("导出"), url="#", icon="download"), Action(word("打印"), url="#", icon="printer")],
            filters=FilterBar(
                [Filter("as_of", word("截止日期"), kind="date", value="2026-11-21")], area=rows.filter_bar().area
            ),
            trend=rows.trend(),
            map=rows.area_map(),
            ranking=rows.ranking(),
            facts=[Section(word("口径与责任"), facts)],
        )
    }


class ExampleForm(forms.Form):
    name = forms.CharField(label=word("主体名称"), help_text=word("与营业执照一致。"))
    uscc = forms.CharField(label=word("统一社会信用代码"), required=False)
    kind = forms.ChoiceField(
        label=word("主体类别"), choices=[("", word("请选择")), ("sell", word("食品销售")), ("cater", word("餐饮服务"))]
    )
    opened_on = forms.DateField(
        label=word("开业日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    licence = forms.FileField(
        label=word("许可证照片"), required=False, help_text=word("JPG、PNG 或 PDF，不超过 20 MB。")
    )
    is_chain = forms.BooleanField(label=word("属于连锁企业"), required=False)
    size = forms.ChoiceField(
        label=word("规模"), choices=[("m", word("中型")), ("s", word("小型"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=word("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


def example_form() -> ExampleForm:
    return ExampleForm({"name": "", "kind": "sell", "opened_on": "2026-02-30"})


def form_page(request: HttpRequest) -> dict[str, Any]:
    groups = [
        FieldGroup(word("基本信息"), ["name", "uscc", "kind", "opened_on"]),
        FieldGroup(word("材料"), ["licence", "note"]),
    ]
    return {
        "page": FormPage(
            title=word("登记主体"),
            form=example_form(),
            submit=word("登记"),
            groups=groups,
            intro=word("登记后进入主体档案，并按区划分派监管责任。"),
            consequence=word("提交后将生成主体编号并存证。"),
            cancel_url="#",
            has_files=True,
            draft="gallery",
        )
    }


def plain_page(request: HttpRequest) -> dict[str, Any]:
    return {}


PATTERNS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "list": list_page,
    "record": record_page,
    "figure": figure_page,
    "form": form_page,
    "plain": plain_page,
}


NAMES = {
    "workshop": "小作坊", "completed": "整改完成率", "deregister": "注销", "cancel": "取消", "note": "说明",
    "anything": "卡片可放任何内容。", "more": "更多",
}  # fmt: skip


def _charts() -> list[Chart]:
    names = ["城中区", "北河县", "南岭县", "开发区", "西山县", "东湖市"]
    scores = Chart(
        "scores", word("各县区得分"), names, [Series(word("得分"), [92.1, 88.4, 79.5, 90.2, 84.0, 91.3])], kind="hbar",
        unit=word("分"), x_title=word("得分（分）"), y_title=word("县区"),
        states=["done", "done", "overdue", "done", "due", "done"], csv_url="#",
    )  # fmt: skip
    lost = Chart(
        "lost", word("失分构成"), [word("基础"), word("过程"), word("能力"), word("满意度")],
        [Series(word("扣分"), [4, 9, 3, 2]), Series(word("待补充"), [1, 6, 2, 5])],
        unit=word("分"), x_title=word("部分"), y_title=word("扣分（分）"),
    )  # fmt: skip
    return [scores, lost]


def _told() -> dict[str, Any]:
    """Figures, steps and messages."""
    return {
        "stats": [
            Stat(word("经营主体"), 64098, word("家"), url="#", note=word("较上月 +126")),
            Stat(word("整改完成率"), 99.6, "%", part=717, whole=720, state="done"),
            Stat(word("逾期任务"), 12, word("件"), state="overdue", url="#", note=word("最久 11 天")),
            Stat(word("满意度"), None, word("分"), state="waiting", note=word("第三方调查尚未交付")),
        ],
        "steps": [
            Step(word("导入"), "done", word("64,098 行")),
            Step(word("核对"), "done"),
            Step(word("评价"), "due", word("进行中")),
            Step(word("报告"), "waiting"),
        ],
        "callouts": [
            Callout(word("共有 94 项指标，其中 10 项待补充"), word("待补充的指标不计分，报告中标注为〔待补充〕。")),
            Callout(
                word("导入完成"),
                word("接收 64,086 行，退回 12 行。"),
                "done",
                [Action(word("下载退回清单"), url="#", icon="download")],
            ),
            Callout(word("合计数不一致"), word("申报 64,098，实际 64,086；请说明原因后接受差异。"), "overdue"),
            Callout(word("本周到期 40 件"), state="due"),
        ],
    }


def components(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery page."""
    listed = list_page(request)["list"]
    return {
        **_told(),
        "states": ["done", "due", "overdue", "waiting", "neutral"],
        "list": listed,
        "tabs": listed.tabs,
        "table": rows.example_table(request),
        "empty": Empty(word("没有逾期的任务"), word("到期前三天会出现在“将到期”里。"), "#", word("查看全部任务")),
        "bar": rows.filter_bar(),
        "actions": record_page(request)["record"].actions,
        "section": rows.sections()[0],
        "entries": rows.timeline(),
        "chart": rows.trend(),
        "charts": _charts(),
        "map": rows.area_map(),
        "month": rows.month(),
        "weekdays": rows.weekdays(),
        "form": example_form(),
        "crumbs": [Crumb(word("经营主体"), "#"), Crumb("北河县", "#"), Crumb("东关镇")],
        "patterns": zip(PATTERNS, map(word, ("列表", "档案", "指标", "表单", "独立页")), strict=True),
        "words": {key: word(text) for key, text in NAMES.items()},
        "keys": ["g", "o"],
        "today": date(2026, 11, 21),
    }
