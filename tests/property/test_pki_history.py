"""Whatever happens to certificates: database, OCSP, list and delta say the same (S-I6, PKI-2)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge

from engine.issuing import actions as issuing
from engine.kernel import clock
from tests.support import pki_clients, worlds
from tests.support.pki_clients import AGENCY

REASONS = (
    "keyCompromise",
    "affiliationChanged",
    "cessationOfOperation",
    "privilegeWithdrawn",
    "unspecified",
)
HELD = "certificateHold"


@dataclass
class Known:
    """What the test itself knows of a certificate: `reason` is empty while it is good."""

    certificate_id: str
    serial: int
    not_after: int
    status: str
    reason: str = ""


@dataclass
class History:
    """A random history of many certificates, and the test's own account of it."""

    stock: pki_clients.Stock
    chance: random.Random
    known: list[Known] = field(default_factory=list)

    def issue(self) -> None:
        status = self.chance.choices(("active", "issued", "requested"), (6, 2, 1))[0]
        days = self.chance.choice((2, 5, 9, 30, 365))
        made = self.stock.issue(days=days, status=status)
        row = self.stock.row(made)
        self.known.append(Known(made, int(row["serial_hex"], 16), row["not_after"], status))

    def step(self) -> None:
        """One thing happens to one certificate that is not over, if it can."""
        alive = self.alive()
        if not alive:
            return
        one = self.chance.choice(alive)
        verb = self.chance.choice(("hold", "release", "revoke"))
        if verb == "hold" and one.status == "active":
            self._do(issuing.suspend, one)
            one.status, one.reason = "suspended", HELD
        elif verb == "release" and one.status == "suspended":
            self._do(issuing.resume, one)
            one.status, one.reason = "active", ""
        elif verb == "revoke" and one.status in ("active", "issued", "suspended"):
            reason = self.chance.choice(REASONS)
            self._do(issuing.revoke, one, reason=reason)
            one.status, one.reason = "revoked", reason

    def _do(self, action, one: Known, **more: str) -> None:
        arguments = {"certificate_id": one.certificate_id, **more}
        self.stock.world.engine.perform(action, arguments, actor=self.stock.officer)

    def alive(self) -> list[Known]:
        now = self.stock.world.engine.now()
        return [one for one in self.known if one.not_after > now]


def listed(encoded: bytes) -> dict[int, str]:
    found = {}
    for entry in x509.load_der_x509_crl(encoded):
        reasons = [one.value for one in entry.extensions if isinstance(one.value, x509.CRLReason)]
        found[entry.serial_number] = reasons[0].reason.value if reasons else "unspecified"
    return found


def told_by_ocsp(stock: pki_clients.Stock, one: Known) -> str | None:
    issuer = stock.world.authorities.path(AGENCY)[0]
    if one.status == "requested":
        base = x509.load_der_x509_certificate(bytes(stock.certificate["der"]))
        sample = judge.OCSPRequestBuilder().add_certificate(base, issuer, hashes.SHA256()).build()
        builder = judge.OCSPRequestBuilder().add_certificate_by_hash(
            sample.issuer_name_hash, sample.issuer_key_hash, one.serial, hashes.SHA256()
        )
    else:
        builder = judge.OCSPRequestBuilder().add_certificate(
            stock.signed(one.certificate_id), issuer, hashes.SHA256()
        )
    asked = builder.build().public_bytes(serialization.Encoding.DER)
    found = judge.load_der_ocsp_response(stock.world.authorities.ocsp(AGENCY, asked))
    if found.certificate_status is judge.OCSPCertStatus.UNKNOWN:
        return None
    if found.certificate_status is judge.OCSPCertStatus.GOOD:
        return ""
    return found.revocation_reason.value if found.revocation_reason else "unspecified"


def compare(history: History, earlier: list[bytes]) -> None:
    """The test's account against every place where somebody may look."""
    stock, alive = history.stock, history.alive()
    published = stock.world.authorities.published(AGENCY)
    complete = listed(published.complete)
    expected = {one.serial: one.reason for one in alive if one.reason}
    mine = {one.serial for one in alive}
    assert {serial: why for serial, why in complete.items() if serial in mine} == expected
    for one in alive:
        row = stock.row(one.certificate_id)
        assert row["status"] == one.status
        wanted = None if one.status == "requested" else one.reason
        assert told_by_ocsp(stock, one) == wanted
    now = stock.world.engine.now()
    for older in earlier:
        found = x509.load_der_x509_crl(older)
        if clock.from_datetime(found.next_update_utc) <= now:
            continue
        merged = listed(older) | listed(published.delta)
        kept = {serial: why for serial, why in merged.items() if why != "removeFromCRL"}
        assert {serial: why for serial, why in kept.items() if serial in mine} == expected


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
@pytest.mark.parametrize("seed", [1, 2])
def test_database_ocsp_list_and_delta_agree_after_any_history(any_world, seed, count):
    certificates = count(60, 1_000)
    history = History(pki_clients.Stock.of(any_world), random.Random(seed))
    earlier: list[bytes] = []
    for _ in range(certificates):
        history.issue()
        for _ in range(history.chance.randrange(5)):
            history.step()
        if history.chance.random() < 24 / certificates:
            worlds.clock_of(any_world).advance(history.chance.randrange(1, 40) * clock.HOUR)
            compare(history, earlier)
            earlier.append(any_world.authorities.crl(AGENCY))
    compare(history, earlier)
    states = {one.status for one in history.known}
    assert states == {"active", "issued", "requested", "suspended", "revoked"}
    assert len(history.alive()) < len(history.known)
