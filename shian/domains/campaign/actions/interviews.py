"""Preparing an interview: the pack is written, kept as evidence and the step taken, in one go."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import INTERVIEW_PREPARE
from shian.domains.campaign.queries.interviews import INTERVIEW, Pack
from shian.engine.cases.actions import CaseRefused, Evidence, Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseEvent
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.actions import store_file

PACK_KIND = "pack"


@transaction.atomic
def prepare_interview(
    *, case: Case, pack: Pack, paper: bytes, questions: str, seen: int, by: Any, at: datetime
) -> CaseEvent:
    """Keep the paper with the case and take the step; a later pack stands beside the earlier one.

    Raises CaseRefused (a pack without a figure among it), CaseChanged, PermissionDenied, OutOfReach.
    """
    name = acting(INTERVIEW_PREPARE, by, case.area)
    if not pack.known:
        raise CaseRefused(_("没有可用的数据，不能生成访谈资料。请先运行评价。"))
    title = f"{case.data['position']}访谈资料{timezone.localdate(at):%Y%m%d}.docx"
    stored = store_file(name=title, stream=BytesIO(paper), kinds=("docx",), by=name, at=at)
    given = Given(files=[Evidence(stored, title, PACK_KIND)], data={"question_set": questions.strip()})
    declared = case_type(INTERVIEW)
    return move_case(declared=declared, case=case, step=declared.step("prepare"), seen=seen, given=given, by=by, at=at)
