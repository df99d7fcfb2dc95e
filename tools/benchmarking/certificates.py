"""Certificates per second: an agency's issue with its lint, and the whole way, beside bare code and peers.

`certificate_issue`: the agency alone. Its baseline is what a script with `cryptography` does: the same
name, key, validity and extensions put into a builder and signed with the same key, to DER; no profile, no
lint, no second look. Its extension values are made beforehand, which favors the baseline.

The others: the whole way through the engine (`whole_way`), against the same script with a key and a signing
request of its own (`certificate_issue_recorded`), and against django-ca and certomancer, which issue the
same extensions with the same durability in processes of their own (`peers`). All take turns.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine import boot
from engine.kernel import clock, ids, ports
from engine.pki import certificates, keys
from engine.providers.authorities import Agency
from tests.support import registering
from tools.benchmarking import peers, results
from tools.benchmarking.whole_way import AGENCY, PHONES, Way, timed

ROUNDS = 5
ISSUED = 150
WHOLE = 150
_NAME = "新疆天山净水科技有限公司"
_KEY = "P-256, deterministic ECDSA with SHA-256"
_WAYS = (
    "one after the other: request action, job, lint, signature, comparison, recording action, each"
    f" certificate before the next; at once: {PHONES} phones ask at once, their acts share commits, and the"
    " worker signs and records together what is due. Each requester is told after the commit"
)

Measured = dict[str, list[dict[str, float]]]
Turns = dict[str, Callable[[], dict[str, float]]]


def measure() -> list[results.Result]:
    """Every figure, in turn."""
    (peers.ROOT / "data" / "var").mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        folder = Path(
            held.enter_context(tempfile.TemporaryDirectory(dir=peers.ROOT / "data" / "var"))
        )
        world = boot.memory_world()
        held.callback(world.close)
        agency = world.ports.agencies[AGENCY]
        assert isinstance(agency, Agency)
        requests = _requests(world)
        encoded = agency.issue(requests[0])
        sample = x509.load_der_x509_certificate(encoded)
        way = Way(folder / "ours.sqlite3")
        held.callback(way.close)
        turns: Turns = {
            "issue": lambda: timed(ISSUED, lambda: _issue(agency, requests)),
            "bare": lambda: timed(ISSUED, lambda: _bare(agency, requests, sample)),
            "bare_whole": lambda: timed(WHOLE, lambda: _bare_whole(agency, requests, sample)),
            "single": lambda: way.one_after_the_other(WHOLE),
            "at_once": lambda: way.at_once(WHOLE),
        }
        running = _peers(held, folder, encoded, turns)
        found = _in_turn(turns)
        made = _own(found)
        if running:
            made += _beside(found, running, sample)
        return made


def _peers(held: ExitStack, folder: Path, sample: bytes, turns: Turns) -> dict[str, peers.Peer]:
    """The peers' processes, where there are any, each with its turns."""
    if not peers.there():
        print(
            "  LEFT OUT: certificate_issue_vs_django_ca and certificate_issue_vs_certomancer. The peers'"
            f" environment is not there; `{peers.MAKE}` makes it.",
            file=sys.stderr,
            flush=True,
        )
        return {}
    running = {}
    for name, ways in (("django_ca", ("each", "together")), ("certomancer", ("each", "memory"))):
        running[name] = held.enter_context(peers.running(name, folder / name, sample))
        for way in ways:
            turns[f"{name}_{way}"] = lambda peer=running[name], way=way: peer.rate(way, WHOLE)  # type: ignore[misc]
    return running


def _in_turn(turns: Turns) -> Measured:
    found: Measured = {name: [] for name in turns}
    for turn in range(ROUNDS + 1):
        for name, run in turns.items():
            one = run()
            # The first round warms everybody up.
            if turn:
                found[name].append(one)
    return found


def _rate(found: Measured, name: str) -> float:
    return results.median([one["rate"] for one in found[name]])


def _figures(found: Measured, *names: str) -> dict[str, Any]:
    """Median rates, their spread and the processor time of each certificate, by way."""
    return {
        "rates": {name: results.rounded(_rate(found, name)) for name in names},
        "spreads": {name: results.spread([one["rate"] for one in found[name]]) for name in names},
        "cpu_us": {
            name: results.rounded(results.median([one["cpu_us"] for one in found[name]]))
            for name in names
        },
    }


def _own(found: Measured) -> list[results.Result]:
    common = {"rounds": ROUNDS, "key": _KEY}
    return [
        results.Result(
            name="certificate_issue",
            value=_rate(found, "issue"),
            unit="certificates/s",
            baseline=_rate(found, "bare"),
            options={
                "about": "issue with lint; baseline: the same certificate by bare `cryptography`,"
                " build and sign",
                **common,
                "certificates_a_round": ISSUED,
                **_figures(found, "issue", "bare"),
            },
        ),
        results.Result(
            name="certificate_issue_recorded",
            value=_rate(found, "single"),
            unit="certificates/s",
            baseline=_rate(found, "bare_whole"),
            options={
                "about": f"the whole way, in a file that is synchronized at each commit. {_WAYS}. The value"
                " is one after the other; baseline: key, signing request and certificate by bare"
                " `cryptography`, kept nowhere. Recorded before 2026-11-28 in memory, with a pair's"
                " encryption key",
                **common,
                "certificates_a_round": WHOLE,
                **_figures(found, "single", "at_once", "bare_whole"),
            },
        ),
    ]


def _beside(
    found: Measured, running: dict[str, peers.Peer], sample: x509.Certificate
) -> list[results.Result]:
    made = []
    for name, baseline, about in (
        (
            "django_ca",
            "together",
            "baseline: django-ca in one transaction, its signing requests made beforehand and not checked,"
            " on SQLite with our pragmas; `each` is django-ca committing each certificate",
        ),
        (
            "certomancer",
            "each",
            "baseline: certomancer with a file for each certificate, written and synchronized (it has no"
            " store of its own, makes no check and no record); declarations, names and keys read"
            " beforehand; `memory` keeps nothing",
        ),
    ):
        ways = sorted({key for key in found if key.startswith(name)})
        ratios = {
            f"{own} over {key.removeprefix(f'{name}_')}": results.rounded(
                _rate(found, own) / _rate(found, key)
            )
            for own in ("single", "at_once")
            for key in ways
        }
        least = "reached" if min(ratios.values()) >= 3 else "not reached in every pairing"
        made.append(
            results.Result(
                name=f"certificate_issue_vs_{name}",
                value=_rate(found, "at_once"),
                unit="certificates/s",
                baseline=_rate(found, f"{name}_{baseline}"),
                options={
                    "about": f"the whole way with the same profile and durability. {_WAYS}. The value is at"
                    f" once; {about}. The aim of 3 times is {least}: see the ratios",
                    "rounds": ROUNDS,
                    "certificates_a_round": WHOLE,
                    "versions": running[name].versions,
                    "differs": ", ".join(peers.differences(sample, running[name].example))
                    or "nothing",
                    "ratios": ratios,
                    **_figures(found, "single", "at_once", *ways),
                },
            )
        )
    return made


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
    name, extensions = list(sample.subject), list(sample.extensions)
    for request in requests:
        _bare_one(
            agency, request, serialization.load_der_public_key(request.public_key), name, extensions
        )


def _bare_whole(
    agency: Agency, requests: list[ports.CertificateRequest], sample: x509.Certificate
) -> None:
    name, extensions = list(sample.subject), list(sample.extensions)
    asking = x509.CertificateSigningRequestBuilder().subject_name(sample.subject)
    for request in requests:
        key = ec.generate_private_key(keys.CURVE)
        asked = asking.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
        public_key = x509.load_der_x509_csr(asked).public_key()
        _bare_one(agency, request, public_key, name, extensions)


def _bare_one(
    agency: Agency,
    request: ports.CertificateRequest,
    key: Any,
    name: list[x509.NameAttribute[str | bytes]],
    extensions: list[x509.Extension[x509.ExtensionType]],
) -> bytes:
    own = agency.keys.authority
    builder = (
        x509.CertificateBuilder()
        .issuer_name(own.certificate.subject)
        .subject_name(x509.Name(name))
        .public_key(key)
        .serial_number(request.serial)
        .not_valid_before(certificates.whole_second(request.not_before))
        .not_valid_after(certificates.whole_second(request.not_after))
    )
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.SubjectKeyIdentifier):
            value = x509.SubjectKeyIdentifier.from_public_key(key)
        builder = builder.add_extension(value, extension.critical)
    signed = builder.sign(own.key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.DER)
