"""Ceremonies over a world's folder: the roots, the next root, the next keys of an agency, a root's list.

Each needs the root's key out of the safe, writes what it made without touching what was there, and leaves
a signed transcript in `keys/pki`. A production world opens with roots of such a ceremony alone.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from engine.boot import hierarchy, keys_kept
from engine.boot.world import WorldFile
from engine.kernel import catalog, clock, errors, ids
from engine.pki import authority, ceremony, revocation, rollover
from engine.pki.transcript import Roles, Transcript, fingerprint, write

SHORTEST_PASSPHRASE = 12


class CeremonyHeld(errors.Conflict):
    """The ceremony for {path} was held already: its root is in keys/pki. Choose another folder."""


class PassphraseTooShort(errors.InvalidInput):
    """The root's key rests under a passphrase of at least {least} characters. Choose a longer one."""


class AgencyUnknown(errors.NotFound):
    """There is no certification authority called “{what}”."""


class RootNotOfCeremony(errors.ConfigurationError):
    """The root in {file} was not made by this world's ceremony: {problem}"""


class Ceremony(catalog.Declared):
    """`keys/pki/ceremony*.toml`: for which world and address a root was made; the digest of the record."""

    id: str
    public_url: str
    held_at: int
    root_sha256: str
    transcript_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a ceremony made and wrote down; nothing is on disk before `save`."""

    label: str
    pki: hierarchy.Pki
    transcript: Transcript


def stem(label: str) -> str:
    """The name of the files that record a ceremony, by what it made."""
    return "ceremony" if label == "root" else f"ceremony-{label}"


def recorded(path: Path, label: str = "root") -> Ceremony | None:
    """The record of a root's ceremony, where one was held."""
    place = keys_kept.folder_of(path) / f"{stem(label)}.toml"
    return catalog.load(place, Ceremony) if place.exists() else None


def hold(
    file: WorldFile, *, roles: Roles, now: int, entropy: ids.Entropy, dry: bool = False
) -> Held:
    """Make a root, the agencies' issuing authorities and the delegates around them.

    A dry run makes roots that say TEST and a transcript that says so. Raises: LintRefused, name errors.
    """
    # Whatever a rehearsal makes must be worth nothing, should it ever be kept.
    made = hierarchy.make(file.model_copy(update={"kind": "run"}) if dry else file, now, entropy)
    root = made.root_key
    if root is None:
        raise AssertionError("a ceremony makes a root's key")
    named = [("root", made.root), *_delegates(made.agencies)]
    named += [(f"seal-{label}", one.certificate) for label, one in made.seal_makers.items()]
    named.append(("trust-list", made.list_signer.certificate))
    act = "rehearsal, nothing is kept" if dry else "root and issuing authorities"
    record = write(act, roles=roles, facts=_facts(file), made=named, held_at=now, key=root.key)
    return Held(label="root", pki=made, transcript=record)


def _delegates(
    agencies: Mapping[str, ceremony.AgencyKeys],
) -> list[tuple[str, x509.Certificate]]:
    found = []
    for label, kept in agencies.items():
        found.append((label, kept.authority.certificate))
        found.append((f"{label}-ocsp", kept.ocsp.certificate))
        found.append((f"{label}-tsa", kept.tsa.certificate))
    return found


def _facts(file: WorldFile) -> dict[str, str]:
    digest = hashlib.sha256()
    for folder in ("profiles", "practices"):
        for one in sorted((catalog.DATA / folder).glob("*.toml")):
            digest.update(one.name.encode() + b"\0" + one.read_bytes() + b"\0")
    return {
        "world": file.id,
        "addresses": f"{file.public_url}/w/{file.id}",
        "engine": file.engine_version,
        "library": ssl.OPENSSL_VERSION,
        "keys": "P-256, from the operating system's generator",
        "profiles sha256": digest.hexdigest(),
    }


def save(path: Path, file: WorldFile, held: Held, passphrase: str | None) -> None:
    """Write a first ceremony's files, the root's key under its passphrase, and the record.

    Raises: CeremonyHeld, PassphraseTooShort.
    """
    if (keys_kept.folder_of(path) / "root.cert.pem").exists():
        raise CeremonyHeld(path=str(path))
    keys_kept.save(path, held.pki, protect(passphrase))
    keep_record(path, file, held)


def protect(passphrase: str | None) -> bytes | None:
    """A passphrase that is long enough, as bytes.

    Raises: PassphraseTooShort.
    """
    if passphrase is not None and len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(field="passphrase", least=SHORTEST_PASSPHRASE)
    return None if passphrase is None else passphrase.encode()


def keep_record(path: Path, file: WorldFile, held: Held) -> None:
    """Write a transcript, its signature and what a start compares with."""
    folder, name = keys_kept.folder_of(path), stem(held.label)
    keys_kept.write(folder / f"{name}.txt", held.transcript.text.encode())
    keys_kept.write(folder / f"{name}.txt.sig", held.transcript.signature)
    lines = [
        f'id = "{file.id}"',
        f'public_url = "{file.public_url}"',
        f"held_at = {file.reference_ms}",
        f'root_sha256 = "{fingerprint(held.pki.root)}"',
        f'transcript_sha256 = "{held.transcript.sha256}"',
    ]
    keys_kept.write(folder / f"{name}.toml", ("\n".join(lines) + "\n").encode())


def require_own_roots(path: Path, file: WorldFile, roots: Sequence[hierarchy.KeptRoot]) -> None:
    """Refuse roots that this world's ceremonies did not make, such as a demonstration's.

    Raises: RootNotOfCeremony.
    """
    for root in roots:
        problem = _stranger(path, file, root)
        if problem:
            raise RootNotOfCeremony(file=f"keys/pki/{root.label}.cert.pem", problem=problem)


def _stranger(path: Path, file: WorldFile, root: hierarchy.KeptRoot) -> str:
    folder, held = keys_kept.folder_of(path), recorded(path, root.label)
    if held is None:
        return "there is no record of it"
    if (held.id, held.public_url) != (file.id, file.public_url):
        return "the record is of another world or address"
    if held.root_sha256 != fingerprint(root.certificate):
        return "the record names another root"
    if root.certificate.subject.rfc4514_string().count("TEST"):
        return "it says TEST"
    try:
        kept = Transcript(
            text=(folder / f"{stem(root.label)}.txt").read_text(encoding="utf-8"),
            signature=(folder / f"{stem(root.label)}.txt.sig").read_bytes(),
        )
    except OSError:
        return "its transcript is missing"
    if kept.sha256 != held.transcript_sha256 or not kept.holds(root.certificate):
        return "its transcript was changed"
    return ""


def roll_root(
    path: Path,
    file: WorldFile,
    *,
    old: authority.IssuingAuthority,
    roles: Roles,
    now: int,
    entropy: ids.Entropy,
    passphrase: str | None,
) -> Held:
    """Make the next root and the two certificates that bridge to it, and write them down.

    Agencies keep their authorities; their next keys come from the new root. Raises: OldRootEnded,
    PassphraseTooShort, LintRefused.
    """
    secret = protect(passphrase)
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
        facts=_facts(file),
        made=[
            (label, made.root.certificate),
            (f"{label} by {old.label}", made.new_with_old),
            (f"{old.label} by {label}", made.old_with_new),
        ],
        held_at=now,
        key=made.root.key,
    )
    held = Held(label=label, pki=after, transcript=record)
    # The record first: a root without one would keep a production world from starting.
    keep_record(path, file, held)
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
) -> Held:
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
        facts=_facts(file),
        made=_delegates({label: made}),
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
    held = Held(label=label, pki=after, transcript=record)
    keep_record(path, file, held)
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
        except Exception as problem:
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


class NotItsCertificate(errors.InvalidInput):
    """This root did not issue that certificate, so it cannot revoke it."""


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
