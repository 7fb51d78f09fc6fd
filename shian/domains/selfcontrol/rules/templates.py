"""Templates of risk lists: which one an operator begins with; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Template:
    """A format's list in the pack; `short` are the keys of the simplified list."""

    key: str
    title: str
    version: str
    kinds: frozenset[str]
    small_kinds: frozenset[str]
    formats: frozenset[str]
    items: tuple[Mapping[str, str], ...]
    short: frozenset[str]

    def fits(self, kind: str, small_kind: str, format: str) -> bool:
        return format in self.formats or kind in self.kinds or small_kind in self.small_kinds

    def items_for(self, *, is_simplified: bool, most: int) -> list[dict[str, str]]:
        """The items that a list begins with."""
        wanted = [each for each in self.items if each["key"] in self.short][:most] if is_simplified else self.items
        return [dict(each) for each in wanted]


def read_templates(told: Mapping[str, Any]) -> tuple[Template, ...]:
    """The pack's templates in their order. Raises KeyError."""
    return tuple(_template(key, each, str(told["version"])) for key, each in told["templates"].items())


def template_for(templates: Sequence[Template], kind: str, small_kind: str, format: str) -> Template:
    """The first that fits the format; else the first that fits kind or small kind. Raises LookupError."""
    by_format = [each for each in templates if format in each.formats]
    found = by_format or [each for each in templates if each.fits(kind, small_kind, format)]
    if not found:
        raise LookupError(f"No template for {kind} {small_kind} {format}.")
    return found[0]


def _template(key: str, told: Mapping[str, Any], version: str) -> Template:
    items = tuple(
        {
            "key": each["key"], "process": each["process"], "risk": each["risk"], "control": each["control"],
            "frequency": each.get("frequency", "day"),
        }
        for each in told["items"]
    )  # fmt: skip
    meant = told["for"]
    short = frozenset(each["key"] for each in told["items"] if each.get("short"))
    return Template(
        key, told["title"], version, frozenset(meant.get("kinds", ())), frozenset(meant.get("small_kinds", ())),
        frozenset(meant.get("formats", ())), items, short,
    )  # fmt: skip
