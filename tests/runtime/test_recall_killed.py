"""A recall's notices under kill -9: whoever queues them dies again and again; each holder is told once."""

import json
import random
import signal

import psycopg
import pytest

from shian.config.database import Database
from tests.runtime.conftest import environment_of, eventually, migrated_home
from tests.runtime.nursery import Nursery, nursery

HOLDERS, KILLS = 2000, 3
SETUP = """
import json, sys
from django.utils import timezone
from shian.kernel.scope.walls import work_as_system
work_as_system()
from shian.domains.tracing.actions import recall_notices
from shian.domains.tracing.models import RecallHolder
from shian.kernel.notices.models import Notice
recall_notices.CHUNK = 100
"""
PREPARE = """
from datetime import timedelta
from django.apps import apps
from shian.domains.tracing.actions.recalls import Order, decide_recall, propose_recall
from shian.domains.tracing.models import Cause, RecallLevel, Treatment
from shian.portals.operator.tests.hub import make_hub
now = timezone.now()
order = Order(title="x", roots=[make_hub(int(sys.argv[1]))], level=RecallLevel.FIRST, cause=Cause.SAMPLE, reason="x",
              treatment=Treatment.DESTROY, advice="x", known_at=now - timedelta(hours=1))
made = propose_recall(order=order, by="first", at=now)
decide_recall(recall=made, is_ordered=True, decision="", by="second", at=now)
print(json.dumps(made.pk))
"""
TELL = "recall_notices.tell_holders(recall=int(sys.argv[1]), at=timezone.now())"
TOLD = "SELECT count(*) FROM tracing_recallholder WHERE told_at IS NOT NULL"
JUDGE = """
from collections import Counter
sent = Counter(Notice.objects.filter(subject__startswith="tracing.recallholder:").values_list("subject", flat=True))
from shian.kernel.accounts.models import User
bells = sum(User.objects.filter(username__startswith="hub").values_list("unread_notices", flat=True))
print(json.dumps({"notices": sum(sent.values()), "subjects": len(sent), "bells": bells,
                  "untold": RecallHolder.objects.filter(told_at__isnull=True).count()}))
"""


def _told(database: Database) -> int:
    with psycopg.connect(database.owner_url) as asked:
        row = asked.execute(TOLD).fetchone()
        return int(row[0]) if row else 0


def _killed_once(database: Database, loaded: Nursery, recall: int, more: int) -> bool:
    """Begin to tell, and kill it once so many more are told; False where it was over before."""
    goal = _told(database) + more
    child = loaded.start(SETUP + TELL, recall)
    eventually(lambda: child.poll() is not None or _told(database) >= goal)
    child.kill()
    return child.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_each_holder_is_told_once_whoever_is_killed() -> None:
    dice = random.Random(7)
    with migrated_home() as (home, database), nursery(environment_of(home, database)) as loaded:
        recall = json.loads(loaded.ran(SETUP + PREPARE, HOLDERS))

        killed = [_killed_once(database, loaded, recall, dice.randrange(100, 400)) for _ in range(KILLS)]
        loaded.ran(SETUP + TELL, recall)

        assert any(killed)
        told = {"notices": HOLDERS, "subjects": HOLDERS, "bells": HOLDERS, "untold": 0}
        assert json.loads(loaded.ran(SETUP + JUDGE)) == told
