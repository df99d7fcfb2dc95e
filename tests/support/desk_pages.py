"""The review desk in a test's browser: its keys, what is on the screen, and cases to decide."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from engine.kernel import ids
from simulations import population
from simulations.people import Identity, Person
from tests.support.served import ServedLine

_KEYS = "data-desk-keys"
# A key that decides is taken once a case has been on the screen for this long.
READ_MS = 400


def claims(served: ServedLine, count: int, *, seed: int = 4_2026) -> list[Person]:
    """People who have proved their names and each claimed an enterprise: as many cases."""
    everybody = population.Population(seed, datetime.date(2026, 1, 1))
    people = []
    for number in range(count):
        human, enterprise = everybody.person(number), everybody.enterprise(number)
        who = Identity(
            name=human.name,
            resident_id=human.resident_id,
            phone=human.phone,
            bank_card=human.bank_card,
            enterprise=enterprise.name,
            uscc=enterprise.uscc,
            legal_representative=enterprise.legal_representative,
            legal_representative_id=enterprise.legal_representative_id,
        )
        person = Person(served.world, who, ids.system_entropy)
        served.registered(person)
        person.claim()
        people.append(person)
    served.work()
    return people


@dataclass
class DeskPage:
    """The desk of one member of staff."""

    page: Page
    server: str
    pressed: list[str] = field(default_factory=list)

    def open(self, login: str, address: str = "/desk") -> None:
        """Sign in with one click and open the desk."""
        self.page.goto(self.server + "/desk")
        self.page.click(f"button[value={login}]")
        self.page.wait_for_url("**/desk**")
        if address != "/desk":
            self.page.goto(self.server + address)
        self.ready()

    def ready(self) -> str:
        """Wait until the page is drawn and its keys are bound; answers which case is shown."""
        expect(self.page.locator("html")).to_have_attribute(_KEYS, re.compile("."))
        app = self.page.locator("[data-testid=stApp]")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        return self.case

    @property
    def case(self) -> str:
        """Which case is shown."""
        return self.page.locator("html").get_attribute(_KEYS) or ""

    def press(self, *keys: str) -> None:
        """Press keys one after the other, at the pace of somebody who knows them."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def decide(self, *keys: str) -> str:
        """Read the case, press keys that bring up the next one, and wait for it."""
        before = self.case
        self.page.wait_for_timeout(READ_MS)
        self.press(*keys)
        expect(self.page.locator("html")).not_to_have_attribute(_KEYS, before)
        return self.ready()

    def put_back(self) -> None:
        """Read the case, and put it back into the queue: whoever asks next may get it."""
        self.page.wait_for_timeout(READ_MS)
        self.press("p")
        expect(self.button("领取")).to_be_visible()

    def button(self, text: str) -> Locator:
        """A button by its words; the key on it is not one of them."""
        return self.page.locator("button:visible").filter(has_text=re.compile(f"^{text}"))
