"""`python -m tools.planted [ID…]`: plant bugs in a copy of the tree and see which tests notice.

Exit code 0 where the canary passes and every bug is caught. `--list` names them, `--page` writes their
page.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tools.planted import catalogue, running


def main(arguments: Sequence[str]) -> int:
    """Run some or all."""
    parser = argparse.ArgumentParser(prog="tools.planted", description=__doc__)
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args(arguments)
    known = catalogue.bugs()
    if given.page:
        catalogue.PAGE.write_text(catalogue.page(known), encoding="utf-8")
        return 0
    if given.list:
        print("\n".join(f"{bug.id}: {bug.breaks}" for bug in known))
        return 0
    if unknown := set(given.ids) - {bug.id for bug in known}:
        parser.error(f"no such bug: {', '.join(sorted(unknown))}")
    chosen = [bug for bug in known if not given.ids or bug.id in given.ids]
    caught = 0
    for told in running.plant_all(chosen):
        name = told.bug or "without a bug"
        print(
            f"{'ok' if told.caught else 'SURVIVED'}  {name}  {told.seconds:.1f} s  {told.why}",
            flush=True,
        )
        caught += bool(told.bug) and told.caught
    print(f"{caught} of {len(chosen)} caught")
    return int(caught != len(chosen))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
