"""What people of a story do at a PC, alone or with the phone beside it."""

from __future__ import annotations

from engine.boot import tables
from engine.kernel import clock
from engine.pdf import verification
from engine.signing import queries as contracts
from simulations.stories import acts
from simulations.stories.persona import Persona
from simulations.stories.play import Play

_GOODS = [
    {"name": "办公用纸 A4", "unit": "箱", "quantity": 6, "unit_price_fen": 12_800},
    {"name": "净水器滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 35_650},
]

# -- signing in and binding ------------------------------------------------------------------------


def password_login(play: Play, who: Persona) -> None:
    """Sign the browser in with login and password."""
    who.sign_in_by_password()


def bind(play: Play, who: Persona) -> None:
    """Show the binding QR code, scan it, confirm it with the certificate."""
    ensure_at_pc(who)
    who.scan_and_confirm(who.show_binding_qr())


def scan_login(play: Play, who: Persona) -> None:
    """Sign in by a scan, at the browser that shows the code."""
    ticket_id, qr_text = who.show_login_qr()
    who.scan_and_confirm(qr_text)
    who.finish_login(ticket_id)


def ensure_at_pc(who: Persona) -> None:
    """Sign the browser in, where nobody is signed in there."""
    if not who.signed_in_at_pc():
        who.sign_in_by_password()


def bound(play: Play, who: Persona) -> None:
    """Whoever has a certificate that is bound to the account at the platform."""
    acts.certified(play, who)
    bind(play, who)
    sign_out(play, who)


def sign_out(play: Play, who: Persona) -> None:
    """Sign the browser out of the platform."""
    who.browser.perform("mall.sign_out", {"token": who.browser.token}, key=who.key())
    who.browser.sign_in("", "mall")


# -- the contract ----------------------------------------------------------------------------------


def place_order(play: Play, who: Persona) -> None:
    """Order goods from the supplier of the story."""
    ensure_at_pc(who)
    made = who.place_purchase_order(play.other(who).mall_account_id, _GOODS)
    play.kept["purchase_order_id"] = made["id"]


def make_contract(play: Play, who: Persona) -> None:
    """Make the contract of the newest purchase order from the template."""
    ensure_at_pc(who)
    date = f"{clock.civil_date(play.world.engine.now()):%Y-%m-%d}"
    newest = {"id": play.newest("purchase_order")}
    made = who.create_contract(newest, number=f"HT-{who.identity.phone[-6:]}", date=date)
    play.kept["contract_id"] = made["id"]


def ask_signature(play: Play, who: Persona) -> None:
    """Choose certificate and seal; the document to be signed is prepared."""
    ensure_at_pc(who)
    who.know_seal()
    play.kept["signature_id"] = who.request_signature(play.newest("contract"))


def sign(play: Play, who: Persona) -> None:
    """Show the signing QR code, scan it, sign exactly the document that was shown."""
    who.scan_and_confirm(who.show_signing_qr(play.newest("contract_signature")))


def submit(play: Play, who: Persona) -> None:
    """Submit the contract that both have signed."""
    ensure_at_pc(who)
    who.submit(play.newest("contract"))


def verify(play: Play, who: Persona) -> None:
    """Verify the document offline against the root: signatures, seals, time, revocation."""
    document = play.world.engine.ask(contracts.document, tables.INSIDE, play.newest("contract"))
    found = verification.verify(document, roots=play.world.roots, at_ms=play.world.engine.now())
    play.kept["verdict"] = str(found.verdict)
