"""Urls of fieldchecks: `fieldchecks:<noun>_<verb>`."""

from django.urls import path

from shian.domains.fieldchecks.views import point_steps, points, round_steps, rounds, teams

app_name = "fieldchecks"
urlpatterns = [
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
