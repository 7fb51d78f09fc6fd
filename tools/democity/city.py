"""Puts a city's registers together in import order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tools.democity.areas import area_resource, population_resource, residents_by_year, settle
from tools.democity.campaign_bodies import fill_bodies, meeting_resource, paper_resources, training_resource
from tools.democity.cases import make_cases
from tools.democity.chains import link_chains
from tools.democity.coldchain import coldchain_resources
from tools.democity.dispatches import dispatch_resource
from tools.democity.duty_quarters import quarter_resources
from tools.democity.duty_spotchecks import duty_spotcheck_resources
from tools.democity.duty_trainings import duty_training_resources
from tools.democity.duty_visits import duty_visit_resource
from tools.democity.evidence import evidence_resource
from tools.democity.ledgers import make_ledgers
from tools.democity.markets import make_trade
from tools.democity.mechanisms import mechanism_resources
from tools.democity.names import Namer, read_vocabulary
from tools.democity.officials import make_roster, roster_resources
from tools.democity.operators import make_operators, operator_resource
from tools.democity.organisations import make_organisations, organisation_resource
from tools.democity.package import Resource, write_package, write_xlsx
from tools.democity.people import make_staff, people_resources
from tools.democity.place import PACKS, Place, read_place
from tools.democity.points import add_benchmarks, point_resource
from tools.democity.products import product_resource
from tools.democity.rounds import round_resources
from tools.democity.scheduling import plan_resource
from tools.democity.selfcontrol import selfcontrol_resources
from tools.democity.siting import Siting
from tools.democity.teams import team_resources
from tools.democity.tiering import census_resource, make_tiering, tier_resource
from tools.democity.verdicts import verdict_resource
from tools.democity.visits import visit_resource
from tools.democity.weeks import week_resource


@dataclass
class City:
    """A made city, ready to be written."""

    place: Place
    resources: list[Resource]
    later: Callable[[], list[Resource]]

    def write(self, folder: Path, *, xlsx: bool = False) -> None:
        write_package(folder, self.head(), self.resources)
        if xlsx:
            operators = next(resource for resource in self.resources if resource.name == "operators")
            write_xlsx(folder / "operators.xlsx", "食品生产经营主体", operators, self.place.today)

    def write_later(self, folder: Path) -> None:
        """The heavy files that a demo's worker takes while people look around already."""
        head = self.head()
        write_package(folder, {**head, "name": f"{head['name']}-later"}, self.later())

    def head(self) -> dict[str, Any]:
        place = self.place
        return {
            "name": f"democity-{place.name}",
            "title": f"{place.unit.name}演示数据包（合成数据）",
            "description": "区划为真实公开数据；主体、人员、台账均为合成数据，不对应任何真实单位或个人。",
            "created": f"{place.today.isoformat()}T00:00:00Z",
            "licenses": [{"name": "CC0-1.0"}],
            "shian": {
                "city": place.name,
                "area": place.unit.code,
                "as_of": place.as_of.isoformat(),
                "today": place.today.isoformat(),
                "seed": place.seed,
                "scale": place.scale,
            },
        }


def make_city(name: str, *, seed: int = 1, today: date, scale: float = 1.0, packs: Path = PACKS) -> City:
    place = read_place(name, seed=seed, today=today, scale=scale, packs=packs)
    vocabulary = read_vocabulary(packs / "dictionaries" / "vocabulary.yaml")
    settle(place)
    organisations = make_organisations(place)
    staff = make_staff(place, organisations, Namer(vocabulary, place, place.dice("people")))
    fill_bodies(place, organisations, staff, Namer(vocabulary, place, place.dice("campaign bodies")))
    years = residents_by_year(place)
    residents = years[max(day for day in years if day <= place.as_of)]
    dice = place.dice("operators")
    siting, namer = Siting(place, residents, dice), Namer(vocabulary, place, dice)
    operators = make_operators(place, siting, namer)
    link_chains(place, operators, namer, place.dice("chains"))
    resources = [
        area_resource(place),
        population_resource(place),
        organisation_resource(organisations),
        *people_resources(staff),
        product_resource(vocabulary),
        operator_resource(operators),
        *make_ledgers(place, vocabulary, operators, residents, packs),
    ]
    points, benchmarks = point_resource(place, operators, residents, vocabulary, packs)
    add_benchmarks(resources, benchmarks)
    resources += [points] if points else []
    tiering = make_tiering(place, operators, packs)
    if tiering is not None:
        officials = Namer(vocabulary, place, place.dice("officials"))
        roster = make_roster(place, tiering, officials, staff, organisations, packs)
        named, matched, letters = roster_resources(place, tiering, roster)
        resources += [named, census_resource(place, tiering), tier_resource(tiering), matched, letters]
    owners = Namer(vocabulary, place, place.dice("safety staff"))
    resources += [*selfcontrol_resources(place, operators, owners), *mechanism_resources(place, operators, owners)]
    trade = make_trade(place, operators, vocabulary, Namer(vocabulary, place, place.dice("trade")))
    resources += trade.resources() if trade else []
    resources += coldchain_resources(place, operators, resources, Namer(vocabulary, place, place.dice("cold namer")))
    resources += round_resources(place)
    resources += team_resources(place, organisations, staff, packs)
    verdicts = verdict_resource(place, staff.reviewers, packs)
    if verdicts is not None:
        resources.append(verdicts)
    resources += [meeting_resource(place, organisations), training_resource(place, organisations, staff)]
    resources += paper_resources(place, organisations)
    weeks = week_resource(place, organisations)
    if weeks is not None:
        resources.append(weeks)
    evidence = evidence_resource(place, organisations, packs)
    if evidence is not None:
        resources.append(evidence)
    resources.append(dispatch_resource(place, organisations))
    plan = plan_resource(place)
    resources += [plan] if plan else []
    book = make_cases(place, staff, operators, packs)
    later: list[Callable[[], list[Resource]]] = [trade.later] if trade else []
    if tiering is not None:
        resources += duty_training_resources(place, roster.rows)
        rounds = duty_visit_resource(place, roster.matches, operators, book)
        if rounds:
            resources += [rounds, *duty_spotcheck_resources(place, rounds.rows, operators, book)]
        later.insert(0, partial(quarter_resources, place, roster.matches, operators))
    visits = visit_resource(place, points, book, operators)
    resources += [visits] if visits else []
    resources += book.resources()
    return City(place, resources, lambda: [each for make in later for each in make()])
