"""Other people's clients of our PKI: a server they can reach, OpenSSL, and certificates by the hundred."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography import x509
from starlette.applications import Starlette

from engine import boot
from engine.boot import World
from engine.http import web
from engine.kernel import actors, clock, ids, ports
from engine.pki import certificates, keys
from tests.support import parties, worlds

AGENCY = "dongfang"
YEAR_MS = 365 * clock.DAY


@dataclass
class Tool:
    """OpenSSL in a folder of its own, whose files are named by their names."""

    folder: Path

    def write(self, name: str, content: bytes) -> str:
        """A file in the folder; its name."""
        (self.folder / name).write_bytes(content)
        return name

    def read(self, name: str) -> bytes:
        """A file of the folder."""
        return (self.folder / name).read_bytes()

    def run(self, *arguments: str) -> tuple[int, str]:
        """What `openssl …` ends with and says."""
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def well(self, *arguments: str) -> str:
        """What `openssl …` says, which must succeed."""
        code, told = self.run(*arguments)
        assert code == 0, told
        return told


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def memory_world_at(address: str, patch: pytest.MonkeyPatch, **about: Any) -> World:
    """A world in memory whose certificates name the services at `address`."""
    patch.setattr(sys.modules["engine.boot.worlds"], "DEFAULT_URL", address)
    return boot.memory_world(**about)


@contextlib.contextmanager
def serving(world: World, port: int, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The web process's routes for a world at a port of this machine."""
    patch.setattr(boot, "current", lambda: world)
    patch.setitem(boot.worlds, world.id, world)
    app = Starlette(routes=web.all_routes())
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    ready = threading.Event()
    before = server.startup

    async def startup(sockets: Any = None) -> None:
        await before(sockets=sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(30)


@dataclass
class Stock:
    """Certificates of one party, signed by the CA, of which a test has as many as it wants.

    Their rows are copies of the party's own, so that an order need not be walked through for each.
    """

    world: World
    reviewers: parties.Reviewers
    order: dict[str, Any]
    certificate: dict[str, Any]
    entropy: ids.Entropy = field(default_factory=lambda: ids.seeded(7, "stock"))

    @classmethod
    def of(cls, world: World, *, number: int = 1) -> Stock:
        """A stock with a party of its own."""
        reviewers = parties.Reviewers.of(world)
        party = parties.certified(world, reviewers, number=number)
        order = worlds.rows(world, "SELECT * FROM certificate_order WHERE id = ?", party.order_id)
        sql = "SELECT * FROM certificate WHERE id = ?"
        certificate = worlds.rows(world, sql, party.certificate_id)
        return cls(world, reviewers, order[0], certificate[0])

    def issue(self, *, days: int = 365, status: str = "active") -> str:
        """One more certificate; its id. `requested` was never signed."""
        now = self.world.engine.now() // 1000 * 1000
        begin = now - clock.HOUR
        key = keys.generate(self.entropy).public_key()
        serial = certificates.serial_from(self.entropy)
        order_id = ids.new_id("ord", now, self.entropy)
        order = {**self.order, "id": order_id, "number": order_id}
        certificate_id = ids.new_id("crt", now, self.entropy)
        asked = ports.CertificateRequest(
            serial=serial,
            profile="enterprise",
            applicant=ports.Applicant(
                common_name="江苏东方科技有限公司",
                organization="江苏东方科技有限公司",
                uscc="91320100MA1K00001X",
            ),
            public_key=keys.public_to_der(key),
            not_before=begin,
            not_after=begin + days * clock.DAY,
        )
        signed = status != "requested"
        certificate = {
            **self.certificate,
            "id": certificate_id,
            "pair_id": certificate_id,
            "order_id": order_id,
            "status": status,
            "serial_hex": f"{serial:x}",
            "public_key": asked.public_key,
            "not_before": asked.not_before,
            "not_after": asked.not_after,
            "der": self.world.ports.agencies[AGENCY].issue(asked) if signed else None,
        }
        self._insert("certificate_order", order)
        self._insert("certificate", certificate)
        return certificate_id

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        worlds.run_sql(self.world, sql, *row.values())

    def row(self, certificate_id: str) -> dict[str, Any]:
        """A certificate as the database has it."""
        sql = "SELECT * FROM certificate WHERE id = ?"
        return worlds.rows(self.world, sql, certificate_id)[0]

    def signed(self, certificate_id: str) -> x509.Certificate:
        """A certificate that was signed."""
        return x509.load_der_x509_certificate(bytes(self.row(certificate_id)["der"]))

    @property
    def officer(self) -> actors.Staff:
        """Who revokes and holds for the agency."""
        return self.reviewers.agency
