"""The PKI of a world as files: made by a ceremony, kept in `keys/pki`, the root's key in `offline/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from engine.kernel import catalog, clock, errors, ids
from engine.pki import authority, ceremony, certificates, keys, profiles
from engine.policies import model as policies
from engine.policies import queries as policy_queries

if TYPE_CHECKING:
    from engine.boot.world import WorldFile

ROOT_CRL_LIFETIME_MS = 5 * 365 * clock.DAY


@dataclass(frozen=True, kw_only=True)
class Pki:
    """A root (its key only right after the ceremony), the agencies and the seal makers."""

    root: x509.Certificate
    root_key: ceremony.Credential | None
    root_crl: bytes
    agencies: Mapping[str, ceremony.AgencyKeys]
    seal_makers: Mapping[str, ceremony.Credential]
    profiles: Mapping[str, profiles.Profile]


def _urls(file: WorldFile, label: str) -> certificates.Urls:
    base = f"{file.public_url}/w/{file.id}"
    return certificates.Urls(
        ocsp="" if label == "root" else f"{base}/ocsp/{label}",
        crl=f"{base}/crl/{label}.crl",
        ca_issuers=f"{base}/ca/{label}.cer",
    )


def _declared() -> tuple[dict[str, policies.CertificateAgency], dict[str, policies.SealAgency]]:
    agencies: dict[str, policies.CertificateAgency] = {}
    makers: dict[str, policies.SealAgency] = {}
    for _, name, setting in policy_queries.declared():
        if isinstance(setting, policies.CertificateAgency):
            agencies[name] = setting
        elif isinstance(setting, policies.SealAgency):
            makers[name] = setting
    return agencies, makers


def _specs(
    file: WorldFile, agencies: Mapping[str, policies.CertificateAgency]
) -> list[ceremony.AuthoritySpec]:
    return [
        ceremony.AuthoritySpec(
            label=label,
            organization=agency.organization,
            uscc=agency.code,
            common_name=f"{agency.label.zh} 签发 CA G1",
            urls=_urls(file, label),
        )
        for label, agency in agencies.items()
    ]


def make(file: WorldFile, now: int, entropy: ids.Entropy) -> Pki:
    """Hold the ceremony: a root, an issuing authority per agency, delegates, seal makers.

    Everything is valid from a day before `now`, so that clocks which differ a little agree.
    """
    known = profiles.load_profiles(catalog.DATA / "profiles")
    agencies, makers = _declared()
    start = now - clock.DAY
    root = ceremony.make_root(
        profiles=known,
        organization="印信电子认证根",
        common_name="印信根证书 R1",
        urls=_urls(file, "root"),
        now_ms=start,
        entropy=entropy,
        test=file.kind != "production",
    )
    issuing = ceremony.make_issuing_authorities(
        root=root,
        specs=_specs(file, agencies),
        profiles=known,
        now_ms=start,
        entropy=entropy,
    )
    first = issuing[0].authority.label
    return Pki(
        root=root.certificate,
        root_key=ceremony.Credential(key=root.key, certificate=root.certificate),
        root_crl=root.crl(
            revoked=[],
            number=1,
            this_update_ms=start,
            next_update_ms=start + ROOT_CRL_LIFETIME_MS,
        ),
        agencies={one.authority.label: one for one in issuing},
        seal_makers=ceremony.make_seal_makers(
            agencies=issuing,
            specs=[
                ceremony.SealMakerSpec(
                    label=label,
                    organization=maker.organization,
                    uscc=maker.code,
                    issued_by=first,
                )
                for label, maker in makers.items()
            ],
            profiles=known,
            now_ms=start,
            entropy=entropy,
        ),
        profiles=known,
    )


def save(path: Path, pki: Pki) -> None:
    """Write the PKI's files; the root's key goes into `offline/`, which no server opens."""
    online, offline = path / "keys" / "pki", path / "offline"
    for folder in (online, offline):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files: dict[str, bytes] = {
        "root.cert.pem": certificates.to_pem(pki.root),
        "root.crl": pki.root_crl,
    }
    for agency in pki.agencies.values():
        files |= agency.files()
    for label, maker in pki.seal_makers.items():
        files |= maker.files(f"seal-{label}", None)
    for name, content in files.items():
        _write(online / name, content)
    if pki.root_key is not None:
        for name, content in pki.root_key.files("root", None).items():
            _write(offline / name, content)


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def require_ceremony(path: Path) -> None:
    """Refuse a world whose ceremony was not held.

    Raises: ConfigurationError naming the command.
    """
    if not (path / "keys" / "pki" / "root.cert.pem").exists():
        raise errors.ConfigurationError(
            file="keys/pki", problem="hold the key ceremony first: yinxin ceremony"
        )


def load(path: Path, file: WorldFile) -> Pki:
    """The PKI out of a world's folder, without the root's key.

    Raises: ConfigurationError.
    """
    require_ceremony(path)
    folder = path / "keys" / "pki"
    root = certificates.from_bytes((folder / "root.cert.pem").read_bytes())

    def credential(stem: str) -> ceremony.Credential:
        return ceremony.Credential(
            key=keys.from_pkcs8((folder / f"{stem}.key.pem").read_bytes(), None),
            certificate=certificates.from_bytes((folder / f"{stem}.cert.pem").read_bytes()),
        )

    def agency(label: str) -> ceremony.AgencyKeys:
        own = credential(label)
        issuing = authority.IssuingAuthority(
            label=label,
            certificate=own.certificate,
            key=own.key,
            urls=_urls(file, label),
            parents=(root,),
        )
        return ceremony.AgencyKeys(
            authority=issuing, ocsp=credential(f"{label}-ocsp"), tsa=credential(f"{label}-tsa")
        )

    agencies, makers = _declared()
    return Pki(
        root=root,
        root_key=None,
        root_crl=(folder / "root.crl").read_bytes(),
        agencies={label: agency(label) for label in agencies},
        seal_makers={label: credential(f"seal-{label}") for label in makers},
        profiles=profiles.load_profiles(catalog.DATA / "profiles"),
    )
