"""Figures over the standard, its catalogues and its evaluations, all counted from rows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import AreaScore, Catalogue, StandardNode
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import Level, code_of_key
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Column, Row

LAW = "国家食品安全示范城市评价与管理办法"
CITY = (Level.CITY,)
EVALUATED = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
WORDS: dict[str, Text] = {
    "section": _("大项"),
    "point": _("考评要点"),
    "indicator": _("评价内容"),
    "declared": _("公开材料载明"),
    "document": _("资料审查"),
    "field": _("现场核查"),
}
DECIDED = "t.computed + t.verdict + t.external"


def _node_row(node: Any) -> Row:
    cells = {"kind": node.kind, "key": node.key, "title": node.title, "channel": node.channel, "number": node.number}
    return Row(cells, url=reverse("campaign:standard_detail"), key=f"{node.kind}-{node.key}")


def _catalogue_row(catalogue: Any) -> Row:
    cells = {
        "kind": catalogue.get_kind_display(),
        "state": catalogue.get_state_display(),
        "revision": catalogue.revision,
        "from_on": catalogue.from_on,
    }
    return Row(cells, url=reverse("campaign:catalogue_detail", args=[catalogue.pk]), key=str(catalogue.pk))


def _score_row(score: Any) -> Row:
    code = code_of_key(score.area_key)
    cells = {
        "area": code,
        "as_of": score.as_of,
        "earned": score.earned,
        "possible": score.possible,
        "unknown": score.unknown,
    }
    url = f"{reverse('campaign:item_list')}?area={score.area_key}&as_of={score.as_of}"
    return Row(cells, url=url, key=str(score.pk))


SOURCES = (
    Source(
        key="standard_nodes",
        title=_("评价细则"),
        register="R57",
        model=StandardNode,
        fields={
            "kind": SourceField(_("层级"), "t.kind"),
            "key": SourceField(_("编号"), "t.key"),
            "channel": SourceField(_("主渠道"), "t.channel"),
            "number": SourceField(_("数目"), "t.number"),
        },
        words=WORDS,
        columns=(
            Column("key", _("编号"), kind="code"),
            Column("title", _("名称"), is_wide=True),
            Column("kind", _("层级")),
            Column("channel", _("主渠道")),
            Column("number", _("数目"), kind="number"),
        ),
        row_of=_node_row,
        valid_from="valid_from",
        valid_to="valid_to",
    ),
    Source(
        key="catalogues",
        title=_("分解目录"),
        register="R57",
        model=Catalogue,
        fields={"kind": SourceField(_("目录"), "t.kind"), "state": SourceField(_("状态"), "t.state")},
        columns=(
            Column("kind", _("目录"), is_wide=True),
            Column("state", _("状态")),
            Column("revision", _("修订"), kind="number"),
            Column("from_on", _("适用起始日期"), kind="date"),
        ),
        row_of=_catalogue_row,
        valid_from="from_on",
        condition="t.state <> 'revised'",
    ),
    Source(
        key="area_scores",
        title=_("评价结果"),
        register="R57",
        model=AreaScore,
        fields={
            "items": SourceField(_("评价内容"), f"({DECIDED} + t.unknown + t.not_applicable)"),
            "decided": SourceField(_("有结论的评价内容"), f"({DECIDED})"),
            "unknown": SourceField(_("未定的评价内容"), "t.unknown"),
            "not_applicable": SourceField(_("不适用的评价内容"), "t.not_applicable"),
            "earned": SourceField(_("得分"), "t.earned"),
            "possible": SourceField(_("适用分值"), "t.possible"),
            "lost": SourceField(_("失分"), "(t.decided - t.earned)"),
            "vetoes_triggered": SourceField(_("触发的否决情形"), "t.vetoes_triggered"),
            "vetoes_unknown": SourceField(_("未定的否决情形"), "t.vetoes_unknown"),
        },
        columns=(
            Column("area", _("区划"), kind="code"),
            Column("as_of", _("截止日期"), kind="date"),
            Column("earned", _("得分"), kind="number", decimals=2),
            Column("possible", _("适用分值"), kind="number", decimals=2),
            Column("unknown", _("未定"), kind="number"),
        ),
        row_of=_score_row,
        occurs_on="as_of",
        condition="t.section_number = 0 AND EXISTS "
        "(SELECT 1 FROM campaign_evaluation e WHERE e.id = t.evaluation_id AND e.is_current)",
    ),
)

NODES: tuple[tuple[str, Text, str, Text, dict[str, Any]], ...] = (
    ("standard.sections", _("评价细则大项"), "Sections of the standard", _("个"), {"kind": "section"}),
    ("standard.points", _("评价细则考评要点（重构）"), "Points of the reconstruction", _("个"), {"kind": "point"}),
    (
        "standard.indicators",
        _("评价细则评价内容（重构）"),
        "Items of the reconstruction",
        _("项"),
        {"kind": "indicator"},
    ),
    (
        "standard.document",
        _("主渠道为资料审查的评价内容（重构）"),
        "Items checked by document in the reconstruction",
        _("项"),
        {"kind": "indicator", "channel": "document"},
    ),
    (
        "standard.field",
        _("主渠道为现场核查的评价内容（重构）"),
        "Items checked on site in the reconstruction",
        _("项"),
        {"kind": "indicator", "channel": "field"},
    ),
)
DECLARED: tuple[tuple[str, Text, str, Text], ...] = (
    ("points", _("公开材料载明的考评要点"), "Points that the sources declare", _("个")),
    ("indicators", _("公开材料载明的评价内容"), "Items that the sources declare", _("项")),
    ("document", _("公开材料载明的资料审查内容"), "Document items that the sources declare", _("项")),
    ("field", _("公开材料载明的现场核查内容"), "Field items that the sources declare", _("项")),
    ("unstated", _("公开材料未载明方式的评价内容"), "Items whose method the sources leave open", _("项")),
)
SCORES: tuple[tuple[str, Text, str, Text, str, int], ...] = (
    ("standard.items_evaluated", _("纳入评价的评价内容"), "Items evaluated", _("项"), "items", 0),
    ("evaluation.items_decided", _("有结论的评价内容"), "Items with a result", _("项"), "decided", 0),
    ("evaluation.items_unknown", _("未定的评价内容"), "Items without a result", _("项"), "unknown", 0),
    ("evaluation.items_not_applicable", _("不适用的评价内容"), "Items not applicable", _("项"), "not_applicable", 0),
    ("evaluation.earned", _("评价得分（按计分版本）"), "Points earned", _("分"), "earned", 2),
    ("evaluation.possible", _("适用分值（按计分版本）"), "Points possible", _("分"), "possible", 2),
    ("evaluation.lost", _("失分（按计分版本）"), "Points lost", _("分"), "lost", 2),
    ("vetoes.triggered", _("触发的否决情形"), "Vetoes triggered", _("项"), "vetoes_triggered", 0),
    ("vetoes.unknown", _("未定的否决情形"), "Vetoes unknown", _("项"), "vetoes_unknown", 0),
)

MEASURES = (
    *(
        Measure(key, title, unit, CITY, Part("standard_nodes", "distinct", "key", parse_conditions(where)),
                title_en=title_en, legal_basis=LAW)
        for key, title, title_en, unit, where in NODES
    ),
    *(
        Measure(f"standard.declared_{key}", title, unit, CITY,
                Part("standard_nodes", "max", "number", parse_conditions({"kind": "declared", "key": key})),
                title_en=title_en, legal_basis=LAW)
        for key, title, title_en, unit in DECLARED
    ),
    Measure("standard.catalogues", _("三级分解目录"), _("个"), CITY, Part("catalogues", "distinct", "kind"),
            title_en="Decomposition catalogues", legal_basis=LAW),
    *(
        Measure(key, title, unit, CITY if key.startswith("vetoes") else EVALUATED,
                Part("area_scores", "latest", column), decimals=decimals, title_en=title_en, legal_basis=LAW)
        for key, title, title_en, unit, column, decimals in SCORES
    ),
)  # fmt: skip
