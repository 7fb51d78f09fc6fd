"""One process that sends documents of events and takes them, as web server and worker do in turn.

Says "ready" when its documents are made, begins at the next line, and tells seconds of the clock and of the processor,
its session in the server included. Started by benchmarks.trace in the environment of a scratch database.
"""

import json
import sys
import time

from shian.config.loading import undisturbed


def main(seed: int, count: int, events: int) -> None:
    with undisturbed():
        import django

        django.setup()
    from django.utils import timezone

    from benchmarks.harness import cpu_seconds
    from benchmarks.trace_events import documents
    from shian.engine.trace.actions.capturing import digest_of_body, send_document, take_capture
    from shian.engine.trace.documents import read_document
    from shian.kernel.accounts.models import Role, User
    from shian.kernel.scope.reach import Reach
    from shian.kernel.scope.walls import work_as_system

    work_as_system()
    user = User(username=f"bench{seed}", role=Role.OFFICE)
    user._reach = Reach(keys=("131000",))  # type: ignore[attr-defined]
    bodies = list(documents(seed, count, events))
    cpu_seconds()
    print("ready", flush=True)
    sys.stdin.readline()
    wall, cpu, taken = time.perf_counter(), cpu_seconds(), 0
    for body in bodies:
        sent = send_document(
            document=read_document(body), digest=digest_of_body(body), keeps_good=False, by=user, at=timezone.now()
        )
        taken += take_capture(number=sent.pk, at=timezone.now()).taken
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": cpu_seconds() - cpu, "taken": taken}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
