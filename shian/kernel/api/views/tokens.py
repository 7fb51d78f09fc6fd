"""访问令牌: one's own keys for programs."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import confirms, requires
from shian.kernel.api import actions
from shian.kernel.api.forms import TokenForm
from shian.kernel.api.models import Token
from shian.kernel.api.permissions import TOKEN_MANAGE
from shian.kernel.api.queries import tokens_of
from shian.kernel.api.tables import TOKENS, state_of, token_row
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import Empty, ListQuery, Table


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("我的账户"), reverse("accounts:account_detail")), *more]


@requires(TOKEN_MANAGE)
def token_list(request: HttpRequest) -> HttpResponse:
    query, now = ListQuery.read(request.GET, TOKENS), timezone.now()
    found = keyset_page(tokens_of(request.user), query)
    empty = Empty(_("还没有访问令牌"), _("其他系统或程序要读取数据时，在这里为它建立一个。"))
    page = ListPage(
        _("访问令牌"),
        Table(TOKENS, [token_row(each, now) for each in found.items], query=query, page=found, empty=empty),
        unit=_("个"),
        summary=_("程序凭令牌以您的身份读取数据，范围不超过您的辖区和角色；建立、撤销都存证。"),
        crumbs=_crumbs(),
        actions=[
            Action(_("接口说明"), reverse("api:reference_detail"), icon="notebook"),
            Action(_("新建令牌"), reverse("api:token_create"), icon="plus", kind="primary"),
        ],
    )
    return render(request, "ui/page_list.html", {"list": page})


@requires(TOKEN_MANAGE)
@confirms
def token_create(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token, key = actions.create_token(owner=request.user, **form.cleaned_data, at=timezone.now())
        answer = render(request, "api/token_created.html", {"token": token, "key": key, "crumbs": _own()})
        answer.headers["Cache-Control"] = "no-store"
        return answer
    page = FormPage(
        title=_("新建令牌"),
        form=form,
        submit=_("建立"),
        groups=[FieldGroup(_("用途"), ["name", "days"]), FieldGroup(_("权限"), ["scopes"])],
        consequence=_("令牌只显示一次，系统只保存它的摘要。"),
        cancel_url=reverse("api:token_list"),
        crumbs=_own(),
    )
    return render(request, "ui/page_form.html", {"page": page})


def _own() -> list[Crumb]:
    return _crumbs(Crumb(_("访问令牌"), reverse("api:token_list")))


@requires(TOKEN_MANAGE)
def token_revoke(request: HttpRequest, number: int) -> HttpResponse:
    token = tokens_of(request.user).filter(pk=number).first()
    if token is None:
        raise Http404(number)
    if request.method == "POST":
        actions.revoke_token(number=number, by=request.user, at=timezone.now())
        messages.success(request, _("令牌“%(name)s”已撤销，使用它的程序立即失去访问。") % {"name": token.name})
        return redirect("api:token_list")
    return _ask(request, token)


def _ask(request: HttpRequest, token: Token) -> HttpResponse:
    _state, word = state_of(token, timezone.now())
    context = {"token": token, "state": word, "crumbs": _own()}
    return render(request, "api/token_revoke.html", context)
