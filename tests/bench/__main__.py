"""``make bench``: run the benches, or those named with ONLY=, and print what they measured."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import logs
from tests.bench import report, retrieval, start
from tests.bench.places import ROOT, Bench

BENCHES: dict[str, Callable[[Bench], report.Result]] = {
    "import_corpus": retrieval.import_corpus,
    "search_p99": retrieval.search_p99,
    "article_lookup": retrieval.article_lookup,
    "citation_equal": retrieval.citation_equal,
    "cold_start": start.cold_start,
    "memory": start.memory,
}


def main() -> int:
    """Run what was asked for; exit status 1 when a bar is missed."""
    wanted = sys.argv[1:] or list(BENCHES)
    if unknown := set(wanted) - set(BENCHES):
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    logs.configure("WARNING")
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        bench = Bench(Path(folder))
        results = [BENCHES[name](bench) for name in wanted]
    report.show(results, ROOT / "var" / "bench.json")
    return 0 if all(result.met for result in results) else 1


sys.exit(main())
