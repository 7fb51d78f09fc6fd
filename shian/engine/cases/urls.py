"""Urls of cases."""

from django.urls import path

from shian.engine.cases.views import feeds, kinds, lists, record, requests, steps

app_name = "cases"
urlpatterns = [
    path("", lists.case_list, name="case_list"),
    path("export/", lists.case_export, name="case_export"),
    path("calendar/", feeds.feed_detail, name="feed_detail"),
    path("calendar/new/", feeds.feed_create, name="feed_create"),
    path("calendar/end/", feeds.feed_end, name="feed_end"),
    path("calendar/<str:secret>.ics", feeds.calendar_download, name="calendar_download"),
    path("types/", kinds.kind_list, name="kind_list"),
    path("types/<slug:key>/", lists.type_list, name="type_list"),
    path("types/<slug:key>/new/", steps.case_create, name="case_create"),
    path("types/<slug:key>/move/", steps.cases_move, name="cases_move"),
    path("<int:pk>/", record.case_detail, name="case_detail"),
    path("<int:pk>/files/<int:file>/", record.file_download, name="file_download"),
    path("<int:pk>/steps/<slug:step>/", steps.step_take, name="step_take"),
    path("<int:pk>/extension/", requests.extension_create, name="extension_create"),
    path("<int:pk>/transfer/", requests.transfer_create, name="transfer_create"),
    path("<int:pk>/requests/<int:number>/", requests.request_answer, name="request_answer"),
    path("<int:pk>/suspend/", requests.case_suspend, name="case_suspend"),
    path("<int:pk>/resume/", requests.case_resume, name="case_resume"),
    path("<int:pk>/merge/", requests.case_merge, name="case_merge"),
    path("<int:pk>/note/", requests.note_add, name="note_add"),
]
