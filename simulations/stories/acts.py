"""What people of a story do on the phone and what the staff decides, each through the door that they have.

An act is named by a step of `data/stories`; it gets the play and who acts.
"""

from __future__ import annotations

from simulations.stories.persona import Persona
from simulations.stories.play import Play

_MOST_CASES = 12

# -- becoming known --------------------------------------------------------------------------------


def request_code(play: Play, who: Persona) -> None:
    """Ask for a code by SMS."""
    play.kept["request_id"] = who.request_code()


def sign_in(play: Play, who: Persona) -> None:
    """Enter the newest code; one that was asked for by hand is another request's, so ask again."""
    who.sign_in(play.kept.pop("request_id", "") or who.request_code(), code_of(play, who))


def code_of(play: Play, who: Persona) -> str:
    """The newest code on somebody's phone, once it has come."""
    play.settle()
    return who.read_code()


def sign_in_anew(play: Play, who: Persona) -> None:
    """Ask for a code and enter it."""
    who.sign_in(who.request_code(), code_of(play, who))


def prove_name(play: Play, who: Persona) -> None:
    """Prove the real name with Zhongjin."""
    who.prove_name("zhongjin")


def claim(play: Play, who: Persona) -> None:
    """Claim the enterprise with its papers."""
    who.claim()


def onboard(play: Play, who: Persona) -> None:
    """Join the trading platform."""
    who.know_enterprise()
    who.follow_zones()
    who.onboard()


# -- the certificate -------------------------------------------------------------------------------


def order(play: Play, who: Persona) -> None:
    """Order the enterprise's certificate for the platform."""
    who.order(agency_id=who.agency_id)


def pay(play: Play, who: Persona) -> None:
    """Pay at the cashier; the provider's notice comes three times and counts once."""
    play.settle()
    given = {"order_id": who.order_id}
    payment = play.as_oneself(
        who, lambda: who.handset.door.perform("ordering.pay", given, key=who.key())
    )
    play.world.bank.pay(payment["id"])
    play.world.deliver_due(payment["id"])


def attach(play: Play, who: Persona) -> None:
    """Hand in the papers that the platform asks for."""
    who.attach()


def settle_order(play: Play, who: Persona) -> None:
    """Pay where something is to be paid, hand in the papers that are asked for, and have it approved."""
    for _ in range(4):
        status = who.status_of(who.order_id)
        if status == "awaiting_payment":
            pay(play, who)
        elif status == "awaiting_papers":
            attach(play, who)
        play.settle()
        approve_all(play, who)


def download(play: Play, who: Persona) -> None:
    """Make the key on the phone, have the certificate issued, and take it into use under the PIN."""
    play.as_oneself(who, who.request_certificate)
    play.settle()
    who.activate()
    who.complete_pair()


def write_signature(play: Play, who: Persona) -> None:
    """Write one's name on the pad; the seal agency signs it at once."""
    who.write_signature("手写签名")


# -- the staff -------------------------------------------------------------------------------------


def approve(play: Play, who: Persona) -> None:
    """Somebody who may approves the oldest case that waits."""
    for case in play.waiting()[:1]:
        play.office.decide(case, "approve")


def reject(play: Play, who: Persona) -> None:
    """Somebody who may rejects the oldest case that waits, with a reason."""
    for case in play.waiting()[:1]:
        play.office.decide(case, "reject")


def approve_all(play: Play, who: Persona) -> None:
    """Every case that waits is approved, also those that follow from one."""
    for _ in range(_MOST_CASES):
        if not play.waiting():
            return
        approve(play, who)
        play.settle()


# -- whole ways, for what has happened before a story begins ---------------------------------------


def named(play: Play, who: Persona) -> None:
    """An account whose real name is proved."""
    sign_in_anew(play, who)
    prove_name(play, who)
    play.settle()


def owner(play: Play, who: Persona) -> None:
    """…who has an approved enterprise at the platform."""
    named(play, who)
    claim(play, who)
    play.settle()
    approve_all(play, who)
    onboard(play, who)


def certified(play: Play, who: Persona) -> None:
    """…and its certificate on the phone."""
    owner(play, who)
    obtain(play, who, "platform")


def obtain(play: Play, who: Persona, kind: str = "platform") -> None:
    """Everything from the order to the certificate on the phone."""
    who.order(agency_id=who.agency_id, kind=kind)
    settle_order(play, who)
    download(play, who)
    play.settle()
