"""`yinxin clock`: what is due is told, and moving a demo world's clock to it makes it happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.kernel import clock
from tests.integration.test_cli import run


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clock") / "world"
    assert run("world", "make", path, "--kind", "demo").exit_code == 0
    return path


def told(*arguments: object) -> dict[str, object]:
    done = run("clock", "--json", *arguments)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.row("DEM-3")
def test_the_clock_is_moved_to_what_is_due_and_by_a_span(place: Path) -> None:
    before = told("--world", place)
    assert before["happened"] == []
    renewed = before["due"][0]  # type: ignore[index]
    assert renewed["code"] == "due.kind.trust_list_renewed"
    after = told("--world", place, "--next")
    assert [one["code"] for one in after["happened"]] == ["trust_list.adopted"]  # type: ignore[attr-defined]
    assert 0 <= after["now"] - renewed["at"] < clock.MINUTE  # type: ignore[operator]
    later = told("--world", place, "--by", "90d")
    assert later["now"] - later["began"] >= 90 * clock.DAY  # type: ignore[operator]
    shown = run("clock", "--world", place, "--by", "3m", language="zh_CN.UTF-8")
    assert "信任列表更新" in shown.stdout


@pytest.mark.parametrize(
    "wrong", [("--by", "3"), ("--by", "0d"), ("--by", "6y"), ("--by", "1d", "--next")]
)
def test_what_is_unclear_or_too_far_is_refused(place: Path, wrong: tuple[str, ...]) -> None:
    before = told("--world", place)["now"]
    refused = run("clock", "--world", place, *wrong)
    assert refused.exit_code == 2, refused.output
    assert told("--world", place)["now"] - before < clock.HOUR  # type: ignore[operator]
