"""Who listens to which event. Handlers run in the publisher's transaction; what takes long becomes a job."""

from django.utils import timezone

from shian.domains.campaign.actions import ask_renewal
from shian.domains.campaign.actions.rescoring import ask_rescoring
from shian.domains.campaign.actions.vetoes import ask_watch
from shian.domains.campaign.events import CatalogueIssued, ItemRescored, ScoringEntered, VetoCrossed
from shian.domains.census.actions import ask_codes
from shian.domains.duties.actions.following import ask_following
from shian.domains.duties.actions.spotchecks import follow_check_draw
from shian.domains.duties.actions.spotscores import publish_imported
from shian.domains.duties.actions.visits import is_duty_sheet, take_duty_sheet
from shian.domains.fieldchecks.actions.rounds import follow_draw, follow_replacement
from shian.domains.fieldchecks.actions.sheets import take_sheet
from shian.domains.fieldchecks.actions.supervisions import follow_township_draw
from shian.domains.fieldchecks.events import JointProblemAssigned
from shian.domains.tracing.actions.anomalies import ask_anomalies
from shian.domains.tracing.events import ColdAlertRaised
from shian.engine.cases.events import CaseMoved
from shian.engine.draws.events import DrawMoved, PickReplaced
from shian.engine.forms.events import SubmissionCompleted
from shian.flows import cold_to_problem, joint_to_problem, relapse_to_problem, signature_reminders, veto_warnings
from shian.kernel.events.bus import subscribe
from shian.kernel.imports.events import ImportAccepted, ImportUndone
from shian.kernel.notices.actions import ask_rule

FOLLOWED = frozenset({"operators", "duty_census", "duty_tiers", "duty_matches"})
A_DAYS_ORDERS = 20_000
SPOT_CHECKS = frozenset({"duty_spotitems", "cases.duty_untrue"})


def connect() -> None:
    """The whole list."""
    subscribe(ImportAccepted, evaluate_after_import)
    subscribe(ImportAccepted, issue_codes_after_import)
    subscribe(ImportUndone, evaluate_after_undo)
    subscribe(ImportAccepted, follow_operators_after_import)
    subscribe(ImportAccepted, look_for_anomalies_after_import)
    subscribe(ImportUndone, look_for_anomalies_after_undo)
    subscribe(ImportUndone, follow_operators_after_undo)
    subscribe(ItemRescored, evaluate_others_after_rescoring)
    subscribe(ItemRescored, watch_after_rescoring)
    subscribe(ImportAccepted, watch_after_import)
    subscribe(ImportUndone, watch_after_undo)
    subscribe(ScoringEntered, evaluate_after_scoring)
    subscribe(VetoCrossed, veto_warnings.tell_office)
    subscribe(CatalogueIssued, remind_after_issue)
    subscribe(CaseMoved, relapse_to_problem.list_relapse)
    subscribe(CaseMoved, relapse_to_problem.restore_after_close)
    subscribe(CaseMoved, rescore_after_closing)
    subscribe(ImportAccepted, rescore_after_import)
    subscribe(DrawMoved, follow_draw)
    subscribe(DrawMoved, follow_check_draw)
    subscribe(ImportAccepted, publish_checks_after_import)
    subscribe(ImportUndone, publish_checks_after_undo)
    subscribe(PickReplaced, follow_replacement)
    subscribe(SubmissionCompleted, record_visit)
    subscribe(SubmissionCompleted, record_duty_visit)
    subscribe(DrawMoved, follow_township_draw)
    subscribe(JointProblemAssigned, joint_to_problem.list_problem)
    subscribe(ColdAlertRaised, cold_to_problem.list_alert)


def evaluate_after_import(event: ImportAccepted) -> None:
    """Rows have changed: figures, verdicts or areas may read otherwise on any day."""
    if event.rows_new or event.rows_changed:
        ask_renewal(by=event.by)


def issue_codes_after_import(event: ImportAccepted) -> None:
    """Operators were registered, or opened again: each gets its code."""
    if event.importer == "operators" and (event.rows_new or event.rows_changed):
        ask_codes(by=event.by)


def follow_operators_after_import(event: ImportAccepted) -> None:
    """Operators closed or moved, or officials and matches came from a file: tiers, matches and letters follow."""
    if event.importer in FOLLOWED and (event.rows_new or event.rows_changed):
        ask_following()


def look_for_anomalies_after_import(event: ImportAccepted) -> None:
    """A day's orders came from a file: chains that do not close are found at once. After years of them, at night."""
    if event.importer in {"in_orders", "out_orders"} and 0 < event.rows_new <= A_DAYS_ORDERS:
        ask_anomalies()


def look_for_anomalies_after_undo(event: ImportUndone) -> None:
    """A file of orders is taken back: chains that it broke close again."""
    if event.importer in {"in_orders", "out_orders"}:
        ask_anomalies()


def follow_operators_after_undo(event: ImportUndone) -> None:
    """The rows are back: matches and letters follow likewise."""
    if event.importer in FOLLOWED:
        ask_following()


def publish_checks_after_import(event: ImportAccepted) -> None:
    """What spot checks found came from a file: visits found untrue no longer count, the areas are scored."""
    if event.importer in SPOT_CHECKS and (event.rows_new or event.rows_changed):
        publish_imported(by=event.by, at=timezone.now())


def publish_checks_after_undo(event: ImportUndone) -> None:
    """The rows are gone: the visits count as before."""
    if event.importer in SPOT_CHECKS:
        publish_imported(by=event.by, at=timezone.now())


def evaluate_after_undo(event: ImportUndone) -> None:
    """Rows are as they were before a batch: what was evaluated with them may read otherwise."""
    ask_renewal(by=event.by)


def evaluate_others_after_rescoring(event: ItemRescored) -> None:
    """A verdict or value has changed one evaluation at once; others that contain the area read it too."""
    if event.is_shared:
        ask_renewal(by=event.by, area_key=event.area_key)


def rescore_after_closing(event: CaseMoved) -> None:
    """A case was closed or opened again: items that count such cases may read otherwise."""
    if event.is_open != event.was_open:
        ask_rescoring(source=f"cases.{event.type}", by=event.by)


def rescore_after_import(event: ImportAccepted) -> None:
    """Rows of a ledger: what reads it is right within seconds, before everything is evaluated again."""
    if event.importer.startswith(("ledger.", "cases.")) and (event.rows_new or event.rows_changed):
        ask_rescoring(source=event.importer, by=event.by)


def record_visit(event: SubmissionCompleted) -> None:
    """A sheet of a field check came in whole: it is the record of the visit that it fulfils."""
    key = event.assignment or event.entity  # a phone of ODK tells only the form and the operator
    sheet = event.submission
    take_sheet(submission=sheet.pk, user=sheet.user_id, form=event.form, key=key, at=event.at)


def record_duty_visit(event: SubmissionCompleted) -> None:
    """A sheet of an official came in whole: it is a visit to one of the businesses that the official answers for."""
    if is_duty_sheet(event.form, timezone.localdate(event.at)):
        take_duty_sheet(sheet=event.submission, files=event.files, at=event.at)


def watch_after_rescoring(event: ItemRescored) -> None:
    """A condition of the veto monitor reads otherwise: it is looked at now, not at the next full hour."""
    if event.is_veto:
        ask_watch()


def watch_after_import(event: ImportAccepted) -> None:
    """Accidents, surveys or samples may have come."""
    if event.rows_new or event.rows_changed:
        ask_watch()


def watch_after_undo(event: ImportUndone) -> None:
    """What a batch brought has gone again."""
    ask_watch()


def evaluate_after_scoring(event: ScoringEntered) -> None:
    """Points of the area that they belong to change from the day of the new weights on."""
    ask_renewal(by=event.by, inside=event.area_key, since=event.effective_from)


def remind_after_issue(event: CatalogueIssued) -> None:
    """Those who have to sign hear of it now, not at the next full hour."""
    ask_rule(key=signature_reminders.RULE.key)
