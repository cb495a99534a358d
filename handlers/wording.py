"""The sentences workers read, from ``data/replies.yml`` and ``data/hotlines.yml``."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.core.errors import ContentError
from handlers.comfort import Comfort, comfort


class Wording:
    """Looks sentences up by name and fills in the union's name and hotlines."""

    def __init__(self, replies: Mapping[str, str], hotlines: str, union: str, comfort: Comfort) -> None:
        self._replies = replies
        self._hotlines = hotlines
        self._union = union
        self.comfort = comfort
        """The crisis gate and its words: whoever has the wording has them, so that no path goes without."""

    def __getitem__(self, name: str) -> str:
        """The sentence called ``name``."""
        return self._replies[name].replace("{union}", self._union).replace("{hotlines}", self._hotlines)


def load(folder: Path, union: str) -> Wording:
    """The wording of a content folder; a broken file is refused with its name."""
    try:
        replies = yaml.load((folder / "replies.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        lines = yaml.load((folder / "hotlines.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["hotlines"]
        shown = "或".join(f"{line['number']}（{line['name']}）" for line in lines if line.get("shown"))
    except (yaml.YAMLError, KeyError, TypeError) as wrong:
        raise ContentError(f"replies.yml 或 hotlines.yml 读不懂：{wrong}") from wrong
    numbers = {str(line["number"]): str(line["name"]) for line in lines}
    return Wording(replies, shown, union, comfort(folder, numbers, union))
