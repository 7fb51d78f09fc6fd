"""Urls of the interface: below /api/ its pages, below /api/v1/ its endpoints."""

from django.urls import URLPattern, URLResolver, include, path

from shian.kernel.api import views
from shian.kernel.api.site import api_urls

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs", views.reference_detail, name="reference_detail"),
    path("problems", views.problem_list, name="problem_list"),
    path("tokens/", views.token_list, name="token_list"),
    path("tokens/create/", views.token_create, name="token_create"),
    path("tokens/<int:number>/revoke/", views.token_revoke, name="token_revoke"),
    path("v1/openapi.json", views.schema_detail, name="schema_detail"),
    path("v1/", include((api_urls(), "api-v1"))),
]
