"""Urls of the campaign."""

from django.urls import path

from shian.domains.campaign.views import (
    boards,
    catalogues,
    evaluations,
    item_pages,
    items,
    judgements,
    measured,
    plans,
    problems,
    progress,
    scorings,
    standards,
    weeks,
)

app_name = "campaign"
urlpatterns = [
    path("", items.item_list, name="item_list"),
    path("export/", items.item_export, name="item_export"),
    path("items/<str:code>/", item_pages.item_detail, name="item_detail"),
    path("items/<str:code>/verdict/", judgements.verdict_enter, name="verdict_enter"),
    path("items/<str:code>/measured/", measured.measured_enter, name="measured_enter"),
    path("items/<str:code>/reason/", judgements.reason_state, name="reason_state"),
    path("reasons/adopt/", judgements.reasons_adopt, name="reasons_adopt"),
    path("evaluations/run/", evaluations.evaluation_run, name="evaluation_run"),
    path("progress/", progress.progress_list, name="progress_list"),
    path("progress/<slug:kind>/<str:audience>/", progress.progress_detail, name="progress_detail"),
    path("problems/", problems.problem_board, name="problem_board"),
    path("vetoes/", boards.veto_board, name="veto_board"),
    path("losses/", boards.loss_list, name="loss_list"),
    path("standard/", standards.standard_detail, name="standard_detail"),
    path("standard/upload/", standards.standard_upload, name="standard_upload"),
    path("standard/scoring/", scorings.scoring_enter, name="scoring_enter"),
    path("standard/<int:pk>/activate/", standards.standard_activate, name="standard_activate"),
    path("catalogues/", catalogues.catalogue_list, name="catalogue_list"),
    path("catalogues/draft/", catalogues.catalogue_draft, name="catalogue_draft"),
    path("catalogues/plan/", plans.plan_upload, name="plan_upload"),
    path("catalogues/<int:pk>/", catalogues.catalogue_detail, name="catalogue_detail"),
    path("catalogues/<int:pk>/issue/", catalogues.catalogue_issue, name="catalogue_issue"),
    path("catalogues/<int:pk>/acknowledge/", catalogues.duty_acknowledge, name="duty_acknowledge"),
    path("weeks/", weeks.week_list, name="week_list"),
    path("weeks/<int:pk>/", weeks.week_detail, name="week_detail"),
    path("weeks/<int:pk>/export/", weeks.week_export, name="week_export"),
    path("weeks/<int:pk>/confirm/", weeks.week_confirm, name="week_confirm"),
    path("weeks/reports/<int:pk>/", weeks.report_detail, name="report_detail"),
    path("weeks/reports/<int:pk>/file/", weeks.report_submit, name="report_submit"),
    path("weeks/reports/<int:pk>/return/", weeks.report_return, name="report_return"),
    path("weeks/reports/<int:pk>/correct/", weeks.report_correct, name="report_correct"),
]
