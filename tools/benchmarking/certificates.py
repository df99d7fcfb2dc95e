"""Certificates per second: an agency's issue with its lint, and the whole way through the engine.

The baseline is what a script with `cryptography` does: the same name, key, validity and extensions
put into a builder and signed with the same key, to DER; no profile, no lint, no second signature. Its
extension values are made beforehand, which favors the baseline.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from engine import boot, worker
from engine.issuing import actions as issuing
from engine.kernel import clock, ids, ports
from engine.pki import certificates, keys
from engine.providers.authorities import Agency
from tests.support import key_proofs, parties, registering
from tools.benchmarking import results

ROUNDS = 5
ISSUED = 150
RECORDED = 20
_NAME = "新疆天山净水科技有限公司"


def measure() -> list[results.Result]:
    """Both figures over one baseline, in turn."""
    world = boot.memory_world()
    agency = world.ports.agencies["dongfang"]
    assert isinstance(agency, Agency)
    requests = _requests(world)
    sample = x509.load_der_x509_certificate(agency.issue(requests[0]))
    way = _Way(world)
    turns: dict[str, Callable[[], float]] = {
        "issue": lambda: _rate(len(requests), lambda: _issue(agency, requests)),
        "bare": lambda: _rate(len(requests), lambda: _bare(agency, requests, sample)),
        "recorded": way.rate,
    }
    found: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(ROUNDS + 1):
        for name, run in turns.items():
            rate = run()
            if turn:
                found[name].append(rate)
    world.close()
    bare = results.median(found["bare"])
    whole = "request action, job, lint, signature, comparison and recording action; same baseline"
    return [
        _result("certificate_issue", found["issue"], bare, ISSUED, "issue with lint; baseline: "
                "the same certificate by bare `cryptography`, build and sign"),
        _result("certificate_issue_recorded", found["recorded"], bare, RECORDED, whole),
    ]  # fmt: skip


def _result(name: str, rates: list[float], bare: float, count: int, about: str) -> results.Result:
    return results.Result(
        name=name,
        value=results.median(rates),
        unit="certificates/s",
        baseline=bare,
        options={
            "about": about,
            "rounds": ROUNDS,
            "certificates_a_round": count,
            "key": "P-256, deterministic ECDSA with SHA-256",
            "rates": results.spread(rates),
        },
    )


def _rate(count: int, work: Callable[[], None]) -> float:
    gc.collect()
    begin = time.perf_counter()
    work()
    return count / (time.perf_counter() - begin)


def _requests(world: boot.World) -> list[ports.CertificateRequest]:
    entropy, now = ids.seeded(1, "certificates"), world.engine.now()
    return [
        ports.CertificateRequest(
            serial=certificates.serial_from(entropy),
            profile="enterprise",
            applicant=ports.Applicant(
                common_name=_NAME, organization=_NAME, uscc=registering.credit_code()
            ),
            public_key=keys.public_to_der(keys.generate(entropy).public_key()),
            not_before=now,
            not_after=now + 365 * clock.DAY,
        )
        for _ in range(ISSUED)
    ]


def _issue(agency: Agency, requests: list[ports.CertificateRequest]) -> None:
    for request in requests:
        agency.issue(request)


def _bare(
    agency: Agency, requests: list[ports.CertificateRequest], sample: x509.Certificate
) -> None:
    own = agency.keys.authority
    name, extensions = list(sample.subject), list(sample.extensions)
    for request in requests:
        key = serialization.load_der_public_key(request.public_key)
        builder = (
            x509.CertificateBuilder()
            .issuer_name(own.certificate.subject)
            .subject_name(x509.Name(name))
            .public_key(key)  # type: ignore[arg-type]
            .serial_number(request.serial)
            .not_valid_before(certificates.whole_second(request.not_before))
            .not_valid_after(certificates.whole_second(request.not_after))
        )
        for extension in extensions:
            value = extension.value
            if isinstance(value, x509.SubjectKeyIdentifier):
                value = x509.SubjectKeyIdentifier.from_public_key(key)  # type: ignore[arg-type]
            builder = builder.add_extension(value, extension.critical)
        signed = builder.sign(own.key, hashes.SHA256(), ecdsa_deterministic=True)
        signed.public_bytes(serialization.Encoding.DER)


class _Way:
    """Orders that are paid and approved, whose certificates are asked for and issued."""

    def __init__(self, world: boot.World) -> None:
        self._world = world
        self._reviewers = parties.Reviewers.of(world)
        self._made = 0

    def _approved(self) -> parties.Party:
        self._made += 1
        party = parties.enterprise(
            self._world,
            self._reviewers,
            number=self._made,
            name=f"新疆昆仑第{self._made}商贸有限公司",
        )
        party = parties.order(self._world, party)
        parties.pay(self._world, party)
        parties.hand_in(self._world, party)
        parties.approve_order(self._world, party)
        return party

    def rate(self) -> float:
        """Certificates a second, from the request to the recorded certificate."""
        wanted = []
        for party in [self._approved() for _ in range(RECORDED)]:
            wanted.append((party, key_proofs.request_arguments(party.order_id, party.key)))

        def work() -> None:
            for party, arguments in wanted:
                requested = self._world.engine.perform(
                    issuing.request_certificate, arguments, actor=party.person, key=party.order_id
                )
                worker.run_due(self._world, subject=requested.id)

        return _rate(RECORDED, work)
