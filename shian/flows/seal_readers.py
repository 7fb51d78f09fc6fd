"""Who may open the seal of a record: whoever may open the record. One line per kind of subject that actions seal."""

from typing import Any

from shian.domains.campaign.queries.appraisals import may_see_appraisal, may_see_entry
from shian.domains.campaign.queries.briefings import may_see_briefing, may_see_dispatch
from shian.domains.campaign.queries.evaluations import may_see_evaluation
from shian.domains.campaign.queries.evidence import may_see_evidence, may_see_round
from shian.domains.campaign.queries.liaisons import may_see_liaisons
from shian.domains.campaign.queries.meetings import may_see_meeting
from shian.domains.campaign.queries.papers import may_see_paper
from shian.domains.campaign.queries.rankings import may_see_ranking
from shian.domains.campaign.queries.receptions import may_see_notice
from shian.domains.campaign.queries.schedules import may_see_schedule
from shian.domains.campaign.queries.submissions import may_see_submission
from shian.domains.campaign.queries.weeks import may_see_report, may_see_week
from shian.domains.duties.queries.letters import may_see_letter
from shian.domains.duties.queries.notices import may_see_notice as may_see_duty_notice
from shian.domains.duties.queries.seals import (
    may_see_duty_area,
    may_see_duty_board,
    may_see_duty_census,
    may_see_duty_match,
    may_see_duty_official,
    may_see_duty_plan,
    may_see_duty_tier,
    may_see_training,
    may_see_training_test,
)
from shian.domains.duties.queries.spotchecks import may_see_check
from shian.domains.duties.queries.uploads import may_see_upload
from shian.domains.duties.queries.visits import may_see_visit as may_see_duty_visit
from shian.domains.fieldchecks.queries.joint import may_see_joint
from shian.domains.fieldchecks.queries.points import may_see_point
from shian.domains.fieldchecks.queries.rounds import may_see_round as may_see_field_round
from shian.domains.fieldchecks.queries.supervisions import may_see_supervision
from shian.domains.fieldchecks.queries.teams import may_see_team
from shian.domains.fieldchecks.queries.visits import may_see_visit
from shian.engine.archives.models import ArchiveSet
from shian.engine.cases.queries import may_see_case
from shian.engine.draws.queries import may_see_draw
from shian.engine.exchange.models import ReportBatch
from shian.engine.forms.models import FormSubmission, Phone
from shian.engine.ledgers.models import LedgerRow
from shian.engine.reports.models import Document
from shian.kernel.accounts.permissions import any_user
from shian.kernel.imports.models import ImportBatch
from shian.kernel.notary.subjects import register_subject
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import key_of_code
from shian.registers.operators.models import Operator
from shian.registers.people.models import Organisation

OPEN_TO_STAFF = (
    "campaign.standard",
    "campaign.scoringversion",
    "areas.areaoutline",
    "census.codeissue",
    "forms.formversion",
)
ROWS: dict[str, tuple[ScopedQuerySet[Any], str]] = {
    "operators.operator": (Operator.objects.all(), "code"),
    "selfcontrol.operator": (Operator.objects.all(), "code"),
    "imports.importbatch": (ImportBatch.objects.all(), "pk"),
    "ledgers.ledgerrow": (LedgerRow.objects.all(), "pk"),
    "exchange.reportbatch": (ReportBatch.objects.all(), "pk"),
    "archives.archiveset": (ArchiveSet.objects.all(), "pk"),
    "reports.document": (Document.objects.all(), "pk"),
    "forms.formsubmission": (FormSubmission.objects.all(), "pk"),
    "forms.phone": (Phone.objects.all(), "pk"),
    "people.organisation": (Organisation.objects.all(), "code"),
}


def connect() -> None:
    """The whole list."""
    for kind, (rows, field) in ROWS.items():
        register_subject(kind, _RowReader(rows, field))
    for kind in OPEN_TO_STAFF:
        register_subject(kind, _any_user)
    register_subject("cases.case", may_see_case)
    register_subject("duties.visit", may_see_duty_visit)
    register_subject("campaign.evaluation", may_see_evaluation)
    register_subject("campaign.schedule", may_see_schedule)
    register_subject("campaign.appraisal", may_see_appraisal)
    register_subject("campaign.meeting", may_see_meeting)
    register_subject("campaign.paper", may_see_paper)
    register_subject("campaign.week", may_see_week)
    register_subject("campaign.weekreport", may_see_report)
    register_subject("campaign.liaisons", may_see_liaisons)
    register_subject("draws.draw", may_see_draw)
    register_subject("campaign.evidence", may_see_evidence)
    register_subject("campaign.briefing", may_see_briefing)
    register_subject("campaign.dispatch", may_see_dispatch)
    register_subject("campaign.weeklynotice", may_see_notice)
    register_subject("campaign.reviewround", may_see_round)
    register_subject("campaign.submission", may_see_submission)
    register_subject("campaign.unitranking", may_see_ranking)
    register_subject("campaign.appraisalentry", may_see_entry)
    register_subject("duties.letter", may_see_letter)
    register_subject("duties.tier", may_see_duty_tier)
    register_subject("duties.match", may_see_duty_match)
    register_subject("duties.plan", may_see_duty_plan)
    register_subject("duties.official", may_see_duty_official)
    register_subject("duties.board", may_see_duty_board)
    register_subject("duties.census", may_see_duty_census)
    register_subject("duties.spotcheck", may_see_check)
    register_subject("duties.notice", may_see_duty_notice)
    register_subject("duties.upload", may_see_upload)
    register_subject("duties.area", may_see_duty_area)
    register_subject("duties.training", may_see_training)
    register_subject("duties.trainingtest", may_see_training_test)
    register_subject("fieldchecks.point", may_see_point)
    register_subject("fieldchecks.round", may_see_field_round)
    register_subject("fieldchecks.team", may_see_team)
    register_subject("fieldchecks.visit", may_see_visit)
    register_subject("fieldchecks.joint", may_see_joint)
    register_subject("fieldchecks.supervision", may_see_supervision)
    for kind in ("campaign.item", "measures.figure"):
        register_subject(kind, _reaches_area)


class _RowReader:
    """Whether the row that a key names is visible to the user."""

    def __init__(self, rows: ScopedQuerySet[Any], field: str) -> None:
        self.rows, self.field = rows, field

    def __call__(self, user: Any, key: str) -> bool:
        return self.rows.all().has_visible(user, **{self.field: key})


def _any_user(user: Any, key: str) -> bool:
    return any_user(user).allowed


def _reaches_area(user: Any, key: str) -> bool:
    """ "<item>/<area code>": the area lies inside the user's reach."""
    _, _, area = key.rpartition("/")
    try:
        return reach_of(user).covers(key_of_code(area))
    except ValueError:
        return False
