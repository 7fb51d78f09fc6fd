"""Before the sign-in: the owner of an account sets its first password."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shian.kernel.accounts.actions import activate_user
from shian.kernel.accounts.forms import ActivationForm
from shian.kernel.accounts.permissions import open_to_all


@open_to_all
@sensitive_post_parameters("code", "password", "password_again")
@never_cache
def account_activate(request: HttpRequest) -> HttpResponse:
    form = ActivationForm(request.POST or None, initial={"username": request.GET.get("username", "")})
    if request.method == "POST":
        # Counted with the failed sign-ins of this address: codes are not to be guessed either.
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
        if refused:
            return refused
        if form.is_valid():
            activate_user(user=form.user, password=form.cleaned_data["password"], at=timezone.now())
            messages.success(request, _("账号已激活，请用新密码登录。"))
            return redirect("account_login")
    return render(request, "accounts/account_activate.html", {"form": form})


@open_to_all
def mail_closed(request: HttpRequest) -> HttpResponse:
    """allauth's pages for mail addresses: accounts have none that open anything, so these do not exist."""
    raise Http404
