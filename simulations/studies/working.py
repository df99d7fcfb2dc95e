"""Carrying out a what-if in its folder, here or as a process of its own, and on from where it stopped."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.boot import World
from engine.kernel import errors
from simulations import background, forking
from simulations.background import write_json
from simulations.forking import forecasting, snapshot
from simulations.runs import CodeChanged
from simulations.runs.refusals import OtherPlan
from simulations.scenario import code_version
from simulations.shards import Stopped
from simulations.studies import plan as plans
from simulations.studies import playing
from simulations.studies.folder import Study, StudyProgress
from simulations.studies.plan import Plan, Tonight

Listener = Callable[[StudyProgress], None]
_FAILED, _STOPPED = 2, 130


class _Tally(background.Teller):
    """How many replications are done, and how far the present one is."""

    def __init__(self, study: Study, replications: int, done: int, listen: Listener) -> None:
        self.replications, self.done, self.within, self.periods = replications, done, 0.0, 0
        self._listen = listen
        super().__init__(study, done / replications)

    def hear(self, share: float) -> None:
        self.within = share
        self.beat()
        self._listen(self.progress())

    def progress(self, problem: str = "") -> StudyProgress:
        share = min(1.0, (self.done + self.within) / self.replications)
        return StudyProgress(
            state=self._state,
            share=share,
            eta_s=0.0 if self._state == "finished" else self.left(share),
            seconds=round(self.seconds, 2),
            pid=os.getpid(),
            host=socket.gethostname(),
            heartbeat_ms=self._wall.now_ms(),
            problem=problem,
            replications=self.replications,
            done=self.done,
            periods=self.periods,
        )


def carry_out(
    study: Study,
    listen: Listener = lambda progress: None,
    *,
    stopping: Callable[[], bool] = lambda: False,
    lock: int | None = None,
) -> None:
    """Play the replications of a what-if that are not there yet, here and now.

    `stopping` is asked now and then, beside what the folder is told. `lock` is the folder's, where it was
    handed over. Raises: NoStudy, StudyWrong; RunBusy, RunFolderUnusable; NoRun, NothingLearned; Stopped,
    KeyboardInterrupt.
    """
    with study.held(lock):
        if study.progress().state == "finished":
            return
        plan, found = study.plan(), study.found()
        tally = _Tally(study, plan.replications, len(found), listen)
        with background.told_of(study, tally, stopping) as watch:
            study.keep_only(found)

            def getting_ready(share: float) -> None:
                tally.beat()
                watch.obey()

            player = playing.ready(study, getting_ready)
            tally.periods = player.periods
            tally.becomes("running")

            def told(share: float) -> None:
                tally.hear(share)
                watch.obey()

            for number in range(len(found), plan.replications):
                study.keep(player.play(number, told))
                tally.done, tally.within = number + 1, 0.0
            tally.becomes("finished")


def begun(plan: Plan, study: Study) -> None:
    """Put the plan into the folder, for who holds it; what is there of the same plan and code is kept.

    Raises: OtherPlan, CodeChanged, StudyWrong.
    """
    if study.exists():
        before, code = study.plan_and_code()
        if before != plan:
            raise OtherPlan(path=str(study.path), differs="plan.json")
        if code != code_version() and study.found():
            raise CodeChanged(path=str(study.path))
    plans.write(plan, study.path / "plan.json")
    write_json(study.path / "control.json", {"order": "go"})


def start(plan: Plan, path: Path) -> Study:
    """Begin a what-if in a folder as a process of its own, or go on with it; at once.

    Raises: RunBusy, RunFolderUnusable; OtherPlan, CodeChanged, StudyWrong.
    """
    study = Study(path)
    with study.held() as lock:
        begun(plan, study)
        progress = StudyProgress(state="starting", replications=plan.replications)
        write_json(path / "progress.json", progress.model_dump(mode="json"))
        background.begin("simulations.studies", path, lock)
    return study


def resume(path: Path) -> Study:
    """Go on with a what-if that was stopped or killed, or failed.

    Raises: NoStudy, StudyWrong; RunBusy, CodeChanged.
    """
    return start(Study(path).plan(), path)


def tonight(
    world: World, until: int | None, *, extra: Sequence[int], replications: int, seed: int = 1
) -> Tonight:
    """The plan of a forecast of a world's desk; the world is copied here and is not looked at again.

    Raises: NobodyWorks, TooFar, TooFew.
    """
    copy = snapshot.taken(world).snapshot
    ends = forking.tonight(copy.at_ms) if until is None else until
    forecasting.check(copy, ends, replications)
    return Tonight(
        world=world.id,
        snapshot=copy,
        until=ends,
        extra=tuple(extra),
        replications=replications,
        seed=seed,
    )


def serve(path: Path, lock: int) -> int:
    """Be the process of a what-if; its exit code: 0 good, 2 failed, 130 stopped."""
    stopping = background.stoppable()
    try:
        carry_out(Study(path), stopping=stopping, lock=lock)
    except Stopped:
        return _STOPPED
    except errors.EngineError as refusal:
        sys.stderr.write(f"{refusal.message()}\n")
        return _FAILED
    return 0


def place(runs: Path) -> Path:
    """Where what-ifs are kept, by where runs are: a folder among theirs that is none."""
    return runs / "what-ifs"


def listed(place: Path) -> list[Study]:
    """The what-ifs whose folders are in a place, the newest first."""
    if not place.is_dir():
        return []
    found = [Study(path) for path in place.iterdir() if (path / "plan.json").is_file()]
    return sorted(
        found, key=lambda one: ((one.path / "plan.json").stat().st_mtime_ns, one.name), reverse=True
    )
