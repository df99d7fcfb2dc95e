"""How a phone gets its session: by a code, by password, by its SIM; and how it proves itself again."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.handset.store import Items
from engine.kernel import challenges, errors


class Door(Protocol):
    """The way from a phone into the engine; names and JSON in, JSON out."""

    def perform(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        """Make an action happen as whoever this phone is signed in as."""

    def ask(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Ask a question as whoever this phone is signed in as."""

    def sign_in(self, token: str) -> None:
        """From now on act with this session's token."""


class SignsIn:
    """The part of a phone that has to do with who is signed in on it."""

    store: Items
    door: Door

    def _key(self) -> str:
        raise AssertionError("a phone makes its keys from its own entropy")

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Make an action happen, under a key of its own."""
        return self.door.perform(name, arguments, key=self._key())

    def request_code(
        self, phone: str, *, terms_accepted: bool, purpose: str = "sign_in"
    ) -> dict[str, Any]:
        """Ask for a one-time code; what to quote when it is entered.

        Another code within the hour costs the phone a proof of work, which it does and asks again.
        """
        given = {"phone": phone, "purpose": purpose, "terms_accepted": terms_accepted}
        try:
            asked: dict[str, Any] = self.door.perform(
                "registration.request_code", given, key=self._key()
            )
        except errors.EngineError as refusal:
            if refusal.code != "registration.challenge_needed":
                raise
            work = challenges.solve(str(refusal.params["challenge"]), int(refusal.params["bits"]))
            asked = self.door.perform(
                "registration.request_code", {**given, "proof_of_work": work}, key=self._key()
            )
        return asked

    def sign_in(
        self, request_id: str, phone: str, code: str, label: str, *, password: str = ""
    ) -> dict[str, Any]:
        """Sign in with the code; a new number becomes an account, with a password where one is given."""
        given = {"request_id": request_id, "phone": phone, "code": code, "password": password}
        return self._open("registration.sign_in_by_code", {**given, **self._device(label)})

    def sign_in_by_password(
        self, phone: str, password: str, label: str, *, terms_accepted: bool
    ) -> dict[str, Any]:
        """Sign in by password: the phone may look, until a code confirms who it is."""
        given = {"phone": phone, "password": password, "terms_accepted": terms_accepted}
        return self._open("registration.sign_in_by_password", {**given, **self._device(label)})

    def request_one_tap(self, carrier_token: str, label: str, *, terms_accepted: bool) -> None:
        """Ask to be signed in by the number of the SIM in this phone; `finish_one_tap` follows."""
        given = {"carrier_token": carrier_token, "terms_accepted": terms_accepted}
        asked = self.door.perform(
            "registration.request_one_tap", {**given, **self._device(label)}, key=self._key()
        )
        self.store.put("one-tap", f"{asked['request_id']} {asked['secret']}".encode())

    def finish_one_tap(self) -> dict[str, Any]:
        """Take the session once the carrier has answered.

        Raises: what the engine refuses; `registration.one_tap_pending` until then.
        """
        request_id, _, secret = (self.store.get("one-tap") or b"").decode().partition(" ")
        given = {"request_id": request_id, "secret": secret}
        session = self._open("registration.finish_one_tap", given)
        self.store.forget("one-tap")
        return session

    def one_tap(
        self,
        carrier_token: str,
        label: str,
        *,
        terms_accepted: bool,
        wait: Callable[[], None],
        tries: int = 10,
    ) -> dict[str, Any]:
        """Sign in by the SIM's number; `wait` lets time pass for the carrier's answer between tries.

        Raises: what the engine refuses, `registration.one_tap_pending` after the last try.
        """
        self.request_one_tap(carrier_token, label, terms_accepted=terms_accepted)
        for left in range(tries, 0, -1):
            wait()
            try:
                return self.finish_one_tap()
            except errors.EngineError as refusal:
                if refusal.code != "registration.one_tap_pending" or left == 1:
                    raise
        raise AssertionError("the last try returns or raises")

    def request_step_up(self) -> dict[str, Any]:
        """Ask for a code to one's own number, to confirm that it is oneself."""
        asked: dict[str, Any] = self.door.perform(
            "registration.request_step_up", {}, key=self._key()
        )
        return asked

    def step_up(self, request_id: str, code: str) -> None:
        """Enter the code that confirms it: for 5 minutes this phone may do what needs it."""
        given = {"request_id": request_id, "code": code}
        self.door.perform("registration.step_up", given, key=self._key())

    def _device(self, label: str) -> dict[str, str]:
        key = base64.b64encode(self._device_key()).decode()
        return {"device_key": key, "device_label": label}

    def _device_key(self) -> bytes:
        raise AssertionError("a phone has its device's public key")

    def _open(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        session: dict[str, Any] = self.door.perform(name, given, key=self._key())
        self.keep_session(session)
        return session

    def keep_session(self, session: Mapping[str, Any]) -> None:
        """From now on act with a session that was opened for this device."""
        self.store.put("session", session["token"].encode())
        self.store.put("qr-key", base64.b64decode(session["qr_key"]))
        self.door.sign_in(session["token"])

    def sign_out(self) -> None:
        """End the session; the device's key and its certificates' keys stay on the phone."""
        token = self.store.get("session")
        if token is not None:
            self.door.perform("registration.sign_out", {"token": token.decode()}, key=self._key())
            self.store.forget("session")

    @property
    def signed_in(self) -> bool:
        """Whether this phone holds a session."""
        return self.store.get("session") is not None
