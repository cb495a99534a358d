"""Documents keep up with the code."""

import re
from pathlib import Path

from bot.cli import cli
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def _commands() -> list[str]:
    """Every command as people type it, groups included."""
    top = [command.name or command.callback.__name__.rstrip("_") for command in cli.registered_commands]  # type: ignore[union-attr]
    grouped = [
        f"{group.name} {command.name or command.callback.__name__.partition('_')[2]}"  # type: ignore[union-attr]
        for group in cli.registered_groups
        for command in group.typer_instance.registered_commands  # type: ignore[union-attr]
    ]
    return top + grouped


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    """docs/settings.md and bot/settings.py name the same settings."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(NIANGJIA_\w+)`", text, re.M))
    assert documented == {f"NIANGJIA_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_documented() -> None:
    """docs/operations.md names every command."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in _commands():
        assert f"`niangjia {name}`" in text, name


def test_links_between_documents_lead_somewhere() -> None:
    """No document points to a file that is not there."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} → {target}"


def test_nothing_names_a_machine_or_a_registry() -> None:
    """The project speaks of itself alone: no absolute path of a machine, no download address."""
    suspicious = re.compile(r"/(?:root|home|work)/\w|https?://[^\s/]*pypi|registry\.npm")
    suffixes = {".py", ".md", ".toml", ".txt", ".yml", ".json", ".sh", ""}
    for folder in ("bot", "handlers", "intents", "knowledge", "data", "docs", "tests", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.is_file()
                and path.suffix in suffixes
                and path != Path(__file__)
                and "node_modules" not in path.parts
            ):
                found = suspicious.search(path.read_text(encoding="utf-8", errors="replace"))
                assert found is None, f"{path}: {found}"
