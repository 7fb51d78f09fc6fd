"""Which operators must have an officer, a director, a self-examination: rules of the packs; pure.

Basis: 食品安全法 第四十四、四十七条; 企业落实食品安全主体责任监督管理规定 (2022, 2025). A rule holds for an operator
when all that it names holds; one rule of a list suffices. It answers for one operator (`holds`) and as SQL (`sql`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WORDS = ("kinds", "formats", "sizes", "least_employees", "chain_head")


@dataclass(frozen=True)
class Shape:
    """What the rules ask of an operator. `is_chain_head`: others name it as their headquarters."""

    kind: str
    format: str
    size: str = ""
    employees: int | None = None
    is_chain_head: bool = False


@dataclass(frozen=True)
class Rule:
    """Empty lists ask nothing."""

    kinds: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    least_employees: int = 0
    chain_head: bool = False

    def holds(self, shape: Shape) -> bool:
        """Does all that the rule names hold for the operator?"""
        lists = ((self.kinds, shape.kind), (self.formats, shape.format), (self.sizes, shape.size))
        return (
            all(not wanted or value in wanted for wanted, value in lists)
            and (not self.least_employees or (shape.employees or 0) >= self.least_employees)
            and (not self.chain_head or shape.is_chain_head)
        )

    def sql(self, version: str, operator: str) -> str:
        """The same as SQL: attributes from the alias `version`, the file from the alias `operator`."""
        lists = (("kind", self.kinds), ("format", self.formats), ("size", self.sizes))
        asked = [f"{version}.{column} IN ({', '.join(map(quoted, words))})" for column, words in lists if words]
        if self.least_employees:
            asked.append(f"{operator}.employees >= {self.least_employees:d}")
        if self.chain_head:
            codes = "SELECT c.chain_code FROM operators_operator c WHERE c.chain_code <> ''"
            # By primary key: the heads are found once, not the code of each operator in turn
            asked.append(f"{operator}.id IN (SELECT h.id FROM operators_operator h WHERE h.code IN ({codes}))")
        return " AND ".join(asked) or "TRUE"


Rules = tuple[Rule, ...]


@dataclass(frozen=True)
class Staffing:
    """A version of packs/parameters/selfcontrol/staffing.yaml."""

    valid_from: date
    officer: Rules
    director: Rules


@dataclass(frozen=True)
class ExamClass:
    """Who examines itself under which title, and by when its report on a year is due."""

    key: str
    title: str
    title_en: str
    rules: Rules
    month: int
    day: int
    same_year: bool

    def due_on(self, year: int) -> date:
        return date(year if self.same_year else year + 1, self.month, self.day)


@dataclass(frozen=True)
class SelfExams:
    """A version of packs/parameters/selfcontrol/selfexams.yaml."""

    valid_from: date
    classes: tuple[ExamClass, ...]

    def of(self, shape: Shape) -> list[ExamClass]:
        """The classes that an operator belongs to."""
        return [each for each in self.classes if any_holds(each.rules, shape)]


def read_rules(told: Sequence[Mapping[str, Any]]) -> Rules:
    """Rules of a pack. Raises ValueError for a word that no rule knows."""
    for each in told:
        if unknown := set(each) - set(WORDS):
            raise ValueError(", ".join(sorted(unknown)))
    return tuple(
        Rule(
            tuple(each.get("kinds", ())), tuple(each.get("formats", ())), tuple(each.get("sizes", ())),
            int(each.get("least_employees", 0)), bool(each.get("chain_head", False)),
        )
        for each in told
    )  # fmt: skip


def read_staffing(told: Mapping[str, Any]) -> Staffing:
    """One version of the file. Raises KeyError, ValueError."""
    return Staffing(told["valid_from"], read_rules(told["officer"]), read_rules(told["director"]))


def read_selfexams(told: Mapping[str, Any]) -> SelfExams:
    """One version of the file. Raises KeyError, ValueError."""
    found = []
    for key, each in told["classes"].items():
        month, day = map(int, str(each["due"]).split("-"))
        rules = read_rules(each["rules"])
        found.append(ExamClass(key, each["title"], each["title_en"], rules, month, day, bool(each["same_year"])))
    return SelfExams(told["valid_from"], tuple(found))


def any_holds(rules: Rules, shape: Shape) -> bool:
    """Does one of the rules hold?"""
    return any(each.holds(shape) for each in rules)


def any_sql(rules: Rules, version: str, operator: str) -> str:
    """A condition that one of the rules holds."""
    return "(" + (" OR ".join(f"({each.sql(version, operator)})" for each in rules) or "FALSE") + ")"


def dated_sql(versions: Sequence[tuple[date, str]], day: str) -> str:
    """The condition of the version in force on `day` (SQL of a date); none before the first."""
    told = [f"WHEN {day} >= DATE '{first.isoformat()}' THEN {sql}" for first, sql in reversed(versions)]
    return f"(CASE {' '.join(told)} ELSE FALSE END)"


def quoted(text: str) -> str:
    """A text as an SQL literal; a percent sign is doubled, for statements with parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
