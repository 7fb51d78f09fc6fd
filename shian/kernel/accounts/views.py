"""Activation: the owner of an account sets its first password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.actions import activate_user
from shian.kernel.accounts.forms import ActivationForm
from shian.kernel.accounts.permissions import open_to_all


@open_to_all
def account_activate(request: HttpRequest) -> HttpResponse:
    form = ActivationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        activate_user(user=form.user, password=form.cleaned_data["password"], at=timezone.now())
        messages.success(request, _("账号已激活，请用新密码登录。"))
        return redirect("account_login")
    return render(request, "accounts/account_activate.html", {"form": form})
