"""Urls of the operators' portal. All lie below one prefix; each page names the business that it is about."""

from django.urls import path

from shian.portals.operator.views import days, desk, exams, lists, papers, periods, phone, problems, reports, staff

app_name = "operator"
urlpatterns = [
    path("", desk.home, name="home"),
    path("phone/", phone.phone_detail, name="phone_detail"),
    path("phone/shell/", phone.shell_detail, name="shell_detail"),
    path("phone/work/", phone.work_read, name="work_read"),
    path("phone/days/<int:operator>/<uuid:instance>/", phone.day_receive, name="day_receive"),
    path("worker.js", phone.worker_download, name="worker_download"),
    path("phone/manifest.webmanifest", phone.manifest_download, name="manifest_download"),
    path("<str:code>/", desk.desk_detail, name="desk_detail"),
    path("<str:code>/days/", days.daily_control_calendar, name="daily_control_calendar"),
    path("<str:code>/days/<str:day>/", days.daily_control_enter, name="daily_control_enter"),
    path("<str:code>/days/<str:day>/paper/", papers.daily_control_download, name="daily_control_download"),
    path("<str:code>/closures/create/", days.closure_create, name="closure_create"),
    path("<str:code>/closures/<int:pk>/end/", days.closure_end, name="closure_end"),
    path("<str:code>/problems/<int:pk>/", problems.own_problem_resolve, name="own_problem_resolve"),
    path("<str:code>/decisions/<int:pk>/close/", problems.decision_close, name="decision_close"),
    path("<str:code>/weeks/<str:monday>/", periods.own_week_edit, name="own_week_edit"),
    path("<str:code>/weeks/<str:monday>/sign/", periods.own_week_sign, name="own_week_sign"),
    path("<str:code>/weeks/<str:monday>/paper/", papers.own_week_download, name="own_week_download"),
    path("<str:code>/months/<str:month>/", periods.own_month_edit, name="own_month_edit"),
    path("<str:code>/months/<str:month>/sign/", periods.own_month_sign, name="own_month_sign"),
    path("<str:code>/months/<str:month>/paper/", papers.own_month_download, name="own_month_download"),
    path("<str:code>/list/", lists.risk_list_detail, name="risk_list_detail"),
    path("<str:code>/list/edit/", lists.risk_list_edit, name="risk_list_edit"),
    path("<str:code>/staff/", staff.safety_staff_detail, name="safety_staff_detail"),
    path("<str:code>/staff/appoint/", staff.appointment_create, name="appointment_create"),
    path("<str:code>/staff/<int:pk>/end/", staff.appointment_end, name="appointment_end"),
    path("<str:code>/reports/<str:key>/", reports.self_exam_submit, name="self_exam_submit"),
    path("<str:code>/commitments/<int:pk>/", reports.commitment_text_sign, name="commitment_text_sign"),
    path("<str:code>/exams/<int:pk>/", exams.exam_answer, name="exam_answer"),
    path("<str:code>/exams/<int:pk>/start/", exams.exam_start, name="exam_start"),
    path("<str:code>/list/approve/", lists.risk_list_approve, name="risk_list_approve"),
]
