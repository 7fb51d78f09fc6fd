"""Cross checks (F-12): which area's team checks which other area in a round."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.rounds import FieldRound
from shian.domains.fieldchecks.models.teams import FieldTeam
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class CrossCheck(AreaScoped):
    """A team's foreign area in a round; the area columns are those of the area that is checked. `own_key`: the team's
    own area. The database refuses a team for its own area."""

    round = models.ForeignKey(FieldRound, on_delete=models.CASCADE, related_name="crosschecks")
    team = models.ForeignKey(FieldTeam, on_delete=models.PROTECT, related_name="+", verbose_name=_("检查队伍"))
    own_key = models.CharField(max_length=12)
    checked_key = models.CharField(max_length=12)
    paired_at = models.DateTimeField(_("配对时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "team"], name="fieldchecks_crosscheck_team_once"),
            models.UniqueConstraint(fields=["round", "checked_key"], name="fieldchecks_crosscheck_area_once"),
            models.CheckConstraint(condition=~Q(own_key=F("checked_key")), name="fieldchecks_crosscheck_never_own"),
        ]

    def __str__(self) -> str:
        return f"{self.own_key} → {self.checked_key}"
