"""What a person does with their certificates beside using them.

They complete the pair, hold, resume and revoke it, unlock its PIN, and get an encryption key back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.handset.handset import Handset
    from simulations.people import Identity


class WithCertificates:
    """The part of a person that looks after certificates."""

    identity: Identity
    handset: Handset
    certificate_id: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _pair(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.handset.door.ask(
            "issuing.pair", {"pair_id": self.certificate_id}
        )
        return found

    def complete_pair(self) -> bool:
        """Take the encryption key onto the phone once it has come; whether nothing is to be waited for."""
        waiting = [one for one in self._pair() if one["usage"] == "encryption"]
        if not waiting:
            return False
        if waiting[0]["status"] == "issued":
            self.handset.take_encryption_share(
                waiting[0]["id"], self.certificate_id, self.identity.pin
            )
        return bool(waiting[0]["status"] != "requested")

    def certificate_status(self) -> str:
        """How the certificate stands."""
        return str(self._pair()[0]["status"])

    def suspend_certificate(self) -> None:
        """Put the certificate on hold."""
        given = {"certificate_id": self.certificate_id}
        self.handset.door.perform("issuing.suspend", given, key=self.key())

    def resume_certificate(self) -> None:
        """Take it off hold."""
        given = {"certificate_id": self.certificate_id}
        self.handset.door.perform("issuing.resume", given, key=self.key())

    def revoke_certificate(self, reason: str) -> None:
        """Give it up for good."""
        given = {"certificate_id": self.certificate_id, "reason": reason}
        self.handset.door.perform("issuing.revoke", given, key=self.key())

    def withdraw_delegation(self, certificate_id: str) -> None:
        """Take back what a colleague holds."""
        given = {"certificate_id": certificate_id}
        self.handset.door.perform("issuing.withdraw_delegation", given, key=self.key())

    def unlock_pin(self) -> None:
        """Unlock the certificate's PIN, with one's name proved a moment ago."""
        given = {"certificate_id": self.certificate_id}
        self.handset.door.perform("issuing.unlock_pin", given, key=self.key())

    # -- encryption keys -----------------------------------------------------------------------

    def encryption_certificate(self) -> str:
        """The id of the pair's encryption certificate, once its key has been on the phone."""
        return next(
            (
                str(one["id"])
                for one in self._pair()
                if one["usage"] == "encryption" and one["status"] in ("active", "suspended")
            ),
            "",
        )

    def bring_key_over(self, encryption_id: str) -> None:
        """Put the older pair's encryption key under the PIN of the certificate that took its place."""
        pin = self.identity.pin
        self.handset.bring_over(encryption_id, self.certificate_id, pin, pin)

    def ask_recovery(self, encryption_id: str, why: str) -> None:
        """Ask for an encryption key to come back out of its archive, onto this phone."""
        given = {"certificate_id": encryption_id, "why": why}
        self.handset.door.perform("issuing.ask_recovery", given, key=self.key())

    def recovery_status(self) -> str:
        """Where the newest recovery stands."""
        return str(self.handset.door.ask("issuing.my_recoveries", {})[0]["status"])

    def take_recovered_key(self, encryption_id: str) -> None:
        """Take the share that the recovery made for this phone."""
        self.handset.take_encryption_share(encryption_id, self.certificate_id, self.identity.pin)
