"""What a person does with their certificates beside using them: complete the pair, hold, resume, revoke."""

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
