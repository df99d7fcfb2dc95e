"""A certificate's life (CRT-1, PKI-1).

The serial is reserved and the intent stored before the CA signs, so a power cut leaves no certificate that
nobody knows of; a request that is never answered is abandoned and its serial never used again. Issued is
not yet usable: a certificate is active once its phone has it and the PIN was proved. Expired is derived
from `not_after`, exclusive. Revocation is final; suspension is RFC 5280's certificateHold.

A one-time certificate (CRT-2) is finished after its one act. That is no revocation: what it signed is
time-stamped after the act, and who verifies it then must find a certificate that was good. The platform's
share of its key is destroyed with the act, so that nothing can be signed by it again, and it expires the
same day.
"""

from engine.issuing.model.certificate import (
    CERTIFICATE,
    Certificate,
    CertificateStatus,
    Holder,
    Usage,
    answers,
    status_at,
)
from engine.issuing.model.choosing import CHOOSABLE, Chosen
from engine.issuing.model.counting import StateCount
from engine.issuing.model.keys import (
    NONCE_BYTES,
    SCHEMES,
    TRY_LIFETIME_MS,
    KeyProof,
    PinRules,
    Scheme,
    Try,
)
from engine.issuing.model.recovery import (
    RECOVERY,
    STILL_OPENS,
    EncryptionShare,
    KeptEncryptionShare,
    Recovery,
    RecoveryStatus,
    Why,
)
from engine.issuing.model.waiting import Waiting, WaitsWith

__all__ = [
    "CERTIFICATE",
    "CHOOSABLE",
    "NONCE_BYTES",
    "RECOVERY",
    "SCHEMES",
    "STILL_OPENS",
    "TRY_LIFETIME_MS",
    "Certificate",
    "CertificateStatus",
    "Chosen",
    "EncryptionShare",
    "Holder",
    "KeptEncryptionShare",
    "KeyProof",
    "PinRules",
    "Recovery",
    "RecoveryStatus",
    "Scheme",
    "StateCount",
    "Try",
    "Usage",
    "Waiting",
    "WaitsWith",
    "Why",
    "answers",
    "status_at",
]
