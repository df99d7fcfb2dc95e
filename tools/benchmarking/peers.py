"""Other people's certification authorities as processes beside us, in an environment of their own.

django-ca and certomancer are under licences of their own (django-ca under the GPL) and are no part of this
project: `make bench-peers` puts them into an environment under `data/var`, which nothing else uses. They
are told what to issue by a sample of ours, and answer with their rates, round by round.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "data" / "var" / "peers" / "venv" / "bin" / "python"
HERE = Path(__file__).resolve().parent
MAKE = "make bench-peers"


def there() -> bool:
    """Whether the peers' environment has been made."""
    return PYTHON.exists()


class Peer:
    """A peer's process: what it made of the sample, its versions, and its rates when asked."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, sample: bytes) -> None:
        self._process = process
        told = self._ask({"folder": str(folder), "sample": base64.b64encode(sample).decode()})
        self.example = x509.load_der_x509_certificate(base64.b64decode(told["example"]))
        self.versions: dict[str, str] = told["versions"]

    def _ask(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"a peer ended with {self._process.wait()}; {MAKE} makes them anew")
        found: dict[str, Any] = json.loads(answer)
        return found

    def rate(self, way: str, count: int) -> dict[str, float]:
        """One round: `rate` in certificates a second, `cpu_us` of processor time for each."""
        return {key: float(value) for key, value in self._ask({"way": way, "count": count}).items()}


@contextmanager
def running(name: str, folder: Path, sample: bytes) -> Iterator[Peer]:
    """The peer `django_ca` or `certomancer`, with a folder of its own, issuing what `sample` is like."""
    command = [str(PYTHON), str(HERE / f"peers_{name}.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Peer(process, folder, sample)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=30)


def differences(ours: x509.Certificate, theirs: x509.Certificate) -> list[str]:
    """What a peer's certificate has otherwise than ours: extensions, their criticality and values, names.

    Identifiers of keys and the issuer differ because the keys do.
    """
    by_key = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
    found = []
    left, right = ({one.oid: one for one in each.extensions} for each in (ours, theirs))
    for oid in left.keys() | right.keys():
        mine, other = left.get(oid), right.get(oid)
        if mine is None or other is None:
            found.append(f"{oid.dotted_string} {'added' if mine is None else 'missing'}")
        elif mine.critical != other.critical:
            found.append(f"{oid.dotted_string} criticality")
        elif not isinstance(mine.value, by_key) and mine.value != other.value:
            found.append(f"{oid.dotted_string} value")
    if sorted(map(str, ours.subject)) != sorted(map(str, theirs.subject)):
        found.append("subject")
    if ours.signature_algorithm_oid != theirs.signature_algorithm_oid:
        found.append("algorithm")
    return sorted(found)
