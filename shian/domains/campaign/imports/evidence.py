"""Evidence and its reviews as a file: a row for each document and round; rounds open and close as it says."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.actions.reviews import close_round, open_round
from shian.domains.campaign.imports.reviewing import Row, items_in, moment, play_round
from shian.domains.campaign.models import ReviewRound
from shian.domains.campaign.queries.standards import standard_in_force
from shian.kernel.imports.specs import (
    Counts,
    ImportField,
    ImportSpec,
    Reference,
    RowFault,
    SetCheck,
    Staged,
    register_importer,
)
from shian.kernel.scope.rules import key_of_code, level_of_key
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.imports import area_checks

NAMES = (
    "round_no", "opened_on", "due_on", "closed_on", "area_code", "unit_code", "item_codes", "title", "doc_no",
    "issued_on", "period_from", "period_to", "expires_on", "uploaded_on", "uploaded_by", "file", "verdict", "comment",
    "reviewed_on", "reviewer",
)  # fmt: skip
WORDS = {"通过": "passed", "有条件通过": "conditional", "退回": "returned"}
LEVELS = ("city", "county")
TABLES = (
    "campaign_evidenceneed", "campaign_reviewround", "campaign_rounditem", "campaign_evidence",
    "campaign_evidenceversion", "campaign_evidencelink", "campaign_reviewverdict",
)  # fmt: skip
CHANGING = ("campaign_evidenceneed", "campaign_reviewround", "campaign_rounditem", "campaign_evidence",
            "campaign_evidencelink")  # fmt: skip


def _rows(staged: Staged) -> list[Row]:
    columns = ", ".join(f"s.{name}" for name in NAMES)
    found = staged.rows(
        f"SELECT s.row_no, {columns} FROM {{staging}} s WHERE s.is_good ORDER BY s.round_no, s.uploaded_on, s.row_no"
    )
    return [dict(zip(("row_no", *NAMES), row, strict=True)) for row in found]


def _examine(staged: Staged) -> Iterable[RowFault]:
    """Every row names a file that came with the package, and items that the standard asks of that level; rounds are
    opened and closed by who reaches the whole city."""
    attached: dict[str, str] = staged.parameters["attachments"]
    standard = standard_in_force()
    levels = dict(standard.indicators.values_list("code", "levels")) if standard else {}
    for row in _rows(staged):
        if row["file"] not in attached:
            reason = _("数据包中没有这个文件：%(name)s") % {"name": row["file"]}
            yield RowFault(row["row_no"], "file", reason, _("请把文件放进数据包的附件文件夹"), row["file"])
        if not _reaches_city(staged, row):
            reason, remedy = _("审核轮次由市级开启和结束"), _("请由市创建办导入")
            yield RowFault(row["row_no"], "round_no", reason, remedy, str(row["round_no"]))
        level = level_of_key(key_of_code(row["area_code"])).value
        for code in items_in(row):
            if level not in levels.get(code, ()):
                reason = _("%(code)s 不适用于这一级。") % {"code": code}
                yield RowFault(row["row_no"], "item_codes", reason, _("请核对编号和区划"), row["item_codes"])


def _reaches_city(staged: Staged, row: Row) -> bool:
    city, told = key_of_code(row["area_code"])[:4], staged.parameters
    return bool(told["is_unlimited"]) or any(city.startswith(key) for key in told["reach"])


def _apply(staged: Staged) -> Counts:
    """Round after round: open it, file what came in, review what was reviewed, close it where the file says so."""
    rows = _rows(staged)
    last = {name: int(staged.rows(f"SELECT COALESCE(max(id), 0) FROM {name}")[0][0]) for name in TABLES}
    for name in CHANGING:
        staged.remember(name, f"SELECT id FROM {name}")
    new = sum(_round(staged, number, [row for row in rows if row["round_no"] == number])
              for number in sorted({row["round_no"] for row in rows}))  # fmt: skip
    replaced = 'SELECT x.row_id FROM imports_replacedrow x WHERE x.batch_id = %(batch)s AND x."table" = '
    for name in TABLES:
        changed = f"{replaced}'{name}'" if name in CHANGING else "SELECT 0 WHERE FALSE"
        staged.note_written(name, f"SELECT id FROM {name} WHERE id > {last[name]}", changed)
    return Counts(new=new, same=len(rows) - new)


def _round(staged: Staged, number: int, rows: Sequence[Row]) -> int:
    """How many of a round's documents are new."""
    first = rows[0]
    # The city's round holds those of its counties.
    city = min((key_of_code(row["area_code"])[:4] for row in rows), default="")
    review = ReviewRound.objects.filter(city=city, county="", number=number).first()
    if review is None:
        with language_of_record():
            title = _("第 %(number)s 轮资料审查") % {"number": number}
        review = open_round(
            area_key=city, title=title, due_on=first["due_on"],
            levels=LEVELS, by=str(staged.parameters["by"]), at=moment(first["opened_on"], 8),
        )  # fmt: skip
    new = play_round(review, rows, staged.parameters["attachments"])
    if first["closed_on"] and review.closed_at is None:
        close_round(review=review, by=str(staged.parameters["by"]), at=moment(first["closed_on"], 18))
    return new


EVIDENCE = ImportSpec(
    key="evidence",
    title=gettext_lazy("佐证材料"),
    description=gettext_lazy("每行一份材料在一轮审核中的提交和结论；文件放在数据包的附件文件夹"),
    order=220,
    natural_key=("round_no", "unit_code", "title"),
    area_field="area_code",
    fields=(
        ImportField("round_no", gettext_lazy("轮次"), "integer", required=True, minimum=1, maximum=99),
        ImportField("opened_on", gettext_lazy("开始日期"), "date", required=True),
        ImportField("due_on", gettext_lazy("审核截止"), "date", required=True),
        ImportField("closed_on", gettext_lazy("结束日期"), "date"),
        ImportField("area_code", gettext_lazy("区划代码"), required=True),
        ImportField("unit_code", gettext_lazy("单位编码"), required=True,
                    references=Reference("people_organisation", "code")),
        ImportField("item_codes", gettext_lazy("评价内容编号"), required=True, hint=gettext_lazy("多项用分号隔开")),
        ImportField("title", gettext_lazy("材料名称"), required=True, max_length=200),
        ImportField("doc_no", gettext_lazy("文号"), max_length=60),
        ImportField("issued_on", gettext_lazy("印发日期"), "date", required=True),
        ImportField("period_from", gettext_lazy("覆盖期间起"), "date"),
        ImportField("period_to", gettext_lazy("覆盖期间止"), "date"),
        ImportField("expires_on", gettext_lazy("有效期至"), "date"),
        ImportField("uploaded_on", gettext_lazy("上传日期"), "date", required=True),
        ImportField("uploaded_by", gettext_lazy("上传人"), max_length=150),
        ImportField("file", gettext_lazy("文件"), required=True, max_length=200),
        ImportField("verdict", gettext_lazy("结论"), choices=WORDS),
        ImportField("comment", gettext_lazy("审核意见"), max_length=1000),
        ImportField("reviewed_on", gettext_lazy("审核日期"), "date"),
        ImportField("reviewer", gettext_lazy("评审人"), max_length=150),
    ),
    checks=(
        *area_checks("area_code", "s.uploaded_on"),
        SetCheck("uploaded_on", "s.uploaded_on > %(today)s", gettext_lazy("上传日期在今天以后"),
                 gettext_lazy("请核对日期")),
        SetCheck("issued_on", "s.issued_on > s.uploaded_on", gettext_lazy("印发日期晚于上传日期"),
                 gettext_lazy("请核对日期")),
        SetCheck("expires_on", "s.expires_on < s.issued_on", gettext_lazy("有效期早于印发日期"),
                 gettext_lazy("请核对日期")),
        SetCheck("period_to", "(s.period_from IS NULL) <> (s.period_to IS NULL) OR s.period_to < s.period_from",
                 gettext_lazy("覆盖期间不完整或先后颠倒"), gettext_lazy("请核对日期")),
        SetCheck("comment", "s.verdict IN ('returned', 'conditional') AND COALESCE(s.comment, '') = ''",
                 gettext_lazy("不是通过的结论没有写意见"), gettext_lazy("请补充意见")),
        SetCheck("reviewed_on", "s.verdict IS NOT NULL AND (s.reviewed_on IS NULL OR s.reviewer IS NULL)",
                 gettext_lazy("有结论而没有审核日期或评审人"), gettext_lazy("请补充")),
        SetCheck("closed_on", "s.closed_on IS NOT NULL AND s.verdict IS NULL",
                 gettext_lazy("已结束的轮次里有没审核的材料"), gettext_lazy("请补充结论")),
    ),
    examine=_examine,
    apply=_apply,
)  # fmt: skip


def register() -> None:
    """Registers the importer of evidence."""
    register_importer(EVIDENCE)
