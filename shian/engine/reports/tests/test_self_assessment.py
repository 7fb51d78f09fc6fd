"""The shipped template, filled from registers: nothing in it is invented, everything in it can be opened."""

import io
import re
import time
from datetime import date
from decimal import Decimal

import pytest
from docx import Document as read_docx
from docx.enum.section import WD_ORIENT

from shian.engine.ledgers.tests.factories import make_ledger_rows, make_organisations
from shian.engine.reports import kinds
from shian.engine.reports.actions import write_document
from shian.engine.reports.kinds import ReportColumn, ReportContext, ReportKind, ReportTable, SuppliedFigure
from shian.engine.reports.models import Document
from shian.engine.reports.queries import document_bytes
from shian.engine.reports.tests.factories import AS_OF, make_city
from shian.engine.reports.tests.test_actions import AT
from tests.kept import make_once

COUNTS = ("items", "passed", "partial", "failed", "unknown", "not_applicable", "vetoes", "vetoes_triggered",
          "vetoes_unknown", "units_losing")  # fmt: skip
POINTS = ("score", "full", "score_rate", "points_to_gain")
DIGITS = re.compile(r"\d[\d,.]*\d|\d")
QUOTED = "每千人4份"


def campaign(area: str, as_of: date) -> ReportContext:
    """What a domain would supply, with numbers that occur nowhere else."""
    counts = {f"campaign.{key}": SuppliedFigure(f"campaign.{key}", key, 700 + n, "项") for n, key in enumerate(COUNTS)}
    points = {
        f"campaign.{key}": SuppliedFigure(f"campaign.{key}", key, Decimal(f"80{n}.25"), "分", 2, remark="（示例权重）")
        for n, key in enumerate(POINTS)
    }
    gain = SuppliedFigure("campaign.gap.1", "可提高", Decimal("6.67"), "分")
    satisfaction = SuppliedFigure("campaign.veto.4", "满意度", 80, "分")
    words = {
        "review_from": date(2022, 10, 16),
        "review_to": as_of,
        "vetoes": [
            {"title": "满意度不足", "result": "未触发", "value": satisfaction, "threshold": ">=80分", "margin": None,
             "reason": ""}
        ],
        "shortfalls": [
            {"title": "抽检", "section": "食品安全状况", "reason": QUOTED, "points": gain, "lead": "市场监管局"}
        ],
    }  # fmt: skip
    columns = (ReportColumn("编号"), ReportColumn("内容", 3))
    tables = [
        ReportTable("sections", "各部分自评情况", columns, [["1", "基础工作"]], is_annex=False),
        ReportTable("items", "逐项结果", columns, [[f"1.1.{n}", "内容"] for n in range(94)], is_landscape=True),
        ReportTable("losses", "失分", columns, [["1", "单位"]]),
        ReportTable("vetoes", "否决情形", columns, [["1", "情形"]]),
    ]
    return ReportContext(words, counts | points, tables)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Where the document lies that all tests here look at."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def report(db, settings, files, monkeypatch):
    settings.MEDIA_ROOT = files
    monkeypatch.setitem(kinds._kinds, "city", ReportKind("city", "自评报告", "self_assessment", campaign))
    make_once("self-assessment", write)
    return Document.objects.get(kind="city")


def write():
    make_city()
    make_organisations()
    make_ledger_rows()
    started = time.process_time()
    write_document(kind="city", area="131000", as_of=AS_OF, by="alice", at=AT)
    assert time.process_time() - started < 5


def body_of(document) -> list[str]:
    """The paragraphs before the first annex."""
    texts = []
    for paragraph in read_docx(io.BytesIO(document_bytes(document))).paragraphs:
        if paragraph.style.name == "附件":
            break
        texts.append(paragraph.text)
    return texts


def test_every_number_of_the_text_is_a_listed_figure(report):
    shown = sorted((figure.shown for figure in report.figures.all()), key=len, reverse=True)
    numbering = re.compile(r"20\d\d年(\d{1,2}月\d{1,2}日)?|附件\d|^(附件：|　+)?\d\.", re.MULTILINE)
    rest = numbering.sub(" ", "\n".join(body_of(report)))
    for known in [*shown, QUOTED, "≥80分"]:
        rest = rest.replace(known, " ")

    assert DIGITS.findall(rest) == []


def test_every_listed_figure_stands_in_the_text(report):
    text = "\n".join(body_of(report))

    assert [figure.slot for figure in report.figures.all() if figure.shown not in text] == []


def test_a_score_always_says_that_its_weights_are_illustrative(report):
    text = "\n".join(body_of(report))

    assert "800.25分（示例权重）" in text
    assert not re.search(r"80\d\.25分(?!（示例权重）)", text)


def test_an_empty_register_is_named_and_listed(report):
    missing = report.figures.filter(status="missing")
    text = "\n".join(body_of(report))

    assert "〔待补充：村级协管员〕" in text
    assert missing.get(slot="coordinators").source == "协管员登记册"
    assert text.count("〔待补充：") == missing.count()


def test_the_text_has_the_length_and_the_parts_of_a_real_one(report):
    text = body_of(report)

    headings = [line for line in text if re.match("[一二三四五]、", line)]
    assert headings == [
        "一、城市基本情况", "二、自查自评情况", "三、创建工作开展情况", "四、特色经验做法", "五、存在不足和下一步工作",
    ]  # fmt: skip
    assert 5000 < len("".join(text)) < 7000


def test_annexes_are_numbered_listed_and_open_their_own_pages(report):
    document = read_docx(io.BytesIO(document_bytes(report)))

    labels = [p.text for p in document.paragraphs if p.style.name == "附件"]
    titles = [p.text for p in document.paragraphs if p.style.name == "附件标题"]
    listed = [line.lstrip("附件：　")[2:] for line in body_of(report) if re.match(r"(附件：|　+)\d\.", line)]
    assert labels == [f"附件{number}" for number in range(1, len(titles) + 1)]
    assert titles[:3] == ["逐项结果", "失分", "否决情形"]
    assert titles[-1] == "文中数据一览"
    assert listed == titles


def test_the_page_follows_the_official_layout(report):
    document = read_docx(io.BytesIO(document_bytes(report)))
    section = document.sections[0]
    body = document.styles["正文段"]

    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (body.font.size.pt, round(body.paragraph_format.line_spacing.pt, 1)) == (16, 28.9)
    assert [each.orientation for each in document.sections].count(WD_ORIENT.LANDSCAPE) == 2


def test_long_tables_repeat_their_headings(report):
    document = read_docx(io.BytesIO(document_bytes(report)))

    for table in document.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
