"""With a certificate: bind, sign in by scan, get the invoice."""

from __future__ import annotations

from collections.abc import Callable

from engine.issuing import proofs
from engine.scanning import actions as scanning
from simulations.environment import Steps
from simulations.journeys.way import GaveUp, Way, market_of

_LAPSE_SECONDS = 200
# Synthetic: a colleague whom the platform does not know.
_CONTACT = "赵思齐"


def _confirm(way: Way, show: Callable[[], str]) -> Steps:
    """Scan what the PC shows and confirm it, with this person's mistakes on the way."""
    person, conduct = way.person, way.persona.conduct
    qr_text = show()
    if conduct.lets_qr_lapse:
        yield way.stage.wait(_LAPSE_SECONDS)
        try:
            person.handset.scan(qr_text)
        except scanning.TicketExpired:
            way.stage.log("QR lapsed")
        qr_text = show()
    yield way.stage.wait(20)
    if conduct.overlooked:
        _overlooked(way, qr_text)
    if conduct.wrong_pin:
        try:
            person.scan_and_confirm(qr_text, pin="739164")
        except proofs.WrongPin:
            way.stage.log("wrong PIN")
        yield way.stage.wait(10)
    person.scan_and_confirm(qr_text)


def _overlooked(way: Way, qr_text: str) -> None:
    """Somebody beside this person holds their phone before the same code; it is refused."""
    others = [one for one in market_of(way.stage).suppliers if one is not way.person]
    if not others:
        return
    way.person.handset.scan(qr_text)
    try:
        others[0].handset.scan(qr_text)
    except scanning.AlreadyScanned:
        way.stage.log("second scan")


def _decided(way: Way) -> Steps:
    """Wait for staff, who may send the registration back; then it is corrected. Raises: GaveUp."""
    person = way.person
    yield from way.until(lambda: person.binding_status() != "in_review")
    if person.binding_status() == "rejected":
        way.stage.log("registration rejected")
        person.entity_changes = {}
        person.sign_in_by_password()
        yield from _confirm(way, person.show_binding_qr)
        yield from way.until(lambda: person.binding_status() != "in_review")
    if person.binding_status() != "bound":
        # Rejected twice, or the certificate has gone meanwhile.
        raise GaveUp


def bind_account(way: Way) -> Steps:
    """Bind the account at the platform with the certificate, whatever staff have to say to it."""
    person = way.person
    person.sign_in_by_password()
    yield from _confirm(way, person.show_binding_qr)
    yield from _decided(way)


def sign_in_by_scan(way: Way) -> Steps:
    """Sign in at a PC with the certificate and its PIN."""
    person = way.person
    ticket_id, qr_text = person.show_login_qr()
    yield way.stage.wait(15)
    person.scan_and_confirm(qr_text)
    person.finish_login(ticket_id)
    way.stage.log("signed in by scan")


def bind(way: Way) -> Steps:
    person, conduct = way.person, way.persona.conduct
    if conduct.other_contact:
        person.entity_changes = {"contact": _CONTACT}
    yield from bind_account(way)
    way.reached("bound")
    if conduct.sits_elsewhere:
        person.sit_down_elsewhere()
    yield from sign_in_by_scan(way)
    yield way.pause()


def invoice(way: Way) -> Steps:
    """Have the certificate's order invoiced, where `billing` does not do so together with the rest."""
    if way.rules.invoices is None and way.choice < 0.7:
        way.person.invoice()
        way.stage.log("invoice applied for")
        yield way.pause()
