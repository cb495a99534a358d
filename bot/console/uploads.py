"""Files handed in through the browser, and the job that imports them."""

import shutil
import tempfile
from pathlib import Path

from fastapi import Response
from starlette.datastructures import UploadFile

from bot.console.documents import HOME, LARGEST_FILE
from bot.console.jobs import Job, Upload
from bot.console.visit import Visit, plain_name
from bot.core.errors import NiangjiaError, NotFoundError
from bot.storage import audit
from handlers.curation import Imported

_LONGEST_REGION = 20


def upload(visit: Visit) -> Response:
    """Take files in and start importing them."""
    given = visit.uploads("files")
    if not given:
        raise NiangjiaError("没有收到文件，请先选择一个或几个文件。")
    folder = Path(tempfile.mkdtemp(prefix="niangjia-upload-"))
    taken, refused = [], []
    for place, file in enumerate(given):
        name = plain_name(file.filename or "")
        if (file.size or 0) > LARGEST_FILE:
            refused.append(Imported(name, "failed", detail=too_large(name)))
            continue
        taken.append((_keep(file, folder / str(place)), name))
    region = visit.field("region").strip()[:_LONGEST_REGION]
    job = visit.console.jobs.take(Upload(folder, taken, tuple(refused), region), visit.member.actor)
    return _panel(visit, job)


def publish(visit: Visit) -> Response:
    """Publish the index again."""
    job = visit.console.jobs.publish("更新索引")
    with visit.desk.database.session() as session:
        audit.record(session, visit.member.actor, "index.publish", "", visit.now)
    return _panel(visit, job)


def show_job(visit: Visit) -> Response:
    """How far a job is; asked for again and again until it is done."""
    job = visit.console.jobs.get(visit.request.path_params["job"])
    if job is None:
        raise NotFoundError("这项工作的记录不在了（可能重启过，或在另一个进程里做）；结果请看文件列表。")
    response = visit.page("documents/job.html", job=job)
    if not job.running:
        response.headers["HX-Trigger"] = "documents-changed"
    return response


def too_large(name: str) -> str:
    """The sentence for a file over the limit."""
    return f"{name} 超过 {LARGEST_FILE // 2**20} MB，没有导入；请拆成几个文件再传。"


def _keep(file: UploadFile, path: Path) -> Path:
    with path.open("wb") as copy:
        shutil.copyfileobj(file.file, copy)
    return path


def _panel(visit: Visit, job: Job) -> Response:
    if visit.partial:
        return visit.page("documents/job.html", job=job)
    return visit.go(f"{HOME}?job={job.id}")
