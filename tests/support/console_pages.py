"""The console in a test's browser: one signed in with one click, who fills in, chooses and presses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from engine.kernel import texts

_STATE = "data-test-script-state"
# While something unfolds, what is in it moves away from under a press. A redraw ends that and begins anew.
_UNFOLDED = """async summary => {
  const moving = () => summary.parentElement.getAnimations({subtree: true})
    .filter(one => one.playState === "running" && one.effect.getTiming().iterations !== Infinity);
  for (let some = moving(); some.length; some = moving())
    await Promise.allSettled(some.map(one => one.finished));
}"""


def said(text: str, **params: object) -> str:
    """A text of the console's in Chinese."""
    return texts.text(text, "zh_CN", **params)


@dataclass
class ConsolePage:
    """The console of one member of staff, in Chinese."""

    page: Page
    server: str

    def open(self, login: str, address: str) -> None:
        """Sign in with one click, and go to an address."""
        self.page.goto(f"{self.server}/login")
        self.page.click(f"button[value={login}]")
        expect(self.page.locator("h1")).to_be_visible()
        self.go(address)

    def go(self, address: str) -> None:
        """Go to an address, and wait until it is drawn."""
        self.page.goto(self.server + address)
        expect(self.page.locator("h1")).to_be_visible()
        self.still()

    def still(self) -> None:
        """Wait until nothing is being drawn any more."""
        app = self.page.locator("[data-testid=stApp]")
        expect(app).to_have_attribute(_STATE, "notRunning")

    def button(self, text: str) -> Locator:
        """A button by what it begins with."""
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(text)}"))

    def press(self, text: str) -> None:
        """Press a button."""
        self.button(text).click()
        self.still()

    def unfold(self, title: str) -> None:
        """Open what is folded up under a title."""
        summary = self.page.locator("summary").filter(has_text=title).first
        summary.click()
        summary.evaluate(_UNFOLDED)

    def fill(self, label: str, text: str) -> None:
        """Fill a field in, and leave it."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.blur()
        self.still()

    def choose(self, label: str, option: str) -> None:
        """Choose one of a list by what it begins with."""
        field = self.page.get_by_role("combobox", name=label, exact=True)
        field.click()
        if field.get_attribute("aria-expanded") != "true":
            # A press that came while the page moved gave the focus alone.
            field.press("ArrowDown")
        # Of a long list only what is on the screen is there: typing brings the rest up.
        field.fill(option)
        self.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()
        self.still()

    def confirm(self) -> None:
        """Answer the question for the second factor, which a demo's sign-in answers for five minutes."""
        self.press(said("It is me: go on"))
        self.sees(said("Confirmed and done."))

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Something is there to be read."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def fits(self) -> None:
        """Nothing reaches beyond the screen's edge."""
        over = "document.documentElement.scrollWidth - innerWidth"
        assert self.page.evaluate(over) <= 0
