"""Third-party Node programs: installed once, outside the checkout, exactly as their lock file says."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests import requirements

_PATIENCE = 180


def node() -> str:
    """The Node program; skips where there is none."""
    found = shutil.which("node")
    requirements.need(bool(found and shutil.which("npm")), "Node.js and npm are not installed")
    assert found
    return found


def installed(folder: Path) -> Path:
    """A copy of ``folder`` in the cache with its packages installed; skips where the registry is out of reach."""
    node()
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = base / "niangjia-tests" / f"{folder.name}-{hashlib.sha256(content).hexdigest()[:16]}"
    if not (place / "ready").exists():
        shutil.copytree(folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=_PATIENCE, check=False)
        requirements.need(done.returncode == 0, f"npm could not install the packages of {folder.name}")
        (place / "ready").touch()
    return place
