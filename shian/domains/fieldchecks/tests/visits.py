"""Visits for tests: a unit with its people, sheets filled in, pictures."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits
from shian.domains.fieldchecks.models import FieldPoint, FieldVisit
from shian.domains.fieldchecks.queries.visits import assignment_key, entity_of
from shian.engine.forms.actions import Sent, receive_answers
from shian.engine.forms.models import FormSubmission
from shian.engine.forms.page_posts import Circumstances
from shian.engine.forms.queries import version_in_force
from shian.engine.forms.tests.packed import issue_packed_forms
from shian.kernel.accounts.models import Role, User
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 11, 24, 10, 0, tzinfo=ZONE)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "a7f605810000000049454e44ae426082"
)


def picture(name: str = "a.png") -> BytesIO:
    """A small picture."""
    found = BytesIO(PNG)
    found.name = name
    return found


class Crew:
    """The city's office with two checkers; the bureau and the station of 固安, which is checked; a neighbour county."""

    def __init__(self) -> None:
        issue_packed_forms(NOW)
        self.issuer = OrganisationFactory(code="1310-CAMPO", area_code="131000")
        self.bureau = OrganisationFactory(code="131022-SAMR", area_code="131022", department_code="SAMR")
        self.station_unit = OrganisationFactory(code="131022100-ST", area_code="131022100", kind="监管所")
        self.lead = account("lead", self.issuer, Role.OFFICE, "131000")
        self.second = account("second", self.issuer, Role.OFFICE, "131000")
        self.county = account("county", self.bureau, Role.COUNTY, "131022")
        self.station = account("station", self.station_unit, Role.STATION, "131022100")
        self.clerk = account("clerk", self.station_unit, Role.STATION, "131022100")
        self.visitor = account("visitor", OrganisationFactory(code="131002-SAMR", area_code="131002"), Role.STATION,
                               "131002")  # fmt: skip

    def sent_to(self, *points: FieldPoint, at: datetime = NOW, **team: Any) -> list[FieldVisit]:
        """Visits of these points by the two checkers."""
        forms = {"M19": "open_M19", "M18": "open_M18", "A03": "covert_A03"}
        errand = Errand([(each, forms[each.format]) for each in points])
        who = Team(self.issuer, team.get("lead", self.lead), team.get("second", self.second))
        return assign_visits(errand=errand, team=who, by=self.lead, at=at)


def account(name: str, unit: Organisation, role: Role, area: str) -> User:
    """Somebody who holds a post in the unit."""
    user = User.objects.create(username=name, display_name=f"某{name}", role=role)
    PostFactory(person=PersonFactory(user=user, name=f"某{name}"), organisation=unit, area_code=area)
    return user


def sheet(
    visit: FieldVisit, by: User, *, at: datetime = NOW, failed: Mapping[str, str] = {}, **more: Any
) -> FormSubmission:
    """The visit's form filled in: every item passed but those of `failed` (place in the sheet → answer). put_right:
    places whose items have a second photo; taken: when the two were taken; ended, clock: by the device."""
    version = version_in_force(visit.form, at.date())
    assert version is not None
    form, files = version.definition, {}
    answers: dict[str, Any] = {"operator": entity_of(visit), "place": {"lat": 39.4, "lon": 116.3, "accuracy": 12},
                               "start": more.get("started", at).isoformat(), "end": more.get("ended", at).isoformat(),
                               "opinion": "保持生熟分开"}  # fmt: skip
    for number, item in enumerate(form.items, start=1):
        answers[item.name] = failed.get(str(number), "pass")
        if answers[item.name] in {"fail", "part"}:
            answers |= {f"{item.name}_photo": f"{item.name}.png", f"{item.name}_note": "现场不符合"}
            files[f"{item.name}.png"] = picture()
        if str(number) in more.get("put_right", ()):
            answers[f"{item.name}_after"] = f"{item.name}_after.png"
            files[f"{item.name}_after.png"] = picture()
        if answers[item.name] == "na":
            answers[f"{item.name}_reason"] = "没有看到"
    if not visit.is_covert:
        for name in ("signature_operator", "signature_team"):
            answers[name], files[f"{name}.png"] = f"{name}.png", picture()
    answers |= more.get("answers", {})
    taken = more.get("taken", {})
    photos = {
        name: {"taken_at": taken["after" if name.endswith("_after.png") else "photo"].isoformat()}
        for name in files if taken and name.startswith("item_")
    }  # fmt: skip
    told = Circumstances(
        assignment=assignment_key(visit) if more.get("assigned", True) else "", clock=more.get("clock"),
        ended_at=more.get("ended"), photos=photos,
    )  # fmt: skip
    instance = more.get("instance", f"uuid:{uuid4()}")
    return receive_answers(version=version, instance_id=instance, digest=instance, answers=answers, totals={},
                           sent=Sent(by=by, at=at, files=files, circumstances=told))  # fmt: skip
