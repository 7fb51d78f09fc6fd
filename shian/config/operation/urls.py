"""Urls for monitors and load balancers."""

from django.urls import path

from shian.config.operation.health import live, ready
from shian.config.operation.metrics import metrics

app_name = "operation"
urlpatterns = [
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("metrics", metrics, name="metrics_export"),
]
