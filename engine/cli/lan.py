"""`yinxin serve --lan`: what a phone on the same network needs, an address, a QR, and a root to trust."""

from __future__ import annotations

import hashlib
import http.server
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from engine import boot
from engine.cli import shell
from engine.http import own_tls, qr

EVERYWHERE = "0.0.0.0"


@dataclass(frozen=True, kw_only=True)
class Lan:
    """How a console is reached from other machines."""

    hosts: tuple[str, ...]
    files: own_tls.TlsFiles
    world_id: str
    root: bytes

    def address(self, port: int) -> str:
        """Its address for another machine."""
        return f"https://{self.hosts[0]}:{port}"

    def options(self) -> list[str]:
        """What Streamlit is told."""
        return [
            *("--server.address", EVERYWHERE),
            *("--server.sslCertFile", str(self.files.certificate)),
            *("--server.sslKeyFile", str(self.files.key)),
            # Otherwise Streamlit asks somebody outside for our address.
            *("--browser.serverAddress", self.hosts[0]),
        ]

    def environment(self, port: int, hosts: str) -> dict[str, str]:
        """What the console is told: the hosts it answers to, and that others reach it."""
        return {
            "YINXIN_LAN": self.address(port),
            "YINXIN_HOSTS": " ".join((*self.hosts, hosts)).strip(),
        }

    def trusting(self) -> ssl.SSLContext:
        """A context that trusts the world's root and nothing else."""
        context = ssl.create_default_context(cadata=self.root)
        context.check_hostname = True
        return context

    @property
    def fingerprint(self) -> str:
        """The root's SHA-256, as phones and desktops show it."""
        return hashlib.sha256(self.root).digest().hex(" ").upper()


def of_world(path: Path, names: Sequence[str]) -> Lan:
    """The LAN side of a world, its TLS certificate made where there is none that fits.

    Raises: own_tls.OnlyForDemos.
    """
    with shell.opened(path) as world:
        hosts = tuple(dict.fromkeys((*names, *own_tls.hosts_here()))) or own_tls.ALWAYS
        return Lan(
            hosts=hosts,
            files=own_tls.files_for(world, hosts),
            world_id=world.id,
            root=_root(world),
        )


def _root(world: boot.World) -> bytes:
    return world.authorities.root.public_bytes(Encoding.DER)


def announce(lan: Lan, port: int, trust_port: int | None) -> None:
    """Print how a phone opens the handset, and which root it has to trust."""
    phone = f"{lan.address(port)}/w/{lan.world_id}/phone"
    shell.say("On a phone in this network: {address}", address=phone)
    shell.tell_raw(qr.in_letters(phone))
    shell.say(
        "The phone has to trust this world's root certificate first (TEST, for this demo only):"
    )
    if trust_port is not None:
        shell.say("  {address}", address=f"http://{lan.hosts[0]}:{trust_port}/root.cer")
    shell.say("  {address}", address=f"{lan.address(port)}/w/{lan.world_id}/ca/root.cer")
    shell.say("  Compare its SHA-256 before you trust it: {digest}", digest=lan.fingerprint)
    shell.say("One-click sign-in is off while others can reach this console.")


class _Root(http.server.BaseHTTPRequestHandler):
    """Gives the root's certificate over plain HTTP and nothing else: a phone has no trust yet."""

    root: bytes = b""
    phone: str = ""

    def do_GET(self) -> None:
        """GET /root.cer; everything else leads to the phone's page."""
        if self.path == "/root.cer":
            self.send_response(200)
            self.send_header("content-type", "application/x-x509-ca-cert")
            self.send_header("content-length", str(len(self.root)))
            self.end_headers()
            self.wfile.write(self.root)
            return
        self.send_response(302)
        self.send_header("location", self.phone)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the console has a log of its own."""


def give_root(lan: Lan, port: int) -> http.server.ThreadingHTTPServer | None:
    """Serve the root over plain HTTP beside the console; None where the next port is taken."""
    phone = f"{lan.address(port)}/w/{lan.world_id}/phone"
    handler = type("RootOf", (_Root,), {"root": lan.root, "phone": phone, "timeout": 10})
    try:
        server = http.server.ThreadingHTTPServer((EVERYWHERE, port + 1), handler)
    except (OSError, OverflowError):
        return None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
