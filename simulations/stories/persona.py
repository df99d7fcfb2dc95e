"""A persona of a story: a simulated person whose phone and PC a browser can take over.

The phone's file is the very one that the gateway opens for the phone's cookie, so a session that is begun
here is there too, and the other way round. Its keys are in it as well, which is so on a stage alone.
"""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from typing import Any

from engine.boot import World
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.http import lending, phone_acts, phone_stores
from engine.http.doors import DirectDoor, NotSignedIn
from engine.kernel import ids
from simulations.people import Identity, Person

_KEPT = (
    *("platform_id", "role", "token", "invitation", "nonce", "agency_id", "enterprise_id"),
    *("mall_account_id", "order_id", "certificate_id", "seal_id"),
)


@dataclass
class Persona(Person):
    """Somebody of a story. `token` opens the phone's file; `invitation` brings a real phone to it."""

    scheme: str = "split_rsa"
    agency_id: str = "dongfang"
    token: str = ""
    invitation: str = ""
    session: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.own_nonce()
        if self.session:
            self.browser.sign_in(self.session, "mall")

    def change_phone(self) -> None:
        """The phone that `token` opens; without one, a phone on which there is nothing yet."""
        self.token = self.token or ids.token(ids.system_entropy)
        self.invitation = self.invitation or ids.token(ids.system_entropy, 18)
        assert self.world.path is not None
        path = self.world.path / "handsets" / f"{phone_stores.name_of(self.token)}.sqlite3"
        secret = phone_stores.secret_of(self.world, self.token)
        store = HandsetStore(path, self.entropy, secret)
        store.put(lending.LENT, b"1")
        store.put(phone_acts.SIM, self.identity.phone.encode())
        engine = self.world.engine
        self.handset = Handset(
            store=store,
            door=DirectDoor(engine),
            entropy=self.entropy,
            hashing=engine.parts.hashing,
            scheme=self.scheme,
        )

    def lose_phone(self) -> None:
        """The phone is gone, with all that was on it; another one has the same number."""
        self.token = self.invitation = ""
        self.change_phone()

    def sign_in(self, request_id: str, code: str) -> None:
        """Enter the code; an account that opens with it gets a password too, to sign in with later."""
        identity = self.identity
        self.handset.sign_in(
            request_id, identity.phone, code, "模拟手机", password=identity.password
        )

    def signed_in_at_pc(self) -> bool:
        """Whether the browser has a living session at the platform."""
        try:
            self.browser.ask("mall.signed_in", {})
        except NotSignedIn:
            return False
        return True

    def look_again(self) -> None:
        """Know what of one's own may have come about by somebody else's hand, on the phone or at the PC."""
        token = self.handset.store.get("session")
        if token is None:
            return
        self.handset.door.sign_in(token.decode())
        try:
            self.know_enterprise()
            orders = self.handset.door.ask("ordering.mine", {})
            held = self.handset.door.ask("issuing.mine", {})
        except NotSignedIn:
            return
        # Ids are in the order of time.
        self.order_id = max((str(one["id"]) for one in orders), default="")
        own = (one for one in held if (one["usage"], one["status"]) == ("signing", "active"))
        self.certificate_id = max((str(one["id"]) for one in own), default=self.certificate_id)

    def kept(self) -> dict[str, Any]:
        """What of this person outlives a process."""
        forged = {code: _b64(content) for code, content in self.forged_papers.items()}
        return {
            "identity": dataclasses.asdict(self.identity),
            "session": self.browser.token,
            "forged_papers": forged,
            **{name: getattr(self, name) for name in _KEPT},
        }

    @classmethod
    def of(cls, world: World, kept: dict[str, Any]) -> Persona:
        """The person again."""
        forged = kept["forged_papers"].items()
        return cls(
            world,
            Identity(**kept["identity"]),
            ids.system_entropy,
            session=kept["session"],
            forged_papers={code: base64.b64decode(content) for code, content in forged},
            **{name: kept[name] for name in _KEPT},
        )


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
