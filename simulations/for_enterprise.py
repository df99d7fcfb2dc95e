"""What a person does for an enterprise on the phone: claim it, look after its seal, bring colleagues in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulations import papers, specimens
from simulations.at_pc import b64

if TYPE_CHECKING:
    from engine.handset.handset import Handset
    from simulations.people import Identity


class ForEnterprise:
    """The part of a person that acts for an enterprise."""

    identity: Identity
    handset: Handset
    enterprise_id: str
    seal_id: str
    forged_papers: dict[str, bytes]
    acts_for_many: bool

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _do(self, name: str, given: dict[str, Any]) -> Any:
        return self.handset.door.perform(f"registration.{name}", given, key=self.key())

    # -- claiming ------------------------------------------------------------------------------

    def claim(self, authority: str = "letter") -> dict[str, Any]:
        """Claim the enterprise with the papers that its code asks for."""
        who = self.identity
        asked = self.handset.door.ask("registration.papers_for", {"uscc": who.uscc})
        given = {
            "name": who.enterprise,
            "uscc": who.uscc,
            "legal_representative": who.legal_representative,
            "legal_representative_id": who.representative_number,
            "authority": authority,
            "papers": [
                {"code": paper["code"], "content": self.paper(paper["code"])}
                for paper in asked
                if paper["required"] or (paper["condition"] and authority == "letter")
            ],
        }
        claim: dict[str, Any] = self._do("claim_enterprise", given)
        return claim

    def paper(self, code: str) -> str:
        """A paper of the claim, as it goes over the wire."""
        if code in self.forged_papers:
            return b64(self.forged_papers[code])
        if code == "signature_specimen":
            return b64(specimens.signature(self.identity.legal_representative))
        return b64(papers.picture(code.replace("_", " "), self.identity.enterprise))

    def know_enterprise(self) -> bool:
        """Look whether the claim has been approved, or somebody let one in."""
        found = self.handset.door.ask("registration.me", {})["enterprises"]
        if self.acts_for_many:
            found = [one for one in found if one["uscc"] == self.identity.uscc]
        self.enterprise_id = found[0]["id"] if found else ""
        return bool(found)

    def know_seal(self) -> bool:
        """Look whether the company seal can be used with the certificate."""
        found = self.handset.door.ask(
            "sealing.of_enterprise", {"enterprise_id": self.enterprise_id}
        )
        usable = [
            seal
            for seal in found
            if (seal["kind"], seal["status"]) == ("company", "active") and seal["certificates"]
        ]
        self.seal_id = usable[0]["id"] if usable else ""
        return bool(usable)

    # -- changing ------------------------------------------------------------------------------

    def change_name(self, name: str) -> None:
        """Ask for another name of the enterprise, having read what follows from it."""
        who = self.identity
        asked = {
            "enterprise_id": self.enterprise_id,
            "name": name,
            "legal_representative": who.legal_representative,
        }
        preview = self.handset.door.ask("registration.change_preview", asked)
        self._do(
            "change_enterprise",
            {
                **asked,
                "legal_representative_id": who.representative_number,
                "papers": [
                    {"code": paper["code"], "content": self.paper(paper["code"])}
                    for paper in preview["papers"]
                ],
                "confirmed": True,
            },
        )

    def change_status(self) -> str:
        """Where the newest change of the enterprise's particulars stands."""
        given = {"enterprise_id": self.enterprise_id}
        return str(self.handset.door.ask("registration.my_changes", given)[0]["status"])

    # -- colleagues ----------------------------------------------------------------------------

    def invite(self, phone: str, role: str = "handler") -> dict[str, Any]:
        """Invite a number."""
        given = {"enterprise_id": self.enterprise_id, "phone": phone, "role": role}
        found: dict[str, Any] = self._do("invite_by_phone", given)
        return found

    def show_invitation(self, role: str = "handler") -> str:
        """Open a QR invitation; its text."""
        given = {"enterprise_id": self.enterprise_id, "role": role}
        return str(self._do("open_invitation", given)["qr_text"])

    def invitations(self) -> list[dict[str, Any]]:
        """The open invitations to oneself."""
        found: list[dict[str, Any]] = self.handset.door.ask("registration.my_invitations", {})
        return found

    def accept(self, invitation_id: str) -> None:
        """Take an invitation."""
        self._do("accept_invitation", {"invitation_id": invitation_id})

    def join_by_qr(self, qr_text: str) -> None:
        """Look at a scanned invitation and take it."""
        self.handset.door.ask("registration.invitation", {"qr_text": qr_text})
        self._do("accept_invitation_by_qr", {"qr_text": qr_text})

    def colleagues(self) -> list[dict[str, Any]]:
        """The members of the enterprise."""
        found: list[dict[str, Any]] = self.handset.door.ask(
            "registration.members", {"enterprise_id": self.enterprise_id}
        )
        return found
