"""Texts that name nobody: what a published text may not hold, as checks of the importer.

An identity number has 17 digits and a digit or X (GB 11643), a mobile number 11 digits that begin with 1, a number
plate a province's character, a letter and 5 or 6 letters or digits (GA 36). A pattern cannot find a name; the names
come from the row itself, where its source is kept, and from the register of operators.
"""

from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.declarations import Ledger
from shian.kernel.imports.specs import SetCheck
from shian.kernel.ui.states import Text

PATTERNS: tuple[tuple[str, Text], ...] = (
    (r"(^|[^0-9])[0-9]{17}[0-9Xx]($|[^0-9])", _("公开文字中有身份证号码")),
    (r"(^|[^0-9])1[3-9][0-9]{9}($|[^0-9])", _("公开文字中有手机号码")),
    (
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}",
        _("公开文字中有车牌号码"),
    ),
)
REMEDY = _("请隐去身份信息后再发布，可写“某某”“某单位”")


def redaction_checks(ledger: Ledger) -> list[SetCheck]:
    """The checks that the ledger's redaction asks for, field by field."""
    redaction = ledger.aspects.redaction
    if redaction is None:
        return []
    checks = []
    for name in redaction.fields:
        text = f"COALESCE(s.{name}, '')"
        checks += [SetCheck(name, f"{text} ~ '{pattern}'", said, REMEDY) for pattern, said in PATTERNS]
        checks += [
            SetCheck(name, _told(source, text), _("公开文字中出现了来源记录里的信息"), REMEDY)
            for source in redaction.sources
        ]
        if ledger.operator:
            checks.append(SetCheck(name, _operator_named(ledger.operator, text), _("公开文字中有主体名称"), REMEDY))
    return checks


def _told(source: str, text: str) -> str:
    """One of the words of the source, at least two characters long, stands in the text."""
    words = f"regexp_split_to_table(COALESCE(s.{source}::text, ''), '[、，,；;[:space:]]+')"
    return f"EXISTS (SELECT 1 FROM {words} AS w WHERE length(w) >= 2 AND position(w IN {text}) > 0)"


def _operator_named(operator: str, text: str) -> str:
    return f"EXISTS (SELECT 1 FROM operators_operator o WHERE o.code = s.{operator} AND position(o.name IN {text}) > 0)"
