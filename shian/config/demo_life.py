"""What an office would have done by now in the demo: through the verbs that people use, in its own account's name."""

from datetime import date, timedelta
from typing import Any

from shian.config import verbs
from shian.config.demo_appraisals import appraise
from shian.config.demo_chains import break_chains
from shian.config.demo_commendations import commend
from shian.config.demo_recalls import recall_goods
from shian.config.demo_rounds import draw_round
from shian.config.demo_temperatures import tell_temperatures

REPORT = "county_counts"
RECEIPT = "演示-0001"


def live(*, area: str, as_of: date, account: str) -> str:
    """A snapshot, a report with its receipt, an archive asked for, a hold, meetings, a drawn round,
    temperatures, recalls and drills, broken chains; done, in words.

    The archive is left to the worker. Repeated after an interruption it leaves out what is there.
    """
    from shian.kernel.accounts.models import User

    office, done = User.objects.get(username=account), []
    done.append(f"{_snapshot()} figures frozen")
    done.append(f"report {_report(area, as_of, office)}")
    _archive(area, as_of, office)
    _hold(office)
    done.append(f"{_meetings(area, office)} meetings")
    done.append(f"{_rankings(area, office)} rankings")
    done.append(f"{appraise(area, office)} appraisals")
    done.append(f"{commend(area, office)} commendations")
    done.append(f"{draw_round(area, office)} points drawn")
    done.append(f"{tell_temperatures()} devices heard")
    done.append(recall_goods(area, office))
    done.append(f"{break_chains(office)} broken chains")
    done.append(f"{_reminders()} notices")
    return ", ".join(done)


def _snapshot() -> int:
    from shian.engine.snapshots.actions import take_snapshot

    return take_snapshot(day=verbs.today() - timedelta(days=1), by="demo", at=verbs.now())


def _report(area: str, as_of: date, office: Any) -> str:
    from shian.engine.exchange import actions
    from shian.engine.exchange.queries import batches_of

    there = batches_of(office).filter(report=REPORT).first()
    if there is not None:
        return str(there.get_state_display())
    asked = actions.ask_report(key=REPORT, area=area, as_of=as_of, by=office, at=verbs.now(), is_deferred=False)
    taken = actions.take_report(number=asked.pk, at=verbs.now())
    if taken.state == "failed":
        return taken.fault
    checked = actions.check_report(batch=taken, by=office, at=verbs.now(), reason="演示数据")
    actions.send_report(batch=checked, by=office, at=verbs.now(), is_deferred=False)
    sent = actions.write_report(number=checked.pk, at=verbs.now())
    return str(actions.accept_report(batch=sent, receipt_no=RECEIPT, by=office, at=verbs.now()).get_state_display())


def _archive(area: str, as_of: date, office: Any) -> None:
    from shian.engine.archives.actions import ask_set
    from shian.engine.archives.queries import sets_of
    from shian.engine.archives.sets import set_kinds

    if not sets_of(office).exists():
        ask_set(kind=set_kinds()[0].key, area=area, as_of=as_of, by=office, at=verbs.now())


def _hold(office: Any) -> None:
    from shian.kernel.retention.actions import place_hold
    from shian.kernel.retention.queries import open_holds

    if not open_holds():
        reason = "自评复核期间，来源文件一律不得处置"
        place_hold(table="imports.importbatch", key="", reason=reason, by=office, at=verbs.now())


def _reminders() -> int:
    from shian.kernel.notices.actions import run_rules

    return sum(run_rules(prompt=False, at=verbs.now()).values())


def _meetings(area: str, office: Any) -> int:
    """Two Fridays with frozen agendas, decisions and minutes, a circular, and this week's meeting to come."""
    from shian.domains.campaign.actions import meetings
    from shian.domains.campaign.queries.meetings import meetings_for
    from shian.domains.campaign.queries.weeks import reporting_units
    from shian.domains.campaign.rules.weeks import monday_of
    from shian.kernel.scope.rules import key_of_code

    key, today, now = key_of_code(area), verbs.today(), verbs.now()
    units = list(reporting_units(key, today))
    if units and not meetings_for(office).exists():
        for back in (2, 1):
            held_on = monday_of(today) - timedelta(days=7 * back - 4)
            plan = meetings.Plan.friday(held_on, "指挥部会议室")
            made = meetings.schedule_meeting(area_key=key, plan=plan, units=units, by=office, at=now)
            made = meetings.freeze_agenda(meeting=made, by=office, at=now)
            text, due_on = "逾期事项逐件说明原因并明确完成日期", today + timedelta(days=7 * (3 - back))
            meetings.decide(meeting=made, text=text, unit=units[back], owner=None, due_on=due_on, by=office, at=now)
            meetings.issue_minutes(meeting=made, minutes=f"会议听取了逾期事项的情况。决定：{text}。", by=office, at=now)
        told = "第三季度抽检情况见附表，请各单位阅知。"
        plan = meetings.Plan.circular("第三季度抽检情况通报", today, told)
        made = meetings.schedule_meeting(area_key=key, plan=plan, units=units, by=office, at=now)
        meetings.issue_minutes(meeting=made, minutes=plan.minutes, by=office, at=now)
    meetings.keep_fridays(by="demo", at=now)
    return meetings_for(office).count()


def _rankings(area: str, office: Any) -> int:
    """The two periods before this one, confirmed and published."""
    from shian.domains.campaign.actions import unit_scores
    from shian.domains.campaign.queries.rankings import rankings_for
    from shian.domains.campaign.queries.unit_scores import score_rule
    from shian.domains.campaign.queries.weeks import reporting_units
    from shian.domains.campaign.rules.unit_scores import periods_before
    from shian.kernel.scope.rules import key_of_code

    key, today, now = key_of_code(area), verbs.today(), verbs.now()
    if reporting_units(key, today).exists() and not rankings_for(office, key).exists():
        for window in reversed(periods_before(today, score_rule(today).periods, 3)[1:]):
            made = unit_scores.confirm_ranking(area_key=key, window=window, by=office, at=now)
            unit_scores.publish_ranking(ranking=made, by=office, at=now)
    return rankings_for(office, key).count()
