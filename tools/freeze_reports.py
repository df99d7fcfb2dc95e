"""Keep what the feed makes of a finished simulation run, as Parquet for the tests of the reports.

`python tools/freeze_reports.py RUN` with the folder of a run whose data were kept. Texts of ids and
amounts of a simulated run belong to nobody.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.reports import snapshot  # noqa: E402
from tools.benchmarking.lifecycles import copying  # noqa: E402

FROZEN = ROOT / "tests" / "support" / "frozen_run"
# What no report asks: what a copy was made with, and what only the feed needs.
_LEFT_OUT = ("made_as",)


def main(arguments: list[str]) -> int:
    """Freeze the run; 2 where none is named."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    run = Path(arguments[0])
    for old in FROZEN.glob("*.parquet"):
        old.unlink()
    copying.to_parquet(
        snapshot.of_run(run.parent, run.name), FROZEN, leave_out=_LEFT_OUT, keep_empty=False
    )
    size = sum(path.stat().st_size for path in FROZEN.glob("*.parquet"))
    print(f"{FROZEN.relative_to(ROOT)}: {size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
