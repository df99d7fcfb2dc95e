"""What a browser has to fetch before the apps and the console show something, and that it keeps it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import app_files, console_files
from tests.support import web

CONSOLE = Path(st.__file__).parent / "static" / "static"
KEPT = "public, max-age=31536000, immutable"
# Of the handset's first screen in Chinese, packed, with its texts: about a second and a half on fast 3G.
BUDGET = 280_000
MODULES = 60
PAGES = {
    "handset": "/w/run/phone",
    "mall": "/w/run/mall/guangzheng",
    "verify": "/w/run/verify",
    "docs": "/api/docs",
}


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def _named(visitor: TestClient, app: str) -> list[str]:
    """The addresses that an app's page names, in order."""
    page = visitor.get(f"{PAGES[app]}?lang=zh_CN", headers=web.HTML).text
    return re.findall(r'(?:href|src)="(/apps/[^"]+)"', page)


def _packed(visitor: TestClient, address: str) -> int:
    """Bytes on the wire of a file for a browser that takes gzip."""
    with visitor.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, address
        return len(b"".join(answer.iter_raw()))


@pytest.mark.parametrize("app", PAGES)
def test_a_page_names_every_module_that_its_app_begins_with_so_none_waits_for_another(
    visitor: TestClient, app: str
) -> None:
    named = [address.split("/", 3)[3] for address in _named(visitor, app)]
    assert len(set(named)) == len(named)
    modules = {name for name in named if name.endswith(".js")}
    assert f"{app}/main.js" in modules
    for name in modules:
        # Read anew, not as the page's maker does: whatever relative path is quoted behind one.
        text = (app_files.FOLDER / name).read_text(encoding="utf-8")
        for found in re.findall(r"""(?:\bfrom|^import)\s*["'](\.\.?/[^"']+)["']""", text, re.M):
            needed = (app_files.FOLDER / name).parent / found
            assert needed.resolve().relative_to(app_files.FOLDER).as_posix() in modules, name
    assert "texts/zh_CN.json" in named


@pytest.mark.parametrize("app", PAGES)
def test_what_a_page_names_is_packed_and_kept_for_ever(visitor: TestClient, app: str) -> None:
    for address in _named(visitor, app):
        answer = visitor.get(address, headers={"accept-encoding": "gzip"})
        assert answer.headers["cache-control"] == KEPT, address
        if len(answer.content) > 1000:
            assert answer.headers["content-encoding"] == "gzip", address
        plain = visitor.get(address, headers={"accept-encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content


def test_the_first_screen_of_the_handset_stays_within_its_budget(visitor: TestClient) -> None:
    named = _named(visitor, "handset")
    assert sum(_packed(visitor, address) for address in named) < BUDGET
    assert len([address for address in named if address.endswith(".js")]) < MODULES
    assert "handset/screens/home.js" not in {address.split("/", 3)[3] for address in named}


def test_a_changed_file_is_another_release_and_the_old_one_is_not_kept(
    visitor: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_files, "FOLDER", tmp_path)
    for name in ("main.js", "other.js"):
        (tmp_path / name).write_text("export const one = 1;\n")
    before = app_files.address("main.js")
    other = app_files.address("other.js")
    assert visitor.get(before).headers["cache-control"] == KEPT
    (tmp_path / "main.js").write_text("export const one = 2222;\n")
    assert app_files.address("main.js") != before
    assert visitor.get(app_files.address("main.js")).headers["cache-control"] == KEPT
    stale = visitor.get(before)
    assert (stale.text, stale.headers["cache-control"]) == (
        "export const one = 2222;\n",
        "no-cache",
    )
    assert visitor.get(other).headers["cache-control"] == KEPT
    never = visitor.get("/apps/r-0123456789abcdef/main.js")
    assert (never.status_code, never.headers["cache-control"]) == (200, "no-cache")
    (tmp_path / "main.js").unlink()
    assert visitor.get(before).status_code == 404


@pytest.fixture
def console() -> TestClient:
    """Streamlit's files as the console's process packs them; what is passed on says so."""
    passed = Route("/{path:path}", lambda _: PlainTextResponse("passed on"))
    packed = Middleware(console_files.Packed, folder=CONSOLE)
    return TestClient(Starlette(routes=[passed], middleware=[packed]))


def test_the_consoles_own_scripts_come_packed(console: TestClient) -> None:
    script = max((CONSOLE / "js").glob("*.js"), key=lambda one: one.stat().st_size)
    address = f"/static/js/{script.name}"
    with console.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == KEPT
    assert gzip.decompress(raw) == script.read_bytes()
    assert len(raw) < script.stat().st_size / 2
    for headers in ({"accept-encoding": "identity"}, {"range": "bytes=0-9"}):
        assert console.get(address, headers=headers).text == "passed on"
    assert console.post(address).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/static/js/nothing.js", "/static/media/x.woff2", "/js/x.js", "/static/..%2f..%2findex.js"],
)
def test_the_console_packs_nothing_else(console: TestClient, path: str) -> None:
    assert console.get(path).text == "passed on"


def test_what_lies_beside_the_consoles_files_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.js").write_text("secret")
    (tmp_path / "static" / "link.js").symlink_to(tmp_path / "secret.js")
    passed = Route("/{path:path}", lambda _: PlainTextResponse("passed on"))
    packed = Middleware(console_files.Packed, folder=tmp_path / "static")
    client = TestClient(Starlette(routes=[passed], middleware=[packed]))
    for path in ("link.js", "..%2fsecret.js", "%2e%2e/secret.js"):
        assert client.get(f"/static/{path}").text == "passed on"
