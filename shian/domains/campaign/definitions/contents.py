"""What a one-click report (A-06) is made of."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.queries.contents import Content, evidence_of, replies_of, tasks_of, weekly_of

CONTENTS = (
    Content("weekly", _("周台账"), 10, weekly_of),
    Content("evidence", _("佐证材料"), 20, evidence_of),
    Content("tasks", _("任务进度"), 30, tasks_of),
    Content("replies", _("问题和督办卡回复"), 40, replies_of),
)
