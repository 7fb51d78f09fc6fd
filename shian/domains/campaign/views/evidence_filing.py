"""Filing evidence: a new document under one or more items, a newer version of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.evidence import Content, EvidenceRefused, Facts, add_version, file_evidence
from shian.domains.campaign.forms.evidence import EvidenceForm, VersionForm
from shian.domains.campaign.models import Evidence
from shian.domains.campaign.permissions import EVIDENCE_FILE
from shian.domains.campaign.queries.evidence import document_items, item_titles, may_file_for, units_to_file_for
from shian.domains.campaign.views.evidence import evidence_or_404
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.people.models import Organisation

KINDS = ("pdf", "docx", "xlsx", "jpg", "png")


@requires(EVIDENCE_FILE)
def evidence_create(request: HttpRequest) -> HttpResponseBase:
    """A unit files a document under one or more items."""
    units = units_to_file_for(request.user)
    items = [(each.code, f"{each.code} {each.title}") for each in document_items()]
    known = {code for code, _title in items}
    titles = [(code, f"{code} {title}") for code, title in item_titles().items() if code not in known]
    asked = request.GET.get("item", "")
    initial = {"items": [asked] if asked else [], "unit": request.GET.get("unit", "")}
    form = EvidenceForm(
        request.POST or None, request.FILES or None, units=[(each.code, each.name) for each in units],
        items=[*items, *titles], initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        unit = next(each for each in units if each.code == form.cleaned_data["unit"])
        found = _filed(request, form, unit)
        if found is not None:
            messages.success(request, _("已提交并留存证，等待审核。"))
            return redirect("campaign:evidence_detail", found.pk)
    page = FormPage(
        _("提交佐证材料"), form, _("提交"), has_files=True, draft="evidence",
        groups=[
            FieldGroup(_("文件"), ["file", "title", "doc_no", "unit"]),
            FieldGroup(_("日期"), ["issued_on", "period_from", "period_to", "expires_on"]),
            FieldGroup(_("证明的评价内容"), ["items"]),
        ],
        consequence=_("提交后内容按校验值固定；修改须上传新版本并重新审核。"),
        cancel_url=reverse("campaign:need_list"),
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list"))),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _filed(request: HttpRequest, form: EvidenceForm, unit: Organisation) -> Evidence | None:
    """The new document; None where the form now says why not."""
    told, now = form.cleaned_data, timezone.now()
    facts = Facts(**{name: told[name] for name in Facts.__dataclass_fields__})
    try:
        content = _stored(request, told["file"])
        return file_evidence(
            unit=unit, area_key=unit.area, items=told["items"], facts=facts, content=content, by=request.user, at=now
        )
    except EvidenceRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except FileRefused as error:
        form.add_error("file", str(error))
    return None


def _stored(request: HttpRequest, given: Any) -> Content:
    by, now = request.user.get_username(), timezone.now()
    return Content(store_file(name=given.name, stream=given.file, kinds=KINDS, by=by, at=now), given.name)


@requires(EVIDENCE_FILE)
def version_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A newer content: what was accepted stays, the new one is reviewed."""
    evidence = evidence_or_404(request.user, pk)
    if not may_file_for(request.user, evidence.unit):
        raise OutOfReach(f"campaign.evidence:{pk}")
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_version(evidence=evidence, content=_stored(request, form.cleaned_data["file"]),
                        note=form.cleaned_data["note"], by=request.user, at=timezone.now())  # fmt: skip
        except EvidenceRefused as refused:
            form.add_error(refused.field or None, str(refused))
        except FileRefused as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("新版本已提交，等待重新审核。"))
            return redirect("campaign:evidence_detail", pk)
    url = reverse("campaign:evidence_detail", args=[pk])
    page = FormPage(
        _("换新版本"), form, _("提交新版本"), intro=evidence.title, has_files=True, draft=f"version-{pk}",
        consequence=_("各项评价内容下的这份材料都要重新审核；以前接收的版本照旧保留。"), cancel_url=url,
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list")), Crumb(evidence.title, url)),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
