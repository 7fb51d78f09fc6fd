"""What every page over an evaluation starts from: area, evaluation, names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.filters import ItemFilter
from shian.domains.campaign.models import Evaluation
from shian.domains.campaign.permissions import EVALUATION_RUN
from shian.domains.campaign.queries.evaluations import Sight, sight_for
from shian.kernel.ui.pieces import Action, AreaPicker, Callout, Crumb
from shian.registers.areas.tables import area_picker


@dataclass(frozen=True)
class Seen:
    """A page's subject: filters of the URL, the area and its evaluation, the area picker and the names it knows."""

    chosen: ItemFilter
    sight: Sight
    picker: AreaPicker
    names: dict[str, str]

    @property
    def evaluation(self) -> Evaluation:
        return self.sight.found

    @property
    def area_key(self) -> str:
        return self.sight.area_key

    @property
    def area_name(self) -> str:
        return self.names.get(self.area_key, self.area_key)

    @property
    def as_of(self) -> date:
        return self.evaluation.as_of

    @property
    def title(self) -> str:
        return f"{self.area_name} · {self.as_of}"


def seen(request: HttpRequest, *, is_until: bool = False) -> Seen:
    """Read area and date from the URL. Raises OutOfReach for an area beyond the user's reach.

    is_until: a day without an evaluation shows the newest one before it.
    """
    chosen = ItemFilter.read(request.GET)
    sight = sight_for(request.user, chosen.area, chosen.as_of, is_until=is_until)
    day = sight.evaluation.as_of if sight.evaluation else timezone.localdate()
    picker = area_picker(request.user, sight.area_key, day)
    names = dict(picker.names)
    if sight.area_key and sight.area_key not in names:
        names[sight.area_key] = _own_name(sight.area_key, day)
    return Seen(chosen, sight, picker, names)


def _own_name(key: str, day: date) -> str:
    """The picker knows no village, and nothing that is not in force on the day."""
    from shian.kernel.scope.rules import code_of_key
    from shian.registers.areas.queries import area_at

    found = area_at(code_of_key(key), day)
    return found.name if found else code_of_key(key)


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("创建评价"), reverse("campaign:item_list")), *more]


def weights_callout(evaluation: Evaluation) -> Callout | None:
    """Said wherever a score is shown, until a city enters its own weights."""
    if not evaluation.scoring.is_illustrative:
        return None
    return Callout(
        _("示例权重"),
        _("大项分值和折算办法是为演示设定的（%(version)s），不是评价细则规定的分值；录入本市权重后自动替换。")
        % {"version": evaluation.scoring.title},
        state="due",
    )


def run_action(user: Any) -> list[Action]:
    """The button that starts an evaluation, for those who may."""
    if not EVALUATION_RUN(user).allowed:
        return []
    return [Action(_("运行评价"), reverse("campaign:evaluation_run"), icon="refresh", kind="primary")]
