"""The importers of cases as specifications: columns from the declaration, checks, and who applies them."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from shian.engine.cases.actions.opening import is_due_given
from shian.engine.cases.checks import TEN_YEARS
from shian.engine.cases.declarations import CaseType
from shian.engine.cases.imports.openings import apply_openings, examine_openings
from shian.engine.cases.imports.steps import apply_steps, examine_steps
from shian.engine.cases.numbering import NUMBER
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.imports import HINTS
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import (
    SQL_TYPES,
    WARNING,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    area_key_sql,
)
from shian.registers.areas.imports import area_checks

ORDER, ORDER_STEPS = 600, 690
ROLES = (Role.OFFICE,)  # a file tells what others did: it enters by the office alone
UNIT = Reference("people_organisation", "code")
PERSON = Reference("people_person", "person_no")
OPERATOR = Reference("operators_operator", "code", severity=WARNING)


def spec_of(declared: CaseType) -> ImportSpec:
    """The importer of a type. A case that is here already is never changed by a file, only by steps."""
    own = tuple(_own_field(each) for each in declared.fields)
    return ImportSpec(
        key=f"cases.{declared.key}",
        title=declared.title,
        description=_("闭环事项：编号、单位、期限；办理经过另用“事项办理经过”导入"),
        fields=(*_fields(declared), *own),
        natural_key=(NUMBER,),
        area_field="area_code",
        roles=ROLES,
        checks=_checks(),
        examine=partial(examine_openings, declared),
        apply=partial(apply_openings, declared),
        order=ORDER,
    )


def _fields(declared: CaseType) -> tuple[ImportField, ...]:
    words = {word: key for key, title in declared.sources for word in (key, str(title))}
    return (
        ImportField(NUMBER, _("编号"), required=True, max_length=60),
        ImportField("title", _("事项"), required=True, max_length=200),
        ImportField("body", _("内容"), max_length=4000),
        ImportField("source", _("来源"), choices=words, max_length=20),
        ImportField("subject", _("缘由"), max_length=200, hint=_("由哪个记录引起，按该类事项的写法；可不填")),
        ImportField("item_code", _("评价内容编号"), max_length=12),
        ImportField("operator_code", _("主体编号"), max_length=40, references=OPERATOR),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("issuer_code", _("交办单位编码"), required=True, references=UNIT),
        ImportField("unit_code", _("承办单位编码"), references=UNIT),
        ImportField("verifier_code", _("核实单位编码"), references=UNIT),
        ImportField("owner_no", _("责任人编号"), references=PERSON),
        ImportField("opened_on", _("提出日期"), "date", required=True),
        ImportField("opened_by", _("提出人"), max_length=150),
        ImportField("due_on", _("期限"), "date", required=is_due_given(declared)),
        ImportField("is_urgent", _("加急"), "boolean", default="false"),
        ImportField("parent_type", _("上级事项类别"), max_length=40),
        ImportField("parent_number", _("上级事项编号"), max_length=60),
    )


def _own_field(each: LedgerField) -> ImportField:
    return ImportField(
        name=each.name,
        title=each.title,
        type=each.type if each.type in SQL_TYPES else "string",
        aliases=each.aliases,
        required=each.is_required,
        choices=each.enum,
        pattern=each.pattern,
        pattern_hint=HINTS.get(each.type, ""),
        max_length=each.max_length or 0,
        minimum=each.minimum,
        maximum=each.maximum,
        references=Reference("files_storedfile", "sha256") if each.is_file else None,
        unit=each.unit,
        hint=each.description,
        personal=each.personal,
    )


def _checks() -> tuple[SetCheck, ...]:
    issuers = f"SELECT 1 FROM people_organisation o, unnest(%(reach)s::text[]) k WHERE o.code = s.issuer_code \
AND starts_with({area_key_sql('o.area_code')}, k)"
    return (
        *area_checks("area_code", "s.opened_on", "%(effective_on)s"),
        SetCheck("opened_on", "s.opened_on > %(today)s", _("提出日期在今天以后"), _("请核对日期")),
        SetCheck("due_on", "s.due_on < s.opened_on", _("期限早于提出日期"), _("请核对日期")),
        SetCheck("due_on", f"s.due_on > s.opened_on + {TEN_YEARS.days}", _("期限在提出后十年以外"), _("请核对年份")),
        SetCheck(
            "issuer_code", f"NOT %(is_unlimited)s AND NOT EXISTS ({issuers})",
            _("交办单位不在您的管辖范围内"), _("请由该单位所属地区导入"),
        ),
    )  # fmt: skip


STEPS = ImportSpec(
    key="case_steps",
    title=_("事项办理经过"),
    description=_("每行一步：哪件事项、第几步、谁在何时办理；与页面上办理遵守同样的规则"),
    fields=(
        ImportField("case_type", _("事项类别"), required=True, max_length=40),
        ImportField("case_number", _("事项编号"), required=True, max_length=60),
        ImportField(
            "step_no", _("步序"), "integer", aliases=("order",), required=True, minimum=1,
            hint=_("提出以后的第几步，从 1 起"),
        ),
        ImportField("step", _("环节"), required=True, max_length=40, hint=_("环节名称；记录情况写 note")),
        ImportField("at", _("办理时间"), required=True, max_length=20, hint=_("如 2026-03-06 10:00")),
        ImportField("by", _("办理人"), required=True, max_length=150),
        ImportField("unit_code", _("办理单位编码"), references=UNIT),
        ImportField("note", _("办理情况"), max_length=4000),
        ImportField("evidence", _("佐证材料"), hint=_("数据包中的文件名，多个用分号隔开")),
        ImportField("evidence_kind", _("材料种类"), max_length=20),
        ImportField("to_unit_code", _("改由单位编码"), references=UNIT),
        ImportField("owner_no", _("责任人编号"), references=PERSON),
        ImportField("due_on", _("期限"), "date"),
        ImportField("data", _("其他内容"), hint=_("JSON，如 {\"measures\": \"补记并培训\"}")),
    ),
    natural_key=("case_type", "case_number", "step_no"),
    roles=ROLES,
    examine=examine_steps,
    apply=apply_steps,
    order=ORDER_STEPS,
)  # fmt: skip
