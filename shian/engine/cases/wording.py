"""Steps in words: those of a type and those that every type has; and what somebody else did meanwhile."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.actions.redating import REDATE
from shian.engine.cases.actions.sealing import CaseChanged
from shian.engine.cases.declarations import OPENING, CaseType
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import Text

ENGINE_STEPS: dict[str, tuple[Text, str]] = {
    OPENING: (gettext_lazy("提出"), "plus"),
    "note": (gettext_lazy("记录情况"), "edit"),
    "remind": (gettext_lazy("期限提醒"), "bell"),
    "escalate": (gettext_lazy("逾期升级"), "alert-triangle"),
    "ask_extension": (gettext_lazy("申请延期"), "clock"),
    "grant_extension": (gettext_lazy("同意延期"), "check"),
    "deny_extension": (gettext_lazy("不同意延期"), "ban"),
    "ask_transfer": (gettext_lazy("申请移送"), "arrow-right"),
    "grant_transfer": (gettext_lazy("接收移送"), "check"),
    "deny_transfer": (gettext_lazy("不接收移送"), "ban"),
    "suspend": (gettext_lazy("期限中止"), "clock"),
    "resume": (gettext_lazy("期限恢复"), "clock"),
    REDATE: (gettext_lazy("期限随计划调整"), "calendar"),
    "merge": (gettext_lazy("并案"), "hierarchy-2"),
    "absorb": (gettext_lazy("并入其他事项"), "hierarchy-2"),
}


def step_words(declared: CaseType, key: str) -> tuple[Text, str]:
    """The title and icon of a step of the type, or of a verb that every type has."""
    if key in declared.by_step:
        return declared.by_step[key].title, declared.by_step[key].icon
    return ENGINE_STEPS.get(key, (key, "edit"))


def changes_told(declared: CaseType, changed: CaseChanged) -> list[str]:
    """What others did since the page was read: a line for each event, with when, who and what."""
    found = []
    for event in changed.events:
        told = {
            "at": timezone.localtime(event.at).strftime("%m-%d %H:%M"), "by": actor(event.by),
            "step": step_words(declared, event.step)[0], "note": event.note,
        }  # fmt: skip
        found.append((_("%(at)s %(by)s：%(step)s %(note)s") % told).strip())
    return found
