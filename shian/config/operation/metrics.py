"""Metrics for Prometheus: requests by django-prometheus over all web processes, and the state of our own tables.

Served only to whoever brings the token of SHIAN_METRICS_TOKEN; without that setting the page does not exist.
"""

import os
import secrets
from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notary.models import Entry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BYTES = "SELECT pg_database_size(current_database())"


@require_safe
@open_to_all
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The text format. 404 without the right token, as for a page that does not exist."""
    token = os.environ.get("SHIAN_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        raise Http404("Not found.")
    own = CollectorRegistry()
    own.register(Tables())
    processes: CollectorRegistry = REGISTRY
    if os.environ.get(FOLDER):
        processes = CollectorRegistry()
        MultiProcessCollector(processes)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(processes) + generate_latest(own), content_type=CONTENT_TYPE_LATEST)


class Tables(Collector):
    """Counted when asked, in a handful of short queries."""

    def collect(self) -> Iterable[Metric]:
        """Jobs, worker, sealed entries, imports, size of the database."""
        now = timezone.now()
        jobs = GaugeMetricFamily("shian_jobs", "Jobs in the queue by status.", labels=["status"])
        for status, count in ProcrastinateJob.objects.values_list("status").annotate(n=Count("id")):
            jobs.add_metric([status], count)
        yield jobs
        beat = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
        age = (now - beat).total_seconds() if beat else float("inf")
        yield GaugeMetricFamily("shian_worker_heartbeat_age_seconds", "Since a worker last gave a sign.", age)
        last = Entry.objects.aggregate(n=Max("id"))["n"] or 0
        yield GaugeMetricFamily("shian_sealed_entries", "Entries of the log.", last)
        yield self._waiting(now.timestamp())
        with connection.cursor() as cursor:
            cursor.execute(BYTES)
            yield GaugeMetricFamily("shian_database_bytes", "Size of the database.", cursor.fetchone()[0])

    def _waiting(self, now: float) -> Metric:
        oldest = ImportBatch.objects.filter(state=BatchState.CHECKED).aggregate(at=Min("created_at"))["at"]
        age = now - oldest.timestamp() if oldest else 0.0
        return GaugeMetricFamily("shian_import_waiting_seconds", "Age of the oldest import that nobody accepted.", age)
