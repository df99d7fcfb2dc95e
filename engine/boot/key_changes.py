"""Changes of keys over a world's folder: the next root, an agency's next keys, a root's next list.

Each needs the root's key out of the safe, writes what it made without touching what was there, and leaves
a signed transcript in `keys/pki` beside that of the ceremony.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from engine.boot import ceremonies, hierarchy, keys_kept
from engine.boot.world import WorldFile
from engine.kernel import clock, errors, ids
from engine.pki import authority, ceremony, paths, revocation, rollover
from engine.pki.transcript import Roles, write


class AgencyUnknown(errors.NotFound):
    """There is no certification authority called “{what}”."""


class NotItsCertificate(errors.InvalidInput):
    """This root did not issue that certificate, so it cannot revoke it."""


def roll_root(
    path: Path,
    file: WorldFile,
    *,
    old: authority.IssuingAuthority,
    roles: Roles,
    now: int,
    entropy: ids.Entropy,
    passphrase: str | None,
) -> ceremonies.Held:
    """Make the next root and the two certificates that bridge to it, and write them down.

    Agencies keep their authorities; their next keys come from the new root. Raises: OldRootEnded,
    RootPassphraseTooShort, LintRefused.
    """
    secret = ceremonies.protect(passphrase)
    before = keys_kept.load(path, file)
    generation = len(before.roots) + 1
    label = hierarchy.label_of("root", generation)
    made = rollover.roll(
        old,
        profiles=before.profiles,
        organization=hierarchy.ROOT_ORGANIZATION,
        common_name=hierarchy.root_name(generation),
        urls=hierarchy.urls_of(file, label),
        now_ms=now,
        entropy=entropy,
        test=file.kind != "production",
    )
    new = ceremony.Credential(key=made.root.key, certificate=made.root.certificate)
    kept = hierarchy.KeptRoot(
        label=label,
        certificate=made.root.certificate,
        crl=hierarchy.first_list(made.root, now),
    )
    after = hierarchy.Pki(
        roots=(*before.roots, kept),
        root_key=new,
        cross=(*before.cross, made.new_with_old, made.old_with_new),
        agencies=before.agencies,
        seal_makers=before.seal_makers,
        list_signer=before.list_signer,
        outsiders=before.outsiders,
        profiles=before.profiles,
    )
    record = write(
        "the next root",
        roles=roles,
        facts=ceremonies.facts_of(file),
        made=[
            (label, made.root.certificate),
            (f"{label} by {old.label}", made.new_with_old),
            (f"{old.label} by {label}", made.old_with_new),
        ],
        held_at=now,
        key=made.root.key,
    )
    held = ceremonies.Held(label=label, pki=after, transcript=record)
    # The record first: a root without one would keep a production world from starting.
    ceremonies.keep_record(path, file, held)
    keys_kept.save(path, after, secret)
    return held


def rotate_agency(
    path: Path,
    file: WorldFile,
    agency_id: str,
    *,
    root: authority.IssuingAuthority,
    roles: Roles,
    now: int,
    entropy: ids.Entropy,
) -> ceremonies.Held:
    """Give an agency its next keys, certified by the newest root; the old ones answer for their own.

    Raises: AgencyUnknown, LintRefused.
    """
    before = keys_kept.load(path, file)
    generations = before.generations(agency_id)
    if not generations:
        raise AgencyUnknown(what=agency_id)
    label = hierarchy.label_of(agency_id, len(generations) + 1)
    made = hierarchy.make_authority(
        root,
        file,
        label,
        hierarchy.declared_agencies()[agency_id],
        before.profiles,
        now,
        entropy,
    )
    record = write(
        f"the next keys of {agency_id}",
        roles=roles,
        facts=ceremonies.facts_of(file),
        made=ceremonies.delegates({label: made}),
        held_at=now,
        key=root.key,
    )
    after = hierarchy.Pki(
        roots=before.roots,
        root_key=None,
        cross=before.cross,
        agencies={**before.agencies, label: made},
        seal_makers=before.seal_makers,
        list_signer=before.list_signer,
        outsiders=before.outsiders,
        profiles=before.profiles,
    )
    held = ceremonies.Held(label=label, pki=after, transcript=record)
    ceremonies.keep_record(path, file, held)
    keys_kept.save(path, after)
    return held


def renew_root_list(
    path: Path,
    *,
    root: authority.IssuingAuthority,
    now: int,
    revoke: x509.Certificate | None = None,
    reason: revocation.Reason = revocation.Reason.CESSATION_OF_OPERATION,
) -> int:
    """Publish a root's next revocation list, with one more revoked authority where given; its number.

    Raises: keys errors; NotItsCertificate for one that the root did not issue.
    """
    place = keys_kept.folder_of(path) / f"{root.label}.crl"
    old = x509.load_der_x509_crl(place.read_bytes())
    number = old.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number + 1
    revoked = [_entry(one) for one in old]
    if revoke is not None:
        try:
            revoke.verify_directly_issued_by(root.certificate)
        except paths.UNVERIFIABLE as problem:
            raise NotItsCertificate from problem
        if all(one.serial != revoke.serial_number for one in revoked):
            revoked.append(
                revocation.Revoked(serial=revoke.serial_number, revoked_at_ms=now, reason=reason)
            )
    fresh = root.crl(
        revoked=revoked,
        number=number,
        this_update_ms=now,
        next_update_ms=now + hierarchy.ROOT_CRL_LIFETIME_MS,
    )
    keys_kept.write(place, fresh)
    return number


def _entry(one: x509.RevokedCertificate) -> revocation.Revoked:
    reason = revocation.Reason.UNSPECIFIED
    for extension in one.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = revocation.Reason(extension.value.reason.value)
    return revocation.Revoked(
        serial=one.serial_number,
        revoked_at_ms=clock.from_datetime(one.revocation_date_utc),
        reason=reason,
    )
