"""The demonstration authority of `yinxin sign` and `yinxin samples`, and the enterprise that signs.

A world in memory whose PKI comes from a fixed seed, so that what one command signs verifies against the
root that the other wrote. Anybody can compute these keys: the certificates say TEST, and the root must
never be trusted outside a test. The enterprise's own key is fresh each time.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from cryptography import x509

from engine import boot
from engine.cli import shell
from engine.kernel import clock, identifiers, ids, ports
from engine.pdf import appearance
from engine.pki import certificates, keys
from engine.signing import standalone

SEED = 1
WORLD_ID = "demonstration"
AGENCY, SEAL_AGENCY = "dongfang", "huayin"
ENTERPRISE = "印信演示商贸有限公司"
_USCC_17 = "91650102MA7YX0001"
USCC = _USCC_17 + identifiers.credit_code_check_character(_USCC_17)
SEAL_CODE = "6501020000001"
SEAL_MM = 42
_YEAR = 365 * clock.DAY


@contextlib.contextmanager
def world(now_ms: int) -> Iterator[boot.World]:
    """The demonstration world with its clock at `now_ms`; its PKI is the same all year."""
    new_year = datetime.date(clock.civil_date(now_ms).year, 1, 1)
    made = boot.memory_world(seed=SEED, start=clock.start_of(new_year), world_id=WORLD_ID)
    set_clock(made, now_ms)
    try:
        yield made
    finally:
        shell.close(made)


def set_clock(made: boot.World, now_ms: int) -> None:
    """Move the clock of a demonstration world forward to `now_ms`."""
    the_clock = made.engine.parts.clock
    if not isinstance(the_clock, clock.ManualClock):
        raise TypeError("a demonstration world owns its clock")
    the_clock.set(now_ms)


def signer(made: boot.World, now_ms: int, entropy: ids.Entropy) -> standalone.Signer:
    """The demonstration enterprise: a new key, its certificate and its company seal."""
    key = keys.generate(entropy)
    agency = made.ports.agencies[AGENCY]
    der = agency.issue(
        ports.CertificateRequest(
            serial=certificates.serial_from(entropy),
            profile="enterprise",
            applicant=ports.Applicant(common_name=ENTERPRISE, organization=ENTERPRISE, uscc=USCC),
            public_key=keys.public_to_der(key.public_key()),
            not_before=now_ms - clock.HOUR,
            not_after=now_ms + _YEAR,
        )
    )
    seal = made.ports.seal_makers[SEAL_AGENCY].make(
        ports.SealRequest(
            seal_id=SEAL_CODE,
            kind="company",
            line="",
            name=ENTERPRISE,
            enterprise=ENTERPRISE,
            code=SEAL_CODE,
            certificates=(der,),
            created_at=now_ms,
            valid_from=now_ms,
            valid_to=now_ms + _YEAR,
            shape="round",
            width_mm=SEAL_MM,
            height_mm=SEAL_MM,
        )
    )
    return standalone.Signer(
        certificate=x509.load_der_x509_certificate(der),
        chain=[x509.load_der_x509_certificate(one) for one in agency.chain()],
        name=ENTERPRISE,
        seal=appearance.SealAppearance(
            picture=seal.svg.encode(), width_mm=seal.width_mm, height_mm=seal.height_mm
        ),
        sign=lambda attributes: keys.sign(key, attributes),
        seal_object=seal.ses,
    )


def validation(made: boot.World, now_ms: int) -> standalone.Validation:
    """What makes a signature of the demonstration enterprise verifiable offline."""
    found, crls = made.ports.validation.material([AGENCY])
    return standalone.Validation(
        timestamp=lambda digest: made.ports.timestamps.stamp(digest, now=now_ms),
        certificates=[x509.load_der_x509_certificate(der) for der in found],
        crls=crls,
    )
