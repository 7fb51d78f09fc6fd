from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SnapshotsConfig(AppConfig):
    name = "shian.engine.snapshots"
    label = "snapshots"
    verbose_name = "每日快照"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav
        from shian.kernel.ui.panels import register_panel

        register_panel(record="figure", key="history", label=_("每日快照"), order=20, url=_history_url)
        register_nav(group="figures", label=_("每日快照"), url_name="snapshots:day_list", icon="calendar", order=20)


def _history_url(figure: Any) -> str:
    """The history of the figure that a page shows (measures.filters.FigureQuery)."""
    url: str = figure.url("snapshots:figure_history")
    return url
