"""Sending webhooks over HTTP: to public addresses, to the one that was looked at, within ten seconds."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import boot
from engine.integrating import actions
from engine.integrating.actions import endpoints
from engine.providers import receivers, sending_out
from tests.support import machines, worlds

pytestmark = pytest.mark.row("API-1")

HEADERS = {"webhook-id": "whd_x", "content-type": "application/json"}
INSIDE = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.0.8", "192.0.2.1"),
    *("224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2002:c0a8:1::1"),
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "not an address", ""),
)
OUTSIDE = (
    *("1.1.1.1", "8.8.8.8", "93.184.216.34", "223.5.5.5"),
    *(
        "2606:4700:4700::1111",
        "2400:3200::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
    ),
)


@pytest.mark.parametrize(
    ("address", "public"), [*((one, False) for one in INSIDE), *((one, True) for one in OUTSIDE)]
)
def test_what_is_public_is_what_the_internet_reaches(address, public):
    assert sending_out.is_public(address) is public


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_is_sent_where_a_name_leads_inside(address, monkeypatch):
    connected: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: connected.append(a))
    for found in ((address,), ("93.184.216.34", address), (address, "93.184.216.34")):
        sender = sending_out.HttpSender(anywhere=False, resolving=lambda h, p, f=found: f)
        got = sender.post("https://hooks.example.com/x", HEADERS, b"{}", idempotency_key="x")
        assert (got.code, got.problem) == (None, "not_public")
    assert connected == []


def test_a_name_is_asked_for_once_and_the_connection_goes_where_it_led(monkeypatch):
    """A name that leads outside when it is looked at and inside a moment later reaches nobody inside."""
    answers, connected = [["93.184.216.34"], ["127.0.0.1"]], []

    def connect(address: tuple[str, int], *_args: object, **_given: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    sender = sending_out.HttpSender(anywhere=False, resolving=lambda h, p: answers.pop(0))
    got = sender.post("https://rebinding.example.com/x", HEADERS, b"{}", idempotency_key="x")
    assert (got.code, got.problem) == (None, "unreachable")
    assert connected == [("93.184.216.34", 443)]
    assert answers == [["127.0.0.1"]]


def test_plain_http_is_not_sent_over_in_production():
    sender = sending_out.HttpSender(anywhere=False, resolving=lambda h, p: ["93.184.216.34"])
    got = sender.post("http://hooks.example.com/x", HEADERS, b"{}", idempotency_key="x")
    assert got.problem == "not_public"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "api.localhost",
            "printer.local",
            "db.internal",
            "router.lan",
            "x.home.arpa",
        ),
        *("127.0.0.1", "[::1]", "127.1", "0x7f.1", "2130706433", "10.0.0.1", "169.254.169.254"),
        *("[::ffff:127.0.0.1]", "intranet", "LOCALHOST.", "192.168.1.1"),
    ],
)
def test_an_address_that_is_inside_by_its_looks_is_refused_when_it_is_entered(world, host):
    office = machines.office(world)
    client = office.client()
    with worlds.unchanged(world):
        # What a demonstration may, production may not.
        object.__setattr__(world.engine.parts, "kind", "production")
        try:
            with pytest.raises(actions.AddressNotPublic):
                office.endpoint(client, f"https://{host}/x")
            with pytest.raises(actions.AddressUnusual):
                office.endpoint(client, "http://hooks.example.com/x")
        finally:
            object.__setattr__(world.engine.parts, "kind", "run")
    assert endpoints._may_be_public("hooks.example.com")


def test_each_kind_of_world_has_its_sender(world, tmp_path):
    assert isinstance(world.ports.webhooks, receivers.SimulatedReceivers)
    elsewhere = world.ports.webhooks.post(
        "https://hooks.example.com/x", HEADERS, b"{}", idempotency_key="x"
    )
    assert elsewhere.problem == "unreachable"
    boot.create_world(tmp_path / "demo", kind="demo", world_id="demo-of-webhooks")
    demo = boot.open_world(tmp_path / "demo")
    assert isinstance(demo.receivers, receivers.SimulatedReceivers)
    demo.close()


class _Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as its path says, and remembers what came."""

    came: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.came.append((self.path, dict(self.headers.items()), body))
        if self.path.startswith("/code/"):
            self.send_response(int(self.path.rpartition("/")[2].partition("?")[0]))
            self.send_header("location", "/elsewhere")
            self.send_header("retry-after", "77")
            self.end_headers()
            self.wfile.write(b"y" * 5_000)
        elif self.path == "/dawdle":
            for _ in range(200):
                self.wfile.write(b"H")
                threading.Event().wait(0.02)
        elif self.path == "/garbage":
            self.wfile.write(b"\x00\x01 nonsense\r\n\r\n")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    came: list[tuple[str, dict[str, str], bytes]] = []
    handler = type("Receiver", (_Receiver,), {"came": came})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", came
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("code", [200, 204, 301, 302, 307, 400, 410, 429, 500, 503])
def test_what_is_sent_arrives_whole_and_no_redirect_is_followed(receiver, code):
    address, came = receiver
    sender = sending_out.HttpSender(anywhere=True)
    body = '{"type":"订单"}'.encode()
    got = sender.post(f"{address}/code/{code}?a=1", HEADERS, body, idempotency_key="x")
    assert (got.code, got.problem, got.retry_after_s) == (code, "", 77)
    assert len(got.answer) <= 1_200
    ((path, headers, arrived),) = came
    assert (path, arrived) == (f"/code/{code}?a=1", body)
    assert headers["webhook-id"] == "whd_x"
    assert headers["host"] == address.removeprefix("http://")


def test_who_answers_byte_by_byte_is_hung_up_on(receiver):
    address, _ = receiver
    sender = sending_out.HttpSender(anywhere=True, longest_s=0.3)
    began = time.monotonic()
    got = sender.post(f"{address}/dawdle", HEADERS, b"{}", idempotency_key="x")
    assert time.monotonic() - began < 2
    assert got.code is None
    assert got.problem in ("timed_out", "unreachable")


def test_nonsense_and_nobody_are_told_and_not_raised(receiver):
    address, _ = receiver
    sender = sending_out.HttpSender(anywhere=True)
    assert sender.post(f"{address}/garbage", HEADERS, b"", idempotency_key="x").code is None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert sender.post(nobody, HEADERS, b"", idempotency_key="x").problem == "unreachable"


def test_a_certificate_that_nobody_trusts_is_not_sent_to(tmp_path: Path, receiver):
    """The TLS handshake is against a server that speaks none: what is wrong with TLS is told as that."""
    address, came = receiver
    sender = sending_out.HttpSender(anywhere=True, context=ssl.create_default_context())
    secure = address.replace("http://", "https://")
    got = sender.post(f"{secure}/code/200", HEADERS, b"{}", idempotency_key="x")
    assert (got.code, got.problem) == (None, "not_trusted")
    assert came == []
