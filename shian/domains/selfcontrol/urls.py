"""Urls of operators' own duty, for staff; those of operators are in portals/operator."""

from django.urls import path

from shian.domains.selfcontrol.views import accounts, boards, commitments, training

app_name = "selfcontrol"
urlpatterns = [
    path("operators/<str:code>/accounts/open/", accounts.account_open, name="account_open"),
    path("accounts/<int:pk>/end/", accounts.account_end, name="account_end"),
    path("staff/", boards.staff_board, name="safety_staff_board"),
    path("staff/missing/", boards.staff_list, name="safety_staff_list"),
    path("days/", boards.day_board, name="daily_control_board"),
    path("days/missing/", boards.day_list, name="daily_control_list"),
    path("selfexams/", boards.exam_board, name="self_exam_board"),
    path("selfexams/missing/", boards.exam_list, name="self_exam_list"),
    path("commitments/", commitments.text_list, name="commitment_text_list"),
    path("commitments/create/", commitments.text_create, name="commitment_text_create"),
    path("commitments/<int:pk>/", commitments.text_detail, name="commitment_text_detail"),
    path("training/", training.session_list, name="training_session_list"),
    path("exams/", training.exam_list, name="exam_list"),
    path("exams/create/", training.exam_create, name="exam_create"),
]
