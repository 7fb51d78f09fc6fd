"""The register of outside systems, one system, and importing a file for it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.exchange.actions import BatchRefused, import_for_system
from shian.engine.exchange.declarations import System, all_systems
from shian.engine.exchange.permissions import EXCHANGE_IMPORT, EXCHANGE_READ
from shian.engine.exchange.queries import imports_of, reports_of_system, system_states
from shian.engine.exchange.tables import (
    BATCHES,
    DIRECTIONS,
    IMPORTS,
    SYSTEMS,
    WAYS,
    batch_row,
    import_row,
    system_row,
    way_text,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.actions import FileRefused
from shian.kernel.imports.forms import UploadForm
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.permissions import importers_for
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names

SHOWN = 20


@requires(EXCHANGE_READ)
def system_list(request: HttpRequest) -> HttpResponse:
    rows = [system_row(each) for each in system_states(request.user)]
    page = ListPage(
        _("外部系统"),
        Table(SYSTEMS, rows, empty=Empty(_("没有登记外部系统"), _("外部系统在 packs/exchange/systems.yaml 中登记。"))),
        unit=_("个"),
        summary=_("与国家、省系统的数据往来：方向、方式、最近一批和差错。没有联网的如实标明“仅文件”。"),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _system(key: str) -> System:
    try:
        return all_systems()[key]
    except KeyError:
        raise Http404(key) from None


@requires(EXCHANGE_READ)
def system_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A system: what is exchanged and how, the batches that came, the batches that were reported."""
    system = _system(key)
    word, state = WAYS[system.how]
    names = area_names(timezone.localdate())
    specs = [spec for spec in importers_for(request.user) if spec.key in system.importers]
    facts = [
        Fact(_("主管单位"), system.unit),
        Fact(_("层级"), system.level),
        Fact(_("方向"), DIRECTIONS[system.direction]),
        Fact(_("往来内容"), system.content),
        Fact(_("可导入的数据"), "、".join(str(spec.title) for spec in specs)),
    ]
    url = reverse("exchange:system_import", args=[key])
    page = RecordPage(
        system.title,
        kind=_("外部系统"),
        state=state,
        state_label=word,
        crumbs=[Crumb(_("外部系统"), reverse("exchange:system_list"))],
        actions=[Action(_("导入文件"), url, icon="upload", kind="primary")] if system.is_read and specs else [],
        sections=[Section(_("概况"), [fact for fact in facts if fact.value])],
    )
    context = {
        "record": page,
        "callout": Callout(str(word), way_text(system), state="waiting" if system.how == "file" else "done"),
        "imports": _imports(request, system),
        "reports": _reports(request, system, names),
    }
    return render(request, "exchange/system_detail.html", context)


def _imports(request: HttpRequest, system: System) -> Table | None:
    if not system.is_read:
        return None
    rows = [import_row(each) for each in imports_of(system, request.user)[:SHOWN]]
    return Table(IMPORTS, rows, empty=Empty(_("还没有导入过"), _("从该系统导出文件后在这里导入。")), id="imports")


def _reports(request: HttpRequest, system: System, names: dict[str, str]) -> Table | None:
    if system.direction == "in":
        return None
    rows = [batch_row(each, names) for each in reports_of_system(system, request.user)[:SHOWN]]
    return Table(BATCHES, rows, empty=Empty(_("还没有报送过"), _("在“数据报送”里取数、核对后报送。")), id="reports")


@requires(EXCHANGE_IMPORT)
def system_import(request: HttpRequest, key: str) -> HttpResponse:
    """The ordinary upload, with the importers of the system, tied to it."""
    system = _system(key)
    specs = [spec for spec in importers_for(request.user) if spec.key in system.importers]
    if not specs:
        raise Http404(key)
    form = UploadForm(request.POST or None, request.FILES or None, specs=specs)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batches = import_for_system(
                system=system, importer=form.cleaned_data["importer"], name=upload.name, stream=upload.file,
                stated=form.stated(), by=request.user, at=timezone.now(),
            )  # fmt: skip
        except (FileRefused, FileUnusable, BatchRefused) as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:batch_detail", batches[0].pk)
    page = FormPage(
        _("导入：%(system)s") % {"system": system.title},
        form,
        _("上传并检查"),
        groups=[FieldGroup(_("文件"), ["importer", "file", "effective_on"])],
        intro=_("上传后先检查，不会写入数据；核对无误后再接收。批次归入该系统。"),
        cancel_url=reverse("exchange:system_detail", args=[key]),
        crumbs=[
            Crumb(_("外部系统"), reverse("exchange:system_list")),
            Crumb(system.title, reverse("exchange:system_detail", args=[key])),
        ],
        has_files=True,
    )
    return render(request, "ui/page_form.html", {"page": page})
