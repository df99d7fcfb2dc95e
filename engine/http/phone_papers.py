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

_LONGEST_LINE = 12


class NoStampHere(errors.NotFound):
    """Only a demo world has a stamp to press. Print the form and stamp it with your own."""


def stamped_form(
    held: Door, *, enterprise_id: str, kind: str, name: str, seal_id: str = ""
) -> str:
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
    me = door.ask("registration.me", {})
    size = str(rule["sizes_mm"][0])
    if not enterprise_id:
        return drawing.draw_square("张三", side_mm=int(size))
    owner = next(one["name"] for one in me["enterprises"] if one["id"] == enterprise_id)
    line = str(rule["line"])[:_LONGEST_LINE]
    diameter = int(size) if size.isdigit() else max(drawing.DIAMETERS_MM)
    diameter = diameter if diameter in drawing.DIAMETERS_MM else min(drawing.DIAMETERS_MM)
    return drawing.draw_round("".join(owner.split()), line=line, diameter_mm=diameter)
