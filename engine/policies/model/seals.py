"""Which kinds of seal there are, how each is drawn, and how one comes by it (SEA-1, SEA-3).

A further kind of a known shape and way is a further setting, and no code. Sizes are in millimetres as the
rules for engraved seals have them: one number is the side of the kind's own shape (a round seal's
diameter), two that are equal make a square one, two that differ an oval.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting

SealShape = Literal["round", "oval", "square", "free"]
SealColour = Literal["red", "blue", "black", "purple"]
# first: made with the enterprise's approval. form: applied for with the stamped form, reviewed and made.
# pad: written by hand on the pad, in use at once.
SealRoute = Literal["first", "form", "pad"]
# Whose name or hand the seal shows: a change of it ends the seal.
SealBears = Literal["enterprise", "representative", "holder", "hand"]
SealSize = Annotated[str, Field(pattern=r"^[1-9][0-9]?(x[1-9][0-9]?)?$")]


class SealKindRule(Setting):
    """A kind of seal: its shape and sizes, what stands on it, how it is come by, and how many there may be.

    `holder` seals are a person's own and need an individual certificate; all others are an enterprise's.
    `filed`: made, changed and ended seals are filed with the public security register.
    """

    KIND = "seal_kind"
    NAMED = True
    label: Text
    shape: SealShape
    sizes_mm: tuple[SealSize, ...] = Field(min_length=1)
    line: str = Field(max_length=12)
    route: SealRoute
    bears: SealBears
    needs_tax_number: bool
    filed: bool
    at_most: int = Field(ge=1, le=99)
    colours: tuple[SealColour, ...] = Field(min_length=1)

    @property
    def personal(self) -> bool:
        """Whether it is a person's own, not an enterprise's."""
        return self.bears == "holder"
