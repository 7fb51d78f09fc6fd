"""Visits for tests: an official with an account, a sheet filled in, the units that see to what was found."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from shian.domains.duties.models import Match, Official, Training, TrainingAttendance
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import assignment_key, sheet_of
from shian.domains.duties.tests.factories import (
    COUNTY,
    LEVEL_OF,
    TOWN,
    VILLAGE,
    make_match,
    make_official,
    make_operator,
    make_tier,
)
from shian.engine.forms.actions import Sent, receive_answers
from shian.engine.forms.models import FormSubmission, FormVersion
from shian.engine.forms.page_posts import Circumstances
from shian.engine.forms.queries import version_in_force
from shian.engine.forms.tests.packed import issue_packed_forms
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 11, 24, 10, 0, tzinfo=ZONE)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "a7f605810000000049454e44ae426082"
)


def picture(name: str) -> BytesIO:
    """A small picture."""
    found = BytesIO(PNG)
    found.name = name
    return found


class Village:
    """固安 with its bureau and the station of 固安镇; a trained village official with an account."""

    def __init__(self) -> None:
        issue_packed_forms(NOW)
        self.bureau = OrganisationFactory(code="131022-SAMR", area_code=COUNTY, department_code="SAMR")
        self.station_unit = OrganisationFactory(code="131022100-ST", area_code=TOWN, kind="监管所")
        self.other_station = OrganisationFactory(code="131022101-ST", area_code="131022101", kind="监管所")
        self.government = OrganisationFactory(code="131022100-GOV", area_code=TOWN, kind="街乡镇政府")
        self.county = self.account("county", self.bureau, Role.COUNTY, COUNTY)
        self.station = self.account("station", self.station_unit, Role.STATION, TOWN)
        self.user = self.account("cadre", self.government, Role.STATION, VILLAGE)
        self.official = make_official(person=self.user.person)
        self.training = trained(self.official)

    def account(self, name: str, unit: Any, role: Role, area: str) -> User:
        """Somebody who holds a post in the unit."""
        user = User.objects.create(username=name, display_name=f"某{name}", role=role)
        PostFactory(person=PersonFactory(user=user, name=f"某{name}"), organisation=unit, area_code=area)
        return user

    def business(self, tier: str = "D", **given: Any) -> Match:
        """One more that the official answers for (of another tier: somebody else of its level)."""
        operator = make_operator(**{"lat": "39.400000", "lon": "116.300000", **given})
        official = self.official if tier == "D" else make_official(LEVEL_OF[tier], person=self.user.person)
        return make_match(operator, official, make_tier(operator, tier))


def trained(*officials: Official, on: datetime = NOW, area: str = COUNTY) -> Training:
    """A training that was held in October, with these officials."""
    day = on.date().replace(month=10, day=9)
    made = Training.objects.create(
        number=f"PX{uuid4().hex[:8]}", topic="包保督导怎么做", area_code=area, planned_on=day, held_on=day,
        state="recorded", planned_at=on, planned_by="test", **columns_of_key(key_of_code(area)),
    )  # fmt: skip
    TrainingAttendance.objects.bulk_create(TrainingAttendance(training=made, official=each) for each in officials)
    return made


def sheet(match: Match, by: User, *, at: datetime = NOW, wrong: Mapping[int, str] = {}, **more: Any) -> FormSubmission:
    """The business's sheet received: every question 是 but those of `wrong` (place in the sheet → answer)."""
    version, answers, files = filled_in(match, at, wrong)
    for name, value in more.get("answers", {}).items():
        if value is None:
            files.pop(str(answers.pop(name, "")), None)
        else:
            answers[name] = value
    told = Circumstances(assignment=assignment_key(match) if more.get("assigned", True) else "")
    instance = more.get("instance", f"uuid:{uuid4()}")
    return receive_answers(version=version, instance_id=instance, digest=instance, answers=answers, totals={},
                           sent=Sent(by=by, at=more.get("received", at), files=files, circumstances=told))  # fmt: skip


def filled_in(
    match: Match, at: datetime, wrong: Mapping[int, str]
) -> tuple[FormVersion, dict[str, Any], dict[str, Any]]:
    """The version of the business's sheet, its answers, and its pictures by name."""
    key = sheet_of(match, numbers_at(at.date()))
    version = version_in_force(key, at.date())
    assert version is not None
    files: dict[str, Any] = {}
    answers: dict[str, Any] = {
        "operator": match.operator.code, "level": match.level, "is_trained": "yes", "may_remote": "yes",
        "way": "onsite", "place": {"lat": 39.4, "lon": 116.3, "accuracy": 12}, "start": at.isoformat(),
        "end": at.isoformat(), "asked": 3, "known": 2, "opinion": "保持",
    }  # fmt: skip
    for number, item in enumerate(version.definition.items, start=1):
        answers[item.name] = wrong.get(number, "yes")
        if answers[item.name] == "no":
            answers |= {f"{item.name}_photo": f"{item.name}.png", f"{item.name}_note": "没有做到"}
            files[f"{item.name}.png"] = picture(f"{item.name}.png")
        if answers[item.name] == "na":
            answers[f"{item.name}_reason"] = "没有这项业务"
    for name in ("signature_operator", "signature_official"):
        answers[name], files[f"{name}.png"] = f"{name}.png", picture(f"{name}.png")
    return version, answers, files


REMOTE: dict[str, Any] = {"way": "remote", "place": None, "signature_operator": None}
