"""The commands in docs/pki.md work as they stand, against a live server."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from engine.issuing import actions as issuing
from engine.kernel import clock
from engine.pki import certificates
from tests.support import pki_clients, web
from tests.support.pki_clients import AGENCY

PAGE = web.ROOT / "docs" / "pki.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def follow(folder: Path, address: str) -> tuple[int, str]:
    """Do what the page says, one block after the other."""
    script = "\n".join(("set -eux -o pipefail", *BLOCKS))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "W": address, "CA": AGENCY},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.row("PKI-2")
def test_who_follows_the_page_gets_what_it_promises(tmp_path: Path):
    port = pki_clients.free_port()
    now = clock.SystemClock().now_ms()
    with pytest.MonkeyPatch.context() as patch:
        base = f"http://127.0.0.1:{port}"
        world = pki_clients.memory_world_at(base, patch, start=now - clock.DAY)
        stock = pki_clients.Stock.of(world)
        world.engine.parts.clock.set(now)  # type: ignore[attr-defined]
        good, revoked = stock.issue(), stock.issue()
        arguments = {"certificate_id": revoked, "reason": "keyCompromise"}
        world.engine.perform(issuing.revoke, arguments, actor=stock.officer)
        told = {}
        with pki_clients.serving(world, port, patch):
            for name, certificate_id in (("good", good), ("revoked", revoked)):
                folder = tmp_path / name
                folder.mkdir()
                pem = certificates.to_pem(stock.signed(certificate_id))
                (folder / "certificate.pem").write_bytes(pem)
                told[name] = follow(folder, f"{base}/w/{world.id}")
        world.close()
    code, text = told["good"]
    assert code == 0, text
    assert "Verification: OK" in text
    assert text.count("certificate.pem: OK") == 4
    assert text.count("certificate.pem: good") == 2
    assert (tmp_path / "good" / "again.der").read_bytes() == (
        tmp_path / "good" / "answer.der"
    ).read_bytes()
    # Of a revoked one the page leads to the list that says so, and there it ends.
    code, text = told["revoked"]
    assert code != 0
    assert "certificate revoked" in text


@pytest.mark.row("PKI-2")
def test_every_address_of_the_page_is_a_route_and_every_route_is_on_the_page():
    from engine.http import services
    from engine.http.web import all_routes

    page = PAGE.read_text(encoding="utf-8")
    names = {"crl", "delta_crl", "ca_certificate", "ocsp", "timestamp"}
    served = {getattr(services, name) for name in names}
    paths = [
        route.path  # type: ignore[attr-defined]
        for route in all_routes()
        if getattr(route, "endpoint", None) in served
    ]
    assert len(paths) == 6
    for path in paths:
        shown = path.replace("/w/{world}", "$W").replace("{ca}", "$CA").split("/{")[0]
        for ending in ("cer", "pem", "p7c"):
            assert f"`{shown.replace('{ending}', ending)}`" in page
