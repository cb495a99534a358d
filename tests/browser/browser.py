"""A headless Chromium for tests that look at pages as people do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests import requirements

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str:
    """The first Chromium on this machine; without one the test is skipped, or fails where all must run."""
    debian = Path("/usr/bin/chromium")
    found = str(debian) if debian.exists() else next(filter(None, map(shutil.which, _NAMES)), "")
    requirements.need(bool(found), "no chromium or google-chrome on this machine")
    return found


@contextmanager
def start() -> Iterator[Browser]:
    """A running browser, closed afterwards."""
    executable = find()
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        try:
            yield browser
        finally:
            browser.close()


def launch(playwright: Playwright, executable: str) -> Browser:
    """Start ``executable`` with the flags every test uses."""
    return playwright.chromium.launch(executable_path=executable, args=_FLAGS)


@dataclass
class Watched:
    """What went wrong on a page while a test used it."""

    errors: list[str] = field(default_factory=list)
    """Console errors, uncaught exceptions and broken security rules."""
    strangers: list[str] = field(default_factory=list)
    """Requests to any address but the server's own."""


def watch(page: Page, base: str) -> Watched:
    """Collect a page's complaints from now on."""
    seen = Watched()

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.errors.append(f"{message.type}: {message.text}")

    def request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            seen.strangers.append(request.url)

    page.on("console", console)
    page.on("pageerror", lambda error: seen.errors.append(f"uncaught: {error}"))
    page.on("request", request)
    return seen
