"""Who answered for an operator on a day: the operator's own director and officer beside the official, and its code.

Officials belong to duties, the operator's people to selfcontrol, codes to census; none knows the others.
"""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from shian.domains.census.actions import signing_key
from shian.domains.census.queries.codes import live_code
from shian.domains.census.rules.codes import signed_token
from shian.domains.duties.queries.boards import register_code_url
from shian.domains.duties.queries.responsibility import Holder, register_holders
from shian.domains.selfcontrol.queries.staff import posts_on
from shian.registers.operators.models import Operator


def connect() -> None:
    """Hand both to duties."""
    register_holders(own_people)
    register_code_url(code_url)


def own_people(operator: Operator, day: date) -> Iterator[Holder]:
    """Director and officers in post on the day."""
    for duty, name, since in posts_on(operator, day):
        yield Holder(duty, name, since)


def code_url(operator: Operator) -> str:
    """The public page behind the operator's code; "" without one."""
    code = live_code(operator)
    return reverse("public:code_detail", args=[signed_token(code.serial, signing_key())]) if code else ""
