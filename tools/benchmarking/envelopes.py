"""A file of 1 GB encrypted for two certificates and opened again, beside OpenSSL's command.

Each runs in a process of its own, so that its peak memory is its own; the file lies in the page cache.
Product: `engine.pki.envelopes`, AES-256 in GCM (authenticated) and in CBC, and the first opened again into
a file that gets its name only once it is known to be whole. Baseline: `openssl cms -encrypt -stream` with
the same certificates in AES-256-CBC, which is not authenticated.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.support_pdf_pki import root_authority
from tools.benchmarking import results

SIZE = 1 << 30
ROUNDS = 3
_ROOT = Path(__file__).resolve().parents[2]
_WORK = """
import sys, time
from pathlib import Path
def peak():
    # Not `getrusage`: that remembers whoever started this process.
    told = Path("/proc/self/status").read_text()
    return told.split("VmHWM:")[1].split()[0]
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from engine.kernel import ids
from engine.pki import envelopes
from engine.pki.envelopes import suites
folder, what = Path(sys.argv[1]), sys.argv[2]
names = ("rsa.pem", "ec.pem")
known = [x509.load_pem_x509_certificate((folder / one).read_bytes()) for one in names]
before = peak()
begin = time.perf_counter()
if what == "open":
    key = serialization.load_pem_private_key((folder / "rsa.key").read_bytes(), None)
    key_of = lambda heading: heading.for_certificate(known[0]).opened_by(key)
    envelopes.open_file(folder / "gcm.p7m", folder / "opened", key_of)
else:
    cipher = suites.AES_256_GCM if what == "gcm" else suites.AES_256_CBC
    with (folder / "plain").open("rb") as source, (folder / f"{what}.p7m").open("wb") as target:
        envelopes.seal(
            envelopes.pieces_of(source), target, certificates=known, entropy=ids.system_entropy,
            size=(folder / "plain").stat().st_size, cipher=cipher,
        )
taken = time.perf_counter() - begin
print(taken, before, peak())
"""


def measure() -> list[results.Result]:
    """Seconds for a gigabyte, and the most memory that was taken."""
    (_ROOT / "data" / "var").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_ROOT / "data" / "var") as name:
        folder = Path(name)
        _prepare(folder)
        found: dict[str, list[tuple[float, float, float]]] = {}
        for _ in range(ROUNDS):
            for what in ("gcm", "cbc", "open"):
                found.setdefault(what, []).append(_product(folder, what))
            found.setdefault("openssl", []).append(_openssl(folder))
    seconds = {what: results.median([one[0] for one in runs]) for what, runs in found.items()}
    own = {what: runs for what, runs in found.items() if what != "openssl"}
    peaks = {what: max(one[2] for one in runs) for what, runs in own.items()}
    grown = {what: max(one[2] - one[1] for one in runs) for what, runs in own.items()}
    return [
        results.Result(
            name="encrypt_1gb",
            value=seconds["gcm"],
            unit="s",
            baseline=seconds["openssl"],
            options={
                "about": "1 GiB for two certificates (RSA-2048 and P-256), AES-256-GCM, file to file;"
                " baseline: openssl cms -encrypt -stream, AES-256-CBC",
                "rounds": ROUNDS,
                "seconds": {what: results.rounded(one) for what, one in seconds.items()},
                "peak_mib": {what: results.rounded(one) for what, one in peaks.items()},
                "peak_above_start_mib": {what: results.rounded(one) for what, one in grown.items()},
                "openssl": _version(),
            },
        )
    ]


def _prepare(folder: Path) -> None:
    authority = root_authority()
    for name, key in (
        ("rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        ("ec", ec.generate_private_key(ec.SECP256R1())),
    ):
        usage = "key_encipherment" if name == "rsa" else "key_agreement"
        holder = authority.issue(name, key=key, usage=(usage,))
        _write(folder / f"{name}.pem", holder.certificate)
        (folder / f"{name}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    piece = os.urandom(1 << 20)
    with (folder / "plain").open("wb") as file:
        for _ in range(SIZE >> 20):
            file.write(piece)


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _product(folder: Path, what: str) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _WORK, str(folder), what],
        cwd=_ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken, before, peak = (float(one) for one in done.stdout.split())
    return taken, before / 1024, peak / 1024


def _openssl(folder: Path) -> tuple[float, float, float]:
    command = (
        "openssl cms -encrypt -stream -binary -aes-256-cbc -outform DER -in plain -out by_openssl.p7m"
        " -recip rsa.pem -recip ec.pem"
    )
    begin = time.perf_counter()
    subprocess.run(command.split(), cwd=folder, check=True)
    return time.perf_counter() - begin, 0.0, 0.0


def _version() -> str:
    return subprocess.run(
        ["openssl", "version"], capture_output=True, text=True, check=True
    ).stdout.strip()
