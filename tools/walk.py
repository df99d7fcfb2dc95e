"""The walk of the README: a story played in a browser, a frame for each step, as one animated picture.

`tools/walk.py` makes docs/pictures/walk.webp; `--world FOLDER` takes a demo world that there is.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.kernel import clock  # noqa: E402
from simulations import demo, stories  # noqa: E402
from tools import browsing  # noqa: E402

TARGET = ROOT / "docs" / "pictures" / "walk.webp"
STORY = "signing"
LASTS_MS = 30_000
MOST_BYTES = 3_000_000
_SIZE, _WIDE = (1320, 900), 960
# What was drawn anew has been drawn by then.
_DRAWN_MS = 2_500
# The presenter's page without what stands beside and below the apps.
_ALONE = "[data-testid=stSidebar],header{display:none!important}"

_TO_TOP = """() => document.querySelectorAll("[data-testid=stMain], .beside-page").forEach(
  (one) => one.scrollTo(0, 0))"""


def assemble(frames: Sequence[Image.Image], target: Path, lasts_ms: int = LASTS_MS) -> None:
    """Frames of one size as an animated WebP that runs for so long; the last stands longest.

    Raises: ValueError without frames, or when it is larger than a README should carry.
    """
    if not frames:
        raise ValueError("there is nothing to show")
    each = lasts_ms // (len(frames) + 1)
    lasting = [each] * (len(frames) - 1) + [lasts_ms - each * (len(frames) - 1)]
    written = io.BytesIO()
    first, *others = frames
    first.save(
        written,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=lasting,
        loop=0,
        quality=60,
        method=5,
    )
    if written.tell() > MOST_BYTES:
        raise ValueError(f"{written.tell()} bytes are too many; at most {MOST_BYTES}")
    target.write_bytes(written.getvalue())


def _frame(page: Page) -> Image.Image:
    page.wait_for_timeout(_DRAWN_MS)
    page.evaluate(_TO_TOP)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return taken.resize((_WIDE, taken.height * _WIDE // taken.width), Image.Resampling.LANCZOS)


def _walked(page: Page) -> list[Image.Image]:
    """The story from its beginning to its end, as the presenter sees it."""
    page.goto(f"{browsing.ADDRESS}/demo")
    page.locator(f".st-key-begin-{STORY} button").click()
    page.locator(".st-key-play-0 button").wait_for()
    page.add_style_tag(content=_ALONE)
    frames = [_frame(page)]
    steps = stories.shipped()[STORY].steps
    for number in range(len(steps)):
        page.locator(f".st-key-play-{number} button").click()
        page.locator(f".st-key-play-{number} button").wait_for(state="detached")
        frames.append(_frame(page))
    return frames


@contextlib.contextmanager
def _world(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yinxin-walk-") as above:
        folder = Path(above) / "demo"
        demo.make(folder, people=5, seed=11, now_ms=clock.SystemClock().now_ms())
        yield folder


def main() -> int:
    """Walk, and put the picture together."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--world", type=Path, help="a demo world that there is")
    given = parser.parse_args()
    with _world(given.world) as folder, browsing.served(folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browsing.opened(browser, "product", _SIZE, "zh-CN", "light")
        frames = _walked(page)
        browser.close()
    assemble(frames, TARGET)
    print(f"{len(frames)} frames, {TARGET.stat().st_size} bytes in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
