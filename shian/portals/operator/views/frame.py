"""What every page of the portal has: the business, the tabs, days out of addresses, how a form ends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.permissions import CHECKERS, MANAGERS, PRINCIPALS
from shian.domains.selfcontrol.queries.accounts import duty_of
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.queries.certificates import trades
from shian.kernel.ui.acting import Steps
from shian.kernel.ui.pieces import Crumb, Tab
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class May:
    """What somebody may do for a business: manage it (list, people, minutes, reports), sign its weeks, sign for it."""

    manage: bool
    sign_week: bool
    sign_for_it: bool


def may_of(user: Any, operator: Operator) -> May:
    """By the highest duty of today."""
    duty = duty_of(user, operator.pk, timezone.localdate())
    return May(duty in MANAGERS, duty in CHECKERS, duty in PRINCIPALS)


STEPS = Steps(DutyRefused, TradeRefused)
step_page, step_button = STEPS.page, STEPS.button


def to(name: str, operator: Operator, *args: Any) -> str:
    """The address of a page of the portal about the operator."""
    return reverse(f"operator:{name}", args=[operator.code, *args])


def framed(operator: Operator, active: str, **context: Any) -> dict[str, Any]:
    """The context of a page: `operator`, `tabs` (one active) and what it says itself."""
    pages: tuple[tuple[str, str], ...] = (
        ("desk_detail", _("今日")), ("daily_control_calendar", _("记录")), ("risk_list_detail", _("清单")),
        ("safety_staff_detail", _("人员")),
    )  # fmt: skip
    if trades(operator):
        pages = (*pages, ("trade_detail", _("追溯")))
    tabs = [Tab(label, to(name, operator), is_active=name == active) for name, label in pages]
    return {"operator": operator, "tabs": tabs, **context}


def crumbs(operator: Operator) -> list[Crumb]:
    """Back to the desk."""
    return [Crumb(operator.name, to("desk_detail", operator))]


def to_trade(operator: Operator) -> list[Crumb]:
    """Back to what the business traces."""
    return [*crumbs(operator), Crumb(_("追溯"), to("trade_detail", operator))]


def day_in(text: str) -> date:
    """A day of an address. Raises Http404."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(text) from None


def month_in(text: str) -> date:
    """The first day of a month of an address, 2026-11. Raises Http404."""
    return day_in(f"{text}-01")
