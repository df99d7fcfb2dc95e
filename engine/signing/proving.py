"""Time-stamps and revocation data for a contract's document, as far as the services give them now.

Every question has eight seconds in all; whatever comes late, broken, old or from somebody else is treated
as no answer, and the level that is reached says what is there (SGN-4).
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from engine.issuing import model as issuing
from engine.kernel import errors, ports
from engine.kernel.reader import Reader
from engine.pdf import currency, own, signing, tokens, validation_info
from engine.signing import model, store


def agencies(q: Reader, contract: model.Contract) -> tuple[str, ...]:
    """The agencies of everybody who signed the present version of a contract."""
    return tuple(
        dict.fromkeys(
            q.get(issuing.Certificate, "certificate", one.certificate_id).agency_id
            for one in store.signatures(q, contract.id)
            if one.version == contract.version and one.signed_at is not None
        )
    )


def _stamps(context: ports.JobContext, roots: Sequence[bytes]) -> tokens.Source:
    now = context.engine.now()
    return tokens.checked(
        lambda digest: context.ports.timestamps.stamp(digest, now=now),
        roots=[x509.load_der_x509_certificate(one) for one in roots],
        now_ms=now,
    )


def finished(
    context: ports.JobContext,
    prepared: signing.Prepared,
    value: bytes,
    *,
    wanted: str,
    roots: Sequence[bytes],
) -> tuple[bytes, str]:
    """The signed document with a time-stamp if there is one, and the level that this reaches.

    Raises: SignatureValueWrong.
    """
    if wanted != model.Level.B_B:
        try:
            stamped = own.finish(prepared, signature_value=value, timestamp=_stamps(context, roots))
        except errors.ProviderUnavailable:
            return own.finish(prepared, signature_value=value), model.Level.B_B
        return stamped, model.Level.B_T
    return own.finish(prepared, signature_value=value), model.Level.B_B


def with_revocation(
    context: ports.JobContext,
    document: bytes,
    agency_ids: Sequence[str],
    *,
    wanted: str,
    level: str,
    roots: Sequence[bytes],
) -> tuple[bytes, str]:
    """The document with what validates it offline, if that is wanted and can be had now."""
    if model.below(wanted, model.Level.B_LT):
        return document, level
    try:
        certificates, crls = tokens.in_time(lambda: context.ports.validation.material(agency_ids))
        known = currency.require_current(
            certificates, crls, roots=roots, now_ms=context.engine.now()
        )
        made = own.add_validation_info(document, certificates=known, crls=list(crls))
    except (errors.ProviderUnavailable, validation_info.ValidationInfoUnusable):
        return document, level
    return made, model.Level.B_LT


def with_archive(
    context: ports.JobContext, document: bytes, roots: Sequence[bytes]
) -> bytes | None:
    """The document with one more time-stamp over all of it; None where none is to be had now."""
    try:
        return own.add_timestamp(document, _stamps(context, roots))
    except errors.ProviderUnavailable:
        return None
