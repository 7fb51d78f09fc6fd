"""Officials' phones at a quarter's end, and staff who look on: an open loop that takes little processor.

    python -m benchmarks.rush_phones plan.json

The plan: {"host", "port", "pace", "at_once", "visits", "readers", "again", "seconds"}. With a pace, [[seconds, visits a
second], …] in turns, visits begin when their time has come (Poisson arrivals), however many are under way, and a
latency counts from that time; without one `at_once` phones send as fast as they are answered. A visit is {"path",
"cookie", "csrf", "body", "posts": [{name: bytes}, …]}: the files that go with each post, one post after another, as
the page does it. With a pace every request is made before the first is sent: while it measures, this process only
writes and reads. The first post of every `again`th is sent twice, as by a phone whose answer was lost: the connection
is closed unread, the same comes again. What is not answered (a server that was killed) comes again after a second, as
from a phone. Each of the readers asks for a page every so many seconds. Prints JSON: {"took", "visits": [seconds],
"answers": {path: key}, "refused", "repeated", "late", "pages": {name: [seconds]}, "processor": seconds}
"""

import asyncio
import json
import sys
import time
import uuid
import zlib
from collections import defaultdict
from functools import lru_cache
from hashlib import sha512
from pathlib import Path
from random import Random
from typing import Any

HIGH = bytes(each | 0x80 for each in range(256))  # no letters: by chance they would tell of another kind of file
MOST_TRIES, PAUSE, PATIENCE = 60, 1.0, 60.0


@lru_cache(maxsize=8)
def noise_of(width: int, height: int) -> bytes:
    """Rows of pixels of which nothing can be packed smaller, after the first one."""
    noise = Random(height)  # noqa: S311 (pixels)
    return b"".join(b"\0" + noise.randbytes(width).translate(HIGH) for _ in range(1, height))


def picture(size: int, mark: str) -> bytes:
    """A PNG of about so many bytes that nothing packs smaller; another mark makes another file."""
    width = 64
    height = max(2, size // width)
    first = sha512(mark.encode()).digest().translate(HIGH)  # a row of its own
    rows = b"\0" + first + noise_of(width, height)
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x00\x00\x00\x00"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    packed = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def request_of(host: str, visit: dict[str, Any], files: dict[str, int]) -> bytes:
    """One post of a visit."""
    mark = uuid.uuid4().hex
    fields = [(f'name="{name}"', "", text.encode()) for name, text in (("answers", visit["body"]), ("sent_at", ""))]
    for name, size in files.items():
        content = picture(size, visit["path"] + name)
        fields.append((f'name="file"; filename="{name}"', "Content-Type: image/png\r\n", content))
    body = b"".join(
        f"--{mark}\r\nContent-Disposition: form-data; {told}\r\n{kind}\r\n".encode() + content + b"\r\n"
        for told, kind, content in fields
    )
    body += f"--{mark}--\r\n".encode()
    head = (
        f"POST {visit['path']} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {visit['cookie']}\r\n"
        f"X-CSRFToken: {visit['csrf']}\r\nContent-Type: multipart/form-data; boundary={mark}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Rush:
    """One replay; `told` is what it prints."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.host = f"{plan['host']}:{plan['port']}"
        self.told: dict[str, Any] = {"visits": [], "answers": {}, "refused": [], "repeated": 0, "late": 0}
        self.pages: dict[str, list[float]] = defaultdict(list)
        self.is_over = False
        self.made: list[list[bytes]] = []

    async def run(self) -> dict[str, Any]:
        if self.plan["pace"]:
            self.made = [self.requests_of(each) for each in self.plan["visits"]]
        began, spent = time.perf_counter(), time.process_time()
        readers = [asyncio.create_task(self.read(each)) for each in self.plan["readers"]]
        await (self.paced() if self.plan["pace"] else self.at_once())
        self.is_over = True
        took = time.perf_counter() - began
        await asyncio.gather(*readers)
        return {**self.told, "took": took, "pages": self.pages, "processor": time.process_time() - spent}

    async def paced(self) -> None:
        """Each visit at its time, whatever became of those before."""
        noise, due = Random(1), time.perf_counter() + 1  # noqa: S311 (arrivals)
        tasks: list[asyncio.Task[None]] = []
        moments = ((seconds, rate) for _ in range(10_000) for seconds, rate in self.plan["pace"])
        visits = iter(enumerate(self.plan["visits"]))
        for seconds, rate in moments:
            ends = due + seconds
            while (due := due + noise.expovariate(rate)) < ends:
                following = next(visits, None)
                if following is None:
                    await asyncio.gather(*tasks)
                    return
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                tasks.append(asyncio.create_task(self.send(*following, due)))
            due = ends

    async def at_once(self) -> None:
        """So many phones, each with its next visit when the last one is answered."""
        visits = iter(enumerate(self.plan["visits"]))

        async def phone() -> None:
            for number, visit in visits:
                await self.send(number, visit, time.perf_counter())

        await asyncio.gather(*(phone() for _ in range(self.plan["at_once"])))

    def requests_of(self, visit: dict[str, Any]) -> list[bytes]:
        return [request_of(self.host, visit, files) for files in visit["posts"]]

    async def send(self, number: int, visit: dict[str, Any], due: float) -> None:
        """A visit until all of it is answered; `due`: when it should have begun."""
        for turn, request in enumerate(self.made[number] if self.made else self.requests_of(visit)):
            if turn == 0 and self.plan["again"] and number % self.plan["again"] == 0:
                self.told["repeated"] += 1
                await self.lose(request)
            if not await self.post(visit, request):
                return
        self.told["visits"].append(time.perf_counter() - due)

    async def post(self, visit: dict[str, Any], request: bytes) -> bool:
        """Again and again until it is answered; False where it was refused."""
        for _ in range(MOST_TRIES):
            try:
                status, body = await asyncio.wait_for(self.ask(request), PATIENCE)
            except (OSError, TimeoutError, EOFError):
                status, body = 0, b""
            if status == 201:
                self.told["answers"][visit["path"]] = json.loads(body)["submission"]
                return True
            if 400 <= status < 500:
                self.told["refused"].append(f"{status} {body[:300].decode(errors='replace')}")
                return False
            self.told["late"] += 1
            await asyncio.sleep(PAUSE)
        self.told["refused"].append(f"never answered: {visit['path']}")
        return False

    async def lose(self, request: bytes) -> None:
        """Send it and hang up before the answer."""
        try:
            _reader, writer = await asyncio.open_connection(self.plan["host"], self.plan["port"])
            writer.write(request)
            await writer.drain()
            writer.close()
        except OSError:
            self.told["late"] += 1

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection(self.plan["host"], self.plan["port"])
        try:
            writer.write(request)
            await writer.drain()
            head, _end, body = (await reader.read(-1)).partition(b"\r\n\r\n")
            if not head:
                raise EOFError
            return int(head.split(b" ", 2)[1]), body
        finally:
            writer.close()

    async def read(self, reader: dict[str, Any]) -> None:
        """One page, every so many seconds, from its time on."""
        request = (
            f"GET {reader['path']} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n"
            f"Cookie: {reader['cookie']}\r\n\r\n"
        ).encode()
        due = time.perf_counter() + Random(reader["path"]).random() * reader["every"]  # noqa: S311 (a moment)
        while not self.is_over:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                status, _body = await asyncio.wait_for(self.ask(request), PATIENCE)
            except (OSError, TimeoutError, EOFError):
                status = 0  # the server was killed: the page comes again by itself
            if status == 200:
                self.pages[reader["name"]].append(time.perf_counter() - due)
            elif status:
                self.told["refused"].append(f"{status} {reader['path']}")
            due = max(due + reader["every"], time.perf_counter() - PATIENCE)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Rush(json.loads(Path(sys.argv[1]).read_text())).run())))
