"""Results of a bench run: a table on the screen and var/bench.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Result:
    """One figure beside a floor or peer measured in the same run."""

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    detail: str
    bar: str
    met: bool


def show(results: Sequence[Result], file: Path) -> None:
    """Print the table and merge it into ``file``."""
    table = Table("名称", "值", "单位", "底线/对照", "比", "要求", "达到", "说明")
    for result in results:
        met = "是" if result.met else "否"
        value, floor, ratio = f"{result.value:.4g}", f"{result.floor:.4g}", f"{result.ratio:.3g}"
        table.add_row(result.name, value, result.unit, floor, ratio, result.bar, met, result.detail)
    Console(width=160).print(table)
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    known |= {result.name: {k: v for k, v in asdict(result).items() if k != "name"} for result in results}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
