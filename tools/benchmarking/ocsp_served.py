"""The two servers of the benchmark of OCSP over HTTP: the product's application, and a bare route."""

from __future__ import annotations

import base64
import json
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge

from engine import boot
from engine.kernel import database
from engine.pki import ocsp
from tests.support import pki_clients

CERTIFICATES = 200


def serve() -> None:
    """Be one of the two servers until the process is ended; says where as a line of JSON."""
    import uvicorn

    name, folder = sys.argv[1], Path(sys.argv[2])
    world, stock, ids = ground(folder)
    requests = plain_requests(world, stock, ids)
    listener = socket.create_server(("127.0.0.1", 0))
    # As the product sets it on its own: else every kept-alive answer waits 44 ms, of the baseline too.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    path = f"/w/{world.id}/ocsp/{pki_clients.AGENCY}"
    app = _product(world) if name == "product" else _bare(world, stock, ids, path)
    told = {
        "port": listener.getsockname()[1],
        "path": path,
        "requests": [base64.b64encode(one).decode() for one in requests],
    }
    print(json.dumps(told), flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def ground(folder: Path) -> tuple[boot.World, pki_clients.Stock, list[str]]:
    """A world over an SQLite file, with certificates to ask about."""
    world = boot.memory_world(db=database.SqliteDatabase(folder / "world.sqlite3"))
    stock = pki_clients.Stock.of(world)
    return world, stock, [stock.issue() for _ in range(CERTIFICATES)]


def plain_requests(world: boot.World, stock: pki_clients.Stock, ids: Sequence[str]) -> list[bytes]:
    """A question without a nonce about each certificate."""
    issuer = world.authorities.path(pki_clients.AGENCY)[0]
    return [ocsp.make_request(stock.signed(one), issuer, None) for one in ids]


def _product(world: boot.World) -> Any:
    boot.current = lambda: world
    import streamlit_app

    return streamlit_app.app


def _bare(world: boot.World, stock: pki_clients.Stock, ids: Sequence[str], path: str) -> Any:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    answer = bare_responder(world, {stock.signed(one).serial_number for one in ids})
    kept: dict[bytes, bytes] = {}

    async def ocsp_route(request: Request) -> Response:
        asked = await request.body()
        content = kept.get(asked) or answer(asked)
        if b"\x2b\x06\x01\x05\x05\x07\x30\x01\x02" not in asked:
            kept[asked] = content
        return Response(content, media_type="application/ocsp-response")

    return Starlette(routes=[Route(path, ocsp_route, methods=["POST"])])


def bare_responder(world: boot.World, good: set[int]) -> Callable[[bytes], bytes]:
    """What a script with `cryptography` does: one issuer, serials in a set, ten minutes."""
    import datetime

    own = world.authorities.agencies[pki_clients.AGENCY].keys
    lifetime = datetime.timedelta(minutes=10)

    def answer(request: bytes) -> bytes:
        asked = judge.load_der_ocsp_request(request)
        now = datetime.datetime.now(tz=datetime.UTC).replace(tzinfo=None)
        known = asked.serial_number in good
        builder = judge.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=judge.OCSPCertStatus.GOOD if known else judge.OCSPCertStatus.UNKNOWN,
            this_update=now,
            next_update=now + lifetime,
            revocation_time=None,
            revocation_reason=None,
        )
        builder = builder.responder_id(judge.OCSPResponderEncoding.HASH, own.ocsp.certificate)
        builder = builder.certificates([own.ocsp.certificate])
        for extension in asked.extensions:
            builder = builder.add_extension(extension.value, extension.critical)
        made = builder.sign(own.ocsp.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.DER)

    return answer
