"""How long a reviewer waits from case to case, with a thousand, a hundred thousand and a million cases.

What is measured is the console's own path: the press of "approve" is run as Streamlit runs it (the action
and its transaction on a file, the next case claimed, the whole page with the list, the clocks, the sheet
and the papers of that case), without a browser. Two in a hundred cases are open, as in a queue that is
kept; the cases that are decided are real claims of enterprises with their papers, and the earliest due.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine import boot
from engine.http import identity
from engine.kernel import actors, calendar, clock, database
from engine.reviewing import model, queries
from engine.staffing.model import Role
from tests.support import queue, registering, worlds
from tools.benchmarking import results

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 100_000, 1_000_000)
CASES = 40
WARM = 5
_OPEN = 0.02


def measure() -> list[results.Result]:
    """Case to case at each size."""
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    waits: dict[int, list[float]] = {}
    pages: dict[int, dict[str, float]] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
            waits[size], pages[size] = _at(Path(folder) / "world.sqlite3", size)
        print(f"  {size} cases: {results.spread(waits[size])} ms", flush=True)
    largest, smallest = waits[SIZES[-1]], waits[SIZES[0]]
    sizes = {str(size): results.rounded(_p95(found)) for size, found in waits.items()}
    return [
        results.Result(
            name="desk_rerun_p95_ms",
            value=_p95(largest),
            unit="ms",
            baseline=_p95(smallest),
            options={
                "about": "a reviewer approves and has the next case before them: action, claim of the"
                " next, list, clocks, sheet and papers, the console's rerun without a browser; 95th"
                " percentile with 1,000,000 cases in SQLite, 2 % of them open; baseline: 1,000 cases",
                "cases_decided": len(largest),
                "medians": {
                    str(size): results.rounded(statistics.median(found))
                    for size, found in waits.items()
                },
                "p95": sizes,
                "times": results.spread(largest),
                "engine_page_ms_p95": pages[SIZES[-1]],
            },
        ),
    ]


def _p95(found: list[float]) -> float:
    return sorted(found)[max(0, -(-len(found) * 95 // 100) - 1)]


def _at(path: Path, size: int) -> tuple[list[float], dict[str, float]]:
    world = boot.memory_world(db=database.SqliteDatabase(path))
    try:
        # In office hours: whatever comes in while they are closed is due at one and the same instant.
        worlds.clock_of(world).set(calendar.china().next_window(world.engine.now())[0])
        for number in range(CASES + WARM + 1):
            _claim(world, number)
        worlds.clock_of(world).advance(clock.HOUR)
        recent = world.engine.now()
        worlds.clock_of(world).advance(8 * clock.HOUR)
        queue.write(world, queue.drawn(size, world.engine.now(), recent, open_share=_OPEN))
        lead = worlds.staff(world, Role.LEAD)
        return _decide(world, lead), _pages(world, lead)
    finally:
        world.close()


def _claim(world: boot.World, number: int) -> None:
    """A real enterprise claim, with its papers."""
    person = registering.sign_up(world, f"138{number:08d}")
    registering.prove(world, person, registering.resident_id(born=_born(number)))
    registering.claim(world, person, uscc=registering.credit_code(number + 1))


def _born(number: int) -> str:
    return f"19{60 + number % 40:02d}{number // 40 % 12 + 1:02d}15"


def _decide(world: boot.World, lead: actors.Staff) -> list[float]:
    """Milliseconds from each press of "approve" until the page of the next case is made."""
    # The web process looks the cookie up before it reaches a page; here nobody but the lead is there.
    kept = boot.current, identity.signed_in, sys.modules["__main__"]
    boot.current = lambda: world  # type: ignore[assignment]
    identity.signed_in = lambda cookie, acting=True: lead  # type: ignore[assignment]
    found: list[float] = []
    try:
        app = AppTest.from_file(ROOT / "pages" / "_router.py", default_timeout=120).run()
        app.switch_page("desk.py").run()
        _press(app, "next-")
        for turn in range(CASES + WARM):
            begin = time.perf_counter()
            _press(app, "approve-")
            if turn >= WARM:
                found.append((time.perf_counter() - begin) * 1000)
    finally:
        boot.current, identity.signed_in, sys.modules["__main__"] = kept  # type: ignore[assignment]
    decided = worlds.kinds(world).count("case.approval_given")
    if decided != CASES + WARM:
        raise SystemExit(f"The desk decided {decided} of {CASES + WARM} cases")
    return found


def _press(app: AppTest, prefix: str) -> None:
    button = next(one for one in app.button if str(one.key).startswith(prefix))
    button.click().run()
    if app.exception:
        raise SystemExit(f"The desk failed: {app.exception[0].message}")


def _pages(world: boot.World, lead: actors.Staff) -> dict[str, float]:
    """What the engine alone takes for a first page of each state, and for the board."""
    found = {}
    for state in model.STATES:
        wanted = model.Wanted(state=state)
        found[state] = _asked(lambda w=wanted: world.engine.ask(queries.page, lead, w))
    found["board"] = _asked(lambda: world.engine.ask(queries.board, lead))
    return found


def _asked(ask: object) -> float:
    times = []
    for _turn in range(20):
        begin = time.perf_counter()
        ask()  # type: ignore[operator]
        times.append((time.perf_counter() - begin) * 1000)
    return results.rounded(_p95(times))
