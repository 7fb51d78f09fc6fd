"""Charts and maps as data. The islands of the front end draw them; the table beneath is HTML and always stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from shian.kernel.ui.cells import value_html
from shian.kernel.ui.states import Text


@dataclass(frozen=True)
class Series:
    name: Text
    values: Sequence[float | int | None]
    state: str = ""  # colour by state instead of by order


@dataclass(frozen=True)
class Chart:
    """kind: bar, line, hbar. Bars start at zero; `target` draws a line; at most 7 series; the table always stays."""

    id: str
    title: Text
    categories: Sequence[Text]
    series: Sequence[Series]
    kind: str = "bar"
    unit: Text = ""
    x_title: Text = ""
    y_title: Text = ""
    target: float | None = None
    csv_url: str = ""
    urls: Sequence[str] = ()  # one per category: a click opens it
    states: Sequence[str] = ()  # one per category: colours the bars of a single series

    @property
    def props(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": str(self.title),
            "unit": str(self.unit),
            "xTitle": str(self.x_title),
            "yTitle": str(self.y_title),
            "target": self.target,
            "categories": [str(name) for name in self.categories],
            "series": [{"name": str(s.name), "values": list(s.values), "state": s.state} for s in self.series[:7]],
            "urls": list(self.urls),
            "states": list(self.states),
        }

    @property
    def lines(self) -> list[tuple[Text, list[SafeString]]]:
        """The rows of the table beneath: category, then one value per series."""
        return [
            (name, [value_html(s.values[i] if i < len(s.values) else None, "number") for s in self.series])
            for i, name in enumerate(self.categories)
        ]


@dataclass(frozen=True)
class MapArea:
    key: str
    name: Text
    value: float | int | None = None
    state: str = ""  # colours by state; else by value on one ramp
    url: str = ""


@dataclass(frozen=True)
class Map:
    """`outline_url` gives GeoJSON polygons whose property `key` matches MapArea.key. `points_url` gives GeoJSON
    points for ?bbox=w,s,e,n&zoom=z with properties count, name, url, clustered by the server, and state where points
    are coloured by it: `point_states` are the states with their words, for the legend. The table stays."""

    id: str
    title: Text
    outline_url: str
    areas: Sequence[MapArea] = ()
    unit: Text = ""
    points_url: str = ""
    note: Text = ""
    point_states: Sequence[tuple[str, Text]] = ()
    bounds: tuple[float, float, float, float] | None = None

    @property
    def props(self) -> dict[str, Any]:
        areas = [
            {"key": a.key, "name": str(a.name), "value": a.value, "state": a.state, "url": a.url} for a in self.areas
        ]
        return {
            "title": str(self.title),
            "outlineUrl": self.outline_url,
            "pointsUrl": self.points_url,
            "unit": str(self.unit),
            "areas": areas,
            "bounds": self.bounds,
            "pointStates": [{"state": state, "label": str(label)} for state, label in self.point_states],
        }

    @property
    def ranked(self) -> list[MapArea]:
        return sorted(self.areas, key=lambda a: (a.value is None, -(a.value or 0)))
