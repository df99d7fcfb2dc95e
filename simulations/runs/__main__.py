"""`python -m simulations.runs FOLDER`: the process of one run."""

from __future__ import annotations

import sys
from pathlib import Path

from simulations.runs.starting import serve

if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1])))
