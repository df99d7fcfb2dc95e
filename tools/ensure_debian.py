"""Make sure that Debian packages are there: `ensure_debian.py PACKAGE…`.

Installs what is missing with apt-get, as root or through sudo without a password. Where that is not
possible it ends with 1 and the command that a person has to run. Uses the standard library alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def missing(packages: list[str]) -> list[str]:
    """The packages that are not installed, in the given order."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,  # it ends with 1 when it does not know one of them
    )
    installed = {
        line.split()[0] for line in asked.stdout.splitlines() if line.split()[1:] == ["installed"]
    }
    return [package for package in packages if package not in installed]


def _prefix() -> list[str] | None:
    """What has to stand before a command so that root runs it; None when nothing does."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        asked = subprocess.run(["sudo", "--non-interactive", "true"], check=False)
        if asked.returncode == 0:
            return ["sudo", "--non-interactive"]
    return None


def _install(packages: list[str], prefix: list[str]) -> bool:
    environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    quiet = ["apt-get", "--quiet=2", "--option", "DPkg::Lock::Timeout=120"]
    print(f"Installing {' '.join(packages)}", flush=True)
    install = [*environment, *quiet, "install", "--yes", "--no-install-recommends", *packages]
    # The lists may be old or empty: a fresh image has none.
    return any(
        subprocess.run(before, check=False).returncode == 0
        and subprocess.run(install, check=False).returncode == 0
        for before in (["true"], [*environment, *quiet, "update"])
    )


def main(packages: list[str]) -> int:
    """Install what is missing; 0 when all of it is there."""
    command = f"apt-get update && apt-get install --yes {' '.join(packages)}"
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        print(f"This is not a Debian system. Install what these packages hold: {packages}")
        return 1
    absent = missing(packages)
    if not absent:
        return 0
    prefix = _prefix()
    if prefix is None or not _install(absent, prefix) or missing(packages):
        print(f"These packages are needed: {' '.join(absent)}. As root, run:\n  {command}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
