"""Figures over the closed loops: how much was found, how much is struck off, how many rounds of inspection."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part
from shian.kernel.scope.rules import Level

LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
BASIS = "问题清单、责任清单和销号机制"


def _cases(kind: str, **where: Any) -> Part:
    """The cases of a type that count: neither merged into another one, nor found to be none."""
    left_out = {"problem": "dismissed", "card": "withdrawn", "task": "cancelled", "inspection": "cancelled"}[kind]
    conditions = {"is_merged": False, "state": {"ne": left_out}, **where}
    return Part(f"cases.{kind}", where=parse_conditions(conditions))


def _rate(kind: str, key: str, title: Any, title_en: str, **among: Any) -> Measure:
    return Measure(
        key, title, "%", LEVELS, _cases(kind, is_closed=True, **among), _cases(kind, **among), scale=Decimal(100),
        decimals=1, period="range", title_en=title_en, legal_basis=BASIS,
    )  # fmt: skip


def _count(kind: str, key: str, title: Any, unit: Any, title_en: str, **where: Any) -> Measure:
    return Measure(key, title, unit, LEVELS, _cases(kind, **where), period="range", title_en=title_en,
                   legal_basis=BASIS)  # fmt: skip


CLOSE_OUT_MEASURES = (
    _count("problem", "problems.found", _("发现问题隐患"), _("处"), "Problems found"),
    _count("problem", "problems.closed", _("已销号问题隐患"), _("处"), "Problems closed out", is_closed=True),
    _count("problem", "problems.open", _("未销号问题隐患"), _("处"), "Problems open", is_open=True),
    _count("problem", "problems.overdue", _("逾期未销号问题"), _("处"), "Problems overdue", is_overdue=True),
    _rate("problem", "problems.close_out_rate", _("问题销号率"), "Close-out rate of problems"),
    _rate("problem", "inspections.close_out_rate", _("督查问题整改完成率"), "Close-out rate of inspections",
          source="inspection"),
    _rate("card", "cards.close_out_rate", _("督办卡办结率"), "Close-out rate of supervision cards"),
    _rate("task", "tasks.close_out_rate", _("任务完成率"), "Completion rate of tasks"),
    Measure("inspections.rounds", _("两办督查轮次"), _("轮"), (Level.CITY,), _cases("inspection"), period="range",
            title_en="Inspection rounds", legal_basis=BASIS),
)  # fmt: skip
