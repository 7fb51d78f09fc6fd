"""Operators' own duty on the operator's record."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.permissions import ACCOUNT_OPEN
from shian.domains.selfcontrol.queries.accounts import accounts_of
from shian.domains.selfcontrol.queries.controls import gaps_between, open_problems, records_between
from shian.domains.selfcontrol.queries.lists import list_in_force
from shian.domains.selfcontrol.queries.periods import meetings_of, weeks_of
from shian.domains.selfcontrol.queries.staff import appointments_of, hours_by_staff, missing_duties
from shian.domains.selfcontrol.tables.accounts import ACCOUNTS, account_row
from shian.domains.selfcontrol.tables.records import POSTS, facts_of, post_row
from shian.kernel.ui.pieces import Action, Section
from shian.kernel.ui.tables import Empty, Table

SHOWN_DAYS = 30


def operator_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Posts, the last month's records, week and month, and who may sign in for the operator."""
    user, today = request.user, timezone.localdate()
    first = today - timedelta(days=SHOWN_DAYS - 1)
    posts = appointments_of(operator, user)
    hours = hours_by_staff([each.staff_id for each in posts], today.year)
    facts = facts_of(
        records=list(records_between(operator, first, today).values()),
        gaps=len(gaps_between(operator, first, today - timedelta(days=1))), problems=open_problems(operator),
        missing=missing_duties(operator, today), listed=list_in_force(operator, today), weeks=weeks_of(operator, 1),
        meetings=meetings_of(operator, 1),
    )  # fmt: skip
    empty = Empty(_("没有企业账号"), _("由监管所开通，本人用激活码设定密码后登录企业端。"))
    opening = reverse("selfcontrol:account_open", args=[operator.code])
    ending = ACCOUNT_OPEN(user).allowed
    accounts = accounts_of(operator, user)
    context = {
        "facts": Section(_("近况"), facts),
        "posts": Table(POSTS, [post_row(each, hours) for each in posts], empty=Empty(_("没有任命")), id="posts"),
        "accounts": Table(ACCOUNTS, [account_row(each) for each in accounts], empty=empty, id="accounts"),
        "actions": [Action(_("开通企业账号"), opening, icon="plus"), *_ends(accounts)] if ending else [],
    }
    return render_to_string("selfcontrol/operator_panel.html", context, request)


def _ends(accounts: list[Any]) -> list[Action]:
    """A button for each living account."""
    return [
        Action(
            _("停用 %(name)s") % {"name": each.user.username}, reverse("selfcontrol:account_end", args=[each.pk]),
            icon="ban", kind="danger-quiet", method="post", consequence=_("此人不再能为本主体登录，已登录的会话结束。"),
        )
        for each in accounts if each.valid_to is None
    ]  # fmt: skip
