"""A sandboxed process whose work does what hostile bytes would make a parser do."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from typing import Any

from engine.uploads import sandbox


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """Misbehave as the task says."""
    what = task["what"]
    if what == "spin":
        while True:
            pass
    if what == "sleep":
        signal.pause()
    if what == "eat memory":
        return {"ate": len(bytearray(1 << 31))}, b""
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "write":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with tempfile.TemporaryFile() as file:
            file.write(bytes(1 << 21))
            file.flush()
    if what == "open":
        return {"opened": len([os.open("/dev/null", os.O_RDONLY) for _ in range(200)])}, b""
    if what == "environment":
        return {"names": sorted(os.environ), "files": len(os.listdir("/proc/self/fd"))}, b""
    return {"size": len(content)}, content


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, lambda: None)
