"""Shared by the tests of the campaign. Imports wait until Django is set up."""

from datetime import date
from decimal import Decimal

import pytest


@pytest.fixture
def city(db):
    """Areas and the standard in force."""
    from shian.domains.campaign.tests.factories import make_areas, make_standard

    make_areas()
    make_standard()


@pytest.fixture
def registers(monkeypatch):
    """Figures by (measure, area key) instead of the registers' own; what is not there is unknown."""
    from shian.domains.campaign.queries import inputs, vetoes
    from shian.engine.measures.queries import Figure

    values = {}

    def figures(keys, *, as_of, area_prefix, period=None, levels=(), areas=()):
        def figure(key, area):
            number = values.get((key, area))
            value = None if number is None else Decimal(number)
            return Figure(key, area, as_of, "", value, reason="" if number else "台账为空")

        return {key: {area: figure(key, area) for area in areas} for key in keys}

    monkeypatch.setattr(inputs, "figures", figures)
    monkeypatch.setattr(vetoes, "figures", figures)
    return values


@pytest.fixture
def evaluate(city, registers):
    """Runs an evaluation of the small city."""
    from shian.domains.campaign.actions import evaluate_area
    from shian.domains.campaign.tests.factories import AS_OF, AT

    def run(area: str = "131000", as_of: date = AS_OF):
        return evaluate_area(area=area, as_of=as_of, by="office", at=AT)

    return run
