"""Papers that were issued, and which unit acknowledged them, as files."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import PAPER_KINDS
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks, dates_in_order

STATE = (
    "CASE WHEN s.issued_on IS NOT NULL THEN 'issued' WHEN s.approved_on IS NOT NULL THEN 'approved' ELSE 'draft' END"
)
OLDER = "(SELECT o.id FROM campaign_paper o WHERE o.doc_no = s.supersedes AND o.version = s.version - 1)"
SET_OLDER = (
    "UPDATE campaign_paper t SET supersedes_id = o.id FROM {staging} s JOIN {plan} p ON p.row_no = s.row_no "
    "LEFT JOIN campaign_paper o ON o.doc_no = s.supersedes AND o.version = s.version - 1 "
    "WHERE t.id = p.target_id AND t.supersedes_id IS DISTINCT FROM o.id"
)
PAPERS = ImportSpec(
    key="papers",
    title=_("文件库"),
    description=_("印发的文件：文号、版本、替代了哪一件；签收另行导入"),
    order=210,
    natural_key=("doc_no", "version"),
    area_field="area_code",
    fields=(
        ImportField("doc_no", _("文号"), required=True, max_length=60),
        ImportField("version", _("版本"), "integer", default="1", minimum=1, maximum=99),
        ImportField("title", _("文件名称"), required=True, max_length=200),
        ImportField("kind", _("文件类别"), required=True, choices=PAPER_KINDS),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("issuer", _("印发单位编码"), required=True, references=Reference("people_organisation", "code")),
        ImportField("applies_to", _("适用范围"), max_length=200),
        ImportField("supersedes", _("替代文号"), references=Reference("campaign_paper", "doc_no", "doc_no")),
        ImportField("approved_on", _("审定日期"), "date"),
        ImportField("meeting", _("审定会议"), max_length=100),
        ImportField("issued_on", _("印发日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "COALESCE(s.issued_on, %(effective_on)s::date)"),
        dates_in_order("approved_on", "issued_on", strictly=False),
        SetCheck("issued_on", "s.issued_on > %(today)s", _("印发日期在今天以后"), _("请核对日期")),
        SetCheck(
            "version", "s.supersedes IS NOT NULL AND s.version = 1", _("替代了别的文件，版本却是 1"), _("请填写第几版")
        ),
    ),
    target=Target(
        table="campaign_paper",
        key=("doc_no", "version"),
        columns={
            "doc_no": "s.doc_no",
            "version": "s.version",
            "title": "s.title",
            "kind": "s.kind",
            "issuer_id": "s.issuer",
            "applies_to": text("applies_to"),
            "state": STATE,
            "approved_on": "s.approved_on",
            "approved_at_meeting": text("meeting"),
            "issued_on": "s.issued_on",
            "file_name": "''",
            **area_columns_sql("s.area_code"),
        },
        differs=f"t.supersedes_id IS DISTINCT FROM {OLDER}",
        after=(SET_OLDER,),
    ),
)

PAPER_RECEIPTS = ImportSpec(
    key="paper_receipts",
    title=_("文件签收"),
    description=_("文件发给了哪些单位，各单位何时签收"),
    order=211,
    natural_key=("doc_no", "version", "unit"),
    fields=(
        ImportField("doc_no", _("文号"), required=True, references=Reference("campaign_paper", "doc_no")),
        ImportField("version", _("版本"), "integer", default="1", minimum=1, maximum=99),
        ImportField("unit", _("单位编码"), required=True, references=Reference("people_organisation", "code")),
        ImportField("sent_on", _("发送日期"), "date", required=True),
        ImportField("acknowledged_on", _("签收日期"), "date"),
        ImportField("acknowledged_by", _("签收人"), max_length=150),
    ),
    checks=(
        dates_in_order("sent_on", "acknowledged_on", strictly=False),
        SetCheck(
            "version",
            "NOT EXISTS (SELECT 1 FROM campaign_paper o WHERE o.doc_no = s.doc_no AND o.version = s.version)",
            _("文件没有这一版本"),
            _("请核对版本"),
        ),
    ),
    target=Target(
        table="campaign_paperreceipt",
        key=("paper_id", "unit_id"),
        joins="JOIN campaign_paper paper ON paper.doc_no = s.doc_no AND paper.version = s.version",
        columns={
            "paper_id": "paper.id",
            "unit_id": "s.unit",
            "sent_on": "s.sent_on",
            "acknowledged_on": "s.acknowledged_on",
            "acknowledged_by": text("acknowledged_by"),
        },
        is_area_scoped=False,
    ),
)


def register() -> None:
    """Registers the importers of papers."""
    register_importer(PAPERS)
    register_importer(PAPER_RECEIPTS)
