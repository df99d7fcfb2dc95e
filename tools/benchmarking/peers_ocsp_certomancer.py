"""certomancer's OCSP responder beside ours, without HTTP: run like `peers_certomancer`, same lines.

A responder is summoned for each request, as its own server does. It looks a serial up by going through its
certificates, so that it is given ten, which favors it. It signs each answer and keeps none.
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

import peers_certomancer

CERTIFICATES = 10


class _Responding:
    def __init__(self, folder: Path, sample: bytes) -> None:
        from certomancer.registry.common import CertLabel, ServiceLabel
        from certomancer.registry.pki_arch import ServiceRegistry

        self._made, names = peers_certomancer._Issuing(folder, sample).architecture(CERTIFICATES)
        self._issuer = self._made.get_cert(CertLabel("ca"))
        self._certificates = [self._made.get_cert(CertLabel(name)) for name in names]
        service = {
            "for-issuer": "ca",
            "issuer-cert": "ca",
            "responder-cert": "ca",
            "signing-key": "ca",
        }
        self._services = ServiceRegistry(
            self._made, "http://ca.example", {"ocsp": {"one": service}}
        )
        self._label = ServiceLabel("one")

    def requests(self, count: int) -> list[bytes]:
        """What is asked, with a nonce each, made before anything is timed."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.x509 import ocsp

        issuer = x509.load_der_x509_certificate(self._issuer.dump())
        known = [x509.load_der_x509_certificate(one.dump()) for one in self._certificates]
        found = []
        for place in range(count):
            builder = ocsp.OCSPRequestBuilder().add_certificate(
                known[place % CERTIFICATES], issuer, hashes.SHA256()
            )
            builder = builder.add_extension(x509.OCSPNonce(os.urandom(16)), False)
            found.append(builder.build().public_bytes(serialization.Encoding.DER))
        return found

    def _answer(self, request: bytes) -> bytes:
        import datetime

        from asn1crypto import ocsp

        now = datetime.datetime.now(tz=datetime.UTC).replace(microsecond=0)
        responder = self._services.summon_responder(self._label, now)
        return responder.build_ocsp_response(ocsp.OCSPRequest.load(request)).dump()

    def rate(self, count: int) -> dict[str, float]:
        """Answers a second, and the processor time of each."""
        asked = self.requests(count)
        _require_good(self._answer(asked[0]))
        begin, cpu = time.perf_counter(), time.process_time()
        for one in asked:
            self._answer(one)
        taken, used = time.perf_counter() - begin, time.process_time() - cpu
        return {"rate": count / taken, "cpu_us": used / count * 1e6}

    def example(self) -> bytes:
        """One certificate."""
        return self._certificates[0].dump()


def _require_good(content: bytes) -> None:
    from cryptography.x509 import ocsp

    if ocsp.load_der_ocsp_response(content).certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise SystemExit("the answer is not what it should be")


def main() -> int:
    """Answer until the input ends."""
    told = json.loads(sys.stdin.readline())
    responding = _Responding(Path(told["folder"]), base64.b64decode(told["sample"]))
    names = ("certomancer", "asn1crypto", "cryptography")
    hello = {
        "example": base64.b64encode(responding.example()).decode(),
        "versions": {name: metadata.version(name) for name in names},
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        print(json.dumps(responding.rate(json.loads(line)["count"])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
