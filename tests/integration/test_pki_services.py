"""The PKI's services over live HTTP, judged by OpenSSL, pyHanko, pyca and pkilint (PKI-2)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import x509 as their
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as judge
from cryptography.x509 import verification
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from engine.issuing import actions as issuing
from engine.kernel import clock
from engine.pki import certificates
from tests.support import pki_clients
from tests.support.pki_clients import AGENCY, Tool


class Served:
    """A world whose services are at `base`, and OpenSSL with the files that its tests share."""

    def __init__(self, stock: pki_clients.Stock, base: str) -> None:
        self.stock, self.base = stock, base
        self.world = stock.world

    def url(self, path: str) -> str:
        return f"{self.base}/w/{self.world.id}/{path}"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    port = pki_clients.free_port()
    base = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patch:
        # Its clock stands at the machine's: these clients have no other.
        now = clock.SystemClock().now_ms() - 3 * clock.DAY
        world = pki_clients.memory_world_at(base, patch, start=now)
        stock = pki_clients.Stock.of(world)
        world.engine.parts.clock.set(clock.SystemClock().now_ms())  # type: ignore[attr-defined]
        with pki_clients.serving(world, port, patch):
            yield Served(stock, base)
        world.close()


@pytest.fixture
def tool(served: Served, tmp_path: Path) -> Tool:
    made = Tool(tmp_path)
    for label, name in (("root", "root.pem"), (AGENCY, "chain.pem")):
        made.write(name, _get(served, f"ca/{label}.pem"))
    made.write(
        "ca.pem", certificates.to_pem(certificates.from_bytes(_get(served, f"ca/{AGENCY}.cer")))
    )
    return made


def _get(served: Served, path: str) -> bytes:
    with urllib.request.urlopen(served.url(path), timeout=10) as answer:
        return answer.read()


def put(served: Served, tool: Tool, name: str, certificate_id: str) -> str:
    return tool.write(name, certificates.to_pem(served.stock.signed(certificate_id)))


def do(served: Served, action, certificate_id: str, **more: str) -> None:
    arguments = {"certificate_id": certificate_id, **more}
    served.world.engine.perform(action, arguments, actor=served.stock.officer)


@pytest.fixture
def three(served: Served) -> dict[str, str]:
    """A good, a held and a revoked certificate."""
    made = {state: served.stock.issue() for state in ("good", "held", "revoked")}
    do(served, issuing.suspend, made["held"])
    do(served, issuing.revoke, made["revoked"], reason="keyCompromise")
    return made


@pytest.mark.row("PKI-2")
def test_openssls_verify_with_the_lists_that_are_served(served, tool, three):
    pems = ""
    for name in ("root.crl", f"{AGENCY}.crl"):
        tool.write(name, _get(served, f"crl/{name}"))
        pem = tool.well("crl", "-inform", "DER", "-in", name)
        pems += pem
    tool.write("crls.pem", pems.encode())
    verdicts = {}
    for state, certificate_id in three.items():
        name = put(served, tool, f"{state}.pem", certificate_id)
        code, told = tool.run(
            "verify", "-x509_strict", "-crl_check_all", "-CRLfile", "crls.pem", "-CAfile", "root.pem",
            "-untrusted", "chain.pem", "-purpose", "any", name,
        )  # fmt: skip
        verdicts[state] = (code == 0, "certificate revoked" in told)
    assert verdicts == {"good": (True, False), "held": (False, True), "revoked": (False, True)}


@pytest.mark.row("PKI-2")
def test_openssls_verify_fetches_the_list_from_the_address_in_the_certificate(served, tool, three):
    for state, certificate_id in three.items():
        name = put(served, tool, f"{state}.pem", certificate_id)
        code, told = tool.run(
            "verify", "-crl_download", "-crl_check", "-CAfile", "root.pem", "-untrusted",
            "chain.pem", name,
        )  # fmt: skip
        assert (code == 0) == (state == "good"), told


@pytest.mark.row("PKI-2")
def test_openssls_verify_applies_the_delta_to_an_older_list(served, tool):
    released, revoked = served.stock.issue(), served.stock.issue()
    do(served, issuing.suspend, released)
    tool.write("base.crl", _get(served, f"crl/{AGENCY}.crl"))
    do(served, issuing.resume, released)
    do(served, issuing.revoke, revoked, reason="cessationOfOperation")
    tool.write("delta.crl", _get(served, f"crl/{AGENCY}-delta.crl"))
    told = tool.well("crl", "-inform", "DER", "-in", "delta.crl", "-noout", "-text")
    assert "X509v3 Delta CRL Indicator: critical" in told
    assert "Remove From CRL" in told
    base, delta = (
        tool.well("crl", "-inform", "DER", "-in", f"{name}.crl") for name in ("base", "delta")
    )
    tool.write("only.pem", base.encode())
    tool.write("both.pem", (base + delta).encode())
    verdicts = {}
    for state, certificate_id in (("released", released), ("revoked", revoked)):
        name = put(served, tool, f"{state}.pem", certificate_id)
        for lists in ("only.pem", "both.pem"):
            code, _ = tool.run(
                "verify", "-crl_check", "-use_deltas", "-CRLfile", lists, "-CAfile", "root.pem",
                "-untrusted", "chain.pem", name,
            )  # fmt: skip
            verdicts[state, lists] = code == 0
    # The older list alone has it the wrong way round for both.
    assert verdicts == {
        ("released", "only.pem"): False, ("released", "both.pem"): True,
        ("revoked", "only.pem"): True, ("revoked", "both.pem"): False,
    }  # fmt: skip


@pytest.mark.row("PKI-2")
@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_openssls_ocsp_client_asks_over_http(served, tool, three, digest):
    told = {}
    for state, certificate_id in three.items():
        name = put(served, tool, f"{state}.pem", certificate_id)
        told[state] = tool.well(
            "ocsp", digest, "-issuer", "ca.pem", "-cert", name, "-url", served.url(f"ocsp/{AGENCY}"),
            "-CAfile", "root.pem", "-verify_other", "chain.pem",
        )  # fmt: skip
        assert "Response verify OK" in told[state]
        # It sends a nonce of its own and says so when it is not in the answer.
        assert "nonce" not in told[state].lower()
    assert "good.pem: good" in told["good"]
    assert "held.pem: revoked" in told["held"]
    assert "certificateHold" in told["held"]
    assert "revoked.pem: revoked" in told["revoked"]
    assert "keyCompromise" in told["revoked"]


@pytest.mark.row("PKI-2")
def test_openssls_ocsp_client_asks_about_many_at_once_and_about_none_of_ours(served, tool, three):
    names = [put(served, tool, f"{state}.pem", one) for state, one in three.items()]
    asked = [part for name in names for part in ("-cert", name)]
    trust = ("-CAfile", "root.pem", "-verify_other", "chain.pem")
    told = tool.well(
        "ocsp", "-issuer", "ca.pem", *asked, "-serial", "0x1234", "-url",
        served.url(f"ocsp/{AGENCY}"), *trust,
    )  # fmt: skip
    assert "good.pem: good" in told
    assert "revoked.pem: revoked" in told
    assert "0x1234: unknown" in told
    _, told = tool.run(
        "ocsp", "-issuer", "ca.pem", "-cert", names[0], "-url", served.url("ocsp/huaxia"), *trust
    )
    assert "unauthorized" in told


@pytest.mark.row("PKI-2")
def test_openssls_time_stamp_client_over_http(served, tool):
    tool.write("data", b"a contract")
    trust = ("-CAfile", "root.pem", "-untrusted", "chain.pem")
    serials = []
    for digest in ("-sha256", "-sha384", "-sha512"):
        tool.well("ts", "-query", "-data", "data", digest, "-cert", "-out", "query.tsq")
        answer = _post(served, "tsa", tool.read("query.tsq"), "application/timestamp-query")
        tool.write("answer.tsr", answer)
        told = tool.well("ts", "-verify", "-queryfile", "query.tsq", "-in", "answer.tsr", *trust)
        assert "Verification: OK" in told
        text = tool.well("ts", "-reply", "-in", "answer.tsr", "-text")
        assert "Accuracy: 0x01 seconds" in text
        serials += [line for line in text.splitlines() if line.startswith("Serial number")]
    assert len(set(serials)) == 3
    for digest in ("-sha1", "-md5"):
        tool.well("ts", "-query", "-data", "data", digest, "-out", "query.tsq")
        answer = _post(served, "tsa", tool.read("query.tsq"), "application/timestamp-query")
        tool.write("answer.tsr", answer)
        _, told = tool.run("ts", "-reply", "-in", "answer.tsr", "-text")
        assert "unrecognized or unsupported algorithm" in told


def _post(served: Served, path: str, content: bytes, media_type: str) -> bytes:
    asked = urllib.request.Request(
        served.url(path), data=content, headers={"content-type": media_type}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return answer.read()


@pytest.mark.row("PKI-2")
def test_the_certificates_above_are_found_at_the_address_in_a_certificate(served, tool, three):
    holder = served.stock.signed(three["good"])
    access = holder.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    [place] = [
        one.access_location.value
        for one in access
        if one.access_method == x509.AuthorityInformationAccessOID.CA_ISSUERS
    ]
    assert place == served.url(f"ca/{AGENCY}.cer")
    issuer = certificates.from_bytes(_get(served, f"ca/{AGENCY}.cer"))
    holder.verify_directly_issued_by(issuer)
    tool.write("bag.p7c", _get(served, f"ca/{AGENCY}.p7c"))
    told = tool.well("pkcs7", "-inform", "DER", "-in", "bag.p7c", "-print_certs", "-noout")
    assert told.count("subject=") == told.count("issuer=") == 2
    tool.write("bag.pem", _get(served, f"ca/{AGENCY}.pem"))
    name = put(served, tool, "good.pem", three["good"])
    tool.well("verify", "-CAfile", "root.pem", "-untrusted", "bag.pem", name)


@pytest.mark.row("PKI-2")
def test_pyhankos_validator_fetches_status_and_believes_it(served, three):
    def load(certificate: x509.Certificate) -> their.Certificate:
        return their.Certificate.load(certificates.to_der(certificate))

    path = served.world.authorities.path(AGENCY)

    async def verdict(certificate_id: str) -> bool:
        holder = load(served.stock.signed(certificate_id))
        async with AIOHttpFetcherBackend() as fetchers:
            context = ValidationContext(
                trust_roots=[load(path[-1])],
                other_certs=[load(path[0])],
                fetchers=fetchers,
                allow_fetching=True,
                revocation_mode="require",
            )
            validator = CertificateValidator(holder, validation_context=context)
            try:
                await validator.async_validate_usage({"digital_signature"})
            except RevokedError:
                return False
            # It asked for them itself, and everything on the path was answered for.
            assert {type(one).__name__ for one in (*context.ocsps, *context.crls)} != set()
        return True

    found = {state: asyncio.run(verdict(one)) for state, one in three.items()}
    assert found == {"good": True, "held": False, "revoked": False}


@pytest.mark.row("PKI-2")
def test_pycas_own_verifier_builds_the_path_from_what_is_served(served, three):
    bag = x509.load_pem_x509_certificates(_get(served, f"ca/{AGENCY}.pem"))
    root = certificates.from_bytes(_get(served, "ca/root.cer"))
    leaf = served.stock.signed(three["good"])

    def verifier(trusted: x509.Certificate) -> verification.ClientVerifier:
        # Theirs is the profile of the web; a person's or an enterprise's certificate names no host.
        return (
            verification.PolicyBuilder()
            .store(verification.Store([trusted]))
            .time(certificates.whole_second(served.world.engine.now()))
            .extension_policies(
                ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
                ee_policy=verification.ExtensionPolicy.permit_all(),
            )
            .build_client_verifier()
        )

    found = verifier(root).verify(leaf, bag)
    assert found.chain[0] == leaf
    assert found.chain[-1] == root
    with pytest.raises(verification.VerificationError):
        verifier(served.world.authorities.path("huaxia")[0]).verify(leaf, bag)


@pytest.mark.row("PKI-2")
def test_pycas_reader_finds_what_we_wrote_in_answers_and_lists(served, three):
    issuer = certificates.from_bytes(_get(served, f"ca/{AGENCY}.cer"))
    held = served.stock.signed(three["held"])
    asked = judge.OCSPRequestBuilder().add_certificate(held, issuer, hashes.SHA256()).build()
    content = _post(
        served, f"ocsp/{AGENCY}", asked.public_bytes(Encoding.DER), "application/ocsp-request"
    )
    found = judge.load_der_ocsp_response(content)
    assert found.certificate_status is judge.OCSPCertStatus.REVOKED
    assert found.revocation_reason is x509.ReasonFlags.certificate_hold
    lasts = found.next_update_utc - found.this_update_utc
    assert lasts.total_seconds() <= 600
    [responder] = found.certificates
    responder.verify_directly_issued_by(issuer)
    listed = x509.load_der_x509_crl(_get(served, f"crl/{AGENCY}.crl"))
    assert listed.is_signature_valid(issuer.public_key())
    assert listed.get_revoked_certificate_by_serial_number(held.serial_number) is not None


@pytest.mark.row("PKI-2")
def test_the_foreign_linters_find_nothing_in_lists_and_answers(served, tool, three):
    folder = Path(sys.executable).parent
    for name in (f"{AGENCY}.crl", f"{AGENCY}-delta.crl"):
        tool.write(name, _get(served, f"crl/{name}"))
    tool.write("root.crl", _get(served, "crl/root.crl"))
    put(served, tool, "held.pem", three["held"])
    tool.well(
        "ocsp", "-sha256", "-issuer", "ca.pem", "-cert", "held.pem", "-url",
        served.url(f"ocsp/{AGENCY}"), "-respout", "held.ors", "-noverify",
    )  # fmt: skip
    lists = ("lint", "-p", "PKIX", "-s", "INFO", "--document-format", "DER")
    for command in (
        ["lint_crl", *lists, "-t", "CRL", f"{AGENCY}.crl"],
        ["lint_crl", *lists, "-t", "CRL", f"{AGENCY}-delta.crl"],
        ["lint_crl", *lists, "-t", "ARL", "root.crl"],
        ["lint_ocsp_response", "lint", "-s", "INFO", "--document-format", "DER", "held.ors"],
    ):
        done = subprocess.run(
            [str(folder / command[0]), *command[1:]],
            cwd=tool.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, (done.stdout + done.stderr).strip()) == (0, ""), command
