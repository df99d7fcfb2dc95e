"""The key ceremony over a world's folder, its signed record, and whose roots a production world takes."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from engine.boot import hierarchy, keys_kept
from engine.boot.world import WorldFile
from engine.kernel import catalog, errors, ids
from engine.pki import ceremony
from engine.pki.transcript import Roles, Transcript, fingerprint, write

SHORTEST_PASSPHRASE = 12


class CeremonyHeld(errors.Conflict):
    """The ceremony for {path} was held already: its root is in keys/pki. Choose another folder."""


class RootPassphraseTooShort(errors.InvalidInput):
    """The root's key rests under a passphrase of at least {least} characters. Choose a longer one."""


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
    named = [("root", made.root), *delegates(made.agencies)]
    named += [(f"seal-{label}", one.certificate) for label, one in made.seal_makers.items()]
    named.append(("trust-list", made.list_signer.certificate))
    act = "rehearsal, nothing is kept" if dry else "root and issuing authorities"
    record = write(act, roles=roles, facts=facts_of(file), made=named, held_at=now, key=root.key)
    return Held(label="root", pki=made, transcript=record)


def delegates(
    agencies: Mapping[str, ceremony.AgencyKeys],
) -> list[tuple[str, x509.Certificate]]:
    found = []
    for label, kept in agencies.items():
        found.append((label, kept.authority.certificate))
        found.append((f"{label}-ocsp", kept.ocsp.certificate))
        found.append((f"{label}-tsa", kept.tsa.certificate))
    return found


def facts_of(file: WorldFile) -> dict[str, str]:
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

    Raises: CeremonyHeld, RootPassphraseTooShort.
    """
    if (keys_kept.folder_of(path) / "root.cert.pem").exists():
        raise CeremonyHeld(path=str(path))
    keys_kept.save(path, held.pki, protect(passphrase))
    keep_record(path, file, held)


def protect(passphrase: str | None) -> bytes | None:
    """A passphrase that is long enough, as bytes.

    Raises: RootPassphraseTooShort.
    """
    if passphrase is not None and len(passphrase) < SHORTEST_PASSPHRASE:
        raise RootPassphraseTooShort(field="passphrase", least=SHORTEST_PASSPHRASE)
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
