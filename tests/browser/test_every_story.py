"""Every story played to its end on the page, in both languages: what each step leads to is on the screens.

Sixteen plays take some minutes: `make test` plays two of them, one in each language, the full counts all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine import boot
from engine.kernel import texts
from simulations import stages, stories
from simulations.stories import Story
from tests.support import counting

LANGUAGES = ("zh_CN", "en")
EVERY = [(story, language) for story in stories.shipped() for language in LANGUAGES]
PLAYED = EVERY if counting.FULL else [("second_try", "en"), ("red_letter", "zh_CN")]
WITHIN_MS = 60_000
_HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def here(served: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stages of the server, seen from the test."""
    world = served.world  # type: ignore[attr-defined]
    monkeypatch.setattr(boot, "current", lambda: world)
    yield
    for one in stages.listed():
        stages.find(one).end()


@pytest.fixture
def presenter(chromium: Browser, server: str, language: str) -> Iterator[Page]:
    """The presenter's page in a language."""
    locale = "en-GB" if language == "en" else "zh-CN"
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale=locale)
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    page.goto(f"{server}/demo")
    page.click("button[value=lead]")
    yield page
    context.close()


def _begun(page: Page, story: Story) -> stages.Stage:
    page.locator(f".st-key-begin-{story.id} button").click()
    expect(page.locator(".st-key-play-0 button")).to_be_visible(timeout=WITHIN_MS)
    return stages.find(re.search(r"stage=([\w-]+)", page.url).group(1))  # type: ignore[union-attr]


def _shown(page: Page, language: str) -> None:
    """Phone and PC stand there in the language, and nobody was refused."""
    spoken = "en" if language == "en" else "zh-CN"
    for app in (page.locator(".beside .phone"), page.locator(".beside .mall")):
        expect(app.first).to_have_attribute("lang", spoken)
        expect(app.first.locator("h1").first).not_to_be_empty()
    expect(page.locator(".beside .toast.bad, .beside .empty .button")).to_have_count(0)
    expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize(("name", "language"), PLAYED)
def test_a_story_is_played_to_its_end(
    presenter: Page, here: None, name: str, language: str
) -> None:
    page, story = presenter, stories.shipped()[name]
    stage = _begun(page, story)
    for number, step in enumerate(story.steps):
        expect(page.get_by_text(step.title.in_language(language)).first).to_be_visible()
        button = page.locator(f".st-key-play-{number} button")
        expect(button).to_have_text(step.button.in_language(language))
        button.click()
        following = page.locator(f".st-key-play-{number + 1} button")
        over = page.get_by_text(texts.text("The story is at its end.", language))
        last = number + 1 == len(story.steps)
        expect(over if last else following).to_be_visible(timeout=WITHIN_MS)
        _shown(page, language)
    if language == "en":
        assert not _HAN.search(page.locator(".st-key-bar").inner_text())
    state = stages.find(stage.id).state
    assert (state.at, state.by_hand) == (len(story.steps), [])
