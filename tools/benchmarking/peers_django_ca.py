"""django-ca beside us: run by the Python of the environment that `make bench-peers` makes.

It reads one line of JSON on its standard input (a folder and a sample certificate), issues certificates
like the sample, and answers each further line (`{"way": "each", "count": 100}`) with its rate. Its database
is SQLite with our pragmas. Its answers for OCSP are not made beforehand: what is compared is issuing alone.
"""

# Not type-checked: what it imports lives in another environment. Nothing of ours is imported here.
from __future__ import annotations

import base64
import datetime
import json
import sqlite3
import sys
import time
from importlib import metadata
from pathlib import Path

_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def _set_up(folder: Path) -> None:
    import django
    from django.conf import settings

    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder / "keys"), "file_permissions_mode": 0o600},
    }
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "django.sqlite3"),
                "OPTIONS": {"init_command": _PRAGMAS, "transaction_mode": "IMMEDIATE"},
            }
        },
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_ca"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of a benchmark",
        STORAGES={
            "default": storage,
            "django-ca": storage,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        CA_DEFAULT_HOSTNAME="ca.example",
        CA_OCSP_RESPONSE_CACHE_EXPIRES=None,
        CA_USE_CELERY=False,
    )
    django.setup()
    from django.core.management import call_command
    from django.urls import include, path

    # What it writes into certificates is made of its own addresses.
    globals()["urlpatterns"] = [path("django_ca/", include("django_ca.urls"))]

    call_command("migrate", verbosity=0)


class _Issuing:
    def __init__(self, sample_der: bytes) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from django_ca.key_backends import key_backends
        from django_ca.key_backends.storages.models import (
            StoragesCreatePrivateKeyOptions,
            StoragesUsePrivateKeyOptions,
        )
        from django_ca.models import CertificateAuthority
        from django_ca.profiles import Profile

        sample = x509.load_der_x509_certificate(sample_der)
        own = (x509.BasicConstraints, x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
        self._subject = sample.subject
        self._extensions = [one for one in sample.extensions if not isinstance(one.value, own)]
        self._days = sample.not_valid_after_utc - sample.not_valid_before_utc
        backend = key_backends["default"]
        self._options = StoragesUsePrivateKeyOptions()
        self._authority = CertificateAuthority.objects.init(
            name="beside",
            key_backend=backend,
            key_backend_options=StoragesCreatePrivateKeyOptions(
                key_type="EC", password=None, path=Path("ca"), elliptic_curve="secp256r1"
            ),
            key_type="EC",
            subject=sample.issuer,
            not_after=datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=7_000),
            algorithm=hashes.SHA256(),
        )
        self._profile = Profile(
            name="beside",
            subject=None,
            expires=self._days,
            add_crl_url=False,
            add_ocsp_url=False,
            add_issuer_url=False,
            add_issuer_alternative_name=False,
        )

    def requests(self, count: int) -> list[bytes]:
        """Signing requests of new keys, made before anything is timed."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        empty = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return [
            empty.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(
                serialization.Encoding.DER
            )
            for _ in range(count)
        ]

    def issue(self, request: bytes) -> bytes:
        """One certificate, stored; committed where no transaction is open."""
        from cryptography import x509
        from django_ca.models import Certificate

        made = Certificate.objects.create_cert(
            self._authority,
            self._options,
            x509.load_der_x509_csr(request),
            profile=self._profile,
            subject=self._subject,
            not_after=self._days,
            extensions=self._extensions,
            allow_unrecognized_extensions=True,
        )
        return made.pub.der

    def rate(self, way: str, count: int) -> dict[str, float]:
        """Certificates a second, each in its own transaction or all in one; processor time of each."""
        from django.db import transaction

        wanted = self.requests(count)
        begin, cpu = time.perf_counter(), time.process_time()
        if way == "together":
            with transaction.atomic():
                for one in wanted:
                    self.issue(one)
        else:
            for one in wanted:
                self.issue(one)
        taken, used = time.perf_counter() - begin, time.process_time() - cpu
        return {"rate": count / taken, "cpu_us": used / count * 1e6}


def main() -> int:
    """Answer until the input ends."""
    told = json.loads(sys.stdin.readline())
    folder = Path(told["folder"])
    (folder / "keys").mkdir(parents=True)
    _set_up(folder)
    issuing = _Issuing(base64.b64decode(told["sample"]))
    [request] = issuing.requests(1)
    hello = {
        "example": base64.b64encode(issuing.issue(request)).decode(),
        "versions": {
            name: metadata.version(name) for name in ("django-ca", "Django", "cryptography")
        }
        | {"sqlite": sqlite3.sqlite_version},
    }
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(issuing.rate(asked["way"], asked["count"])), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
