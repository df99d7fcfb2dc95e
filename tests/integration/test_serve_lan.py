"""`yinxin serve --lan`: a real console over TLS, judged by OpenSSL, as a phone in the network meets it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from engine import boot
from engine.boot import World
from engine.handset.store import HandsetStore
from engine.http import own_tls, phone_stores
from engine.kernel import ids
from engine.staffing.model import Role
from tests.support import gateways, registering, web, worlds

LAN = "127.0.0.9"


@dataclass(frozen=True)
class Lan:
    """A console that is served on a LAN (here: another loopback address)."""

    port: int
    path: Path
    world: World
    said: list[str]

    @property
    def address(self) -> str:
        """Its address for a phone."""
        return f"https://{LAN}:{self.port}"

    def trust(self) -> ssl.SSLContext:
        """A client that trusts the world's root alone."""
        return ssl.create_default_context(
            cadata=self.world.authorities.root.public_bytes(Encoding.DER)
        )

    def get(self, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        """GET over verified TLS."""
        request = urllib.request.Request(self.address + path, headers=headers)
        return self._send(request)

    def post(
        self, path: str, body: Any, **headers: str
    ) -> tuple[int, Any, http.client.HTTPMessage]:
        """POST JSON over verified TLS."""
        request = urllib.request.Request(
            self.address + path,
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json", "origin": self.address, **headers},
        )
        status, content, told = self._send(request)
        return status, json.loads(content), told

    def _send(self, request: urllib.request.Request) -> tuple[int, bytes, http.client.HTTPMessage]:
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.trust()) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read(), refusal.headers


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    path: Path = tmp_path_factory.mktemp("lan") / "demo"
    boot.create_world(path, kind="demo", world_id="served")
    world = boot.open_world(path)
    worlds.staff(world, Role.LEAD, login="lead")
    port = web.free_port()
    command = [sys.executable, "-m", "engine.cli", "serve", "--lan", "--host", LAN]
    with subprocess.Popen(
        [*command, "--port", str(port), "--world", str(path)],
        cwd=web.ROOT,
        env={**os.environ, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        said: list[str] = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line.rstrip("\n"))
                if "One-click sign-in is off" in line:
                    break
            assert process.poll() is None, "\n".join(said)
            yield Lan(port=port, path=path, world=world, said=said)
        finally:
            process.terminate()
            process.wait(timeout=40)
    world.close()


def _openssl(lan: Lan, *more: str) -> str:
    root = lan.path / "root.pem"
    root.write_bytes(lan.world.authorities.root.public_bytes(Encoding.PEM))
    done = subprocess.run(
        [
            *("openssl", "s_client", "-connect", f"{LAN}:{lan.port}", "-CAfile", str(root)),
            *("-verify_return_error", "-brief", *more),
        ],
        input=b"",
        capture_output=True,
        check=False,
        timeout=30,
    )
    return (done.stdout + done.stderr).decode()


def test_openssl_follows_the_chain_to_the_worlds_root_for_every_name(lan: Lan) -> None:
    for name in (
        ("-verify_ip", LAN),
        ("-verify_ip", "127.0.0.1"),
        ("-verify_hostname", "localhost"),
    ):
        assert "Verification: OK" in _openssl(lan, *name), name
    assert "Verification: OK" not in _openssl(lan, "-verify_hostname", "evil.example")
    assert "Verification: OK" not in _openssl(lan, "-verify_ip", "198.51.100.1")


def test_who_does_not_trust_the_root_gets_no_connection(lan: Lan) -> None:
    stranger = http.client.HTTPSConnection(LAN, lan.port, timeout=20)
    with contextlib.closing(stranger), pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/login")


def test_the_terminal_shows_the_address_the_qr_and_the_root_to_trust(lan: Lan) -> None:
    said = "\n".join(lan.said)
    assert f"{lan.address}/w/served/phone" in said
    assert "█" in said
    assert f"http://{LAN}:{lan.port + 1}/root.cer" in said
    digest = x509.load_der_x509_certificate(lan.world.authorities.certificate("root")).fingerprint(
        hashes.SHA256()
    )
    assert digest.hex(" ").upper() in said


def test_the_root_comes_over_plain_http_and_nothing_else_does(lan: Lan) -> None:
    plain = f"http://{LAN}:{lan.port + 1}"
    with urllib.request.urlopen(f"{plain}/root.cer", timeout=20) as answer:
        assert answer.read() == lan.world.authorities.certificate("root")
        assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    status, content, _ = lan.get("/w/served/ca/root.cer")
    assert (status, content) == (200, lan.world.authorities.certificate("root"))
    with contextlib.closing(http.client.HTTPConnection(LAN, lan.port + 1, timeout=20)) as raw:
        for path in ("/", "/../keys/tls/server.key.pem", "/login"):
            raw.request("GET", path)
            answer = raw.getresponse()
            assert (answer.status, answer.read()) == (302, b"")
            assert answer.headers["location"] == f"{lan.address}/w/served/phone"


def test_the_handset_opens_over_tls_with_cookies_bound_to_this_host(lan: Lan) -> None:
    status, page, headers = lan.get("/w/served/phone")
    assert status == 200
    assert re.search(rb'src="/apps/r-[0-9a-f]{16}/handset/main.js"', page)
    assert "strict-transport-security" not in headers
    status, told, headers = lan.post("/w/served/phone/me/ask", {"name": "handset.state"})
    assert (status, told["signed_in"], told["demo"]) == (200, False, True)
    assert headers["set-cookie"].startswith("__Host-yinxin_phone_me=served.")


def test_a_host_that_is_not_ours_is_refused(lan: Lan) -> None:
    assert lan.get("/w/served/phone", host="evil.example")[0] == 400
    assert lan.get("/w/served/phone", host=f"localhost:{lan.port}")[0] == 200


def test_one_click_sign_in_is_off_even_for_this_machine(lan: Lan) -> None:
    status, page, headers = lan.get("/login", **{"accept-language": "en"})
    assert status == 200
    assert b'name="demo"' not in page
    csrf = web.csrf_of(page.decode())
    cookie = headers["set-cookie"].split(";")[0]
    request = urllib.request.Request(
        f"https://127.0.0.1:{lan.port}/sign-in",
        data=f"csrf={csrf}&demo=lead&next=/".encode(),
        headers={"cookie": cookie, "origin": f"https://127.0.0.1:{lan.port}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20, context=lan.trust())
    with refused.value as answer:
        assert answer.code in (401, 422)


DEVICE = base64.b64encode(HandsetStore(None, ids.seeded(7, "lan")).device_public_key()).decode()


def _do(lan: Lan, name: str, cookie: str, number: int, **given: Any) -> Any:
    status, told, _ = lan.post(
        "/w/served/phone/me/do",
        {"name": name, "arguments": given},
        cookie=cookie,
        **{"idempotency-key": f"a-key-of-mine-{number}", "yinxin-device": DEVICE},
    )
    assert status == 200, told
    return told


def test_a_phone_signs_in_hears_what_happens_and_leaves_nothing_readable_on_the_disk(
    lan: Lan,
) -> None:
    _, _, headers = lan.post("/w/served/phone/me/ask", {"name": "handset.state"})
    cookie = headers["set-cookie"].split(";")[0]
    phone = "13900139077"
    _do(lan, "handset.set_sim", cookie, 1, phone=phone)
    terms = {"phone": phone, "purpose": "sign_in", "terms_accepted": True}
    asked = _do(lan, "handset.request_code", cookie, 2, **terms)
    code = gateways.code_on(lan.world, phone)
    given = {"request_id": asked["request_id"], "phone": phone, "code": code}
    _do(lan, "handset.sign_in", cookie, 3, **given)
    request = urllib.request.Request(
        f"{lan.address}/w/served/phone/me/events", headers={"cookie": cookie}
    )
    with urllib.request.urlopen(request, timeout=20, context=lan.trust()) as stream:
        first = next(int(line[6:]) for line in stream if line.startswith(b"data: "))
        registering.ask_for_code(lan.world, "13900139078")
        second = next(int(line[6:]) for line in stream if line.startswith(b"data: "))
    assert second > first
    (store,) = (lan.path / "handsets").glob("*.sqlite3")
    kept = b"".join(path.read_bytes() for path in store.parent.glob(f"{store.name}*"))
    token = cookie.partition("=")[2].partition(".")[2]
    for secret in (phone, token, base64.urlsafe_b64decode(token + "=").hex()):
        assert secret.encode() not in kept
        assert secret not in store.name
    held = phone_stores.of_world(lan.world).find(token)
    assert held is not None
    assert held.store.get("sim") == phone.encode()
    assert (held.store.get("session") or b"x") not in kept


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="own")
    world = boot.open_world(path)
    yield world
    world.close()
    boot.worlds.pop(world.id, None)


def test_a_certificate_is_kept_while_it_fits_and_renewed_when_an_address_changes(
    demo: World,
) -> None:
    files = own_tls.files_for(demo, ("192.0.2.7", "box.local"))
    first = files.certificate.read_bytes()
    assert files.key.stat().st_mode & 0o077 == 0
    assert files.certificate.parent == demo.path / "keys" / "tls"  # type: ignore[operator]
    own_tls.files_for(demo, ("192.0.2.7", "box.local"))
    assert files.certificate.read_bytes() == first
    own_tls.files_for(demo, ("192.0.2.8", "box.local"))
    assert files.certificate.read_bytes() != first
    own = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    named = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(one.value) for one in named} == {"192.0.2.8", "box.local", *own_tls.ALWAYS}


@pytest.mark.parametrize("damage", ["key", "certificate", "gone"])
def test_a_damaged_pair_is_made_anew(demo: World, damage: str) -> None:
    files = own_tls.files_for(demo, ("192.0.2.7",))
    before = files.certificate.read_bytes()
    if damage == "gone":
        files.key.unlink()
    elif damage == "key":
        files.key.write_bytes(b"not a key")
    else:
        files.certificate.write_bytes(before[:200])
    own_tls.files_for(demo, ("192.0.2.7",))
    assert files.certificate.read_bytes() != before


def test_a_world_in_memory_or_in_production_is_not_served_this_way(world: World) -> None:
    with pytest.raises(own_tls.OnlyForDemos):
        own_tls.files_for(world, ("192.0.2.7",))


@pytest.mark.parametrize(
    "host", ["", "a b", "印信.example", "-x", "x" * 70, "https://box.local", "*"]
)
def test_a_host_of_a_wrong_form_is_refused_by_name(demo: World, host: str) -> None:
    with pytest.raises(own_tls.HostInvalid) as refused:
        own_tls.files_for(demo, ("192.0.2.7", host))
    assert refused.value.params == {"host": host}


def test_this_machines_addresses_are_none_that_only_itself_reaches() -> None:
    for host in own_tls.hosts_here():
        assert not host.startswith(("127.", "169.254.", "0."))
        assert host != "localhost"
