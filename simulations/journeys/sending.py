"""Files between enterprises: a purchaser's tender to a supplier, opened there by scan (ENC-2, ENC-3)."""

from __future__ import annotations

from engine.enveloping import actions as files
from engine.handset.held_keys import KeyMissing
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.pki import decrypting, signed_files
from simulations.environment import Steps
from simulations.journeys.holding import complete
from simulations.journeys.way import Way, market_of
from simulations.people import Person

# How many of those who buy something send their tender as an encrypted file.
_SHARE = 0.5
_DAMAGED = 0.1
_NAME = "询价文件.pdf"
# Whose certificate has ended or is held meanwhile sends and opens nothing.
_NOT_NOW = (
    files.RecipientGone,
    files.NotForYou,
    issuing.ShareNotThere,
    issuing.NotForDecryption,
    proofs.CertificateNotUsable,
    proofs.NotYourDevice,
    KeyMissing,
)


def files_sent(way: Way) -> Steps:
    """Somebody who buys sends a supplier a file that only the two of them open; the supplier opens it."""
    person, market = way.person, market_of(way.stage)
    if way.choice >= _SHARE or not market.suppliers or not person.certificate_id:
        return
    yield from complete(way)
    supplier = market.suppliers[int(way.choice * 1e6) % len(market.suppliers)]
    content = f"{person.identity.uscc} → {supplier.identity.uscc}\n".encode() * 40
    try:
        made = _made(person, supplier, content)
    except _NOT_NOW:
        way.stage.log("file not made")
        return
    way.stage.log("file made")
    yield way.pause()
    if way.choice < _SHARE * _DAMAGED:
        made = made[:-16] + bytes(16)
    try:
        supplier.sign_in_by_password()
        opened, signer = supplier.open_file(f"{_NAME}.p7m", made)
    except (decrypting.NotOpened, signed_files.SignedFileRefused):
        # One end in 256 decrypts all the same where it was damaged: what was signed is cut short then.
        way.stage.log("file damaged")
    except _NOT_NOW:
        way.stage.log("file not opened")
    else:
        assert (opened, signer["verdict"]) == (content, "trusted")
        way.stage.log("file opened")


def _made(person: Person, supplier: Person, content: bytes) -> bytes:
    person.sign_in_by_password()
    return person.make_file(_NAME, content, [supplier.enterprise_id, person.enterprise_id])
