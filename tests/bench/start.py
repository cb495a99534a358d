"""Cold start and memory of a served deployment."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.bench.places import Bench, ended, free_port
from tests.bench.report import Result


def cold_start(bench: Bench) -> Result:
    """From starting the program to its first answer over HTTP, beside starting Python with the web framework."""
    bench.deployment().close()
    times = [_first_answer(bench)[0] for _ in range(3)]
    floors = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import fastapi, uvicorn, sqlalchemy"], check=True)
        floors.append(time.perf_counter() - started)
    value, floor = sorted(times)[1], sorted(floors)[1]
    detail = "median of 3; floor: importing fastapi, uvicorn and sqlalchemy"
    return Result("cold_start", value, "s", floor, value / floor, detail, "≤ 5 (aim 1.5)", value <= 5)


def memory(bench: Bench) -> Result:
    """Resident memory after 100 answers."""
    bench.deployment().close()
    _, resident = _first_answer(bench, questions=100)
    blank = subprocess.run(
        [
            sys.executable,
            "-c",
            "import fastapi, uvicorn, sqlalchemy, numpy; print(open('/proc/self/status').read())",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    floor = _resident(blank.stdout)
    detail = "after 100 answers; floor: fastapi, uvicorn, sqlalchemy and numpy imported"
    return Result(
        "memory", resident, "MB", floor, resident / floor, detail, "≤ 350 (aim 250)", resident <= 350
    )


def _first_answer(bench: Bench, questions: int = 1) -> tuple[float, float]:
    port = free_port()
    started = time.perf_counter()
    process = bench.program("serve", "--port", str(port))
    with ended(process):
        _ask(port, "老板拖欠工资怎么办", patience=30)
        seconds = time.perf_counter() - started
        for number in range(questions - 1):
            _ask(port, f"第{number}个问题，加班费怎么算")
        return seconds, _resident(Path(f"/proc/{process.pid}/status").read_text())


def _ask(port: int, text: str, patience: float = 0) -> None:
    body = json.dumps({"text": text}).encode()
    base = f"http://127.0.0.1:{port}"
    request = urllib.request.Request(
        f"{base}/api/chat", body, {"Content-Type": "application/json", "Origin": base}
    )
    until = time.perf_counter() + patience
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert json.load(answer)["replies"]
                return
        except urllib.error.HTTPError as refused:
            if refused.code != 429:
                raise
            time.sleep(0.5)
        except urllib.error.URLError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.02)


def _resident(status: str) -> float:
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
