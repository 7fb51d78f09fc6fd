"""The ledger of an operator (主体台账), to read, print and file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.duties.permissions import BOARD_KEEP, DUTY_READ
from shian.domains.duties.queries.ledgers import SubjectLedger, ledger_of
from shian.domains.duties.queries.responsibility import holders_at
from shian.domains.duties.tables.ledgers import ledger_tables
from shian.domains.duties.tables.roster import operator_url
from shian.domains.duties.views.shown import names, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.registers.operators.models import Operator


@requires(DUTY_READ)
def ledger_print(request: HttpRequest, code: str) -> HttpResponse:
    """One set of pages: the subject, officials, letters, visits, problems, boards with their delivery."""
    operator: Operator = Operator.objects.get_visible(request.user, code=code)
    ledger = ledger_of(operator, request.user)
    actions = [Action(_("打印"), "#print", icon="printer", kind="primary")]
    if ledger.boards and BOARD_KEEP(request.user).allowed:
        board = reverse("duties:board_detail", args=[ledger.boards[0].pk])
        actions.insert(0, Action(_("公示板"), board, icon="certificate"))
    context = {
        "operator": operator, "day": today(), "section": _subject(ledger),
        "tables": ledger_tables(ledger),
        "crumbs": [Crumb(operator.name, operator_url(operator))], "actions": actions,
    }  # fmt: skip
    return render(request, "duties/ledger_print.html", context)


def _subject(ledger: SubjectLedger) -> Section:
    operator, named, match = ledger.operator, names(), ledger.match
    facts = [
        Fact(_("主体编号"), operator.code, kind="code"), Fact(_("统一社会信用代码"), operator.uscc, kind="code"),
        Fact(_("业态"), operator.format), Fact(_("地址"), operator.address),
        Fact(_("所在乡镇"), named.get(operator.township, operator.township)),
        Fact(_("开业日期"), operator.opened_on, kind="date"), Fact(_("注销日期"), operator.closed_on, kind="date"),
        Fact(_("包保层级"), ledger.tier.get_tier_display() if ledger.tier else None),
        Fact(_("分级依据"), ledger.tier.reason if ledger.tier else None),
        Fact(_("包保干部"), f"{match.official.name}（{match.official.post}）" if match else _("没有")),
    ]  # fmt: skip
    facts += [Fact(each.title, each.name) for each in holders_at(operator, today())]
    return Section(_("一、主体基本情况"), [each for each in facts if each.value not in (None, "")])
