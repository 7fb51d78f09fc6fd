"""Urls of fieldchecks: `fieldchecks:<noun>_<verb>`."""

from django.urls import path

from shian.domains.fieldchecks.views import (
    photos,
    point_steps,
    points,
    problems,
    round_steps,
    rounds,
    scores,
    sheets,
    teams,
    visit_steps,
    visits,
)

app_name = "fieldchecks"
urlpatterns = [
    path("visits/", visits.visit_list, name="field_visit_list"),
    path("visits/export/", visits.visit_export, name="field_visit_export"),
    path("visits/new/", visit_steps.visit_create, name="field_visit_create"),
    path("visits/score/", scores.score_detail, name="field_score_detail"),
    path("visits/<int:pk>/", visits.visit_detail, name="field_visit_detail"),
    path("visits/<int:pk>/reach/", visit_steps.visit_enter, name="field_visit_enter"),
    path("visits/<int:pk>/sheet/", sheets.visit_check, name="field_visit_check"),
    path("visits/<int:pk>/sign/", visit_steps.visit_sign, name="field_visit_sign"),
    path("visits/<int:pk>/join/", visit_steps.visit_add, name="field_visit_add"),
    path("visits/<int:pk>/miss/", visit_steps.visit_cancel, name="field_visit_cancel"),
    path("visits/<int:pk>/file/", visit_steps.visit_close, name="field_visit_close"),
    path("visits/<int:pk>/release/", visit_steps.visit_publish, name="field_visit_publish"),
    path("visits/<int:pk>/signatures/<str:name>/", photos.visit_download, name="field_visit_download"),
    path("problems/<int:pk>/correct/", problems.problem_correct, name="problem_correct"),
    path("problems/<int:pk>/filing/", problems.filing_create, name="filing_create"),
    path("revisits/", problems.revisit_list, name="revisit_list"),
    path("points/", points.point_list, name="field_point_list"),
    path("points/export/", points.point_export, name="field_point_export"),
    path("points/new/", point_steps.point_create, name="field_point_create"),
    path("points/<int:pk>/", points.point_detail, name="field_point_detail"),
    path("points/<int:pk>/advance/<str:to>/", point_steps.point_advance, name="field_point_confirm"),
    path("points/<int:pk>/withdraw/", point_steps.point_withdraw, name="field_point_withdraw"),
    path("points/<int:pk>/benchmark/", point_steps.point_benchmark, name="field_point_switch"),
    path("rounds/", rounds.round_list, name="field_round_list"),
    path("rounds/new/", round_steps.round_create, name="field_round_create"),
    path("rounds/<int:pk>/", rounds.round_detail, name="field_round_detail"),
    path("rounds/<int:pk>/freeze/", round_steps.round_freeze, name="field_round_freeze"),
    path("rounds/<int:pk>/start/", round_steps.round_start, name="field_round_start"),
    path("rounds/<int:pk>/close/", round_steps.round_close, name="field_round_close"),
    path("teams/", teams.team_list, name="field_team_list"),
    path("teams/<int:pk>/", teams.team_detail, name="field_team_detail"),
    path("rounds/<int:pk>/sample/", rounds.sample_list, name="sample_list"),
]
