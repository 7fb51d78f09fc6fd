"""Builds packs/templates/<key>.docx from tools/templates/<key>.txt in the layout of GB/T 9704-2012.

    # title   % beneath the title   ## 一、   ### （一）   #### 1.   > signature   {%p … %} a tag of its own line
    + a line of the list of annexes   {{ table("key") }} a table;  any other line is a paragraph.
Run: python -m tools.templates.build

A4, margins 37/35/28/26 mm, body in 仿宋 of 16 pt, 28 characters a line, 22 lines a page, page number at the foot.
Every run names its East Asian font; where 仿宋, 楷体 or 小标宋 are not installed the reader's own substitution serves.
"""

import datetime
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

PROJECT = Path(__file__).resolve().parents[2]
LINE = 28.95  # 225 mm of text height in 22 lines
TIGHTER = -5  # twentieths of a point per character: 28 characters of 16 pt in 156 mm
LATIN = "Times New Roman"


@dataclass(frozen=True)
class Look:
    """One paragraph style. `indent` is in characters of its size; `right` too."""

    name: str
    font: str
    size: float
    align: str = "both"
    indent: int = 0
    right: int = 0
    line: float = LINE
    before: float = 0
    after: float = 0
    bold: bool = False
    keep: bool = False
    latin: str = LATIN


LOOKS = (
    Look("标题", "方正小标宋简体", 22, "center", line=36, keep=True),
    Look("题注行", "楷体", 16, "center", before=8, after=20),
    Look("正文段", "仿宋", 16, indent=2),
    Look("一级标题", "黑体", 16, indent=2, keep=True, latin="黑体"),
    Look("二级标题", "楷体", 16, indent=2, keep=True),
    Look("三级标题", "仿宋", 16, indent=2, bold=True, keep=True),
    Look("落款", "仿宋", 16, "right", right=4),
    Look("附件说明", "仿宋", 16, indent=2, keep=True),
    Look("附件", "黑体", 16, "left", keep=True, latin="黑体"),
    Look("附件标题", "方正小标宋简体", 18, "center", line=30, before=6, after=8, keep=True),
    Look("表题", "黑体", 12, "center", line=22, before=6, after=4, keep=True, latin="黑体"),
    Look("表注", "楷体", 10.5, "left", line=16, after=4),
    Look("表头", "黑体", 10.5, "center", line=15, before=2, after=2, latin="黑体"),
    Look("表格", "仿宋", 10.5, "left", line=14, before=1, after=1),
    Look("表后", "仿宋", 8, line=10),
    Look("页码", "宋体", 14, "right", line=16, latin="宋体"),
)
_STYLE_OF = {
    "####": "三级标题",
    "###": "二级标题",
    "##": "一级标题",
    "#": "标题",
    "%": "题注行",
    "+": "附件说明",
    ">": "落款",
}
_MARKED = re.compile(r"(####|###|##|#|%|\+|>)\s+(.*)")


def build(key: str, folder: Path = PROJECT / "packs" / "templates") -> Path:
    """Write the template and return its path; the same text gives the same bytes."""
    document = Document()
    _page(document)
    for look in LOOKS:
        _style(document, look)
    _footers(document)
    text = (Path(__file__).parent / f"{key}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip():
            _line(document, line.strip())
    _signature_gap(document)
    target = folder / f"{key}.docx"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime.datetime(2022, 1, 1)  # noqa: DTZ001
    document.save(str(target))
    _without_times(target)
    return target


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
    settings = document.settings.element
    settings.append(OxmlElement("w:evenAndOddHeaders"))


def _style(document: Docx, look: Look) -> None:
    style = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.element.set(qn("w:styleId"), look.name)
    style.font.size, style.font.bold, style.font.name = Pt(look.size), look.bold, look.latin
    style.quick_style = True
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), look.font)
    fonts.set(qn("w:hint"), "eastAsia")
    if look.size == 16:
        spacing = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{TIGHTER}"/>')
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>'))
    paragraph = style.element.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN"):  # no gap between digits and characters: 2022年11月24日
        space = parse_xml(f'<w:{name} {nsdecls("w")} w:val="0"/>')
        paragraph.insert_element_before(space, "w:bidi", "w:adjustRightInd", "w:spacing", "w:ind", "w:jc")
    layout = style.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.keep_with_next, layout.widow_control = look.keep, False
    layout.alignment = {
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[look.align]
    if look.indent:
        layout.first_line_indent = Pt(look.size * look.indent + TIGHTER / 20 * look.indent)
    if look.right:
        layout.right_indent = Pt(look.size * look.right)


def _footers(document: Docx) -> None:
    """— 1 — at the outer side: right on odd pages, left on even ones, one character from the edge."""
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["页码"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        setattr(paragraph.paragraph_format, f"{side}_indent", Pt(14))
        paragraph.add_run("— ")
        field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        paragraph._p.append(field)
        paragraph.add_run(" —")


def _line(document: Docx, line: str) -> None:
    marked = _MARKED.fullmatch(line)
    if marked is None:
        document.add_paragraph(line, style="正文段")
        return
    document.add_paragraph(marked[2], style=_STYLE_OF[marked[1]])


def _signature_gap(document: Docx) -> None:
    """Two empty lines before the signature (GB/T 9704-2012 7.3.5), which never stands on a page of its own."""
    signature = [paragraph for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "落款"]
    prose = [paragraph for paragraph in document.paragraphs if not paragraph.text.startswith("{%p")]
    body = [paragraph for paragraph in prose if paragraph.style and paragraph.style.name == "正文段"]
    if signature:
        body[-1].paragraph_format.keep_with_next = True
        signature[0].paragraph_format.space_before = Pt(LINE * 2)
        signature[0].paragraph_format.keep_with_next = True


def _without_times(path: Path) -> None:
    """Entries of the archive lose their time stamps."""
    with zipfile.ZipFile(path) as archive:
        entries = [(item.filename, archive.read(item.filename)) for item in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    for source in sorted(Path(__file__).parent.glob("*.txt")):
        print(build(source.stem).relative_to(PROJECT))
