"""What a load balancer and a monitor ask. Answers hold no names and no figures, so they need no sign-in.

`live`: the process answers. `ready`: it can do its work; 503 when the database cannot be reached or holds another
schema than this code. A missing worker or a nearly full disk is `degraded`: pages still work.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from shian.config.database import schema_state
from shian.kernel.accounts.permissions import open_to_all

HEARTBEAT = timedelta(seconds=30)
FREE_BYTES = 1024**3
SCHEMA = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
VITAL = ("database", "schema")


@require_safe
@open_to_all
@never_cache
@transaction.non_atomic_requests
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@open_to_all
@never_cache
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:
    """`{"status": "ok|degraded|down", "checks": {name: true|false}}`; down is 503."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    is_down = not all(found[name] for name in VITAL)
    status = "down" if is_down else "ok" if all(found.values()) else "degraded"
    return JsonResponse({"status": status, "checks": found}, status=503 if is_down else 200)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError):
        connection.close()
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


@cache
def _expected_schema() -> str:
    """Read once: the files of a running process do not matter any more when they change."""
    return schema_state()


def _schema() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        found = cursor.fetchone()
    return found is not None and str(found[0] or "").removeprefix("migrated ") == _expected_schema()


def _worker() -> bool:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - HEARTBEAT).exists()


def _disk() -> bool:
    return shutil.disk_usage(settings.SHIAN_HOME).free >= FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "schema": _schema, "worker": _worker, "disk": _disk}
