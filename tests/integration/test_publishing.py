"""Publications under fire: a publisher that is killed at any moment leaves a whole index behind."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from bot import app
from bot.core.clock import FixedClock
from bot.settings import load_settings
from bot.storage import knowledge as store
from knowledge.library import Library

_ROOT = Path(__file__).resolve().parents[2]
_KILLS = 6
_LONGEST = 1.2
"""Seconds a publisher lives at most; a publication takes about half of one."""
_PUBLISHER = """
import sys
from pathlib import Path
from bot import app
from bot.settings import load_settings
from knowledge.entries import Entry
from bot.storage import knowledge as store

parts = app.assemble(load_settings(data_dir=Path(sys.argv[1])))
with parts.database.reading() as session:
    body = dict(store.entries(session)[0].body)
print("ready", flush=True)
for number in range(1000):
    edited = {**body, "conclusion": f"第{number}次修改。" + body["conclusion"]}
    with parts.database.session() as session:
        store.store_entries(session, [(Entry.from_dict(edited).digest, edited)], parts.clock.now(), shipped=False)
    parts.follower.publish(parts.clock.now())
"""


def test_a_killed_publisher_leaves_a_whole_index(parts: app.Parts, clock: FixedClock) -> None:
    """After every kill -9 who was serving goes on, who starts finds what the database announces, and no draft is taken for an index."""
    draw = random.Random(7)
    folder = parts.settings.data_dir
    served = parts.follower.library
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIANGJIA_")}
    for _ in range(_KILLS):
        publisher = subprocess.Popen(
            [sys.executable, "-c", _PUBLISHER, str(folder)],
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(_ROOT)},
        )
        with publisher:
            assert publisher.stdout is not None
            assert publisher.stdout.readline() == b"ready\n"
            time.sleep(draw.uniform(0, _LONGEST))
            publisher.send_signal(signal.SIGKILL)
        assert parts.follower.library is served
        _is_whole(folder, clock)
    assert parts.follower.refresh()
    assert parts.follower.library is not served


def _is_whole(folder: Path, clock: FixedClock) -> None:
    """What starts now serves exactly the announced publication, built as from nothing."""
    started = app.assemble(load_settings(data_dir=folder), clock)
    with started.database.reading() as session:
        announced = store.latest_publication(session)
    assert announced is not None
    assert started.follower.digest == announced.digest
    library = started.follower.library
    assert len(library.chunks) == announced.chunks
    assert library.search("老板拖欠工资怎么办")
    for path in (folder / "index").iterdir():
        if (path / "ready").exists():
            Library.load(path, started.equipment)
    started.close()
