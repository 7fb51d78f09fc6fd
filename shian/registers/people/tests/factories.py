"""Valid organisations, persons and posts by default; `reach_user` makes a user who holds a post."""

from datetime import date
from typing import Any

import factory

from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.people.models import Organisation, Person, Post


class _Located(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **kwargs: Any) -> Any:
        return super()._create(model_class, *args, **{**columns_of_key(key_of_code(kwargs["area_code"])), **kwargs})


class OrganisationFactory(_Located):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"131022-D{n}")
    name = factory.Sequence(lambda n: f"固安县第{n}局")
    kind = "政府部门"
    area_code = "131022"
    valid_from = date(2000, 1, 1)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    person_no = factory.Sequence(lambda n: f"P{n:05d}")
    name = "王安"


class PostFactory(_Located):
    class Meta:
        model = Post

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = "科员"
    kind = "监管人员"
    area_code = "131022"
    valid_from = date(2000, 1, 1)


def reach_user(username: str, area_code: str, role: Role = Role.COUNTY) -> User:
    """A user who holds one post for the area today."""
    user = User.objects.create(username=username, role=role)
    organisation = OrganisationFactory(code=f"{area_code}-{username}", area_code=area_code)
    PostFactory(person=PersonFactory(user=user), organisation=organisation, area_code=area_code)
    return user
