"""`python -m simulations.studies FOLDER LOCK`: the process of one what-if."""

from __future__ import annotations

import sys
from pathlib import Path

from simulations.studies.working import serve

if __name__ == "__main__":
    folder, lock = sys.argv[1:]
    sys.exit(serve(Path(folder), int(lock)))
