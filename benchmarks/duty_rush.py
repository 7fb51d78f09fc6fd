"""The promise of a quarter's end: 5,759 officials send 32,872 visits in an hour to two web processes and one worker.

In a copy of the demo's database, served as `shian up` serves it, each official with an account and a session of its
own; sent by rush_phones.py from the same machine, on the same processors: first at the hour's rate, 9.13 a second by
chance, which is what is promised; then in a harsher shape, a fifth of the time three times as many, which is told
beside it; then as fast as they are answered, while a web process and the worker are killed. Two signatures with each
visit, a fault with its photo in every twentieth, every fiftieth sent twice. Staff read coverage and lists meanwhile.
Afterwards everything is counted: rows, files, problems, entries of the log.

SHIAN_BENCH_RUSH=32872 sends all of them (2,000 otherwise), SHIAN_BENCH_RUSH_SECONDS how long at the hour's rate (120)
and, half as long, in the harsher shape.
"""

import itertools
import json
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, free_port, scratch_database, scratch_environment, staff, wait_for
from shian.config.database import EMBEDDED
from shian.config.home import PROJECT, Home
from shian.config.supervisor import everything_of, keeper_of, services_of
from shian.domains.duties.models import DutyVisit, Match, Official, VisitFault
from shian.domains.duties.queries.coverage import in_force
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import assignment_key, sheet_of, trained_on
from shian.engine.forms.models import FormSubmission, SubmissionFile
from shian.engine.forms.queries import version_in_force
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry, Leaf
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation, Person, Post

SCRATCH = "shian_bench_rush"
VISITS = int(os.environ.get("SHIAN_BENCH_RUSH", "2000"))
SECONDS = int(os.environ.get("SHIAN_BENCH_RUSH_SECONDS", "120"))
HOUR = 32_872 / 3600  # visits a second
EVEN, SURGE = ((1.0, 1.0),), ((0.8, 0.5), (0.2, 3.0))  # parts of the time and of the rate
CYCLE, AT_ONCE, AGAIN, FAULTY, WARM = 60, 8, 50, 20, 40
READ_EVERY, KILLED_AFTER = 5, 3  # seconds
SIGNATURE, PHOTO = 4_000, 120_000  # bytes
MOST, MOST_PAGE = 0.3, 0.15
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SIGNED = ("signature_operator", "signature_official")


def measure() -> list[Line]:
    """Latencies at the hour's rate and in a surge, then how many a second, and whether everything is there once."""
    with scratch_database(SCRATCH, is_copy=True), tempfile.TemporaryDirectory(prefix="shian-bench-") as folder:
        with system_scope():
            visits, before = _visits(_sessions()), _counts()
        readers = _readers()
        connection.close()
        home = Home(Path(folder) / "home")
        with _served(home) as port:
            plan = {"host": "127.0.0.1", "port": port, "at_once": AT_ONCE, "again": AGAIN, "pace": []}
            even, surge = (round(seconds * HOUR) for seconds in (SECONDS, SECONDS / 2))
            waiting = iter(visits)
            _replayed(home, plan | {"visits": list(islice(waiting, WARM)), "readers": readers})
            hour = _paced(home, plan | {"visits": list(islice(waiting, even)), "readers": readers}, EVEN)
            harsh = _paced(home, plan | {"visits": list(islice(waiting, surge)), "readers": readers}, SURGE)
            killing = threading.Timer(KILLED_AFTER, _kill_two, [home])
            killing.start()
            fast = _replayed(home, plan | {"visits": list(waiting), "readers": []})
            killing.join()
            wrong = _wrong(visits, before)
    refused = [*hour["refused"], *harsh["refused"], *fast["refused"]]
    return [*_of_the_hour(hour), *_of_the_surge(harsh), *_of_all(fast, [*refused, *wrong], len(visits))]


def _paced(home: Home, plan: dict[str, Any], shape: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """What rush_phones tells of visits at the hour's rate in this shape; `each`: seconds of this machine's processors
    for each visit, `own`: of these the sender's."""
    spent = _processor()
    told = _replayed(home, plan | {"pace": [[part * CYCLE, times * HOUR] for part, times in shape]})
    count = len(plan["visits"])
    return told | {"each": (_processor() - spent) / count, "own": told["processor"] / count}


def _of_the_hour(told: dict[str, Any]) -> list[Line]:
    latency = _p95(told["visits"])
    return [
        Line("a visit sent in the rush, p95", 1000 * latency, "ms", "≤ 300 ms", latency <= MOST, _sent(told)),
        *(
            Line(f"{name} beside it, p95", 1000 * _p95(found), "ms", "≤ 150 ms", _p95(found) <= MOST_PAGE,
                 f"read {len(found)} times, median {1000 * statistics.median(found):.0f} ms")
            for name, found in sorted(told["pages"].items())
        ),
    ]  # fmt: skip


def _of_the_surge(told: dict[str, Any]) -> list[Line]:
    """Told, not promised."""
    pages = [each for found in told["pages"].values() for each in found]
    return [
        Line("a visit sent, a fifth of the time at three times the rate, p95", 1000 * _p95(told["visits"]), "ms",
             "measured only", is_kept=True, note=_sent(told)),
        Line("pages beside it, p95", 1000 * _p95(pages), "ms", "measured only", is_kept=True,
             note=f"read {len(pages)} times, median {1000 * statistics.median(pages):.0f} ms"),
    ]  # fmt: skip


def _sent(told: dict[str, Any]) -> str:
    found = told["visits"]
    return (
        f"{len(found):,} visits, median {1000 * statistics.median(found):.0f} ms; {1000 * told['each']:.0f} ms of this "
        f"machine's processors each, {1000 * told['own']:.1f} of them the sender's, pages read beside included"
    )


def _of_all(told: dict[str, Any], wrong: list[str], count: int) -> list[Line]:
    rate = len(told["visits"]) / told["took"]
    note = f"{told['late']} tried again after two processes were killed; {told['repeated']} sent twice"
    return [
        Line("visits a second at full speed", rate, "/s", f"≥ {HOUR:.2f}/s", rate >= HOUR, note),
        Line("visits lost, doubled or refused", len(wrong), "", "0", not wrong, "; ".join(wrong[:3]) or f"{count:,}"),
    ]


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


def _sessions() -> dict[int, str]:
    """Official → the key of the session of an account of its own: a sign-in a moment ago, written all at once."""
    now = timezone.now()
    officials = list(Official.objects.filter(valid_to=None).select_related("person__user"))
    unit = Organisation.objects.filter(city="1310").order_by("pk")[0]
    bare = [each for each in officials if each.person is None]
    made = Person.objects.bulk_create(Person(person_no=f"BENCH{each.pk}", name=each.name) for each in bare)
    for each, person in zip(bare, made, strict=True):
        each.person = person
    Official.objects.bulk_update(bare, ["person"], batch_size=1000)
    Post.objects.bulk_create(
        Post(person=each.person, organisation=unit, title="包保干部", kind="包保干部", area_code=each.area_code,
             valid_from=date(2022, 1, 1), **columns_of_key(each.area))
        for each in bare
    )  # fmt: skip
    new = [each for each in officials if each.person is not None and each.person.user is None]
    users = User.objects.bulk_create(
        User(username=f"bench{each.pk}", role=Role.OFFICIAL, password=f"!{secrets.token_hex(20)}") for each in new
    )
    for each, user in zip(new, users, strict=True):
        assert each.person is not None
        each.person.user = user
    Person.objects.bulk_update([each.person for each in new if each.person], ["user"], batch_size=1000)
    keys = {each.pk: secrets.token_hex(16) for each in officials}
    Session.objects.bulk_create(
        _session(keys[each.pk], each.person.user, now) for each in officials if each.person and each.person.user
    )
    return keys


def _session(key: str, user: User, now: Any) -> Session:
    told = {
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash(),
        "began_at": now.timestamp(), "seen_at": now.timestamp(),
    }  # fmt: skip
    return Session(session_key=key, session_data=SessionStore().encode(told), expire_date=now + timedelta(hours=12))


def _visits(sessions: dict[int, str]) -> list[dict[str, Any]]:
    """What the phones send, in an order by chance: each business once, and from the first again until it is enough."""
    day = timezone.localdate()
    numbers, rows = numbers_at(day), Match.objects.filter(in_force(day)).select_related("operator", "official__person")
    matches = [each for each in rows if each.official_id in sessions]
    trained = trained_on([each.official for each in matches], day)
    random.Random(2).shuffle(matches)  # noqa: S311 (an order, no secret)
    keys = {sheet_of(each, numbers) for each in matches}
    versions = {key: version_in_force(key, day) for key in keys}
    return [
        _visit(
            number, match, versions[sheet_of(match, numbers)], sessions[match.official_id], match.official_id in trained
        )
        for number, match in zip(range(VISITS), itertools.cycle(matches), strict=False)
    ]


def _visit(number: int, match: Match, version: Any, session: str, is_trained: bool) -> dict[str, Any]:
    """One visit as rush_phones sends it."""
    began, operator = timezone.localtime() - timedelta(minutes=25), match.operator
    place = {"lat": float(operator.lat or 39.4), "lon": float(operator.lon or 116.3), "accuracy": 12}
    answers: dict[str, Any] = {
        "operator": operator.code, "level": match.level, "is_trained": "yes" if is_trained else "no", "way": "onsite",
        "may_remote": "no", "place": place, "start": began.isoformat(), "asked": 3, "known": 3, "opinion": "保持",
        "end": (began + timedelta(minutes=20)).isoformat(),
    }  # fmt: skip
    answers |= {} if is_trained else {"companion": "同行"}
    answers |= {each.name: "yes" for each in version.definition.items} | {name: f"{name}.png" for name in SIGNED}
    posts = [{f"{name}.png": SIGNATURE for name in SIGNED}]
    if number % FAULTY == 0:
        wrong = version.definition.items[0].name
        answers |= {wrong: "no", f"{wrong}_note": "没有做到", f"{wrong}_photo": f"{wrong}.png"}
        posts.append({f"{wrong}.png": PHOTO})
    csrf, instance = secrets.token_hex(16), str(uuid.uuid4())
    return {
        "path": reverse("forms:submission_create", args=[version.pk, instance]), "instance": instance, "csrf": csrf,
        "cookie": f"sessionid={session}; csrftoken={csrf}", "posts": posts,
        "body": json.dumps({"answers": answers, "assignment": assignment_key(match), "device": "bench"}),
    }  # fmt: skip


def _readers() -> list[dict[str, Any]]:
    """The city's office and a county's bureau, each page once in so many seconds."""
    office, county = staff(Role.OFFICE), staff(Role.COUNTY)
    home = county.person.posts.first().county
    coverage, due, visits = (reverse(f"duties:{name}") for name in ("coverage_detail", "due_list", "visit_list"))
    pages = (
        ("coverage of the city", office, coverage), ("coverage of a county", county, f"{coverage}?area={home}"),
        ("what is due in the city", office, due), ("the newest visits", office, visits),
        ("a county's newest visits", county, f"{visits}?area={home}"),
    )  # fmt: skip
    keys = {each.pk: secrets.token_hex(16) for each in (office, county)}
    now = timezone.now()
    with system_scope():
        Session.objects.bulk_create(_session(keys[each.pk], each, now) for each in (office, county))
    return [
        {"name": name, "path": path, "cookie": f"sessionid={keys[reader.pk]}", "every": READ_EVERY}
        for name, reader, path in pages
    ]


@contextmanager
def _served(home: Home) -> Iterator[int]:
    """The keeper as `shian up` starts it, with two web processes and a worker, on the scratch database."""
    port = free_port()
    home.prepare()
    told = scratch_environment(SCRATCH) | {"SHIAN_HOME": str(home.folder), "SHIAN_SECRET_KEY": settings.SECRET_KEY}
    told.pop(EMBEDDED, None)  # the database is somebody else's: this home neither starts nor stops it
    try:
        keeper_of(home, port).launch(told, port=port)
        wait_for(port)
        yield port
    finally:
        for service in everything_of(home):
            service.stop()


def _kill_two(home: Home) -> None:
    """One of the two web processes, and the worker; whoever keeps them starts them again."""
    web, worker = (service.pid() for service in services_of(home))
    children = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == web]
    for pid in (*children[:1], worker):
        if pid:
            os.kill(pid, signal.SIGKILL)


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _processor() -> float:
    """Seconds that this machine's processors have been busy."""
    told = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(told) - told[3] - told[4]) / os.sysconf("SC_CLK_TCK")


def _replayed(home: Home, plan: dict[str, Any]) -> dict[str, Any]:
    """What rush_phones tells of a plan."""
    path = home.folder / "plan.json"
    path.write_text(json.dumps(plan))
    command = [sys.executable, "-m", "benchmarks.rush_phones", str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _counts() -> dict[str, int]:
    return {
        "submissions": FormSubmission.objects.exclude(completed_at=None).count(), "visits": DutyVisit.objects.count(),
        "files": SubmissionFile.objects.count(), "problems": VisitFault.objects.exclude(problem=None).count(),
        "entries of visits": Entry.objects.filter(action="duties.visited").count(),
        "entries of sheets": Entry.objects.filter(action="forms.received").count(),
    }  # fmt: skip


def _wrong(visits: list[dict[str, Any]], before: dict[str, int]) -> list[str]:
    """What is not there exactly once: rows and entries against what was sent, and entries without a place in the log
    once the worker had its time."""
    files = sum(len(files) for each in visits for files in each["posts"])
    wanted = dict.fromkeys(before, len(visits)) | {"files": files, "problems": files - 2 * len(visits)}
    with system_scope():
        found = {name: count - before[name] for name, count in _counts().items()}
        sent = FormSubmission.objects.filter(instance_id__in=[each["instance"] for each in visits]).count()
        end = time.monotonic() + 120
        while (left := Entry.objects.count() - Leaf.objects.count()) and time.monotonic() < end:
            time.sleep(1)
    wrong = [f"{name}: {found[name]:,} of {wanted[name]:,}" for name in wanted if found[name] != wanted[name]]
    wrong += [f"{sent:,} instances of {len(visits):,}"] if sent != len(visits) else []
    return wrong + ([f"{left:,} entries without a place in the log"] if left else [])
