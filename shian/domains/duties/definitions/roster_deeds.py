"""What the sealed actions of tiers, officials, matches, letters and boards are called, on seals and in archives."""

from django.utils.translation import gettext_lazy as _

ROSTER_DEEDS = {
    "duties.census_recorded": _("摸底排查"),
    "duties.tiers_proposed": _("按规则分级"),
    "duties.tier_proposed": _("提出调整"),
    "duties.tiers_confirmed": _("确认层级"),
    "duties.tier_refused": _("不通过"),
    "duties.official_named": _("任命"),
    "duties.official_replaced": _("接替"),
    "duties.official_ended": _("离任"),
    "duties.match_changed": _("调整包保干部"),
    "duties.plan_made": _("提出对接方案"),
    "duties.plan_approved": _("批准对接方案"),
    "duties.plan_refused": _("不批准"),
    "duties.plan_stale": _("方案失效"),
    "duties.operators_followed": _("随主体变动更新"),
    "duties.letter_signed": _("签字"),
    "duties.letter_countersigned": _("对签"),
    "duties.boards_printed": _("打印公示板"),
    "duties.boards_delivered": _("送达公示板"),
    "duties.board_posted": _("张贴公示板"),
}
