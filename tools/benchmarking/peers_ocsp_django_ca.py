"""django-ca's OCSP responder beside ours, without HTTP: run like `peers_django_ca`, with the same lines.

It is asked as its own view is asked, with the bytes of a request. `fresh` has a nonce, and its answer is
signed; `presigned` has none, and its answer lies ready in Django's cache in memory.
"""

# Not type-checked: what it imports lives in another environment. Nothing of ours is imported here.
from __future__ import annotations

import base64
import datetime
import json
import os
import sys
import time
from importlib import metadata
from pathlib import Path

import peers_django_ca

CERTIFICATES = 50


class _Responding:
    def __init__(self, sample: bytes) -> None:
        from cryptography.x509 import load_der_x509_certificate
        from django_ca.views import GenericOCSPView

        issuing = peers_django_ca._Issuing(sample)
        self.authority = issuing._authority
        self.authority.generate_ocsp_key(issuing._options)
        self._certificates = [
            load_der_x509_certificate(issuing.issue(one)) for one in issuing.requests(CERTIFICATES)
        ]
        self._view = GenericOCSPView()
        self._view.setup(None, serial=self.authority.serial)
        self._cached = False

    def _prepare(self, way: str) -> None:
        from django_ca.conf import model_settings
        from django_ca.models import Certificate

        if way == "presigned" and not self._cached:
            model_settings.CA_OCSP_RESPONSE_CACHE_EXPIRES = datetime.timedelta(days=1)
            for one in Certificate.objects.all():
                one.generate_ocsp_response()
            self._cached = True
        expires = datetime.timedelta(days=1) if way == "presigned" else None
        model_settings.CA_OCSP_RESPONSE_CACHE_EXPIRES = expires

    def requests(self, way: str, count: int) -> list[bytes]:
        """What is asked, made before anything is timed."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.x509 import ocsp

        found = []
        issuer = self.authority.pub.loaded
        for place in range(count):
            certificate = self._certificates[place % CERTIFICATES]
            builder = ocsp.OCSPRequestBuilder().add_certificate(
                certificate, issuer, hashes.SHA256()
            )
            if way == "fresh":
                builder = builder.add_extension(x509.OCSPNonce(os.urandom(16)), False)
            found.append(builder.build().public_bytes(serialization.Encoding.DER))
        return found

    def rate(self, way: str, count: int) -> dict[str, float]:
        """Answers a second, and the processor time of each."""
        self._prepare(way)
        asked, answer = self.requests(way, count), self._view.handle_ocsp_request_data
        require_good(answer(asked[0]).content)
        begin, cpu = time.perf_counter(), time.process_time()
        for one in asked:
            answer(one)
        taken, used = time.perf_counter() - begin, time.process_time() - cpu
        require_good(answer(asked[-1]).content)
        return {"rate": count / taken, "cpu_us": used / count * 1e6}

    def example(self) -> bytes:
        """One certificate."""
        from cryptography.hazmat.primitives import serialization

        return self._certificates[0].public_bytes(serialization.Encoding.DER)


def require_good(content: bytes) -> None:
    """Stop where this is no answer that says good."""
    from cryptography.x509 import ocsp

    if ocsp.load_der_ocsp_response(content).certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise SystemExit("the answer is not what it should be")


def main() -> int:
    """Answer until the input ends."""
    told = json.loads(sys.stdin.readline())
    folder = Path(told["folder"])
    (folder / "keys").mkdir(parents=True)
    peers_django_ca._set_up(folder)
    responding = _Responding(base64.b64decode(told["sample"]))
    names = ("django-ca", "Django", "cryptography")
    hello = {
        "example": base64.b64encode(responding.example()).decode(),
        "versions": {name: metadata.version(name) for name in names},
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(responding.rate(asked["way"], asked["count"])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
