"""A small bounded load generator, run as a program so that it takes no time from what is measured.

``python -m tests.bench.load`` reads pickled calls from its input and writes their pickled results; see ``places.generator``.
"""

import asyncio
import gc
import pickle
import selectors
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

READY = b"ready\n"
_HOST = "127.0.0.1"
_PATIENCE = 5.0
"""Seconds until an answer counts as lost, as for the platform."""
_TICKS = 100
"""Units of processor time in a second, as /proc counts them."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One prepared request and when it is sent, in seconds after the start."""

    at: float
    port: int
    wire: bytes


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of a shot; the times are those of ``time.perf_counter``, the same in every process."""

    due: float
    """When it was to be sent: time lost before sending is part of the wait."""
    done: float
    status: int = 0
    """0 where nothing came back in time."""
    body: bytes = b""

    @property
    def milliseconds(self) -> float:
        """How long the answer took."""
        return (self.done - self.due) * 1000


@dataclass(frozen=True, slots=True)
class Pace:
    """What a saturated server did in one round."""

    requests: int
    seconds: float
    server_seconds: float
    """Processor time the server took for them."""
    faults: int
    """Answers with another status than 200."""

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often the sides of a contest take turns, and for how long each."""

    count: int
    seconds: float


def wire(method: str, path: str, query: Mapping[str, str], body: bytes = b"", keep: bool = False) -> bytes:
    """A request as bytes, with the headers the platform sends."""
    lines = [
        f"{method} {path}{'?' if query else ''}{urlencode(query)} HTTP/1.1",
        "User-Agent: Mozilla/4.0",
        "Accept: */*",
        "Host: 127.0.0.1",
        "Pragma: no-cache",
        f"Connection: {'Keep-Alive' if keep else 'close'}",
        *((f"Content-Length: {len(body)}", "Content-Type: text/xml") if body else ()),
    ]
    return "\r\n".join((*lines, "", "")).encode() + body


def paced(shots: Sequence[Shot], started: float) -> list[Landed]:
    """Send each shot at its time after ``started``, whatever became of those before, each on its own connection."""
    return asyncio.run(_all(shots, started))


def contest(
    port: int, sides: Sequence[Sequence[bytes]], connections: int, rounds: Rounds, server: int
) -> list[list[Pace]]:
    """Saturate a server with the requests of each side in turn, round after round; the first round is not counted."""
    paces: list[list[Pace]] = [[] for _ in sides]
    for number in range(rounds.count + 1):
        for wires, came in zip(sides, paces, strict=True):
            pace = saturated(port, wires, connections, rounds.seconds, server)
            if number:
                came.append(pace)
    return paces


def saturated(port: int, wires: Sequence[bytes], connections: int, seconds: float, server: int) -> Pace:
    """Keep ``connections`` busy, each with one request at a time; ``server`` is the process whose time is counted."""
    supply = cycle(wires)
    lines = [_Line(port) for _ in range(connections)]
    done = faults = 0
    with selectors.DefaultSelector() as selector:
        busy = processor_seconds(server)
        started = time.perf_counter()
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(next(supply))
        while selector.get_map():
            ready = selector.select(_PATIENCE)
            if not ready:
                raise TimeoutError("the server under load does not answer")
            for key, _ in ready:
                status = key.data.receive()
                if not status:
                    continue
                done, faults = done + 1, faults + (status != 200)
                if time.perf_counter() - started < seconds:
                    key.data.send(next(supply))
                else:
                    selector.unregister(key.fileobj)
        took = time.perf_counter() - started
        busy = processor_seconds(server) - busy
    for line in lines:
        line.socket.close()
    return Pace(done, took, busy, faults)


def processor_seconds(process: int) -> float:
    """Processor time a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class _Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((_HOST, port), _PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._come = b""

    def send(self, request: bytes) -> None:
        """Ask; the answer before has been received."""
        self._come = b""
        self.socket.sendall(request)

    def receive(self) -> int:
        """The status once the answer is here as a whole; 0 before."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server under load closed the connection")
        self._come += more
        head, found, body = self._come.partition(b"\r\n\r\n")
        if not found:
            return 0
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]) if len(body) >= length else 0


async def _all(shots: Sequence[Shot], started: float) -> list[Landed]:
    return await asyncio.gather(*(_shoot(shot, started + shot.at) for shot in shots))


async def _shoot(shot: Shot, due: float) -> Landed:
    await asyncio.sleep(due - time.perf_counter())
    try:
        async with asyncio.timeout(_PATIENCE):
            come = await _exchange(shot)
    except (TimeoutError, OSError):
        return Landed(due, time.perf_counter())
    done = time.perf_counter()
    head, found, body = come.partition(b"\r\n\r\n")
    return Landed(due, done, int(head[9:12]), body) if found else Landed(due, done)


async def _exchange(shot: Shot) -> bytes:
    reader, writer = await asyncio.open_connection(_HOST, shot.port)
    try:
        writer.write(shot.wire)
        return await reader.read(-1)
    finally:
        writer.close()


def main() -> None:
    """Say that we are ready, then work until the input ends."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    gc.disable()  # a pause of ours would look like one of the server's
    target.write(READY)
    target.flush()
    while source.peek(1):
        work, arguments = pickle.load(source)
        pickle.dump(work(*arguments), target)
        target.flush()


if __name__ == "__main__":
    main()
