"""An action that refuses: beside its field, above the form, or above the next page; and how pages end."""

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from shian.kernel.ui.acting import Steps, acted, acted_or_told
from shian.kernel.ui.pages import FormPage


class Refused(ValueError):
    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class Other(Exception):
    """Nobody expected it."""


class NameForm(forms.Form):
    name = forms.CharField()


def refusing(error: Exception) -> Any:
    def act() -> None:
        raise error

    return act


def bound() -> NameForm:
    form = NameForm({"name": "x"})
    assert form.is_valid()
    return form


@pytest.mark.parametrize(
    ("error", "field", "place"),
    [(Refused("no", "name"), "", "name"), (Refused("no"), "name", "name"), (Refused("no"), "", "__all__"),
     (Refused("no", "elsewhere"), "", "__all__"), (KeyError("no"), "", "__all__")],
)  # fmt: skip
def test_a_refusal_stands_where_it_belongs(error: Exception, field: str, place: str) -> None:
    form = bound()

    assert acted(form, refusing(error), (Refused, KeyError), field) is False
    assert "no" in form.errors[place][0]


def test_what_is_done_leaves_no_error_and_what_nobody_expected_goes_on() -> None:
    form, done = bound(), list[int]()

    assert acted(form, lambda: done.append(1), Refused) is True
    assert (done, form.errors) == ([1], {})
    with pytest.raises(Other):
        acted(form, refusing(Other()), Refused)


def posted() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def told(request: HttpRequest) -> list[tuple[str, str]]:
    return [(each.level_tag, str(each)) for each in get_messages(request)]


def test_a_button_leaves_a_message_either_way() -> None:
    request = posted()

    assert acted_or_told(request, lambda: None, Refused, "done")
    assert not acted_or_told(request, refusing(Refused("no")), Refused, "done")
    assert told(request) == [("success", "done"), ("error", "no")]


def test_a_step_says_what_it_returned_and_goes_on() -> None:
    request = posted()

    answer = Steps(Refused).page(request, FormPage("t", bound(), "ok"), lambda: "done", "/then")

    assert (answer.status_code, answer["Location"], told(request)) == (302, "/then", [("success", "done")])


def test_a_step_that_is_refused_says_nothing_and_stands_in_its_form() -> None:
    request, form = posted(), bound()
    request.user = AnonymousUser()

    answer = Steps(Other, Refused).page(request, FormPage("t", form, "ok"), refusing(Refused("no", "name")), "/then")

    assert (answer.status_code, form.errors["name"], told(request)) == (200, ["no"], [])


def test_the_button_of_a_step_goes_on_either_way() -> None:
    request, steps = posted(), Steps(Refused)

    answers = [steps.button(request, each, "done", "/then") for each in (lambda: None, refusing(Refused("no")))]

    assert [each["Location"] for each in answers] == ["/then", "/then"]
    assert told(request) == [("success", "done"), ("error", "no")]


class Photo(forms.Form):
    photo = forms.FileField()


@pytest.mark.parametrize(("form", "sends_files"), [(Photo(), True), (forms.Form(), False)])
def test_a_form_with_a_file_sends_it(form: forms.Form, sends_files: bool) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    shown = Steps(Refused).page(request, FormPage("t", form, "ok"), lambda: "done", "/then").text

    assert ('enctype="multipart/form-data"' in shown) is sends_files
