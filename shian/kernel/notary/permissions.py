"""Who may open the pages of the log. This app stands below accounts and so cannot use its decorators."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may_look(user: Any) -> bool:
    """Whoever is signed in; which seals they may open, the view decides by the record (subjects.py)."""
    return bool(user.is_authenticated and user.is_active)


def for_everybody(view: View[P]) -> View[P]:
    """The public half of the log: no sign-in, nothing in it that is not published."""
    opened: View[P] = login_not_required(view)
    opened.stated_permission = None  # type: ignore[attr-defined]
    return opened


def for_signed_in(view: View[P]) -> View[P]:
    """The private half: entries, salts, exports."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_look(request.user):
            raise PermissionDenied(_("请先登录。"))
        return view(request, *args, **kwargs)

    guarded.stated_permission = may_look  # type: ignore[attr-defined]
    return cast("View[P]", login_required(guarded))
