"""What an app above declares to have its open matters reminded of and escalated.

    register_rule(ReminderRule(
        key="imports.waiting",
        title=_("待接收的导入"),
        ladder=(Rung("due", 0, "uploader"), Rung("overdue", 2, "uploader"), Rung("escalated", 5, "office")),
        matters=waiting_imports,              # (today) -> the open matters; one query
        recipients=people_of,                 # (matter, "uploader") -> user ids; asked only when a rung is sent
        wording={"due": Wording(gettext_noop("导入“%(name)s”待接收"), gettext_noop("请核对后接收。"))},
        bundled=gettext_noop("%(count)s 个导入待接收"),
        list_url_name="imports:batch_list",
    ))

A wording is named like its rung; a rung without one takes that of the rung before it. Values of a text are plain; one
whose name ends in `_term` is a message id, so that a label is read in the reader's language. `due_on` is filled in.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shian.kernel.notices.models import NoticeLevel
from shian.kernel.notices.rules import Rung
from shian.kernel.ui.states import Text

__all__ = ["Matter", "ReminderRule", "Rung", "Wording", "register_rule", "rule", "rules"]


@dataclass(frozen=True)
class Wording:
    """Message ids of a notice."""

    title: str
    body: str = ""


@dataclass(frozen=True, eq=False)
class Matter:
    """An open matter with a due day; one for each subject and day. `about` is for the rule's `recipients`."""

    subject: str
    due_on: date
    params: Mapping[str, str | int] = field(default_factory=dict)
    link: str = ""
    about: Any = None


@dataclass(frozen=True)
class ReminderRule:
    """See the module. `is_prompt` rules are asked every five minutes, the others every hour of the day.

    The rungs go up: each later one lies on the same day or after.
    """

    key: str
    title: Text
    ladder: tuple[Rung, ...]
    matters: Callable[[date], Iterable[Matter]]
    recipients: Callable[[Matter, str], Collection[int]]
    wording: Mapping[str, Wording]
    bundled: str
    list_url_name: str = ""
    is_prompt: bool = False

    def __post_init__(self) -> None:
        names = [rung.name for rung in self.ladder]
        if len(set(names)) != len(names):
            raise ValueError(f"The ladder of {self.key} names a rung twice.")
        if [rung.after for rung in self.ladder] != sorted(rung.after for rung in self.ladder):
            raise ValueError(f"The ladder of {self.key} does not go up.")
        if not names or names[0] not in self.wording:
            raise ValueError(f"The first rung of {self.key} has no wording.")
        if unknown := {rung.level for rung in self.ladder} - set(NoticeLevel.values):
            raise ValueError(f"{self.key}: no level {', '.join(sorted(unknown))}.")

    def wording_of(self, rung: Rung) -> Wording:
        """The texts of a rung: its own, or those of the rung before it."""
        position = self.ladder.index(rung)
        below = (each.name for each in reversed(self.ladder[: position + 1]))
        return self.wording[next(name for name in below if name in self.wording)]


_rules: dict[str, ReminderRule] = {}


def register_rule(rule: ReminderRule) -> None:
    """Have the rule's matters reminded of; the same key again replaces it."""
    _rules[rule.key] = rule


def rule(key: str) -> ReminderRule:
    """The rule of that key. Raises LookupError."""
    return _rules[key]


def rules(*, prompt: bool) -> list[ReminderRule]:
    """The rules that are asked every five minutes, or those of every hour."""
    return [rule for rule in _rules.values() if rule.is_prompt == prompt]
