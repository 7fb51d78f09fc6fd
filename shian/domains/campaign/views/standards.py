"""The standard: its tree, what the sources declare beside what the rows hold, loading and putting in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions import import_standard, put_in_force
from shian.domains.campaign.forms.results import StandardForm
from shian.domains.campaign.models import Channel, Indicator, Standard, StandardState
from shian.domains.campaign.permissions import EVALUATION_VIEW, STANDARD_MANAGE, WEIGHTS_ENTER
from shian.domains.campaign.queries.inputs import NothingInForce, scoring_at
from shian.domains.campaign.queries.standards import (
    Comparison,
    StandardSummary,
    indicators_of,
    section_titles,
    standards,
    summary_of,
)
from shian.domains.campaign.queries.units import department_names
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.packs import StandardInvalid
from shian.domains.campaign.rules.weights import ScoringInvalid
from shian.domains.campaign.tables.results import INDICATORS, indicator_row
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Filter, FilterBar, Option, Stat, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import home_key

COUNT_WORDS = {
    "sections": pgettext_lazy("list", "大项"),
    "points": pgettext_lazy("list", "考评要点"),
    "indicators": pgettext_lazy("list", "评价内容"),
    "document": gettext_lazy("资料审查"),
    "field": gettext_lazy("现场核查"),
    "unstated": gettext_lazy("其他方式或未载明"),
}
NEITHER, NO_LEAD = "neither", "no_lead"


@requires(EVALUATION_VIEW)
def standard_detail(request: HttpRequest) -> HttpResponse:
    """One edition: the one in force, else the newest."""
    editions = list(standards())
    standard = _chosen(editions, request.GET.get("edition", ""))
    if standard is None:
        empty = Empty(
            _("还没有评价细则"), _("请导入 XLSX 或 YAML 文件。"), reverse("campaign:standard_upload"), _("导入")
        )
        page = ListPage(_("评价细则"), Table(INDICATORS, [], empty=empty), crumbs=crumbs())
        return render(request, "campaign/standard_detail.html", {"list": page, "stats": [], "notes": []})
    indicators = list(indicators_of(standard))
    summary = summary_of(standard, indicators)
    method, lead = request.GET.get("method", ""), request.GET.get("lead", "")
    shown = [row for row in indicators if _matches(row, method, lead)]
    names = department_names(standard.pk)
    page = ListPage(
        standard.title,
        Table(
            INDICATORS,
            [indicator_row(row, names) for row in shown],
            query=ListQuery.read(request.GET, INDICATORS),
            empty=Empty(_("没有符合条件的评价内容")),
        ),
        unit=_("项"),
        summary=_edition_text(standard),
        crumbs=crumbs(),
        tabs=_tabs(summary, method, lead, standard),
        filters=_filters(editions, standard, method, lead),
        actions=_actions(request, standard),
    )
    context = {
        "list": page,
        "stats": _stats(summary),
        "notes": [*_notes(standard, summary), *_weights(request, standard)],
    }
    return render(request, "campaign/standard_detail.html", context)


def _chosen(editions: list[Standard], pk: str) -> Standard | None:
    named = next((each for each in editions if str(each.pk) == pk), None)
    current = next((each for each in editions if each.state == StandardState.IN_FORCE), None)
    return named or current or next(iter(editions), None)


def _matches(row: Indicator, method: str, lead: str) -> bool:
    by_method = {
        "": True,
        Channel.DOCUMENT: row.primary_channel == Channel.DOCUMENT,
        Channel.FIELD: row.primary_channel == Channel.FIELD,
        NEITHER: row.primary_channel not in {Channel.DOCUMENT, Channel.FIELD},
    }
    return by_method.get(method, True) and (lead != NO_LEAD or not row.stated_leads)


def _edition_text(standard: Standard) -> str:
    return _("版本 %(key)s，修订 %(revision)s · %(state)s · 来源摘要 %(digest)s") % {
        "key": standard.key,
        "revision": standard.revision,
        "state": standard.get_state_display(),
        "digest": standard.source_digest[:12],
    }


def _tabs(summary: StandardSummary, method: str, lead: str, standard: Standard) -> list[Tab]:
    counts = summary.by_channel
    total = sum(counts.values())
    lines = [
        (_("全部"), "", total),
        (_("资料审查"), Channel.DOCUMENT.value, counts.get(Channel.DOCUMENT, 0)),
        (_("现场核查"), Channel.FIELD.value, counts.get(Channel.FIELD, 0)),
        (_("两者都不是"), NEITHER, len(summary.neither)),
    ]
    edition = f"&edition={standard.pk}"
    tabs = [
        Tab(word, f"?method={key}{edition}", count, is_active=not lead and method == key) for word, key, count in lines
    ]
    without = Tab(_("无牵头单位"), f"?lead={NO_LEAD}{edition}", len(summary.without_lead), is_active=lead == NO_LEAD)
    return [*tabs, without]


def _filters(editions: list[Standard], standard: Standard, method: str, lead: str) -> FilterBar:
    options = [Option(str(each.pk), f"{each.key}（{each.revision}）{each.get_state_display()}") for each in editions]
    return FilterBar(
        [
            Filter("edition", _("版本"), options=options, value=str(standard.pk)),
            Filter("method", "", "hidden", value=method),
            Filter("lead", "", "hidden", value=lead),
        ]
    )


def _stats(summary: StandardSummary) -> list[Stat]:
    """What the sources declare beside what the rows of this reconstruction hold."""
    return [
        Stat(
            COUNT_WORDS[each.key],
            each.obtained,
            note=_declared_text(each),
        )
        for each in summary.comparisons
    ]


def _declared_text(each: Comparison) -> str:
    if each.declared is None:
        return _("公开材料没有说明")
    if each.differs:
        return _("公开材料：%(declared)s，与本重构不一致") % {"declared": each.declared}
    return _("公开材料：%(declared)s，一致") % {"declared": each.declared}


def _notes(standard: Standard, summary: StandardSummary) -> list[Callout]:
    notes = [Callout(standard.status_note, standard.channel_note)] if standard.status_note else []
    if summary.without_lead:
        named = "；".join(f"{row.code} {row.title}" for row in summary.without_lead)
        text = _("推断的牵头单位不计作牵头单位：%(items)s") % {"items": named}
        notes.append(Callout(_("没有牵头单位的评价内容"), text, state="due"))
    return notes


def _weights(request: HttpRequest, standard: Standard) -> list[Callout]:
    """The points that hold for the reader's own area today, and whether any document states them."""
    today = timezone.localdate()
    key = home_key(request.user, today)
    try:
        scoring = scoring_at(standard, key, today)
    except NothingInForce:
        return []
    titles = section_titles(standard.pk)
    points = _("、").join(f"{titles.get(int(number), number)} {value}" for number, value in scoring.sections.items())
    told = {"title": scoring.title, "day": scoring.effective_from, "points": points}
    text = _("%(title)s（%(day)s 起）：%(points)s。") % told
    if scoring.is_illustrative:
        text += _("这是示例权重，不是评价细则规定的分值，由本地录入正式分值后替换。")
    elif scoring.own_weights:
        text += _("另有 %(count)s 项评价内容单独给分。") % {"count": len(scoring.own_weights)}
    title = _("现行分值：示例权重") if scoring.is_illustrative else _("现行分值")
    return [Callout(title, text, state="due" if scoring.is_illustrative else "neutral")]


def _actions(request: HttpRequest, standard: Standard) -> list[Action]:
    if not STANDARD_MANAGE(request.user).allowed:
        return []
    actions = [Action(_("导入新版本"), reverse("campaign:standard_upload"), icon="upload")]
    if standard.state == StandardState.IN_FORCE and WEIGHTS_ENTER(request.user).allowed:
        actions.append(Action(_("录入本市分值"), reverse("campaign:scoring_enter"), icon="edit"))
    if standard.state == StandardState.DRAFT:
        url = reverse("campaign:standard_activate", args=[standard.pk])
        text = _("启用后，此后的评价都按这一版；现行版本同时停用，已有评价不变。")
        actions.append(Action(_("启用"), url, icon="check", kind="primary", method="post", consequence=text))
    return actions


@requires(STANDARD_MANAGE)
def standard_upload(request: HttpRequest) -> HttpResponseBase:
    """Load a draft; every problem of the file is told with its sheet, row and column."""
    form = StandardForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        by, now = request.user, timezone.now()
        try:
            standard = import_standard(content=file.read(), name=file.name, by=by, at=now)
        except (StandardInvalid, ScoringInvalid) as refused:
            for problem in problem_texts(refused):
                form.add_error("file", problem)
        else:
            messages.success(request, _("已导入为草稿，请核对后启用。"))
            return redirect(f"{reverse('campaign:standard_detail')}?edition={standard.pk}")
    page = FormPage(
        _("导入评价细则"),
        form,
        _("导入"),
        intro=_("导入后先成为草稿，启用后才用于评价。"),
        cancel_url=reverse("campaign:standard_detail"),
        crumbs=crumbs(),
        has_files=True,
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(STANDARD_MANAGE)
@require_POST
def standard_activate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put a draft in force from today."""
    standard = get_object_or_404(Standard, pk=pk)
    day = max(standard.effective_from, timezone.localdate()) if _is_replacing(standard) else standard.effective_from
    try:
        put_in_force(standard=standard, from_on=day, by=request.user, at=timezone.now())
    except StandardInvalid as refused:
        messages.error(request, "".join(problem_texts(refused)))
    else:
        messages.success(request, _("%(title)s 已启用。") % {"title": standard.title})
    return redirect("campaign:standard_detail")


def _is_replacing(standard: Standard) -> bool:
    return Standard.objects.filter(state=StandardState.IN_FORCE).exclude(pk=standard.pk).exists()
