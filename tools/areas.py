"""Make data/regions/areas.toml: provinces, cities and districts as an address names them (ADR-1).

The source is the npm package `@vant/area-data` (MIT, Youzan and contributors), which is kept up to date
with the Ministry of Civil Affairs' list and goes one level deeper for the cities that have no districts.
The mainland alone is taken: the couriers that are asked deliver there.

Run by hand after an update: `npm pack @vant/area-data`, then `python tools/areas.py <the .tgz>`. It needs
Node, which reads the package's own module. Nothing is written unless every place has its parents.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROVINCES, BEYOND = 31, ("71", "81", "82")
_LIST = "process.stdout.write(JSON.stringify(require(process.argv[1]).areaList))"


def lists(package: Path) -> dict[str, dict[str, str]]:
    """The three lists of the package, code to name."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(package) as archive:
            archive.extractall(folder, filter="data")
        module = str(Path(folder) / "package" / "dist" / "index.cjs")
        done = subprocess.run(
            ["node", "-e", _LIST, module], capture_output=True, text=True, check=True
        )
    return {
        name: dict(json.loads(done.stdout)[f"{name}_list"].items())
        for name in ("province", "city", "county")
    }


def main() -> None:
    """Read, check, write."""
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/areas.py vant-area-data-<version>.tgz")
    package = Path(sys.argv[1])
    version = re.search(r"(\d+\.\d+\.\d+)\.tgz$", package.name)
    found = {
        name: {code: place for code, place in places.items() if not code.startswith(BEYOND)}
        for name, places in lists(package).items()
    }
    orphans = [c for c in found["city"] if f"{c[:2]}0000" not in found["province"]]
    orphans += [c for c in found["county"] if f"{c[:4]}00" not in found["city"]]
    childless = {c[:4] for c in found["city"]} - {c[:4] for c in found["county"]}
    if orphans or childless or len(found["province"]) != PROVINCES:
        sys.exit(f"{len(found['province'])} provinces; {orphans[:9]}; {sorted(childless)[:9]}")
    lines = [
        f"# Made by tools/areas.py from @vant/area-data {version[1] if version else ''} (MIT).",
        "# What an address chooses from: province, city, district. Names as they are written on a parcel.",
    ]
    for name, places in found.items():
        lines += ["", f"[{name}]"]
        lines += [f'{code} = "{place}"' for code, place in sorted(places.items())]
    target = ROOT / "data" / "regions" / "areas.toml"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print({name: len(places) for name, places in found.items()})


if __name__ == "__main__":
    main()
