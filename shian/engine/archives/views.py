"""Pages of export sets: the list, asking for one, one with its progress, the download."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.archives import actions
from shian.engine.archives.forms import SetForm
from shian.engine.archives.models import ArchiveSet, SetState
from shian.engine.archives.permissions import ARCHIVE_MAKE, ARCHIVE_READ
from shian.engine.archives.queries import file_name, kind_title, sets_of
from shian.engine.archives.tables import SETS, STATES, set_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices

LEVELS = ("city", "county")


@requires(ARCHIVE_READ)
def archive_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, SETS, default_sort="-asked_at")
    page = keyset_page(sets_of(request.user).order_by().select_related("file"), query)
    names = area_names(timezone.localdate())
    empty = Empty(_("还没有档案"), _("选定区划和日期即可整理：每项评价内容一个文件夹，解压后断网也能打开。"))
    made = ARCHIVE_MAKE(request.user).allowed
    new = Action(_("整理档案"), reverse("archives:archive_create"), icon="archive", kind="primary")
    listed = ListPage(
        _("评价档案"),
        Table(SETS, [set_row(each, names) for each in page.items], query=query, page=page, empty=empty),
        unit=_("份"),
        summary=_("按评价内容逐项整理结果、依据、明细、材料和存证，供资料审查和归档留存。"),
        actions=[new] if made else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(ARCHIVE_MAKE)
def archive_create(request: HttpRequest) -> HttpResponse:
    form = SetForm(request.POST or None, areas=area_choices(request.user, LEVELS, timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            asked = actions.ask_set(
                kind=told["kind"], area=told["area"], as_of=told["as_of"], by=request.user, at=timezone.now()
            )
        except actions.DayToCome as error:
            form.add_error("as_of", str(error))
        else:
            return redirect("archives:archive_detail", asked.pk)
    page = FormPage(
        _("整理档案"),
        form,
        _("开始整理"),
        intro=_("由后台整理，约需一分钟；完成后在本页下载。个人信息按规则遮盖。"),
        cancel_url=reverse("archives:archive_list"),
        crumbs=[Crumb(_("评价档案"), reverse("archives:archive_list"))],
        draft="archives-set",
    )
    return render(request, "ui/page_form.html", {"page": page})


def _found(request: HttpRequest, number: int) -> ArchiveSet:
    found: ArchiveSet = ArchiveSet.objects.select_related("file").get_visible(request.user, pk=number)
    return found


@requires(ARCHIVE_READ)
def archive_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One set; while it is made, its progress."""
    found = _found(request, number)
    if getattr(request, "htmx", False):
        answer = render(request, "archives/archive_detail.html#progress", {"set": found})
        if not found.is_open:
            answer["HX-Refresh"] = "true"
        return answer
    names = area_names(found.as_of)
    page = RecordPage(
        f"{names.get(found.area_key, found.area_key)} · {found.as_of}",
        code=code_of_key(found.area_key),
        kind=kind_title(found),
        state=STATES[SetState(found.state)],
        state_label=found.get_state_display(),
        crumbs=[Crumb(_("评价档案"), reverse("archives:archive_list"))],
        actions=_actions(found),
        sections=[_facts(found)],
        timeline=_timeline(found),
    )
    return render(request, "archives/archive_detail.html", {"record": page, "set": found})


def _actions(found: ArchiveSet) -> list[Action]:
    if found.file is None:
        return []
    url = reverse("archives:archive_download", args=[found.pk])
    return [Action(_("下载"), url, icon="download", kind="primary")]


def _facts(found: ArchiveSet) -> Section:
    facts = [
        Fact(_("项数"), found.items or None, kind="number", unit=_("项")),
        Fact(_("文件数"), found.entries or None, kind="number", unit=_("个")),
        Fact(_("数据时点"), found.as_of, kind="date"),
        Fact(_("申请人"), actor(found.asked_by)),
        Fact(_("完成时间"), found.built_at, kind="moment"),
        Fact(_("压缩包校验值（SHA-256）"), found.file.sha256 if found.file else None, kind="code", is_copied=True),
        Fact(_("清单校验值（SHA-256）"), found.manifest or None, kind="code", is_copied=True),
    ]
    note = _(
        "解压后打开 index.html；在该文件夹内运行 sha256sum -c SHA256SUMS 可核对每个文件，导出本记录存证可核对整包。"
    )
    return Section(_("档案"), facts, note=note)


def _timeline(found: ArchiveSet) -> list[TimelineEntry]:
    words = {"archives.asked": _("申请整理"), "archives.built": _("完成并存证")}
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(f"archives.archiveset:{found.pk}")
        if entry.action in words
    ]


@requires(ARCHIVE_READ)
def archive_download(request: HttpRequest, number: int) -> HttpResponseBase:
    found = _found(request, number)
    if found.file is None:
        raise Http404(str(found))
    return Door.of_page(request).let_out_stored(
        found.file,
        f"{file_name(found)}.zip",
        subject=f"archives.archiveset:{found.pk}",
        title=str(kind_title(found)),
        rows=found.entries,
        at=timezone.now(),
    )
