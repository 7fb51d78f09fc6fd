"""The items, one item with its evidence, how to verify, and who looked at what."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.campaign.filters import filter_bar
from shian.domains.campaign.queries.assessed import file_counts, files_of_item
from shian.domains.campaign.queries.evaluations import item_result, item_results
from shian.domains.campaign.queries.report_figures import outcome_of
from shian.domains.campaign.queries.standards import section_titles
from shian.domains.campaign.queries.units import units_for
from shian.domains.campaign.tables.results import OUTCOMES, item_rows, item_url
from shian.domains.campaign.views.item_pages import item_timeline, measure_sections, result_section
from shian.domains.campaign.views.items import item_tabs
from shian.domains.campaign.views.sights import Seen, seen, weights_callout
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.queries import head
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table, sorted_rows
from shian.portals.assess.permissions import ITEM_ASSESS, LOOK_READ
from shian.portals.assess.queries import assessors_for, looks_for
from shian.portals.assess.tables import ASSESSED, FILES, LOOKS, file_row, look_row

COMMAND = 'python3 verify_log.py seals.zip "…"'


@requires(ITEM_ASSESS)
def home(request: HttpRequest) -> HttpResponse:
    """The items of the assessor's area with result, margin and the number of documents."""
    found = seen(request)
    if found.sight.evaluation is None:
        empty = Empty(_("还没有评价结果"), _("本市还没有运行评价，请联系创建办。"))
        return render(request, "ui/page_list.html", {"list": ListPage(_("评估查阅"), Table(ASSESSED, [], empty=empty))})
    results = item_results(found.evaluation, found.area_key, request.user)
    units = units_for(found.evaluation.standard, found.area_key, found.as_of)
    sections = section_titles(found.evaluation.standard_id)
    files = file_counts(request.user, found.area_key)
    query = ListQuery.read(request.GET, ASSESSED)
    rows = [
        _assessed(row, files, found)
        for row in item_rows(found.chosen.chosen(results, units), units, sections, found.as_of)
    ]
    page = ListPage(
        _("评估查阅"),
        Table(ASSESSED, sorted_rows(rows, query), query=query,
              empty=Empty(_("没有符合条件的评价内容"), _("请放宽筛选条件。"))),
        unit=_("项"),
        summary=_summary(request.user, found),
        tabs=item_tabs(request, results, units, found),
        filters=filter_bar(found.chosen, results, sections, units, found.picker, found.as_of),
        actions=[Action(_("核对办法"), reverse("assess:guide_detail"), icon="fingerprint")],
    )  # fmt: skip
    notes = [note for note in [weights_callout(found.evaluation)] if note]
    return render(request, "campaign/item_list.html", {"list": page, "stats": [], "notes": notes})


def _assessed(row: Row, files: dict[str, int], found: Seen) -> Row:
    return row._replace(url=_item_url(row.key, found), cells={**row.cells, "files": files.get(row.key)})


def _item_url(code: str, found: Seen) -> str:
    seen_at = urlencode({"area": found.area_key, "as_of": found.as_of})
    return f"{reverse('assess:item_detail', args=[code])}?{seen_at}"


def _summary(user: Any, found: Seen) -> str:
    told = _("%(title)s · %(standard)s") % {"title": found.title, "standard": found.evaluation.standard.title}
    if user.role != Role.ASSESSOR or user.valid_to is None:
        return told
    last = timezone.localtime(user.valid_to - timedelta(seconds=1)).date()
    return _("%(told)s。只读账号，%(day)s 到期；查阅过的每一页都有记录。") % {"told": told, "day": last}


@requires(ITEM_ASSESS)
def item_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One item: result and margin, the numbers that lead to figures and rows, documents with hash and seal."""
    found = seen(request)
    result = item_result(found.evaluation, code, found.area_key, request.user)
    word, state = OUTCOMES[outcome_of(result)]
    rows = [file_row(each) for each in files_of_item(request.user, code, found.area_key)]
    nothing = Empty(_("这一级没有佐证材料"), _("本项不以材料为主要依据，或责任单位尚未提交。"))
    record = RecordPage(
        ChineseText(result.indicator.title),
        code=code,
        kind=pgettext("list", "评价内容"),
        state=state,
        state_label=word,
        crumbs=[Crumb(_("评估查阅"), reverse("assess:home")), Crumb(found.title)],
        actions=[Action(_("完整页面"), item_url(code, found.area_key, found.as_of), icon="external-link")],
        sections=[result_section(result), *measure_sections(result, found)],
        timeline=item_timeline(found, code, request.user),
    )
    tables = [(_("佐证材料"), Table(FILES, rows, empty=nothing, id="files"))]
    return render(request, "campaign/evidence_record.html", {"record": record, "tables": tables})


@requires(ITEM_ASSESS)
def guide_detail(request: HttpRequest) -> HttpResponse:
    """How a figure is followed down to its rows and their seals, and how a seal is verified without this server."""
    newest = head()
    steps = [
        (_("看结论"), _("在“评估查阅”选一项，看结果、目标值和余量。")),
        (_("看数字"), _("点数值进入统计口径页，再点大数字打开构成它的每一行。")),
        (_("看证明"), _("打开一行的档案，在“经过”里点存证编号；佐证材料在“存证”一列点“核对”。")),
        (_("在浏览器中核对"), _("存证页点“核对”：浏览器自行计算并比对已签名的检查点。")),
        (_("离线核对"), _("导出该记录的存证，用下面的脚本和公钥在自己的电脑上核对。")),
    ]
    sections = [Section(_("怎样核对"), [Fact(title, text) for title, text in steps])]
    if newest:
        keys = [Fact(_("日志公钥"), key, kind="code", is_copied=True) for key in newest.keys.splitlines()]
        size = Fact(_("已存证条数"), newest.size, kind="number")
        sections.append(Section(_("日志"), [*keys, size], note=_("公钥另行书面公布，请逐字比对。")))
    files = [
        Fact(_("脚本"), "verify_log.py", url=reverse("notary:script_detail")),
        Fact(_("公钥文件"), "key", url=reverse("notary:key_detail")),
        Fact(_("命令"), COMMAND, kind="code", note=_("引号内填公钥；需要 Python 3.11 和 cryptography。")),
    ]
    sections.append(Section(_("离线核对"), files, note=_("脚本一百多行，不依赖本系统，可先通读再运行。")))
    record = RecordPage(_("核对办法"), crumbs=[Crumb(_("评估查阅"), reverse("assess:home"))], sections=sections)
    return render(request, "ui/page_record.html", {"record": record})


@requires(LOOK_READ)
def look_list(request: HttpRequest) -> HttpResponse:
    """Which assessor opened what and when; every line is sealed."""
    people = {each.username: each for each in assessors_for(request.user)}
    actor, text = request.GET.get("actor", ""), request.GET.get("q", "").strip()
    query = ListQuery.read(request.GET, LOOKS, default_sort="-id")
    with system_scope():  # cut to the accounts of the reader's area by the query
        page = keyset_page(looks_for(request.user, actor=actor, text=text), query)
    options = [Option(name, each.display_name or name) for name, each in people.items()]
    listed = ListPage(
        _("评估查阅记录"),
        Table(LOOKS, [look_row(each, people) for each in page.items], query=query, page=page,
              empty=Empty(_("没有查阅记录"), _("评估人员打开的每一页、每份文件都会列在这里。"))),
        unit=_("次"),
        summary=_("评估人员何时看了什么；每一行都有存证，不能更改。"),
        filters=FilterBar(
            [
                Filter("q", _("搜索"), "search", value=text, placeholder=_("页面名称或地址")),
                Filter("actor", _("评估人员"), options=options, value=actor),
            ]
        ),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": listed})
