"""The real web process, from its first request on: the wall before Streamlit, and whose session it is.

The client speaks Streamlit's own protocol over a websocket, as a browser or an attacker would.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from engine import boot
from engine.http import identity
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import web, worlds
from tests.support.sockets import Server, Session, get


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path: Path = tmp_path_factory.mktemp("server") / "demo"
    port = web.free_port()
    boot.create_world(path, kind="demo", world_id="served", public_url=f"http://127.0.0.1:{port}")
    world = boot.open_world(path)
    cookies = {}
    for login, role in (("lead", Role.LEAD), ("product", Role.PRODUCT)):
        worlds.staff(world, role, login=login)
        session = world.engine.perform(
            staffing.sign_in,
            {"login": login, "password": worlds.PASSWORD},
            actor=identity.DOOR,
        )
        cookies[login] = f"{identity.COOKIE}={world.id}.{session.token}"
    for address in web.serve(path, port):
        yield Server(address=address, world=world, cookies=cookies)
    world.close()


def test_the_first_deep_link_of_the_process_meets_the_router_and_its_roles(server: Server) -> None:
    # The very first script run of this process: an unregistered file beside the router.
    session = Session(server, server.cookies["product"])
    ran, shown = session.run("_console")
    assert "page not found" in shown
    assert not any("exception" in text for text in shown)
    for page in ("desk", "search", "log", "_live", "_router", "nothing"):
        ran, shown = session.run(page)
        assert "page not found" in shown, page
        assert ran != page
    session.close()


def test_a_registered_page_opens_by_its_address_for_who_may_see_it(server: Server) -> None:
    session = Session(server, server.cookies["lead"])
    ran, shown = session.run("desk")
    assert ran == "desk"
    assert "page not found" not in shown
    session.close()


@pytest.mark.parametrize("path", ["/", "/desk", "/_console", "/overview.py", "/nothing"])
def test_a_stranger_gets_the_sign_in_page_whatever_they_ask_for(server: Server, path: str) -> None:
    status, landed = get(server, path, Accept="text/html")
    assert status == 200
    assert landed.startswith(f"{server.address}/login?next=")


def test_a_stranger_gets_no_websocket(server: Server) -> None:
    for cookie in ("", f"{identity.COOKIE}=served.wrong", "_streamlit_user=x"):
        with pytest.raises(InvalidStatus) as refused:
            Session(server, cookie)
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", ""])
def test_a_foreign_page_gets_no_websocket_on_somebodys_cookie(server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Session(server, server.cookies["lead"], origin=origin)
    assert refused.value.response.status_code == 403


def test_a_session_id_takes_over_no_session(server: Server) -> None:
    owner = Session(server, server.cookies["lead"])
    owner.run()
    spoofed = {"x-yinxin-staff": "stf_lead"}
    thief = Session(server, server.cookies["product"], resume=owner.id, **spoofed)
    thief.run()
    assert thief.id != owner.id
    owner.close()
    late = Session(server, server.cookies["product"], resume=owner.id)
    late.run()
    assert late.id != owner.id
    with pytest.raises(InvalidStatus):
        Session(server, resume=owner.id)
    again = Session(server, server.cookies["lead"], resume=owner.id)
    again.run()
    assert again.id == owner.id
    for session in (thief, late, again):
        session.close()


def test_a_session_ended_elsewhere_shows_nothing_more_on_a_living_socket(server: Server) -> None:
    signed_in = server.world.engine.perform(
        staffing.sign_in, {"login": "lead", "password": worlds.PASSWORD}, actor=identity.DOOR
    )
    session = Session(server, f"{identity.COOKIE}=served.{signed_in.token}")
    _, before = session.run("desk")
    server.world.engine.perform(staffing.sign_out, {"token": signed_in.token}, actor=identity.DOOR)
    ran, after = session.run("desk")
    assert ran != "desk"
    assert any("leave" in text for text in after)
    assert len(after) < len(before)
    session.close()


def test_the_stream_of_events_tells_of_another_processs_commit(server: Server) -> None:
    request = urllib.request.Request(
        f"{server.address}/w/served/events", headers={"Cookie": server.cookies["lead"]}
    )
    with urllib.request.urlopen(request, timeout=20) as stream:
        first = _next_number(stream)
        server.world.engine.perform(
            staffing.sign_in, {"login": "lead", "password": worlds.PASSWORD}, actor=identity.DOOR
        )
        assert _next_number(stream) == first + 1


def _next_number(stream: Iterator[bytes]) -> int:
    return next(int(line[6:]) for line in stream if line.startswith(b"data: "))


@pytest.mark.parametrize("headers", [{}, {"Cookie": f"{identity.COOKIE}=served.wrong"}])
def test_a_stranger_hears_nothing(server: Server, headers: dict[str, str]) -> None:
    assert get(server, "/w/served/events", **headers)[0] == 401
    assert get(server, "/w/other/events", Cookie=server.cookies["lead"])[0] == 404


def test_streamlits_own_open_doors_are_shut(server: Server) -> None:
    assert get(server, "/_stcore/metrics")[0] == 404
    assert get(server, "/media/abc.png")[0] == 401
    assert get(server, "/_stcore/health")[0] == 200
    with urllib.request.urlopen(f"{server.address}/api/openapi.json", timeout=20) as answer:
        assert json.load(answer)["openapi"] == "3.1.0"
