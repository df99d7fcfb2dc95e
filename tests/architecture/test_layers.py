"""The import contracts hold, and they speak of every package there is."""

from __future__ import annotations

import configparser
import subprocess
import sys

from engine.boot import tables
from tests.support import sources

CONTRACTS = configparser.ConfigParser()
CONTRACTS.read(sources.ROOT / ".importlinter", encoding="utf-8")


def listed(contract: str, option: str) -> set[str]:
    """The modules that an option of a contract names."""
    text = CONTRACTS[f"importlinter:contract:{contract}"][option]
    return set(text.replace("|", " ").replace(":", " ").split())


def packages() -> set[str]:
    """The packages and modules right under `engine`."""
    return {
        path.stem
        for path in (sources.ROOT / "engine").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }


def test_the_contracts_hold():
    done = subprocess.run(
        [f"{sys.prefix}/bin/lint-imports", "--no-cache"],
        capture_output=True,
        text=True,
        cwd=sources.ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:]


def test_the_phone_s_contract_names_everything_but_kernel_and_pki():
    forbidden = {name.removeprefix("engine.") for name in listed("handset", "forbidden_modules")}
    assert packages() - forbidden <= {"handset", "kernel", "pki", "cli"}


def test_every_stage_is_ordered_inside_and_keeps_its_store():
    stages = {stage for stage in tables.STAGES if stage not in ("kernel", "providers")}
    assert {f"engine.{stage}" for stage in stages} == listed("inside", "containers")
    for stage in stages:
        folder = sources.ROOT / "engine" / stage
        if (folder / "store.py").exists() or (folder / "store").exists():
            assert listed(f"{stage}-store", "protected_modules") == {f"engine.{stage}.store"}
