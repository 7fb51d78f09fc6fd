"""Columns of the operator file, each with the checks of a single cell."""

import re

from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.pinyin import pinyin_and_initials
from shian.kernel.imports.specs import WARNING, Derived, Finding, ImportField, Reference
from shian.kernel.ui.masking import Personal
from shian.registers.operators.imports.dictionaries import FormatNames
from shian.registers.operators.models import LICENCE_KINDS, OPERATOR_KINDS, SIZES, SMALL_KINDS, STAGES
from shian.registers.operators.rules import has_right_organisation_code, is_licence_no, is_uscc, name_tokens

PINYIN_LIMIT, INITIALS_LIMIT = 240, 120
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}(?:[-转]\d{1,6})?|[48]00[- ]?\d{3}[- ]?\d{4}")
_OLD_REGISTRATION = re.compile(r"\d{15}")
_AREA = r"\d{6}|\d{9}|\d{12}"


def _upper(value: str) -> str:
    return value.replace(" ", "").upper()


def uscc_finding(code: str) -> Finding | None:
    """GB 32100-2015: a wrong check character is an error, a wrong organisation code inside a warning."""
    if is_uscc(code):
        if has_right_organisation_code(code):
            return None
        return Finding(_("主体标识码（第 9—17 位）校验不符"), _("请对照营业执照核对"), WARNING)
    if _OLD_REGISTRATION.fullmatch(code):
        return Finding(_("是 15 位旧注册号"), _("请填写营业执照上的 18 位统一社会信用代码"))
    return Finding(_("统一社会信用代码校验不符"), _("请对照营业执照核对 18 位代码"))


def licence_finding(number: str) -> Finding | None:
    """The number fits the kind that its own letters name; whether that is the stated kind is checked over the row."""
    if is_licence_no(number[:2], number):
        return None
    return Finding(_("证照编号位数或校验位不符"), _("请对照证照核对编号（SC、JY、YB 后 14 位，ZF、CY、TD 后 16 位）"))


def phone_finding(number: str) -> Finding | None:
    if _PHONE.fullmatch(number):
        return None
    return Finding(_("不像电话号码"), _("请填写 11 位手机号或带区号的座机号"), WARNING)


def name_columns(name: str) -> tuple[str, str, str]:
    """Pinyin for order, initials, and the search document."""
    syllables, initials = pinyin_and_initials(name, PINYIN_LIMIT)
    initials = initials[:INITIALS_LIMIT]
    return syllables, initials, name_tokens(name, initials)


NAME_COLUMNS = Derived(("name_pinyin", "initials", "search"), "name", name_columns)


def operator_fields() -> tuple[ImportField, ...]:
    """All columns, in the order of the template."""
    market = Reference("operators_operator", "code", "code")
    return (
        ImportField("code", _("主体编号"), required=True, max_length=40, normalise=_upper),
        ImportField("name", _("名称"), required=True, max_length=120, aliases=("主体名称", "企业名称")),
        ImportField(
            "uscc", _("统一社会信用代码"), max_length=18, normalise=_upper, checks=(uscc_finding,),
            aliases=("信用代码",),
        ),
        ImportField("licence_kind", _("证照类型"), choices=LICENCE_KINDS, default="无"),
        ImportField("licence_no", _("证照编号"), max_length=40, normalise=_upper, checks=(licence_finding,)),
        ImportField("kind", _("主体类别"), required=True, choices=OPERATOR_KINDS),
        ImportField("small_kind", _("三小类别"), choices=SMALL_KINDS, hint=_("仅主体类别为“三小”时填写")),
        ImportField("format", _("业态"), required=True, max_length=30, choices=FormatNames()),
        ImportField("stage", _("环节"), required=True, choices=STAGES),
        ImportField("size", _("规模"), choices=SIZES),
        ImportField("employees", _("从业人数"), "integer", minimum=0, maximum=10**6, unit=_("人")),
        ImportField("area_m2", _("经营面积"), "number", minimum=0, maximum=10**7, unit=_("平方米"), aliases=("面积",)),
        ImportField(
            "representative", _("法定代表人"), max_length=30, aliases=("负责人", "法定代表人（负责人）"),
            personal=Personal.NAME,
        ),
        ImportField(
            "phone", _("联系电话"), max_length=20, checks=(phone_finding,), aliases=("电话",), personal=Personal.PHONE
        ),
        ImportField(
            "area_code", _("所在区划"), required=True, pattern=_AREA, pattern_hint=_("9 位乡级或 12 位村级代码"),
            aliases=("区划代码",),
        ),
        ImportField("address", _("地址"), required=True, max_length=200, aliases=("经营地址", "经营场所")),
        ImportField("lon", _("经度"), "number", minimum=-180, maximum=180),
        ImportField("lat", _("纬度"), "number", minimum=-90, maximum=90),
        ImportField("chain_code", _("连锁总部编号"), max_length=40, normalise=_upper),
        ImportField("host_code", _("所在市场编号"), max_length=40, normalise=_upper, references=market),
        ImportField("opened_on", _("开业日期"), "date", required=True),
        ImportField("closed_on", _("注销日期"), "date"),
    )  # fmt: skip
