"""certomancer beside us: run by the Python of the environment that `make bench-peers` makes.

The same lines as `peers_django_ca`. It has no database: a certificate is a declaration that is carried out
when it is asked for. The declarations, names and keys are read before anything is timed, which favors it.
Where it has to keep what it made (`each`), each certificate is a file of its own, written and synchronized,
and so is its folder at the end; `memory` keeps nothing.
"""

# Not type-checked: what it imports lives in another environment. Nothing of ours is imported here.
from __future__ import annotations

import base64
import json
import os
import sys
import time
from importlib import metadata
from pathlib import Path

_OWN = ("key_identifier", "authority_key_identifier")


class _Issuing:
    def __init__(self, folder: Path, sample_der: bytes) -> None:
        from asn1crypto import x509

        self._folder = folder
        self._keys = folder / "keys"
        self._keys.mkdir(parents=True)
        self._round = 0
        self._key("ca")
        sample = x509.Certificate.load(sample_der)
        self._sample = sample["tbs_certificate"]

    def _key(self, name: str) -> str:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        content = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (self._keys / f"{name}.der").write_bytes(content)
        return name

    def _extensions(self) -> list[dict[str, object]]:
        from asn1crypto import core

        return [
            {
                "id": one["extn_id"].native,
                "critical": one["critical"].native,
                "value": core.ParsableOctetString(one["extn_value"].contents),
            }
            for one in self._sample["extensions"]
            if one["extn_id"].native not in _OWN
        ]

    def _names(self) -> tuple[dict[str, str], dict[str, str]]:
        return dict(self._sample["issuer"].native), dict(self._sample["subject"].native)

    def architecture(self, count: int) -> object:
        """`count` declared certificates with keys of their own; everything read, nothing issued."""
        from certomancer.config_utils import SearchDir
        from certomancer.registry.common import ArchLabel
        from certomancer.registry.keys import KeySet
        from certomancer.registry.pki_arch import PKIArchitecture

        self._round += 1
        names = [f"r{self._round}-{place}" for place in range(count)]
        keys = {name: {"path": f"{self._key(name)}.der"} for name in names}
        keys["ca"] = {"path": "ca.der"}
        issuer, subject = self._names()
        validity = {
            "valid-from": self._sample["validity"]["not_before"].native.isoformat(),
            "valid-to": self._sample["validity"]["not_after"].native.isoformat(),
        }
        ca = {"subject": "ca", "issuer": "ca", "validity": validity}
        specs = {
            name: {
                "subject": "holder",
                "subject-key": name,
                "issuer": "ca",
                "issuer-cert": "ca",
                "validity": dict(validity),
                "extensions": self._extensions(),
            }
            for name in names
        }
        made = PKIArchitecture(
            ArchLabel("beside"),
            key_set=KeySet({"keys": keys}, SearchDir(str(self._keys))),
            entities=_entities({"ca": issuer, "holder": subject}),
            cert_spec_config={"ca": ca, **specs},
            service_config={},
            external_url_prefix="http://ca.example",
        )
        return made, names

    def rate(self, way: str, count: int) -> dict[str, float]:
        """Certificates a second, and the processor time of each."""
        from certomancer.registry.common import CertLabel

        made, names = self.architecture(count)
        made.get_cert(CertLabel("ca"))
        place = os.open(self._folder, os.O_RDONLY)
        begin, cpu = time.perf_counter(), time.process_time()
        for name in names:
            content = made.get_cert(CertLabel(name)).dump()
            if way == "each":
                _keep(self._folder / f"{name}.cer", content)
        if way == "each":
            os.fsync(place)
        taken, used = time.perf_counter() - begin, time.process_time() - cpu
        os.close(place)
        return {"rate": count / taken, "cpu_us": used / count * 1e6}

    def example(self) -> bytes:
        """One certificate."""
        from certomancer.registry.common import CertLabel

        made, [name] = self.architecture(1)
        return made.get_cert(CertLabel(name)).dump()


def _entities(names: dict[str, dict[str, str]]) -> object:
    from certomancer.registry.entities import EntityRegistry

    return EntityRegistry(names)


def _keep(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    os.write(file, content)
    os.fsync(file)
    os.close(file)


def main() -> int:
    """Answer until the input ends."""
    told = json.loads(sys.stdin.readline())
    issuing = _Issuing(Path(told["folder"]), base64.b64decode(told["sample"]))
    hello = {
        "example": base64.b64encode(issuing.example()).decode(),
        "versions": {
            name: metadata.version(name) for name in ("certomancer", "asn1crypto", "cryptography")
        },
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(issuing.rate(asked["way"], asked["count"])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
