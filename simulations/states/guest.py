"""A person on a way to a state: a simulated person, with acts that otherwise are two calls in one."""

from __future__ import annotations

from simulations.people import Person

_CONTENT = "报价单（模拟文件，无法律效力）\n办公用纸 A4　6 箱　768.00 元\n".encode()


class Guest(Person):
    """Somebody on a way."""

    _sealed: bytes = b""

    def contract_number(self) -> str:
        """A number for a contract that nobody else's has."""
        return f"HT-{self.identity.uscc[-10:]}"

    def tap(self, carrier_token: str) -> None:
        """Ask to be signed in by the number of the SIM in this phone."""
        self.handset.request_one_tap(carrier_token, "模拟手机", terms_accepted=True)

    def take_tap(self) -> None:
        """Take the session of it."""
        self.handset.finish_one_tap()

    def hold(self, certificate_id: str) -> None:
        """From now on act with this certificate."""
        self.take(certificate_id)
        self.certificate_id = certificate_id

    def show_file_of(self, name: str, recipients: list[str]) -> tuple[str, str]:
        """Choose a file and for whom it is; the file's id and the QR's text."""
        return self.show_file_qr(name, _CONTENT, recipients)

    def make_shown(self) -> None:
        """Encrypt what the phone confirmed."""
        self._sealed = self.encrypt_signed(_CONTENT)

    def show_opening_of(self, name: str) -> str:
        """Choose the file that was made just now; the QR's text."""
        return self.show_opening_qr(name, self._sealed)

    def take_shown(self) -> None:
        """Have the browser take the file's key, and nothing more."""
        self._taken("enveloping.take_key", self.ticket_id)

    def decrypt_shown(self) -> None:
        """Read it."""
        self.decrypt_here(self._sealed)

    def damage_shown(self) -> None:
        """Read it with its end changed on the way."""
        self.decrypt_here(self._sealed[:-16] + bytes(16))
