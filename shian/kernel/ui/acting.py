"""What a page does with an action that may refuse: the refusal stands in the form, or above the page it came from."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from shian.kernel.ui.states import Text

Refusals = type[Exception] | tuple[type[Exception], ...]


def acted(form: BaseForm, act: Callable[[], object], refusals: Refusals, field: str = "") -> bool:
    """Do it, and say whether it was done. A refusal stands beside the field that it names (`.field`), else beside
    `field`, else above the form. Call it last: `request.method == "POST" and form.is_valid() and acted(…)`."""
    try:
        act()
    except refusals as refused:
        named: Any = getattr(refused, "field", "") or field
        form.add_error(named if named in form.fields else None, str(refused))
        return False
    return True


def acted_or_told(request: HttpRequest, act: Callable[[], object], refusals: Refusals, done: Text) -> bool:
    """A button: do it, and leave a message for the next page, `done` or the refusal. Says whether it was done."""
    try:
        act()
    except refusals as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, str(done))
    return True
