"""The README's walk: put together from frames, as long and as light as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from simulations import stories
from tools import walk


def _lasts(path: Path) -> list[int]:
    """How long each frame stands, in ms."""
    found = []
    with Image.open(path) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            found.append(int(picture.info["duration"]))
    return found


def _frames(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (32, 20), (20 * n, 0, 0)) for n in range(count)]


def test_frames_run_for_as_long_as_is_asked_and_the_last_stands_longest(tmp_path: Path):
    walk.assemble(_frames(4), tmp_path / "walk.webp", lasts_ms=1003)
    lasts = _lasts(tmp_path / "walk.webp")
    assert len(lasts) == 4
    assert sum(lasts) == 1003
    assert max(lasts) == lasts[-1]


def test_nothing_and_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match="nothing"):
        walk.assemble([], tmp_path / "walk.webp")
    monkeypatch.setattr(walk, "MOST_BYTES", 100)
    with pytest.raises(ValueError, match="too many"):
        walk.assemble(_frames(4), tmp_path / "walk.webp")
    assert not list(tmp_path.iterdir())


def test_the_one_in_the_readme_shows_each_step_of_its_story():
    assert walk.TARGET.stat().st_size <= walk.MOST_BYTES
    lasts = _lasts(walk.TARGET)
    assert sum(lasts) == walk.LASTS_MS
    assert len(lasts) == len(stories.shipped()[walk.STORY].steps) + 1
    assert "docs/pictures/walk.webp" in (walk.ROOT / "README.md").read_text(encoding="utf-8")
