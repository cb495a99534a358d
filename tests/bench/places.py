"""A deployment for measuring: the whole corpus imported once, reused by every bench of a run."""

import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import app
from bot.core.clock import SystemClock
from bot.settings import content_dir, load_settings
from handlers import curation
from knowledge import entries
from tests.bench import load
from tests.bench.load import Shot
from tests.fakes.wechat_platform import Credentials, Mode, WeChatPlatform

ROOT = Path(__file__).resolve().parents[2]
LAWS = ROOT.parent / "shared" / "corpus" / "laws"
LEAD = 1.0
"""Seconds from handing prepared messages to the generator until it sends the first."""
_PATIENCE = 30.0
_WECHAT = {
    "NIANGJIA_WECHAT_TOKEN": Credentials().token,
    "NIANGJIA_WECHAT_APP_ID": Credentials().app_id,
    "NIANGJIA_WECHAT_AES_KEY": Credentials().aes_key,
}


@dataclass(frozen=True, slots=True)
class Server:
    """A served deployment, ready to answer."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def platform(self) -> WeChatPlatform:
        """The WeChat platform in front of it, in safe mode."""
        return WeChatPlatform(f"http://127.0.0.1:{self.port}", mode=Mode.SAFE)


@dataclass(slots=True)
class Bench:
    """Where a run keeps its deployment."""

    folder: Path
    seconds: float = 60.0
    """How long a bench that goes by time puts load on a server."""
    import_seconds: float = 0.0

    @property
    def data_dir(self) -> Path:
        """The deployment's data directory."""
        return self.folder / "var"

    def deployment(self) -> app.Parts:
        """The deployment with everything imported; the first call imports and takes the time."""
        fresh = not self.data_dir.exists()
        parts = app.assemble(load_settings(data_dir=self.data_dir), SystemClock())
        if fresh:
            started = time.perf_counter()
            curation.import_files(parts.database, parts.catalogue, [LAWS], parts.clock.now())
            app.rebuild(parts)
            self.import_seconds = time.perf_counter() - started
        return parts

    def copy(self, name: str) -> Path:
        """A data directory like the deployment's, for a bench that writes."""
        self.deployment().close()
        target = self.folder / name
        shutil.copytree(self.data_dir, target)
        return target

    def program(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """A ``niangjia`` process on this deployment; to be used with :func:`ended`."""
        return self.python("-m", "bot", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """A Python process that sees this deployment and no settings of the developer's."""
        settings = {
            "NIANGJIA_DATA_DIR": str(self.data_dir),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*_leash(), sys.executable, *arguments], cwd=self.folder, env=settings, stdout=log, stderr=log
            )

    @contextmanager
    def served(self, *options: str, **environment: str) -> Iterator[Server]:
        """``niangjia serve`` with an official account in safe mode."""
        port = free_port()
        process = self.program("serve", "--port", str(port), *options, **_WECHAT, **environment)
        with self.listening(process, port) as server:
            yield server

    @contextmanager
    def served_by(self, factory: str, **environment: str) -> Iterator[Server]:
        """Uvicorn with the application that ``factory`` (module:function) makes."""
        port = free_port()
        options = ("--factory", "--port", str(port), "--no-access-log", "--log-level", "warning")
        process = self.python("-m", "uvicorn", factory, *options, **_WECHAT, **environment)
        with self.listening(process, port) as server:
            yield server

    @contextmanager
    def listening(self, process: subprocess.Popen[bytes], port: int) -> Iterator[Server]:
        """Wait until ``process`` answers on ``port``; end it at the end of the block."""
        with ended(process):
            until = time.perf_counter() + _PATIENCE
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() > until:
                    raise RuntimeError(f"no server: {self.log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            yield Server(port, process)

    @property
    def log(self) -> Path:
        """What the programs of this run printed."""
        return self.folder / "programs.log"


@dataclass(frozen=True, slots=True)
class Generator:
    """A process that puts load on servers."""

    process: subprocess.Popen[bytes]

    def begin(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Have ``work``, a function of ``tests.bench.load``, done over there."""
        assert self.process.stdin is not None
        pickle.dump((work, arguments), self.process.stdin)
        self.process.stdin.flush()

    def shoot(self, shots: Sequence[Shot]) -> float:
        """Begin sending ``shots``; returns the start that their times count from."""
        started = time.perf_counter() + LEAD
        self.begin(load.paced, shots, started)
        return started

    def finish(self) -> Any:
        """Wait for the result of what was begun."""
        assert self.process.stdout is not None
        return pickle.load(self.process.stdout)


@contextmanager
def generator() -> Iterator[Generator]:
    """A load generator, ready to begin."""
    process = subprocess.Popen(
        [*_leash(), sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process, ended(process):
        assert process.stdout is not None
        assert process.stdout.readline() == load.READY
        yield Generator(process)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End ``process`` at the end of the block, by force if it does not go."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Neither the environment nor a ``niangjia.toml`` of the developer's changes what is measured."""
    outside = {name: value for name, value in os.environ.items() if name.startswith("NIANGJIA_")}
    here = Path.cwd()
    for name in outside:
        del os.environ[name]
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.update(outside)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def questions() -> list[str]:
    """Questions for measuring speed: the handbook's own, every seventh."""
    asked = [question for entry in entries.load(content_dir() / "handbook") for question in entry.questions]
    return asked[::7]


def _answers(port: int) -> bool:
    """Whether a server is there and, where it can say so, ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except urllib.error.HTTPError as refused:
        return refused.code == 404
    except (urllib.error.URLError, OSError):
        return False


def _leash() -> tuple[str, ...]:
    """Where the system can, a program ends with the bench, however that ended."""
    holder = shutil.which("setpriv")
    return (holder, "--pdeathsig", "KILL", "--") if holder else ()
