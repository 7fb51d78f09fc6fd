"""The closed loops of the campaign: what must be done, who does it, by when, and who says that it is done."""

from shian.domains.campaign.definitions.cases.appeals import APPEAL
from shian.domains.campaign.definitions.cases.commendations import COMMENDATION
from shian.domains.campaign.definitions.cases.interviews import INTERVIEW
from shian.domains.campaign.definitions.cases.keeping import KEEPING
from shian.domains.campaign.definitions.cases.problems import PROBLEM
from shian.domains.campaign.definitions.cases.proposals import PROPOSAL
from shian.domains.campaign.definitions.cases.receptions import RECEPTION
from shian.domains.campaign.definitions.cases.rounds import INSPECTION, VISIT
from shian.domains.campaign.definitions.cases.selfchecks import SELF_CHECK
from shian.domains.campaign.definitions.cases.steps import STEP
from shian.domains.campaign.definitions.cases.tasks import CARD, TASK

CASE_TYPES = (
    TASK,
    STEP,
    CARD,
    PROBLEM,
    VISIT,
    INSPECTION,
    RECEPTION,
    INTERVIEW,
    SELF_CHECK,
    PROPOSAL,
    KEEPING,
    APPEAL,
    COMMENDATION,
)
