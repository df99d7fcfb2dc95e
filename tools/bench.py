"""Measure, append to `docs/benchmarks.json` and write `docs/benchmarks.md` from it.

`python tools/bench.py` measures everything in one run; names of groups after it measure only those.
`--write-only` writes the page from the stored results.
Product and baseline take turns in one process or on one machine, so that a ratio compares like with like.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.benchmarking import (  # noqa: E402
    actions,
    certificates,
    console,
    crl,
    cross_screen,
    desk,
    desk_sessions,
    documents,
    envelopes,
    log_verifier,
    ocsp,
    own_signatures,
    report_feed,
    reports,
    results,
    sampler,
    simulation,
    split_keys,
    weight,
)

GROUPS: dict[str, Callable[[], Sequence[results.Result]]] = {
    "actions": actions.measure,
    "certificates": certificates.measure,
    "console": console.measure,
    "crl": crl.measure,
    "cross_screen": cross_screen.measure,
    "desk": desk.measure,
    "desk_sessions": desk_sessions.measure,
    "documents": documents.measure,
    "envelopes": envelopes.measure,
    "log_verifier": log_verifier.measure,
    "ocsp": ocsp.measure,
    "own_signatures": own_signatures.measure,
    "report_feed": report_feed.measure,
    "report_growth": reports.measure_growth,
    "reports": reports.measure,
    "sampler": sampler.measure,
    "simulation": simulation.measure,
    "split_keys": split_keys.measure,
    "weight": weight.measure,
}


def main(arguments: list[str]) -> int:
    """Measure the named groups, or all; 2 for an unknown name."""
    wanted = [one for one in arguments if one != "--write-only"]
    unknown = [one for one in wanted if one not in GROUPS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(GROUPS)}")
        return 2
    if "--write-only" not in arguments:
        origin = results.origin(ROOT)
        for name in wanted or GROUPS:
            begin = time.perf_counter()
            print(f"Measuring {name}", flush=True)
            found = GROUPS[name]()
            results.append(ROOT / results.STORE, found, origin)
            for one in found:
                print(f"  {results.line(one)}", flush=True)
            print(f"  took {time.perf_counter() - begin:.0f} s", flush=True)
    results.write_page(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
