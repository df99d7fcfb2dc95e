"""`python -m simulations.runs FOLDER [LOCK]`: the process of one run."""

from __future__ import annotations

import sys
from pathlib import Path

from simulations.runs.starting import serve

if __name__ == "__main__":
    folder, *lock = sys.argv[1:]
    sys.exit(serve(Path(folder), int(lock[0]) if lock else None))
