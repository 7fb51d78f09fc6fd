"""我的账户: what one's own account is, how it is protected, where it is signed in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts import actions
from shian.kernel.accounts.adapter import set_preferences
from shian.kernel.accounts.forms import PreferencesForm
from shian.kernel.accounts.permissions import any_account, requires
from shian.kernel.accounts.queries import held_posts, open_sessions
from shian.kernel.accounts.tables import account_notes, factor_facts, own_facts


def own_page(request: HttpRequest, form: PreferencesForm) -> HttpResponse:
    user: Any = request.user
    shown = {
        "facts": own_facts(user),
        "posts": held_posts(user, user),
        "factors": factor_facts(user),
        "notes": account_notes(user),
        "sessions": open_sessions(user, request.session.session_key),
        "form": form,
    }
    return render(request, "accounts/account_detail.html", shown)


@requires(any_account)
def account_detail(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    chosen = {"language": user.language or request.LANGUAGE_CODE, "theme": user.theme}
    return own_page(request, PreferencesForm(initial=chosen))


@requires(any_account)
@require_POST
def preferences_save(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return own_page(request, form)
    actions.save_preferences(user=user, **form.cleaned_data, at=timezone.now())
    activate(user.language)
    messages.success(request, _("已保存。"))
    response = redirect("accounts:account_detail")
    set_preferences(response, user)
    return response


@requires(any_account)
@require_POST
def session_end(request: HttpRequest, key: int) -> HttpResponse:
    user: Any = request.user
    if not actions.end_session(user=user, key=key, by=user.username, at=timezone.now()):
        raise Http404
    messages.success(request, _("该会话已结束。"))
    return redirect("accounts:account_detail")


@requires(any_account)
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    current = request.session.session_key or ""
    count = actions.end_other_sessions(user=user, current_key=current, by=user.username, at=timezone.now())
    messages.success(request, _("已结束其他 %(count)s 个会话。") % {"count": count})
    return redirect("accounts:account_detail")
