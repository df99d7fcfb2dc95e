"""What an administrator does with seals on the phone, and a member with one that was entrusted."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from engine.kernel import clock
from simulations import pad, stamped
from simulations.at_pc import b64

if TYPE_CHECKING:
    from engine.handset.handset import Handset
    from simulations.people import Identity


class WithSeals:
    """The part of a person that looks after seals."""

    identity: Identity
    handset: Handset
    enterprise_id: str
    newest_form: bytes

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _seal(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        done: dict[str, Any] = self.handset.door.perform(f"sealing.{name}", given, key=self.key())
        return done

    def _asked(self, name: str, given: dict[str, Any]) -> Any:
        return self.handset.door.ask(f"sealing.{name}", given)

    # -- applying ------------------------------------------------------------------------------

    def offered(self) -> list[str]:
        """The kinds that are applied for with a form now."""
        found = self._asked("kinds", {"enterprise_id": self.enterprise_id})
        return [one["kind"] for one in found if one["route"] == "form" and not one["why_not"]]

    def apply_for_seal(self, kind: str, name: str, *, line: str, askew: float = 3.0) -> str:
        """Print the form, stamp it, scan it and hand it in; the application's id."""
        asked = {"enterprise_id": self.enterprise_id, "kind": kind, "name": name}
        form = base64.b64decode(self._asked("application_form", asked))
        self.newest_form = stamped.stamped(form, self.identity.enterprise, line, askew)
        return self.hand_in_form(kind, name, self.newest_form)

    def hand_in_form(self, kind: str, name: str, scan: bytes) -> str:
        """Hand in a scan, whosever form it shows; the application's id."""
        asked = {"enterprise_id": self.enterprise_id, "kind": kind, "name": name}
        given = {**asked, "form": b64(scan), "picture": "impression"}
        return str(self._seal("apply_for_seal", given)["id"])

    def application_status(self, application_id: str) -> str:
        """Where an application stands."""
        found = self._asked("application", {"application_id": application_id})
        return str(found["application"]["status"])

    def write_signature(self, name: str) -> str:
        """Write one's name on the pad; the seal's id."""
        given = {
            "enterprise_id": self.enterprise_id,
            "name": name,
            "strokes": pad.signature(self.identity.name),
            "width_mm": 50,
            "colour": "black",
        }
        return str(self._seal("draw_signature", given)["id"])

    # -- looking after ---------------------------------------------------------------------------

    def seals(self) -> list[dict[str, Any]]:
        """The enterprise's seals, newest first."""
        found: list[dict[str, Any]] = self._asked(
            "of_enterprise", {"enterprise_id": self.enterprise_id}
        )
        return found

    def seal_called(self, name: str) -> dict[str, Any] | None:
        """The seal in use that is called so."""
        found = (one for one in self.seals() if one["name"] == name and one["status"] == "active")
        return next(found, None)

    def change_seal(self, seal_id: str, size: str) -> str:
        """Have a seal made in another size; the application's id."""
        return str(self._seal("change_seal", {"seal_id": seal_id, "size": size})["id"])

    def remake_seal(self, seal_id: str, reason: str) -> str:
        """Have a seal made again; the application's id."""
        return str(self._seal("remake_seal", {"seal_id": seal_id, "reason": reason})["id"])

    def pause_seal(self, seal_id: str) -> None:
        """Pause a seal."""
        self._seal("suspend", {"seal_id": seal_id})

    def use_seal_again(self, seal_id: str) -> None:
        """Take a paused seal up again."""
        self._seal("resume", {"seal_id": seal_id})

    def delete_seal(self, seal_id: str) -> None:
        """Read what it ends, and delete a seal."""
        self._asked("deletion", {"seal_id": seal_id})
        self._seal("delete_seal", {"seal_id": seal_id})

    def read_seal(self, seal_id: str) -> bool:
        """Look at the signed object; whether every step of its judgment passed."""
        return bool(self._asked("seal_data", {"seal_id": seal_id})["genuine"])

    # -- entrusting ------------------------------------------------------------------------------

    def entrust(self, seal_id: str, account_id: str, until: int) -> str:
        """Let a colleague use a seal for contracts; the delegation's id."""
        given = {
            "seal_id": seal_id,
            "account_id": account_id,
            "acts": ["contract"],
            "valid_to": until // clock.SECOND * clock.SECOND,
        }
        return str(self._seal("delegate_seal", given)["id"])

    def take_back(self, delegation_id: str) -> None:
        """Take the use of a seal back."""
        self._seal("withdraw_seal_delegation", {"delegation_id": delegation_id})

    def entrusted(self) -> list[dict[str, Any]]:
        """What the person was given to use and still may."""
        found: list[dict[str, Any]] = self._asked("delegated_to_me", {})
        return [one for one in found if one["status"] == "active"]
