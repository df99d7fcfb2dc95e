"""TLS for a demo on a LAN: a certificate of the world's own CA for the names and addresses of this machine.

It is kept under `keys/tls/` and made anew when an address changes, a month before it ends, or when it no
longer fits its key. Whoever trusts the world's root trusts it; a phone's camera needs that.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from engine import boot
from engine.kernel import clock, errors, ids
from engine.pki import certificates, keys, names
from engine.pki.certificates import Subject

# Nothing is sent there: the system is asked which of its addresses it would use (RFC 5737).
_SOMEWHERE = ("203.0.113.1", 9)
_LIFETIME_MS = 365 * clock.DAY
_RENEWED_BEFORE_MS = 30 * clock.DAY
_EARLY_MS = clock.HOUR
ALWAYS = ("127.0.0.1", "localhost")


class OnlyForDemos(errors.ConfigurationError):
    """A production world is not served this way: put a proxy with a TLS certificate of yours before it."""


class HostInvalid(errors.InvalidInput):
    """“{host}” is no host name or address. Give one of this machine, such as box.local or 192.168.1.20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """A server's certificate with its issuer's (PEM), and its key."""

    certificate: Path
    key: Path


def hosts_here() -> tuple[str, ...]:
    """The addresses and names by which others on the LAN reach this machine; the likeliest first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(_SOMEWHERE)
        found.append(probe.getsockname()[0])
    name = socket.gethostname()
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(name)[2]
    addresses = [one for one in dict.fromkeys(found) if _outward(one)]
    label = name.split(".")[0].lower()
    plain = label.replace("-", "").isalnum() and label.isascii() and label != "localhost"
    return (*addresses, label, f"{label}.local") if plain else tuple(addresses)


def _outward(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return not (known.is_loopback or known.is_unspecified or known.is_link_local)


def files_for(world: boot.World, hosts: Sequence[str]) -> TlsFiles:
    """The certificate and key of this machine, made or renewed where that is needed.

    Raises: OnlyForDemos, HostInvalid.
    """
    for host in hosts:
        if not host.isascii() or not names.are_hosts([names.general_name(host)]):
            raise HostInvalid(host=host)
    if world.kind == "production" or world.path is None:
        raise OnlyForDemos(file="world.toml", problem="")
    folder = world.path / "keys" / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = TlsFiles(certificate=folder / "server.chain.pem", key=folder / "server.key.pem")
    wanted = tuple(dict.fromkeys((*hosts, *ALWAYS)))
    now = clock.SystemClock().now_ms()
    if not _fits(world, found, wanted, now):
        _make(world, found, wanted, now)
    return found


def _issuer(world: boot.World) -> x509.Certificate:
    agency = next(iter(world.authorities.agencies.values()))
    return agency.keys.authority.certificate


def _fits(world: boot.World, files: TlsFiles, hosts: tuple[str, ...], now: int) -> bool:
    try:
        own = certificates.from_bytes(files.certificate.read_bytes())
        key = keys.from_pkcs8(files.key.read_bytes(), None)
    except (OSError, ValueError, errors.EngineError):
        return False
    named = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        own.public_key() == key.public_key()
        and own.issuer == _issuer(world).subject
        and {str(one.value) for one in named} == set(hosts)
        and now < clock.from_datetime(own.not_valid_after_utc) - _RENEWED_BEFORE_MS
    )


def _make(world: boot.World, files: TlsFiles, hosts: tuple[str, ...], now: int) -> None:
    agency = next(iter(world.authorities.agencies.values()))
    issuer = agency.keys.authority.certificate
    key = keys.generate(ids.system_entropy)
    made = agency.keys.authority.issue(
        profile=agency.profiles["server"],
        subject=Subject(common_name=hosts[0], organization=f"Yinxin {world.id}", hosts=hosts),
        public_key=key.public_key(),
        serial=certificates.serial_from(ids.system_entropy),
        not_before_ms=max(now - _EARLY_MS, clock.from_datetime(issuer.not_valid_before_utc)),
        not_after_ms=now + _LIFETIME_MS,
    )
    _write(files.key, keys.to_pkcs8(key, None))
    _write(files.certificate, certificates.to_pem(made) + certificates.to_pem(issuer))


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
