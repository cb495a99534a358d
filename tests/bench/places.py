"""A deployment for measuring: the whole corpus imported once, reused by every bench of a run."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bot import app
from bot.core.clock import SystemClock
from bot.settings import load_settings
from handlers import curation

ROOT = Path(__file__).resolve().parents[2]
LAWS = ROOT.parent / "shared" / "corpus" / "laws"


@dataclass(slots=True)
class Bench:
    """Where a run keeps its deployment."""

    folder: Path
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

    def program(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """A ``niangjia`` process on this deployment."""
        settings = {"NIANGJIA_DATA_DIR": str(self.data_dir), "PATH": "/usr/bin:/bin", **environment}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def questions() -> list[str]:
    """Questions for measuring speed: the handbook's own, every seventh."""
    from bot.settings import content_dir
    from knowledge import entries

    asked = [question for entry in entries.load(content_dir() / "handbook") for question in entry.questions]
    return asked[::7]
