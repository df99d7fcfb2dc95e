"""Histories that were saved are walked again: those that are kept, and one that the command line names."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.property import histories

KEPT = sorted(histories.KEPT.glob("*.json"))


@histories.recorded
class Tower(RuleBasedStateMachine):
    """A machine that breaks when three stones lie on each other, to save the histories of."""

    def __init__(self) -> None:
        super().__init__()
        self.stones: list[int] = []

    @initialize(first=st.integers(0, 9))
    def begin(self, first: int) -> None:
        """The ground."""
        self.stones = [first]

    @rule(stone=st.integers(0, 9), sizes=st.tuples(st.integers(), st.integers()))
    def lays(self, stone: int, sizes: tuple[int, int]) -> None:
        """One stone more."""
        assert isinstance(sizes, tuple)
        self.stones.append(stone)

    @rule()
    def looks(self) -> None:
        """Nothing changes."""

    @invariant()
    def it_stands(self) -> None:
        """What breaks."""
        assert len(self.stones) < 3, "it fell"


SETTINGS = hypothesis.settings(
    max_examples=20,
    stateful_step_count=8,
    deadline=None,
    database=None,
    print_blob=False,
    phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
)


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_history_holds(path: Path) -> None:
    histories.walk(path)


@pytest.mark.row("SIM-5")
def test_a_named_history_is_walked(request: pytest.FixtureRequest) -> None:
    named = request.config.getoption("--history")
    for path in named:
        histories.walk(Path(path))
    assert len(named) == len(set(named))


@pytest.mark.row("SIM-5")
def test_what_fails_is_saved_as_the_smallest_history_and_fails_again(tmp_path, monkeypatch):
    monkeypatch.setenv("YINXIN_HISTORIES", str(tmp_path))
    case = histories.saving(Tower, SETTINGS)("runTest")
    with pytest.raises(AssertionError, match="it fell") as failed:
        case.runTest()
    [path] = tmp_path.glob("tower-*.json")
    assert f"--history {path}" in "\n".join(failed.value.__notes__)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert [name for name, _ in told["steps"]] == ["begin", "lays", "lays"]
    assert "it fell" in told["problem"]
    with pytest.raises(AssertionError, match="it fell"):
        histories.walk_steps(Tower, told["steps"])
    histories.walk_steps(Tower, told["steps"][:-1])


def test_what_is_no_history_is_refused_by_name(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"format": "another"}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.json is no history"):
        histories.walk(path)
