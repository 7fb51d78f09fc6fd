"""Every page asks for a sign-in unless its view says otherwise."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.i18n import set_language


class LoginRequiredMiddleware(DjangoLoginRequired):
    """As Django's own, with the language switch open: it stands on the sign-in page too."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if view_func is set_language:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
