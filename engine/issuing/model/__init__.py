"""A certificate's life (CRT-1, PKI-1).

The serial is reserved and the intent stored before the CA signs, so a power cut leaves no certificate that
nobody knows of; a request that is never answered is abandoned and its serial never used again. Issued is
not yet usable: a certificate is active once its phone has it and the PIN was proved. Expired is derived
from `not_after`, exclusive. Revocation is final; suspension is RFC 5280's certificateHold.
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

__all__ = [
    "CERTIFICATE",
    "Certificate",
    "CertificateStatus",
    "Holder",
    "Usage",
    "answers",
    "status_at",
]
