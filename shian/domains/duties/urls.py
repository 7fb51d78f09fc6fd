"""Urls of duties: `duties:<noun>_<verb>`."""

from django.urls import path

from shian.domains.duties.views import boards, census, letters, matches, officials, plans, responsibility, tiers

app_name = "duties"
urlpatterns = [
    path("census/", census.census_list, name="census_list"),
    path("operators/<str:code>/census/", census.census_edit, name="census_edit"),
    path("operators/<str:code>/tier/", tiers.tier_edit, name="tier_edit"),
    path("operators/<str:code>/official/", matches.match_edit, name="match_edit"),
    path("tiers/", tiers.tier_list, name="tier_list"),
    path("tiers/run/", tiers.tier_run, name="tier_run"),
    path("tiers/confirm/", tiers.tier_confirm, name="tier_confirm"),
    path("tiers/<int:pk>/reject/", tiers.tier_reject, name="tier_reject"),
    path("officials/", officials.official_list, name="official_list"),
    path("officials/new/", officials.official_create, name="official_create"),
    path("officials/<int:pk>/", officials.official_detail, name="official_detail"),
    path("officials/<int:pk>/replace/", officials.official_replace, name="official_replace"),
    path("officials/<int:pk>/end/", officials.official_end, name="official_end"),
    path("matches/", matches.match_list, name="match_list"),
    path("plans/", plans.match_plan_list, name="match_plan_list"),
    path("plans/new/", plans.match_plan_create, name="match_plan_create"),
    path("plans/<int:pk>/", plans.match_plan_detail, name="match_plan_detail"),
    path("plans/<int:pk>/approve/", plans.match_plan_approve, name="match_plan_approve"),
    path("plans/<int:pk>/reject/", plans.match_plan_reject, name="match_plan_reject"),
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/<int:pk>/", letters.letter_detail, name="letter_detail"),
    path("letters/<int:pk>/sign/", letters.letter_sign, name="letter_sign"),
    path("letters/<int:pk>/countersign/", letters.letter_confirm, name="letter_confirm"),
    path("letters/<int:pk>/papers/", letters.letter_download, name="letter_download"),
    path("letters/<int:pk>/signatures/<str:name>/", letters.signature_download, name="signature_download"),
    path("responsible/", responsibility.responsibility_detail, name="responsibility_detail"),
    path("boards/", boards.board_list, name="board_list"),
    path("boards/print/", boards.board_print, name="board_print"),
    path("boards/sheets/", boards.board_sheet_print, name="board_sheet_print"),
    path("boards/<int:pk>/", boards.board_detail, name="board_detail"),
    path("boards/<int:pk>/post/", boards.board_publish, name="board_publish"),
]
