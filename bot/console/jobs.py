"""Work the pages do not wait for: importing files and publishing the index, one job after another."""

import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import structlog

from bot.console.desk import Desk
from bot.core.errors import ConflictError
from bot.storage import audit
from handlers import curation
from handlers.curation import Imported

_log = structlog.get_logger(__name__)
_MOST_WAITING = 5
_REMEMBERED = 50
_NO_CHANGE = frozenset({"failed", "unchanged"})


class Stage(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    IMPORTING = "importing"
    PUBLISHING = "publishing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands; a new value replaces it at every step."""

    id: str
    purpose: str
    """What it is for, in the words of a heading."""
    total: int
    """How many files it imports; 0 when it only publishes."""
    stage: Stage = Stage.WAITING
    results: tuple[Imported, ...] = ()
    """One for each text, so a file with several has several."""
    finished: int = 0
    """How many files have been looked at."""
    chunks: int = 0
    """How many texts can be found once it is done."""

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.stage not in (Stage.DONE, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class Upload:
    """Files waiting to be imported; ``folder`` is deleted afterwards."""

    folder: Path
    files: Sequence[tuple[Path, str]]
    """Where each one lies, and what its owner calls it."""
    refused: tuple[Imported, ...] = ()
    """Files that were turned away at the door."""
    region: str = ""


class Jobs:
    """The jobs of this process; one thread does them in order, so publications never overlap."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="console-jobs")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def publish(self, purpose: str) -> Job:
        """Publish the index of what is stored."""
        job = self._enter(Job(secrets.token_hex(8), purpose, 0))
        self._pool.submit(self._publish, job.id)
        return job

    def take(self, upload: Upload, actor: str) -> Job:
        """Import the files of ``upload`` for ``actor``, then publish the index once."""
        total = len(upload.files) + len(upload.refused)
        purpose = f"导入 {total} 个文件"
        try:
            refused = upload.refused
            job = self._enter(
                Job(secrets.token_hex(8), purpose, total, results=refused, finished=len(refused))
            )
        except ConflictError:
            shutil.rmtree(upload.folder, ignore_errors=True)
            raise
        self._pool.submit(self._take, job.id, upload, actor)
        return job

    def get(self, job_id: str) -> Job | None:
        """The job of this number, if this process has it."""
        with self._lock:
            return self._jobs.get(job_id)

    def latest_running(self) -> Job | None:
        """The job that is at work now."""
        with self._lock:
            return next((job for job in self._jobs.values() if job.running), None)

    def _enter(self, job: Job) -> Job:
        with self._lock:
            if sum(1 for other in self._jobs.values() if other.running) >= _MOST_WAITING:
                raise ConflictError("前面还有几批工作没做完，请等它们做完再来。")
            self._jobs[job.id] = job
            while len(self._jobs) > _REMEMBERED:
                self._jobs.popitem(last=False)
        return job

    def _note(self, job_id: str, **changes: object) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]

    def _take(self, job_id: str, upload: Upload, actor: str) -> None:
        results = list(upload.refused)
        try:
            for done, (path, name) in enumerate(upload.files, start=len(upload.refused)):
                self._note(job_id, stage=Stage.IMPORTING, results=tuple(results), finished=done)
                results += self._import(path, name, upload.region, actor)
        finally:
            shutil.rmtree(upload.folder, ignore_errors=True)
        self._note(job_id, results=tuple(results))
        if all(result.status in _NO_CHANGE for result in results):
            self._note(job_id, stage=Stage.DONE, chunks=len(self._desk.follower.library.chunks))
        else:
            self._publish(job_id)

    def _import(self, path: Path, name: str, region: str, actor: str) -> list[Imported]:
        desk, now = self._desk, self._desk.clock.now()
        try:
            found = curation.import_one(desk.database, desk.catalogue, path.read_bytes(), name, now, region)
            for done in found:
                if done.status not in _NO_CHANGE:
                    with desk.database.session() as session:
                        subject = done.short[:200]
                        audit.record(session, actor, "document.import", subject, now, status=done.status)
        except Exception:  # noqa: BLE001 - around one file: the next one is still imported
            _log.exception("import failed", work="import")
            detail = "这个文件导入时出了错，没有存进去；其他文件不受影响。"
            return [Imported(name, "failed", detail=detail)]
        return found

    def _publish(self, job_id: str) -> None:
        desk = self._desk
        self._note(job_id, stage=Stage.PUBLISHING)
        try:
            desk.follower.publish(desk.clock.now())
        except Exception:  # noqa: BLE001 - around one publication: the old index goes on being served
            _log.exception("publishing failed", work="publish")
            self._note(job_id, stage=Stage.FAILED)
        else:
            self._note(job_id, stage=Stage.DONE, chunks=len(desk.follower.library.chunks))
