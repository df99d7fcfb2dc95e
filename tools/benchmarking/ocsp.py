"""OCSP answers per second: over HTTP beside a bare route, and without HTTP beside other authorities.

Over HTTP one process serves the product's whole application on real sockets, and this process asks it on
several kept-alive connections. The baseline is a Starlette application with one route around the builder
of `cryptography`, served by the same server: its statuses lie in a dictionary, and what it signed for a
request without a nonce it keeps for ever. Fresh answers have a nonce each; the others are pre-signed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as judge

from engine import boot
from tests.support import pki_clients
from tools.benchmarking import ocsp_served, peers, results

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 8
ROUNDS = 5
SECONDS = 2.0
# Without HTTP; certomancer does some hundreds a second.
ANSWERS = 400
NONCE_BYTES = 16
WAYS = ("fresh", "presigned")
_ABOUT = {
    "fresh": "OCSP answers a second by HTTP POST, each with a nonce and signed for it, from one process"
    " (the whole application, SQLite file), {connections} kept-alive connections; baseline: a bare"
    " Starlette route around the builder of `cryptography`, statuses in a dictionary, same server",
    "presigned": "the same without a nonce: answers that are kept while nothing was committed and half of"
    " their time lasts; baseline: the bare route, which keeps what it signed in a dictionary for ever",
}


def measure() -> list[results.Result]:
    """Over HTTP; without HTTP too, where `make bench-peers` made the others' environment."""
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        found = _over_http(Path(folder))
        return [*found, *_beside_others(Path(folder))] if peers.there() else found


# -- without HTTP ----------------------------------------------------------------------------------


def _beside_others(folder: Path) -> list[results.Result]:
    """Fresh against fresh, pre-signed against pre-signed, in turns; certomancer has no pre-signed ones."""
    for name in ("ours", "django-ca", "certomancer"):
        (folder / name).mkdir()
    world, stock, ids = ocsp_served.ground(folder / "ours")
    sample = stock.signed(ids[0]).public_bytes(serialization.Encoding.DER)
    plain = ocsp_served.plain_requests(world, stock, ids)
    with (
        peers.running("ocsp_django_ca", folder / "django-ca" / "own", sample) as django,
        peers.running("ocsp_certomancer", folder / "certomancer" / "own", sample) as certomancer,
    ):
        turns: dict[tuple[str, str], Callable[[], float]] = {
            ("ours", "fresh"): lambda: _ours(world, "fresh", plain),
            ("ours", "presigned"): lambda: _ours(world, "presigned", plain),
            ("django-ca", "fresh"): lambda: django.rate("fresh", ANSWERS)["cpu_us"],
            ("django-ca", "presigned"): lambda: django.rate("presigned", 10 * ANSWERS)["cpu_us"],
            ("certomancer", "fresh"): lambda: certomancer.rate("fresh", ANSWERS)["cpu_us"],
        }
        rates: dict[tuple[str, str], list[float]] = {which: [] for which in turns}
        for turn in range(ROUNDS + 1):
            for which, run in turns.items():
                # Processor time: nothing here waits, and other programs shall not count.
                rate = 1e6 / run()
                if turn:
                    rates[which].append(rate)
        versions = {"django-ca": django.versions, "certomancer": certomancer.versions}
    world.close()
    return [
        _beside(rates, "fresh", "certomancer", versions["certomancer"]),
        _beside(rates, "fresh", "django-ca", versions["django-ca"]),
        _beside(rates, "presigned", "django-ca", versions["django-ca"]),
    ]


def _beside(
    rates: dict[tuple[str, str], list[float]], way: str, name: str, versions: dict[str, str]
) -> results.Result:
    kind = "_presigned" if way == "presigned" else ""
    what = "pre-signed answers handed out" if kind else "answers signed for a nonce each"
    ours, theirs = rates["ours", way], rates[name, way]
    return results.Result(
        name=f"ocsp{kind}_vs_{name.replace('-', '_')}",
        value=results.median(ours),
        unit="answers/s",
        baseline=results.median(theirs),
        options={
            "about": f"{what}, from a request's bytes to an answer's bytes without HTTP, P-256 keys; ours"
            f" looks in an SQLite file whether it is still so; baseline: {name}, as its own server asks it,"
            " each in a process of its own",
            "clock": "processor time",
            "rounds": ROUNDS,
            "rates": results.spread(ours),
            "baseline_rates": results.spread(theirs),
            "versions": versions,
        },
    )


def _ours(world: boot.World, way: str, plain: Sequence[bytes]) -> float:
    """Microseconds of processor time for each answer, asked as the route asks."""
    agency, here = pki_clients.AGENCY, world.authorities
    asked = list(plain) if way == "presigned" else [_with_nonce(one) for one in plain]
    for one in asked:
        here.ocsp(agency, one)
    repeated = 20 if way == "presigned" else 2
    begin = time.process_time()
    for _ in range(repeated):
        for one in asked:
            found = here.ocsp_ready(agency, one) or here.ocsp_answer(agency, one)
    used = time.process_time() - begin
    if (
        judge.load_der_ocsp_response(found.content).certificate_status
        is not judge.OCSPCertStatus.GOOD
    ):
        raise SystemExit("The answer is not what it should be")
    return used / repeated / len(asked) * 1e6


# -- over HTTP -------------------------------------------------------------------------------------


def _over_http(folder: Path) -> list[results.Result]:
    rates: dict[str, dict[str, list[float]]] = {way: {} for way in WAYS}
    with _server("product", folder / "one") as product, _server("bare", folder / "two") as bare:
        both = {"product": product, "bare": bare}
        for turn in range(ROUNDS + 1):
            for way in WAYS:
                for name, server in both.items():
                    rate = server.rate(way)
                    if turn:
                        rates[way].setdefault(name, []).append(rate)
    return [
        results.Result(
            name="ocsp_http" if way == "fresh" else "ocsp_http_presigned",
            value=results.median(rates[way]["product"]),
            unit="answers/s",
            baseline=results.median(rates[way]["bare"]),
            options={
                "about": _ABOUT[way].format(connections=CONNECTIONS),
                "rounds": ROUNDS,
                "seconds_a_round": SECONDS,
                "certificates": ocsp_served.CERTIFICATES,
                "rates": results.spread(rates[way]["product"]),
                "baseline_rates": results.spread(rates[way]["bare"]),
            },
        )
        for way in WAYS
    ]


class _Server:
    """A served responder, and what it is asked."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._port, self._path = int(told["port"]), str(told["path"])
        self._plain = [base64.b64decode(one) for one in told["requests"]]
        # The first answer comes when the application has started.
        link = _Link(self._port, [self._post(self._plain[0])], 0)
        link.socket.settimeout(120)
        link.ask()
        while not link.told():
            pass
        link.require(good=True)
        link.socket.close()

    def rate(self, way: str) -> float:
        """Answers a second for some seconds, each of them seen to be one."""
        asked = self._plain if way == "presigned" else [_with_nonce(one) for one in self._plain]
        posts = [self._post(one) for one in asked]
        links = [_Link(self._port, posts, first) for first in range(CONNECTIONS)]
        with selectors.DefaultSelector() as waiting:
            for link in links:
                waiting.register(link.socket, selectors.EVENT_READ, link)
                link.ask()
            begin, count, over = time.perf_counter(), 0, False
            while not over:
                for key, _ in waiting.select(5):
                    if key.data.told():
                        count += 1
                        key.data.ask()
                over = time.perf_counter() - begin > SECONDS
            taken = time.perf_counter() - begin
        for link in links:
            link.require(good=True)
            link.socket.close()
        return count / taken

    def _post(self, content: bytes) -> bytes:
        head = (
            f"POST {self._path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n"
            f"content-type: application/ocsp-request\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content


def _with_nonce(plain: bytes) -> bytes:
    asked = judge.load_der_ocsp_request(plain)
    builder = judge.OCSPRequestBuilder().add_certificate_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, hashes.SHA256()
    )
    nonce = x509.OCSPNonce(os.urandom(NONCE_BYTES))
    return builder.add_extension(nonce, False).build().public_bytes(serialization.Encoding.DER)


class _Link:
    """One kept-alive connection: asks, and reads one answer after the other."""

    def __init__(self, port: int, posts: Sequence[bytes], first: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._posts, self._next = posts, first
        self._read, self._last = b"", b""

    def ask(self) -> None:
        """The next question."""
        self.socket.sendall(self._posts[self._next % len(self._posts)])
        self._next += CONNECTIONS

    def told(self) -> bool:
        """Whether a whole answer is there; it must be an OCSP answer and no refusal of the server's."""
        self._read += self.socket.recv(65_536)
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return False
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < size:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"The responder refused: {head!r}")
        self._last, self._read = body, b""
        return True

    def require(self, *, good: bool) -> None:
        """The last answer says that its certificate is good, and is successful."""
        answer = judge.load_der_ocsp_response(self._last)
        if (answer.certificate_status is judge.OCSPCertStatus.GOOD) != good:
            raise SystemExit("The responder's answer is not what it should be")


@contextlib.contextmanager
def _server(name: str, folder: Path) -> Iterator[_Server]:
    folder.mkdir()
    command = "from tools.benchmarking import ocsp_served; ocsp_served.serve()"
    with subprocess.Popen(
        [sys.executable, "-c", command, name, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield _Server(json.loads(process.stdout.readline()))
        finally:
            process.terminate()
            process.wait(timeout=30)
