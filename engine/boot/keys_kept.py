"""The PKI of a world as files: `keys/pki` for what the server uses, `offline/` for the keys of roots."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from engine.boot import hierarchy
from engine.boot.hierarchy import Pki
from engine.kernel import catalog, errors
from engine.pki import authority, ceremony, certificates, keys, profiles
from engine.providers import outsiders

if TYPE_CHECKING:
    from engine.boot.world import WorldFile

__all__ = ["Pki", "load", "make", "offline_root", "require_ceremony", "save"]
make = hierarchy.make
_LIST_SIGNER = "trust-list"


def folder_of(path: Path) -> Path:
    """Where a world's certificates and online keys are."""
    return path / "keys" / "pki"


def save(path: Path, pki: Pki, passphrase: bytes | None = None) -> None:
    """Write the PKI's files; the root's key goes into `offline/`, which no server opens.

    What is there with its certificate is left as it is. An authority's certificate comes after all that
    belongs to it, so that one which was killed while it was written down does not count and is made anew.
    """
    online, offline = folder_of(path), path / "offline"
    for folder in (online, offline):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = _files(pki)
    complete = {name for name in files if (online / f"{_owner(name)}.cert.pem").exists()}
    last = {f"{label}.cert.pem" for label in (*pki.agencies, *(one.label for one in pki.roots))}
    label = pki.roots[-1].label
    if pki.root_key is not None and f"{label}.cert.pem" not in complete:
        for name, content in pki.root_key.files(label, passphrase).items():
            write(offline / name, content)
    for name in sorted(files, key=lambda one: (one in last, one)):
        if name not in complete:
            write(online / name, files[name])


def _files(pki: Pki) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for maker, kept in pki.seal_makers.items():
        files |= kept.files(f"seal-{maker}", None)
    files |= pki.list_signer.files(_LIST_SIGNER, None)
    for outsider in pki.outsiders.values():
        files |= _outsider_files(outsider)
    for agency in pki.agencies.values():
        files |= agency.files()
    for number, bridge in enumerate(pki.cross, start=1):
        files[f"cross-{number}.cert.pem"] = certificates.to_pem(bridge)
    for root in pki.roots:
        files[f"{root.label}.crl"] = root.crl
        files[f"{root.label}.cert.pem"] = certificates.to_pem(root.certificate)
    return files


def _owner(name: str) -> str:
    """What has to be there for a file to count: its authority, for a bridge the root it came with."""
    stem = name.partition(".")[0]
    if stem.startswith("cross-"):
        return hierarchy.label_of("root", (int(stem.removeprefix("cross-")) + 1) // 2 + 1)
    return stem.removesuffix("-ocsp").removesuffix("-tsa")


def _outsider_files(outsider: outsiders.Outsider) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for stem, own in (
        (f"outside-{outsider.label}-root", outsider.root),
        (f"outside-{outsider.label}", outsider.issuing),
    ):
        kept = ceremony.Credential(key=own.key, certificate=own.certificate)
        found |= kept.files(stem, None)
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, durable before it has its name."""
    draft = path.with_name(f".{path.name}.new")
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def require_ceremony(path: Path) -> None:
    """Refuse a world whose ceremony was not held.

    Raises: ConfigurationError naming the command.
    """
    if not (folder_of(path) / "root.cert.pem").exists():
        raise errors.ConfigurationError(
            file="keys/pki", problem="hold the key ceremony first: yinxin ceremony"
        )


def _labels(folder: Path, name: str) -> Iterator[str]:
    """The labels of an authority's generations, the first one first."""
    generation = 1
    while (folder / f"{hierarchy.label_of(name, generation)}.cert.pem").exists():
        yield hierarchy.label_of(name, generation)
        generation += 1


def _certificate(path: Path) -> x509.Certificate:
    try:
        return certificates.from_bytes(path.read_bytes())
    except OSError as problem:
        told = "it is missing: the keys of this world are of another version or incomplete"
        raise errors.ConfigurationError(file=path.name, problem=told) from problem


def _credential(folder: Path, stem: str) -> ceremony.Credential:
    certificate = _certificate(folder / f"{stem}.cert.pem")
    return ceremony.Credential(
        key=keys.from_pkcs8((folder / f"{stem}.key.pem").read_bytes(), None),
        certificate=certificate,
    )


def _agency(
    folder: Path, file: WorldFile, label: str, roots: tuple[hierarchy.KeptRoot, ...]
) -> ceremony.AgencyKeys:
    own = _credential(folder, label)
    above = [one.certificate for one in roots if one.certificate.subject == own.certificate.issuer]
    issuing = authority.IssuingAuthority(
        label=label,
        certificate=own.certificate,
        key=own.key,
        urls=hierarchy.urls_of(file, label),
        parents=tuple(above),
    )
    return ceremony.AgencyKeys(
        authority=issuing,
        ocsp=_credential(folder, f"{label}-ocsp"),
        tsa=_credential(folder, f"{label}-tsa"),
    )


def load(path: Path, file: WorldFile) -> Pki:
    """The PKI out of a world's folder, without the roots' keys.

    Raises: ConfigurationError.
    """
    require_ceremony(path)
    folder = folder_of(path)
    roots = tuple(
        hierarchy.KeptRoot(
            label=label,
            certificate=_certificate(folder / f"{label}.cert.pem"),
            crl=(folder / f"{label}.crl").read_bytes(),
        )
        for label in _labels(folder, "root")
    )
    known = profiles.load_profiles(catalog.DATA / "profiles")
    return Pki(
        roots=roots,
        root_key=None,
        cross=tuple(_certificate(one) for one in sorted(folder.glob("cross-*.cert.pem"))),
        agencies={
            label: _agency(folder, file, label, roots)
            for name in hierarchy.declared_agencies()
            for label in _labels(folder, name)
        },
        seal_makers={
            label: _credential(folder, f"seal-{label}") for label in hierarchy.declared_makers()
        },
        list_signer=_credential(folder, _LIST_SIGNER),
        outsiders={} if file.kind == "production" else _outsiders(folder, known),
        profiles=known,
    )


def _outsiders(
    folder: Path, known: Mapping[str, profiles.Profile]
) -> dict[str, outsiders.Outsider]:
    return {
        label: outsiders.of(
            label,
            root=_credential(folder, f"outside-{label}-root"),
            issuing=_credential(folder, f"outside-{label}"),
            profiles=known,
        )
        for label in hierarchy.OUTSIDERS
    }


def offline_root(
    path: Path, file: WorldFile, offline: Path, passphrase: bytes | None
) -> authority.IssuingAuthority:
    """The newest root with its key, out of the folder that is kept in a safe.

    Raises: ConfigurationError, keys.KeyUnreadable for a wrong passphrase.
    """
    *_, label = _labels(folder_of(path), "root")
    place = offline / f"{label}.key.pem"
    if not place.exists():
        raise errors.ConfigurationError(
            file=str(place), problem="the root's key is not there; bring the medium from the safe"
        )
    return authority.IssuingAuthority(
        label=label,
        certificate=_certificate(folder_of(path) / f"{label}.cert.pem"),
        key=keys.from_pkcs8(place.read_bytes(), passphrase),
        urls=hierarchy.urls_of(file, label),
    )
