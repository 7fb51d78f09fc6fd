"""What a template may say: the scan before rendering, the guard while rendering, the shipped templates."""

from datetime import date
from decimal import Decimal

import pytest

from shian.engine.measures.declarations import all_measures
from shian.engine.reports.binding import Reading
from shian.engine.reports.declarations import Declaration, FigureSlot, TemplateRefused, load_declaration
from shian.engine.reports.kinds import ReportContext, SuppliedFigure
from shian.engine.reports.prose import UnboundNumber, render
from shian.engine.reports.scan import figure_keys, template_faults
from shian.engine.reports.tests.factories import AS_OF, template_bytes, write_template

SLOTS = {
    "operators": FigureSlot("operators", "在册主体", measure="operators.total"),
    "then": FigureSlot("then", "三年前", measure="pesticides.amount", period="year-3"),
    "patrols": FigureSlot("patrols", "巡查次数", awaits="巡查登记册"),
}


def declared(*lines: str) -> Declaration:
    return Declaration("t", "t", template_bytes(tuple(("正文段", line) for line in lines)), "0", (), SLOTS)


def reader(asked, as_of):
    return {each: Reading(each.measure, "口径", Decimal(64098), "家", source="主体库") for each in asked}


def printed(*lines: str, words=None, figures=None):
    context = ReportContext(words or {}, figures or {})
    return render(declared(*lines), context, words={"as_of": AS_OF}, area="131000", as_of=AS_OF, reader=reader)


@pytest.mark.parametrize(
    "line",
    [
        "在册主体64098家。",
        "评价内容九十四项。",
        "在册主体{{ '64098家' }}。",
        "在册主体{{ q('64098家') }}。",
        "在册主体{{ 64098 }}家。",
    ],
)
def test_a_number_typed_by_hand_is_refused_before_rendering(line):
    assert template_faults(declared(line))


def test_bound_figures_dates_and_periods_pass_the_scan():
    line = '{{ year(-3) }}为{{ f("then") }}，2022年11月24日为{{ f("operators.total", area="131002", period="2020") }}。'

    assert template_faults(declared(line)) == []


@pytest.mark.parametrize("value", [64098, Decimal("9.78"), 0.5, "共64098家"])
def test_a_number_among_the_words_is_refused_while_rendering(value):
    with pytest.raises(UnboundNumber):
        printed("在册主体{{ total }}家。", words={"total": value})


def test_a_quotation_may_hold_digits_and_is_escaped():
    prose = printed("{{ q(title) }}，{{ name }}", words={"title": "每千人<4>份 2021", "name": "甲&乙"})

    assert prose.figures == []


def test_unknown_names_are_refused():
    with pytest.raises(TemplateRefused):
        printed("{{ nobody_says_this }}")
    with pytest.raises(TemplateRefused):
        printed('{{ f("nobody_declares_this") }}')


def test_each_figure_is_recorded_once_and_read_in_order():
    prose = printed('{{ f("operators") }}、{{ f("then") }}、{{ f("patrols") }}，共{{ f("operators") }}')

    assert [(figure.title, figure.period, figure.shown) for figure in prose.figures] == [
        ("在册主体", "", "64,098家"),
        ("三年前", "2019", "64,098家"),
        ("巡查次数", "", "〔待补充：巡查次数〕"),
    ]
    assert [figure.status for figure in prose.figures] == ["present", "present", "missing"]
    assert prose.reading_order == [1, 2, 3, 1]


def test_unit_decimals_area_and_period_may_be_asked_on_the_spot():
    prose = printed('{{ f("operators", unit="户", decimals=1) }}{{ f("operators.total", area="131002") }}')

    assert [(figure.shown, figure.area, figure.title) for figure in prose.figures] == [
        ("64,098户", "131000", "在册主体"),
        ("64,098家", "131002", "口径"),
    ]


def test_figures_of_the_kind_are_printed_by_key_or_from_its_words():
    score = SuppliedFigure("campaign.score", "得分", Decimal("87.5"), "分", 2, remark="（示例权重）")
    words = {"gaps": [{"points": SuppliedFigure("gap.1", "可提高", Decimal("1.25"), "分")}]}

    prose = printed(
        '{{ f("campaign.score") }}{% for gap in gaps %}{{ f(gap.points) }}{% endfor %}',
        words=words,
        figures={"campaign.score": score},
    )

    assert [figure.shown for figure in prose.figures] == ["87.5分（示例权重）", "1.25分"]
    assert all(figure.reading.is_supplied for figure in prose.figures)


def test_has_prints_and_records_nothing():
    prose = printed('{% if has("patrols") %}有{% else %}无{% endif %}{% if has("operators") %}有{% endif %}')

    assert prose.figures == []


def test_a_declaration_names_what_is_wrong(packs):
    write_template(packs, declaration="key: brief\ntitle: t\nfigures: {a: {title: 甲, measures: operators.total}}")
    with pytest.raises(TemplateRefused, match="measures"):
        load_declaration("brief")
    write_template(packs, declaration="key: brief\ntitle: t\nfigures: {a: {title: 甲}}")
    with pytest.raises(TemplateRefused, match="没有统计口径"):
        load_declaration("brief")
    with pytest.raises(TemplateRefused, match="nobody"):
        load_declaration("nobody")


def test_the_self_assessment_template_holds_no_number_of_its_own():
    assert template_faults(load_declaration("self_assessment")) == []


def test_the_self_assessment_template_and_its_declaration_name_the_same_figures():
    declaration = load_declaration("self_assessment")

    assert figure_keys(declaration) == set(declaration.figures)


def test_every_measure_of_the_self_assessment_template_is_declared():
    slots = load_declaration("self_assessment").figures.values()

    assert {slot.measure for slot in slots if slot.measure} - set(all_measures()) == set()


def test_relative_years_follow_the_as_of_date():
    declaration = Declaration("t", "t", template_bytes((("正文段", '{{ f("then") }}'),)), "0", (), SLOTS)

    prose = render(declaration, ReportContext(), words={}, area="131000", as_of=date(2023, 5, 19), reader=reader)

    assert prose.figures[0].period == "2020"
