"""Why a result is what it is, in words: the codes of rules/assessment.py in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models.judgements import VerdictWord
from shian.domains.campaign.rules.assessment import (
    BESIDE,
    JUDGED_NOT_APPLICABLE,
    NO_VALUE,
    NOT_OF_LEVEL,
    SAID,
    WANTED,
)
from shian.kernel.ui.states import Text

MISSING: dict[str, Text] = {
    "human": gettext_lazy("尚无评审结论：须由评审人员审阅资料后认定"),
    "semi": gettext_lazy("尚无评审结论：登记数据须经评审人员认定"),
    "field": gettext_lazy("尚无评审结论：须经现场核查认定"),
    "field+register": gettext_lazy("尚无评审结论：须经现场核查认定"),
    "external": gettext_lazy("尚未录入外部测评或抽检结果"),
    "auto": gettext_lazy("没有可用数据，也没有评审结论"),
}


def reason_text(reasons: Sequence[Mapping[str, Any]]) -> str:
    """All of them in one line; "" for none."""
    said = [SENTENCES[each["code"]](each) for each in reasons]
    return said[0] if len(said) == 1 else _("；").join(said) if said else ""


def _beside(facts: Mapping[str, Any]) -> str:
    """Both halves of a combined item in one sentence."""
    said = {"verdict": VerdictWord(facts["verdict"]).label}
    if facts["met"]:
        return _("实测达到目标值，评审结论为%(verdict)s") % said
    if facts["lowered"]:
        return _("实测未达到目标值，评审结论为%(verdict)s，以实测为准") % said
    return _("实测未达到目标值，评审结论为%(verdict)s") % said


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    NOT_OF_LEVEL: lambda facts: _("不适用于本级") % facts,
    JUDGED_NOT_APPLICABLE: lambda facts: _("%(reviewer)s认定不适用") % facts,
    WANTED: lambda facts: str(MISSING.get(facts["computability"], MISSING["human"])),
    SAID: lambda facts: str(facts["text"]),
    NO_VALUE: lambda facts: _("%(title)s：%(reason)s") % facts,
    BESIDE: _beside,
}
