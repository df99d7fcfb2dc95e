"""Outside machines of a scenario: what asks by a token, and where it is told of events."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.integrating import model
from engine.kernel import catalog
from engine.providers import receivers


class Machines(catalog.Declared):
    """A machine that is let in on the first day: it asks every so often, and hears of events.

    `receivers` are addresses of the simulated receiver (data/providers/receivers.toml); without `events` it
    hears of every kind that is published. `within` limits it to `platform:` or `agency:` with an id.
    """

    asks_every_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    receivers: tuple[str, ...] = ("steady", "flaky")
    events: tuple[str, ...] = ()
    within: Annotated[str, Field(pattern=r"^((platform|agency):[a-z0-9_]+)?$")] = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = receivers.load_rules().receiver
        for name in sorted(set(self.receivers) - set(known)):
            raise ValueError(f"receivers: there is no receiver called {name}")
        for name in sorted(set(self.events) - set(model.events())):
            raise ValueError(f"events: there is no published event called {name}")
        return self
