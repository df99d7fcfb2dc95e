"""The apps' files, texts and pages: what is served, to whom, and what is not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import app_files, apps
from engine.kernel import texts
from engine.rehearsing import actions as rehearsing
from engine.rehearsing.model import Kind
from tests.support import clocked, web


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


@pytest.fixture
def folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A folder of apps of our own, with things beside it and in it that nobody may have."""
    place = tmp_path / "apps"
    (place / "handset" / ".hidden").mkdir(parents=True)
    (place / "handset" / "main.js").write_text("export const one = 1;\n")
    (place / "handset" / "look.css").write_text("body { margin: 0 }\n")
    (place / "handset" / "notes.md").write_text("not for browsers\n")
    (place / "handset" / ".hidden" / "x.js").write_text("hidden\n")
    (tmp_path / "secret.js").write_text("secret\n")
    (place / "link.js").symlink_to(tmp_path / "secret.js")
    monkeypatch.setattr(app_files, "FOLDER", place)
    return place


def test_a_script_has_its_media_type_and_a_tag_that_saves_the_way(
    visitor: TestClient, folder: Any
) -> None:
    first = visitor.get("/apps/handset/main.js")
    assert first.text == "export const one = 1;\n"
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["x-content-type-options"] == "nosniff"
    tag = first.headers["etag"]
    for known in (tag, f'W/{tag}, "x"'):
        again = visitor.get("/apps/handset/main.js", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
    (folder / "handset" / "main.js").write_text("export const one = 2222;\n")
    changed = visitor.get("/apps/handset/main.js", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert visitor.get("/apps/handset/look.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "path",
    [
        *("", "handset", "handset/", "handset/main.js/", "handset/notes.md", "nothing.js"),
        *("../secret.js", "..%2fsecret.js", "%2e%2e/secret.js", "handset/../../secret.js"),
        *("link.js", "handset/.hidden/x.js", ".hidden.js", "//handset/main.js", "handset//main.js"),
        *("handset%5cmain.js", "handset/main.js%00.css", "C:/x.js", "handset/main.py", "main"),
    ],
)
def test_nothing_else_is_served(visitor: TestClient, folder: Any, path: str) -> None:
    answer = visitor.get(f"/apps/{path}")
    assert answer.status_code in (400, 401, 404), path
    assert "secret" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(visitor: TestClient, folder: Any, method: str) -> None:
    assert visitor.request(method, "/apps/handset/main.js").status_code in (401, 405)


def test_the_modules_of_the_repository_are_all_served(visitor: TestClient) -> None:
    served = [
        path.relative_to(app_files.FOLDER).as_posix()
        for path in app_files.FOLDER.rglob("*")
        if path.suffix in app_files.MEDIA_TYPES
    ]
    assert "vendor/htm-preact.js" in served
    assert {visitor.get(f"/apps/{path}").status_code for path in served} == {200}


def test_the_texts_are_the_servers_own(visitor: TestClient) -> None:
    chinese = visitor.get("/apps/texts/zh_CN.json")
    assert chinese.json() == texts.messages("zh_CN")
    assert chinese.json()["Send code"] == "发送验证码"
    assert visitor.get("/apps/texts/en.json").json() == texts.messages("en")
    tag = chinese.headers["etag"]
    again = visitor.get("/apps/texts/zh_CN.json", headers={"if-none-match": tag})
    assert again.status_code == 304
    for language in ("fr", "zh", "..", "zh_CN.json"):
        assert visitor.get(f"/apps/texts/{language}.json").status_code == 404


def _policy(answer: Any) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


PAGES = {"handset": "/w/run/phone", "mall": "/w/run/mall/guangzheng"}


@pytest.mark.parametrize(("app", "path"), PAGES.items())
def test_a_stranger_gets_the_shell_which_loads_one_module_and_no_inline_script(
    visitor: TestClient, app: str, path: str
) -> None:
    answer = visitor.get(path, headers=web.HTML)
    assert answer.status_code == 200
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    main = app_files.address(f"{app}/main.js")
    assert scripts == [(f' type="module" src="{main}"', "")]
    assert not re.search(r"\son\w+=|javascript:|<style|\sstyle=", answer.text)
    policy = _policy(answer)
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert answer.headers["cache-control"] == "no-store"
    assert "camera=(self)" in answer.headers["permissions-policy"]


def test_the_shell_hands_its_parameters_over_in_data_attributes(visitor: TestClient) -> None:
    phone = visitor.get("/w/run/phone").text
    assert '<html lang="en">' in phone
    assert 'data-base="/w/run/phone/me"' in phone
    assert 'data-language="en"' in phone
    assert 'name="viewport" content="width=device-width' in phone
    chinese = visitor.get("/w/run/phone?lang=zh_CN").text
    assert '<html lang="zh-CN">' in chinese
    assert "标证通" in chinese
    assert 'data-language="zh_CN"' in chinese
    mall = visitor.get("/w/run/mall/guangzheng").text
    assert 'data-base="/w/run/mall/guangzheng"' in mall
    assert 'data-platform="guangzheng"' in mall


def test_a_phone_can_keep_the_handset_on_its_home_screen(visitor: TestClient) -> None:
    told = visitor.get("/w/run/phone/manifest.webmanifest").json()
    assert told["start_url"] == "/w/run/phone"
    assert told["display"] == "standalone"


@pytest.mark.parametrize(
    "path",
    [
        *("/w/other/phone", "/w/other/mall/guangzheng", "/w/run/mall/nowhere", "/w/run/phone/me"),
        *("/w/run/mall/", "/w/run/mall/guangzheng/x", "/w/other/phone/me/events"),
        "/w/other/phone/manifest.webmanifest",
    ],
)
def test_there_is_no_other_page(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_phones_address_names_a_host_that_a_phone_can_reach(
    world: World, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YINXIN_LAN", raising=False)
    assert apps.phone_address("http://127.0.0.1:8501/") == "http://127.0.0.1:8501/w/run/phone"
    monkeypatch.setenv("YINXIN_LAN", "https://192.0.2.2:8501")
    assert apps.phone_address("https://localhost:8501") == "https://192.0.2.2:8501/w/run/phone"
    assert apps.phone_address("https://box.local:8501") == "https://box.local:8501/w/run/phone"


def test_trouble_is_told_to_everybody_in_a_demo_world_and_nowhere_else(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The world of this visitor is no demo: nobody is to ask there again.
    assert visitor.get("/w/run/trouble").status_code == 404
    with clocked.copied(()) as demo:
        there = web.browser(web.application(demo, monkeypatch))
        assert there.get("/w/demo/trouble").json() == {"trouble": []}
        given = {"party": "tax", "kind": Kind.LYING, "minutes": 10}
        found = demo.engine.perform(rehearsing.begin, given, actor=clocked.MOVER)
        told = there.get("/w/demo/trouble")
        assert told.headers["cache-control"] == "no-store"
        assert told.json() == {
            "trouble": [
                {
                    "party": {"zh": "税务开票服务", "en": "Tax service"},
                    "kind": "lying",
                    "until": found.until,
                }
            ]
        }
        assert there.get("/w/elsewhere/trouble").status_code == 404
