"""Papers that a demo's phone hands in: the application form for a seal, printed, stamped and scanned.

In a demo nobody has the enterprise's engraved seal; it is drawn here as its kind is cut.
"""

from __future__ import annotations

import base64
from typing import Any

from engine.handset.signing_in import Door
from engine.kernel import errors
from engine.providers import printing
from engine.ses import drawing


class NoStampHere(errors.NotFound):
    """Only a demo world has a stamp to press. Print the form and stamp it with your own."""


def stamped_form(held: Door, *, enterprise_id: str, kind: str, name: str, seal_id: str = "") -> str:
    """The form of a kind, or of a seal's change, with a seal in its box, as JPEG in base64.

    Raises: what `sealing.application_form` and `sealing.change_form` refuse.
    """
    if seal_id:
        told = held.ask("sealing.change_form", {"seal_id": seal_id, "name": name})
    else:
        asked = {"enterprise_id": enterprise_id, "kind": kind, "name": name}
        told = held.ask("sealing.application_form", asked)
    form = base64.b64decode(told)
    kinds: list[dict[str, Any]] = held.ask("sealing.kinds", {"enterprise_id": enterprise_id})
    rule = next(one for one in kinds if one["kind"] == kind)
    return base64.b64encode(printing.stamped(form, _stamp(held, enterprise_id, rule))).decode()


def _stamp(door: Door, enterprise_id: str, rule: dict[str, Any]) -> drawing.SealPicture:
    """The engraved seal that the applicant would have: of the kind's first size."""
    width, _, height = str(rule["sizes_mm"][0]).partition("x")
    me = door.ask("registration.me", {})
    owner = next((one for one in me["enterprises"] if one["id"] == enterprise_id), None)
    return drawing.draw(
        rule["shape"],
        "".join(str(owner["name"] if owner else me["name"]).split()),
        width_mm=int(width),
        height_mm=int(height or width),
        line=str(rule["line"]),
        tax_number=str(owner["uscc"]) if owner and rule["shape"] == "oval" else "",
        person=owner is None,
    )
