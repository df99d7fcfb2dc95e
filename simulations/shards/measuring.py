"""What a process has taken of its machine."""

from __future__ import annotations

import contextlib
import re
import resource
from pathlib import Path


def peak_mb() -> float:
    """The most memory that this process ever held, in MB.

    Linux tells `getrusage` of a new process what its parent held when it began: /proc tells of this one.
    """
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
        if found:
            return round(int(found.group(1)) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
