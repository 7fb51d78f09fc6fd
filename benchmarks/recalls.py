"""The promise of recalls: from the first click to the last of 13,000 notices queued in under a minute.

In a scratch database of its own. The clicks go through the whole stack (preview, proposal, decision by a second
person); the notices are queued by the worker's own function, each holder having somebody who reads it.
"""

import os
import time

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, scratch_database
from shian.domains.tracing.actions.recall_notices import tell_holders
from shian.domains.tracing.queries.recalls import recall_number
from shian.kernel.accounts.models import Role, User
from shian.kernel.notices.models import Notice
from shian.kernel.scope.walls import system_scope
from shian.portals.operator.tests.hub import make_hub
from shian.registers.people.tests.factories import reach_user

SCRATCH = "shian_bench_recalls"
HOLDERS = int(os.environ.get("SHIAN_BENCH_HOLDERS", "13000"))
MOST, PACKAGE = 60, 1.0
ASKED = {
    "title": "黄瓜", "level": "1", "cause": "sample", "reason": "农药残留超标", "treatment": "destroy",
    "advice": "停止销售", "ring": "1",
}  # fmt: skip


def measure() -> list[Line]:
    """The preview, the decision with its scope, and the whole way."""
    with scratch_database(SCRATCH), system_scope():
        first, second = (reach_user(name, "131022", Role.COUNTY) for name in ("first", "second"))
        return _measured(make_hub(HOLDERS), first, second)


def _measured(holding: int, first: User, second: User) -> list[Line]:
    proposer, decider = _client(first), _client(second)
    url = f"{reverse('tracing:recall_create')}?holding={holding}"
    begun, cpu = time.perf_counter(), time.process_time()
    assert proposer.get(url).status_code == 200
    previewed = time.perf_counter()
    known = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    page = proposer.post(url, {**ASKED, "known_at": known})["Location"]
    asked = time.perf_counter()
    assert decider.post(f"{page}review/", {"verdict": "order", "decision": ""}).status_code == 302
    decided = time.perf_counter()
    number = _recall(page)
    told = tell_holders(recall=number, at=timezone.now())
    ended, used = time.perf_counter(), time.process_time() - cpu
    notices = Notice.objects.filter(subject__startswith="tracing.recallholder:").count()
    assert (told, notices) == (HOLDERS + 1, HOLDERS), (told, notices)
    note = f"{HOLDERS:,} notices to as many readers, each once; {used:.1f} s of processor"
    return [
        Line("recall: preview of a hub", (previewed - begun) * 1000, "ms", "≤ 1 s", previewed - begun <= PACKAGE),
        Line("… its scope drawn at the decision", (decided - asked) * 1000, "ms", "≤ 1 s", decided - asked <= PACKAGE),
        Line("… first click to the last notice", ended - begun, "s", "≤ 60 s", ended - begun <= MOST, note),
    ]


def _client(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def _recall(page: str) -> int:
    """The recall that the page is about."""
    return recall_number(page.rstrip("/").rpartition("/")[2])
