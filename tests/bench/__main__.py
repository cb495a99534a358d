"""``make bench``: run the benches, or those named with ONLY=, and print what they measured."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import logs
from tests.bench import answers, large, once, peers, publishing, report, retrieval, start, webhook
from tests.bench.places import ROOT, Bench, undisturbed

BENCHES: dict[str, Callable[[Bench], report.Result]] = {
    "import_corpus": retrieval.import_corpus,
    "search_p99": retrieval.search_p99,
    "answer_p99": retrieval.answer_p99,
    "search_60k": large.search_60k,
    "search_peers": peers.search_peers,
    "article_lookup": retrieval.article_lookup,
    "citation_equal": retrieval.citation_equal,
    "cold_start": start.cold_start,
    "memory": start.memory,
    "webhook_ratio": webhook.webhook_ratio,
    "answer_20ps": answers.answer_20ps,
    "exactly_once": once.exactly_once,
    "faq_live": publishing.faq_live,
}


def main() -> int:
    """Run what was asked for; exit status 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of: {', '.join(BENCHES)}")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="how long load lasts; less for a quick look"
    )
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    # A bench that is told to stop ends its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logs.configure("WARNING")
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder, undisturbed(Path(folder)):
        bench = Bench(Path(folder), asked.seconds)
        results = [BENCHES[name](bench) for name in asked.names or BENCHES]
    report.show(results, ROOT / "var" / "bench.json")
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
