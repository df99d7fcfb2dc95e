"""What a phone does at its gateway that is no operation of the engine: signing in and out, scanning.

The names `handset.*` of the phone's gateway. A function's parameters after the first are what a browser
gives. The SIM card is simulated and exists in demo and run worlds only.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from engine import boot, worker
from engine.evidence import packing
from engine.handset.scanning import Scans
from engine.handset.signing_in import Door
from engine.handset.store import Items
from engine.http import doors
from engine.kernel import errors, identifiers
from engine.pki import keys
from engine.providers import carrier
from engine.scanning import queries as scanning

SIM = "sim"
_ONE_TAP_TRIES = 15
_ONE_TAP_STEP_S = 0.2


class OnlySimulated(errors.NotFound):
    """This exists only in a demo world."""


class DeviceUnknown(errors.InvalidInput):
    """This page has not told which device it is. Load it again."""


@dataclass(kw_only=True)
class Signed(Scans):
    """The session of a phone whose keys are in its browser: the device is known by its public key alone."""

    store: Items
    door: Door
    device_key: bytes
    intent: str
    _acts: int = field(default=0, init=False, repr=False)

    def _key(self) -> str:
        self._acts += 1
        return f"{self.intent}-{self._acts}"

    def _device_key(self) -> bytes:
        return self.known_device()

    def known_device(self) -> bytes:
        """The public key of the browser's device.

        Raises: DeviceUnknown for what is no point of its curve.
        """
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, self.device_key)
        except ValueError:
            raise DeviceUnknown() from None
        return self.device_key


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A phone as its gateway holds it while one request lasts."""

    world: boot.World
    handset: Signed
    label: str
    language: str


def simulated(world: boot.World) -> bool:
    """Whether the SIM cards, the text messages and the cashier of this world are simulated."""
    return world.kind != "production"


def public_keys(world: boot.World) -> dict[str, str]:
    """By what a phone knows the platform's codes (base64) and its log (hexadecimal digits).

    They come with the page, never with a code or a receipt.
    """
    codes = world.engine.ask(scanning.public_key, doors.VISITOR)
    return {
        "codes_key": base64.b64encode(codes).decode(),
        "log_key": packing.log_key(world.engine.parts.keyring).hex(),
    }


def sim(phone: Phone) -> str:
    """The number of the SIM card in the phone, or empty."""
    found = phone.handset.store.get(SIM)
    return "" if found is None else found.decode()


def set_sim(held: Phone, *, phone: str) -> dict[str, Any]:
    """Put a simulated SIM card into the phone; an empty number takes it out.

    Raises: OnlySimulated, identifiers.PhoneInvalid.
    """
    if not simulated(held.world):
        raise OnlySimulated(what="SIM card")
    if phone:
        number = identifiers.phone(phone)
        held.handset.store.put(SIM, number.encode())
        return {"sim": identifiers.masked_phone(number)}
    held.handset.store.forget(SIM)
    return {"sim": None}


def number_of(phone: Phone) -> str:
    """The number that the carrier knows this phone by.

    Raises: carrier.NoSim.
    """
    number = sim(phone) if simulated(phone.world) else ""
    if not number:
        raise carrier.NoSim()
    return number


def one_tap(held: Phone, *, terms_accepted: bool) -> dict[str, Any]:
    """本机号码一键登录: the carrier tells the platform the number of the SIM card.

    Raises: carrier.NoSim, and what the engine refuses.
    """
    token = held.world.carrier.token_for(number_of(held))

    def wait() -> None:
        if not worker.run_due(held.world, limit=50, owner="door"):
            # Another process may have the job in hand.
            threading.Event().wait(_ONE_TAP_STEP_S)

    return held.handset.one_tap(
        token, held.label, terms_accepted=terms_accepted, wait=wait, tries=_ONE_TAP_TRIES
    )


def request_code(held: Phone, *, phone: str, purpose: str, terms_accepted: bool) -> dict[str, Any]:
    """Ask for a one-time code; a challenge is solved by the phone itself."""
    return held.handset.request_code(phone, purpose=purpose, terms_accepted=terms_accepted)


def sign_in(
    held: Phone, *, request_id: str, phone: str, code: str, password: str = ""
) -> dict[str, Any]:
    """Sign in with the code."""
    return held.handset.sign_in(request_id, phone, code, held.label, password=password)


def sign_in_by_password(
    held: Phone, *, phone: str, password: str, terms_accepted: bool
) -> dict[str, Any]:
    """Sign in with the password."""
    return held.handset.sign_in_by_password(
        phone, password, held.label, terms_accepted=terms_accepted
    )


def sign_out(held: Phone) -> dict[str, Any]:
    """End the session. One that was ended elsewhere is forgotten here."""
    try:
        held.handset.sign_out()
    except doors.NotSignedIn:
        held.handset.store.forget("session")
    return {"signed_in": False}


def scan(held: Phone, *, qr_text: str) -> dict[str, Any]:
    """What a phone read in a QR code: a ticket, or an invitation to an enterprise.

    The phone has recognized it; it is looked at again. Raises: ForeignCode, and what the engine refuses.
    """
    return held.handset.scan(qr_text[:1_000])


def refuse(held: Phone, *, ticket_id: str) -> Any:
    """Say no to what was scanned."""
    return held.handset.act("scanning.refuse", {"ticket_id": ticket_id})


def pay(held: Phone, *, payment_id: str, account: str = "") -> dict[str, Any]:
    """Pay at the simulated cashier, as the person does on the payment provider's own page.

    `account` is one of its test accounts, which force an outcome.
    Raises: OnlySimulated, and NotFound for a payment that the provider does not know.
    """
    if not simulated(held.world):
        raise OnlySimulated(what="cashier")
    worker.run_due(held.world, subject=payment_id, owner="door")
    held.world.bank.pay(payment_id, account)
    held.world.deliver_due(payment_id)
    return {"paid": True}


ACTS: dict[str, Callable[..., Any]] = {
    f"handset.{act.__name__}": act
    for act in (
        *(set_sim, one_tap, request_code, sign_in, sign_in_by_password, sign_out),
        *(scan, refuse, pay),
    )
}


def device_label(user_agent: str, slot: str) -> str:
    """What a person's list of devices calls this phone, from what its browser says."""
    if slot != "me":
        return f"{_SHOWN_AS} {slot.upper()}"
    for pattern, name in _KNOWN:
        found = re.search(pattern, user_agent)
        if found:
            return (found.group(1) if found.groups() else name).strip()[:40]
    return "Browser"


_SHOWN_AS = "模拟手机"
_KNOWN = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"HarmonyOS", "HarmonyOS"),
    (r"Android [\d.]+; ([^;)]{2,40}?)(?: Build/[^)]*)?\)", "Android"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Macintosh", "Mac"),
    (r"Linux", "Linux"),
)
