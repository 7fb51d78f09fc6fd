"""The pages of the gallery: every pattern and every component once, in Chinese, with invented data."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from shian.kernel.ui import gallery_rows as rows
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.gallery_rows import ZONE
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
        Tab("全部", "?", 64098, is_active=True),
        Tab("逾期整改", "?state=overdue", 12, state="overdue"),
        Tab("本周到期", "?state=due", 40, state="due"),
        Tab("我负责的", "?mine=1", 318),
    ]
    return {
        "list": ListPage(
            title="经营主体",
            unit="家",
            summary="截至 2026-11-21，含已备案的小摊点。",
            table=rows.example_table(request),
            tabs=tabs,
            filters=rows.filter_bar(),
            actions=[Action("登记主体", url="#", icon="plus", kind="primary")],
            bulk_actions=[
                Action("下发检查任务", url="#", icon="flag", kind="primary"),
                Action("注销", url="#", kind="danger", consequence="注销后不再计入统计，可在 30 日内撤回。"),
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
            kind="经营主体",
            state="overdue",
            state_label="整改逾期",
            clock=Clock("逾期 3 个工作日", date(2026, 11, 18), "overdue"),
            crumbs=[Crumb("经营主体", "#"), Crumb("北河县", "#"), Crumb("丰源豆制品小作坊")],
            badges=["小作坊", "高风险品种"],
            actions=[
                Action(
                    "销号",
                    url="#",
                    icon="check",
                    kind="primary",
                    consequence="销号后问题关闭，整改材料一并存证。",
                ),
                Action("打印", url="#", icon="printer"),
            ],
            sections=rows.sections(),
            timeline=rows.timeline(),
            tabs=[
                Tab("概况", "#", is_active=True),
                Tab("检查", "#", 14),
                Tab("抽检", "#", 9),
                Tab("投诉", "#", 1, state="due"),
            ],
        )
    }


def figure_page(request: HttpRequest) -> dict[str, Any]:
    facts = [
        Fact("统计口径", "期内到期的整改任务中，按期销号的占比。"),
        Fact("依据", "示例办法第十二条", url="#"),
        Fact("截止日期", date(2026, 11, 21)),
        Fact("计算时间", datetime(2026, 11, 21, 14, 5, tzinfo=ZONE)),
        Fact("责任单位", "市食安办"),
    ]
    return {
        "figure": FigurePage(
            title="问题整改完成率",
            value=99.6,
            unit="%",
            part=717,
            whole=720,
            rows_url="#",
            target="≥ 95%",
            margin="+4.6个百分点",
            state="done",
            state_label="达标",
            crumbs=[Crumb("创建评价", "#"), Crumb("过程评价", "#"), Crumb("问题整改完成率")],
            actions=[Action("导出", url="#", icon="download"), Action("打印", url="#", icon="printer")],
            filters=FilterBar(
                [Filter("as_of", "截止日期", kind="date", value="2026-11-21")], area=rows.filter_bar().area
            ),
            trend=rows.trend(),
            map=rows.area_map(),
            ranking=rows.ranking(),
            facts=[Section("口径与责任", facts)],
        )
    }


class ExampleForm(forms.Form):
    name = forms.CharField(label="主体名称", help_text="与营业执照一致。")
    uscc = forms.CharField(label="统一社会信用代码", required=False)
    kind = forms.ChoiceField(label="主体类别", choices=[("", "请选择"), ("sell", "食品销售"), ("cater", "餐饮服务")])
    opened_on = forms.DateField(label="开业日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    licence = forms.FileField(label="许可证照片", required=False, help_text="JPG、PNG 或 PDF，不超过 20 MB。")
    is_chain = forms.BooleanField(label="属于连锁企业", required=False)
    size = forms.ChoiceField(label="规模", choices=[("m", "中型"), ("s", "小型")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))


def example_form() -> ExampleForm:
    return ExampleForm({"name": "", "kind": "sell", "opened_on": "2026-02-30"})


def form_page(request: HttpRequest) -> dict[str, Any]:
    groups = [
        FieldGroup("基本信息", ["name", "uscc", "kind", "opened_on"]),
        FieldGroup("材料", ["licence", "note"]),
    ]
    return {
        "page": FormPage(
            title="登记主体",
            form=example_form(),
            submit="登记",
            groups=groups,
            intro="登记后进入主体档案，并按区划分派监管责任。",
            consequence="提交后将生成主体编号并存证。",
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


def components(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery page."""
    names = ["城中区", "北河县", "南岭县", "开发区", "西山县", "东湖市"]
    scores = Chart(
        "scores", "各县区得分", names, [Series("得分", [92.1, 88.4, 79.5, 90.2, 84.0, 91.3])], kind="hbar", unit="分",
        x_title="得分（分）", y_title="县区", states=["done", "done", "overdue", "done", "due", "done"], csv_url="#",
    )  # fmt: skip
    lost = Chart(
        "lost", "失分构成", ["基础", "过程", "能力", "满意度"],
        [Series("扣分", [4, 9, 3, 2]), Series("待补充", [1, 6, 2, 5])],
        unit="分", x_title="部分", y_title="扣分（分）",
    )  # fmt: skip
    return {
        "stats": [
            Stat("经营主体", 64098, "家", url="#", note="较上月 +126"),
            Stat("整改完成率", 99.6, "%", part=717, whole=720, state="done"),
            Stat("逾期任务", 12, "件", state="overdue", url="#", note="最久 11 天"),
            Stat("满意度", None, "分", state="waiting", note="第三方调查尚未交付"),
        ],
        "states": ["done", "due", "overdue", "waiting", "neutral"],
        "table": rows.example_table(request),
        "empty": Empty("没有逾期的任务", "到期前三天会出现在“将到期”里。", "#", "查看全部任务"),
        "bar": rows.filter_bar(),
        "tabs": list_page(request)["list"].tabs,
        "actions": record_page(request)["record"].actions,
        "section": rows.sections()[0],
        "entries": rows.timeline(),
        "steps": [
            Step("导入", "done", "64,098 行"),
            Step("核对", "done"),
            Step("评价", "due", "进行中"),
            Step("报告", "waiting"),
        ],
        "callouts": [
            Callout("共有 94 项指标，其中 10 项待补充", "待补充的指标不计分，报告中标注为〔待补充〕。"),
            Callout(
                "导入完成",
                "接收 64,086 行，退回 12 行。",
                "done",
                [Action("下载退回清单", url="#", icon="download")],
            ),
            Callout("合计数不一致", "申报 64,098，实际 64,086；请说明原因后接受差异。", "overdue"),
            Callout("本周到期 40 件", state="due"),
        ],
        "chart": rows.trend(),
        "charts": [scores, lost],
        "map": rows.area_map(),
        "form": example_form(),
        "crumbs": [Crumb("经营主体", "#"), Crumb("北河县", "#"), Crumb("东关镇")],
        "patterns": list(PATTERNS),
        "keys": ["g", "o"],
        "today": date(2026, 11, 21),
    }
