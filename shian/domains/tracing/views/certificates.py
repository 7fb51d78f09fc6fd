"""Certificates: list, record, label, the question at the gate, what everybody sees who scans one."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.actions.certificates import revoke_certificate
from shian.domains.tracing.forms.trade import ReasonForm
from shian.domains.tracing.models import Basis, Certificate, CertificateKind
from shian.domains.tracing.permissions import CERTIFICATE_KEEP, TRACING_READ, gate_keep
from shian.domains.tracing.queries.certificates import (
    Answer,
    CertificateChoice,
    answer_to,
    certificate_for,
    certificates_chosen,
    completion_of,
    presented,
)
from shian.domains.tracing.queries.chains import origins_of
from shian.domains.tracing.rules.certificates import Standing
from shian.domains.tracing.rules.naming import scanned
from shian.domains.tracing.tables.certificates import (
    CERTIFICATES,
    STANDINGS,
    certificate_rows,
    certificate_url,
    issuer_name,
    standing_cell,
)
from shian.domains.tracing.tables.orders import IN_ORDERS, in_rows, in_url
from shian.domains.tracing.views.shown import chain_of, filled, phone_on_paper, recalled, timeline_of
from shian.domains.tracing.views.steps import step_page
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.accounts.visitors import SECONDS, scan_limit
from shian.kernel.disclosures.asking import slowed_down
from shian.kernel.ui.codes import scan_code
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.tables import area_picker, in_reach

SHOWN = 20


def _choice(request: HttpRequest) -> CertificateChoice:
    told, producer = request.GET, request.GET.get("producer", "")
    return CertificateChoice(
        area=in_reach(request.user, picked_area(told.getlist("area"))),
        kind=told.get("kind", "") if told.get("kind") in CertificateKind.values else "",
        standing=told.get("state", "") if told.get("state") in {*Standing} - {Standing.UNKNOWN} else "",
        text=told.get("q", "").strip()[:60],
        producer=int(producer) if producer.isdecimal() and len(producer) < 10 else None,
    )


@requires(TRACING_READ)
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Certificates in the reader's reach, newest first; beside the targets of the year (E-07)."""
    choice, today = _choice(request), timezone.localdate()
    query = ListQuery.read(request.GET, CERTIFICATES, default_sort="-issued_on")
    page = keyset_page(certificates_chosen(request.user, choice), query)
    told = completion_of(request.user, today)
    empty = Empty(_("没有符合条件的合格证"), _("生产主体在手机上开具，或者整批导入。"))
    filters = [
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("合格证编号或品种")),
        Filter("kind", _("凭证种类"), options=[Option(*each) for each in CertificateKind.choices], value=choice.kind),
        Filter("state", _("状态"), options=[Option(key, word) for key, (word, _tone) in STANDINGS.items()
                                          if key != Standing.UNKNOWN], value=choice.standing),
    ]  # fmt: skip
    if choice.producer:
        filters.append(Filter("producer", "", kind="hidden", value=str(choice.producer)))
    found = ListPage(
        _("产地合格证"), Table(CERTIFICATES, list(certificate_rows(page.items)), query=query, page=page, empty=empty),
        unit=_("张"), filters=FilterBar(filters, area_picker(request.user, choice.area, today)),
        actions=[
            Action(_("核验合格证"), reverse("tracing:certificate_check"), icon="qrcode", kind="primary"),
            Action(_("生产主体"), reverse("tracing:producer_list"), icon="users"),
        ],
    )  # fmt: skip
    stats = [
        Stat(_("接入主体"), told.producers, unit=_("家"), url=reverse("tracing:producer_list"),
             **_beside(told.producers, told.producers_target, told.is_whole)),
        Stat(_("电子追溯合格证"), told.certificates, unit=pgettext("lot", "批次"),
             **_beside(told.certificates, told.certificates_target, told.is_whole)),
        Stat(_("停止上传的主体"), told.silent, unit=_("家"), state="due" if told.silent else "done",
             state_label=_("需跟进") if told.silent else "",
             url=f"{reverse('tracing:producer_list')}?state=silent"),
    ]  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": found, "stats": stats, "notes": []})


def _beside(count: int, target: int, is_whole: bool) -> dict[str, Any]:
    """How far the city's target is reached, for whoever reads the whole city; for others what the city's target is."""
    if is_whole:
        return {"part": count, "whole": target, "note": _("目标 %(target)s") % {"target": f"{target:,}"}}
    return {"note": _("全市目标 %(target)s") % {"target": f"{target:,}"}}


@requires(TRACING_READ)
def certificate_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate: what it promises, what it was made from, which markets it let goods into."""
    found = certificate_for(request.user, number)
    standing, sources = standing_cell(found), _sources(found)
    actions = [Action(_("打印标签"), reverse("tracing:label_print", args=[number]), icon="printer", kind="primary")]
    actions += chain_of(request.user, found.holding)
    if found.revoked_at is None and CERTIFICATE_KEEP(request.user).allowed:
        actions.append(Action(_("作废"), reverse("tracing:certificate_revoke", args=[number]), icon="ban"))
    page = RecordPage(
        found.variety.name, code=number, kind=found.get_kind_display(), state=standing.state,
        state_label=str(standing.value), crumbs=[_listed()], actions=actions,
        sections=[Section(_("承诺"), _promised(found)), *([Section(_("混装或拆分自"), sources)] if sources else [])],
        timeline=timeline_of(found.subject) or None,
    )  # fmt: skip
    orders = presented(request.user, found, SHOWN)
    table = Table(IN_ORDERS, list(in_rows(orders)), empty=Empty(_("管辖范围内还没有市场凭它准入")), id="orders")
    made = found.parts.select_related("certificate__variety", "certificate__producer")
    parts = list(certificate_rows(each.certificate for each in made))
    title, count = _("凭它入场"), found.in_orders.count()
    if count > len(orders):
        told = {"count": f"{count:,}", "shown": len(orders)}
        title = _("凭它入场（各地共 %(count)s 张，先列管辖范围内最近 %(shown)s 张）") % told
    tables = [(title, table)]
    if parts:
        tables.append((_("拆分出的合格证"), Table(CERTIFICATES, parts, id="parts")))
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _listed() -> Crumb:
    return Crumb(_("产地合格证"), reverse("tracing:certificate_list"))


def _promised(found: Certificate) -> list[Fact]:
    words = dict(Basis.choices)
    facts = [
        Fact(_("开具者"), issuer_name(found)), Fact(_("产地"), found.origin),
        Fact(_("数量"), found.quantity, kind="number", unit=_("千克")),
        Fact(_("已用"), found.used, kind="number", unit=_("千克")),
        Fact(_("承诺依据"), "、".join(str(words.get(each, each)) for each in found.basis)),
        Fact(_("开具时间"), found.issued_at, kind="moment"), Fact(_("作废原因"), found.revoked_reason),
    ]  # fmt: skip
    return filled(*facts)


def _sources(found: Certificate) -> list[Fact]:
    facts = []
    for each in found.sources.select_related("source", "in_order"):
        if each.source is not None:
            facts.append(Fact(each.source.number, each.quantity, "number", _("千克"), certificate_url(each.source)))
        elif each.in_order is not None:
            facts.append(Fact(each.in_order.number, each.quantity, "number", _("千克"), in_url(each.in_order)))
    return facts


def code_of(request: HttpRequest, found: Certificate, scale: int = 4) -> SafeString:
    """The code of the label as SVG: it leads to what everybody may see."""
    url = request.build_absolute_uri(reverse("tracing:certificate_scan", args=[found.token]))
    return scan_code(url, scale)


@requires(TRACING_READ)
def label_print(request: HttpRequest, number: str) -> HttpResponse:
    """The label to print and stick on."""
    return label_page(request, certificate_for(request.user, number), [_listed()])


def label_page(
    request: HttpRequest, found: Certificate, crumbs: list[Crumb], more: Sequence[Action] = ()
) -> HttpResponse:
    """The label of a certificate that the reader sees; `more`: what else can be done with it."""
    words = dict(Basis.choices)
    issuer = found.producer or found.merchant
    context: dict[str, Any] = {
        "certificate": found, "issuer": issuer, "code": code_of(request, found), "revoked_word": _("已作废"),
        "phone": phone_on_paper(request.user, issuer.phone) if issuer else "",
        "basis": [words.get(each, each) for each in found.basis], "crumbs": crumbs,
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary"), *more],
    }  # fmt: skip
    return render(request, "tracing/label.html", context)


@requires(CERTIFICATE_KEEP)
def certificate_revoke(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take a certificate back."""
    found = certificate_for(request.user, number)
    return revoke_page(request, found, certificate_url(found), [_listed()])


def revoke_page(request: HttpRequest, found: Certificate, then: str, crumbs: list[Crumb]) -> HttpResponseBase:
    """Why a certificate that the reader sees is taken back."""
    form = ReasonForm(request.POST or None)

    def step() -> str:
        revoke_certificate(certificate=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("已作废，不能再凭它准入。")

    page = FormPage(_("作废合格证"), form, _("作废"), intro=f"{found.variety.name} · {found.number}", cancel_url=then,
                    crumbs=crumbs)  # fmt: skip
    return step_page(request, page, step, then)


@requires(gate_keep)
def certificate_check(request: HttpRequest) -> HttpResponse:
    """?number= What a certificate's number answers at the gate: valid, used up, revoked or unknown (E-06)."""
    number = scanned(request.GET.get("number", ""))[:40]
    answer = answer_to(number) if number else None
    context = {"number": number, "answer": answered(answer)}
    return render(request, "tracing/certificate_check.html", context)


def answered(answer: Answer | None) -> dict[str, Any] | None:
    """The word, its colour and the facts that whoever stands at a gate may read."""
    if answer is None:
        return None
    word, tone = STANDINGS[answer.standing]
    found = answer.certificate
    facts = []
    if found is not None:
        facts = [
            Fact(_("品种"), found.variety.name), Fact(_("产地"), found.origin), Fact(_("开具者"), issuer_name(found)),
            Fact(_("开具日期"), found.issued_on, kind="date"),
            Fact(_("还可准入"), answer.left, kind="number", unit=_("千克")),
        ]  # fmt: skip
    return {"word": word, "tone": tone, "section": Section(_("合格证"), facts) if facts else None}


@open_to_all
def certificate_scan(request: HttpRequest, token: str) -> HttpResponseBase:
    """What everybody sees who scans a label."""
    answer = answer_to(token)
    is_label = answer.certificate is not None and answer.certificate.token == token  # numbers can be guessed
    if not scan_limit(request, is_known=is_label).allowed:
        return slowed_down(request, SECONDS)
    if answer.certificate is None or not is_label:
        raise Http404(token)
    word, tone = STANDINGS[answer.standing]
    words, found = dict(Basis.choices), answer.certificate
    facts = [
        Fact(_("产地"), found.origin), Fact(_("开具者"), issuer_name(found)),
        Fact(_("数量"), found.quantity, kind="number", unit=_("千克")),
        Fact(_("开具日期"), found.issued_on, kind="date"),
        Fact(_("承诺依据"), "、".join(str(words.get(each, each)) for each in found.basis)),
        Fact(_("合格证编号"), found.number),
    ]  # fmt: skip
    origins = origins_of(found.lot)
    if len(origins) > 1:
        facts.append(Fact(_("混装来源"), "、".join(origins)))
    context = {
        "name": found.variety.name, "kind": found.get_kind_display(), "word": word, "tone": tone,
        "note": recalled(found.lot),
        "section": Section(_("合格证"), facts),
    }  # fmt: skip
    return render(request, "tracing/certificate_scan.html", context)
