"""What one replication of a what-if is: made ready once, then played by its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulations import runs
from simulations.forking import forecasting
from simulations.forking.coming import Nights
from simulations.staffing import piloting, sweeping, ways
from simulations.studies.folder import Rows, Study
from simulations.studies.plan import Rosters, Tonight

# Hears which share of what is being done now is done; may raise Stopped.
Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Player:
    """Plays a replication; `periods` as in `StudyProgress`."""

    play: Callable[[int, Told], Rows]
    periods: int = 0


def ready(study: Study, told: Told) -> Player:
    """Read or find out what the what-if needs: what people do, or what may come by tonight.

    Raises: NoStudy, StudyWrong; NoRun, NothingLearned; Stopped.
    """
    plan = study.plan()
    return _tonight(plan) if isinstance(plan, Tonight) else _rosters(plan, study.path, told)


def _tonight(plan: Tonight) -> Player:
    nights = Nights(plan.snapshot, plan.until, plan.seed)

    def play(number: int, told: Told) -> Rows:
        told(0.0)
        return [one.as_json() for one in forecasting.replication(nights, plan.extra, number)]

    return Player(play=play)


def _rosters(plan: Rosters, place: Path, told: Told) -> Player:
    tried, days = plan.tried(), _days(plan, place, told)

    def play(number: int, told: Told) -> Rows:
        return sweeping.replication(days, tried, number, lambda done, of: told(done / of))

    return Player(play=play, periods=days.periods or 0)


def _days(plan: Rosters, place: Path, told: Told) -> sweeping.Days:
    if plan.run and plan.same_days:
        return sweeping.days_of_run(plan.scenario, Path(plan.run), plan.seed)
    folder = Path(plan.run) if plan.run else place / "pilot"
    if not plan.run:
        # A run as any other, so that one that was stopped goes on where it was.
        pilot = piloting.plan(plan.scenario, piloting.PEOPLE, plan.seed)
        runs.carry_out(pilot, runs.Folder(folder), lambda progress: told(progress.share))
    learned = ways.together(ways.of_folder(folder))
    return sweeping.days_like(plan.scenario, learned, plan.people, plan.seed)
