"""Taking somebody's console session over: probes against the real web process; none works (OPS-7)."""

from __future__ import annotations

import dataclasses
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from websockets.exceptions import InvalidStatus

from engine import boot
from engine.http import identity, staff_steps
from engine.kernel import actors
from engine.staffing import actions, queries
from engine.staffing.model import Role
from tests.support import staffing, web, worlds
from tests.support.sockets import Server, Session, get

pytestmark = pytest.mark.row("OPS-7")
HTML = {"Accept": "text/html"}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing, so that the answer itself can be looked at."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Nowhere."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path: Path = tmp_path_factory.mktemp("taken") / "demo"
    port = web.free_port()
    boot.create_world(path, kind="demo", world_id="served", public_url=f"http://127.0.0.1:{port}")
    world = boot.open_world(path)
    worlds.staff(world, Role.ADMINISTRATOR, login="root")
    for login in ("lead", "leaver", "coded"):
        worlds.staff(world, Role.LEAD, login=login)
    worlds.staff(world, Role.PRODUCT, login="thief")
    for address in web.serve(path, port):
        yield Server(address=address, world=world, cookies={})
    world.close()


def cookie(server: Server, login: str) -> str:
    """A fresh session's cookie."""
    token = staffing.sign_in(server.world, login).token
    return f"{identity.COOKIE}={server.world.id}.{token}"


def gets_in(server: Server, given: str, **more: str) -> list[str]:
    """How a cookie gets into the console, if it does: by HTTP, or by a websocket that draws the desk."""
    ways = []
    headers = {"Cookie": given} if given else {}
    status, landed = get(server, "/desk", **HTML, **headers)
    if status == 200 and "/login" not in landed:
        ways.append("page")
    if get(server, "/w/served/events", **headers)[0] != 401:
        ways.append("events")
    try:
        session = Session(server, given, **more)
    except InvalidStatus:
        return ways
    ran, _shown = session.run("desk")
    session.close()
    if ran == "desk":
        ways.append("websocket")
    return ways


def after_sign_out(server: Server) -> list[str]:
    """The cookie of somebody who signed out, kept by a thief, and a socket that was open before."""
    kept = cookie(server, "lead")
    living = Session(server, kept)
    assert living.run("desk")[0] == "desk"
    token = kept.partition(".")[2]
    staffing.do(server.world, staffing.DOOR, actions.sign_out, token=token)
    ways = gets_in(server, kept)
    if living.run("desk")[0] == "desk":
        ways.append("living socket")
    living.close()
    return ways


def of_a_disabled_member(server: Server) -> list[str]:
    """The cookie and the open socket of somebody who was disabled a moment ago."""
    kept = cookie(server, "leaver")
    living = Session(server, kept)
    assert living.run("desk")[0] == "desk"
    root, leaver = (
        next(one for one in worlds.rows(server.world, "SELECT id, login FROM staff")
             if one["login"] == login)["id"]
        for login in ("root", "leaver")
    )  # fmt: skip
    admin = server.world.engine.ask(queries.actor, staffing.DOOR, root)
    assert isinstance(admin, actors.Staff)
    proved = dataclasses.replace(admin, second_factor_at=server.world.engine.now())
    staffing.do(server.world, proved, actions.disable_staff, staff_id=leaver, reason="left")
    ways = gets_in(server, kept)
    if living.run("desk")[0] == "desk":
        ways.append("living socket")
    living.close()
    return ways


def of_another_world(server: Server) -> list[str]:
    """A living session of another world, under its own name and under this one's."""
    other = boot.memory_world(world_id="other")
    worlds.staff(other, Role.LEAD, login="lead")
    token = staffing.sign_in(other, "lead").token
    here = cookie(server, "lead").partition(".")[2]
    found = [
        *gets_in(server, f"{identity.COOKIE}=other.{token}"),
        *gets_in(server, f"{identity.COOKIE}=served.{token}"),
        *gets_in(server, f"{identity.COOKIE}=other.{here}"),
    ]
    other.close()
    return found


def by_session_id(server: Server) -> list[str]:
    """Streamlit's own id of the lead's session, in the hands of a colleague with a cookie of their own."""
    owner = Session(server, cookie(server, "lead"))
    owner.run("desk")
    ways = []
    for resumed in (True, False):
        if not resumed:
            owner.close()
        thief = Session(server, cookie(server, "thief"), resume=owner.id)
        ran, _shown = thief.run("desk")
        if thief.id == owner.id or ran == "desk":
            ways.append("session id")
        thief.close()
    try:
        Session(server, "", resume=owner.id)
        ways.append("session id alone")
    except InvalidStatus:
        pass
    return ways


def forged(server: Server) -> list[str]:
    """Made-up tokens, a living one bent a little, an identity header, and Streamlit's own user cookie."""
    living = cookie(server, "lead")
    lead = next(
        one["id"]
        for one in worlds.rows(server.world, "SELECT id, login FROM staff")
        if one["login"] == "lead"
    )
    found = []
    for value in (
        "served.",
        "served.x",
        f"served.{lead}",
        living.partition("=")[2][:-1],
        living.partition("=")[2].swapcase(),
        living.partition(".")[2],
        "served." + "A" * 43,
    ):
        found += gets_in(server, f"{identity.COOKIE}={value}")
    found += gets_in(server, "", **{"x-yinxin-staff": lead})
    found += gets_in(server, "_streamlit_user=2|1:0|x; _streamlit_xsrf=x")
    # The hash that a stolen database holds is no token.
    row = worlds.rows(server.world, "SELECT token_hash FROM staff_session LIMIT 1")[0]
    return found + gets_in(server, f"{identity.COOKIE}=served.{bytes(row['token_hash']).hex()}")


def fixed_before_sign_in(server: Server) -> list[str]:
    """A value that a thief planted in the victim's browser before they signed in."""
    planted = "served." + "B" * 43
    with urllib.request.urlopen(f"{server.address}/login", timeout=20) as page:
        set_cookie = page.headers["Set-Cookie"].split(";")[0]
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.read().decode())
    assert csrf is not None
    fields = {"csrf": csrf.group(1), "login": "lead", "password": worlds.PASSWORD}
    request = urllib.request.Request(
        f"{server.address}/sign-in",
        data=urllib.parse.urlencode(fields).encode(),
        headers={
            "Cookie": f"{set_cookie}; {identity.COOKIE}={planted}",
            "Origin": server.address,
        },
    )
    opener = urllib.request.build_opener(NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as answered:
        opener.open(request, timeout=20)
    with answered.value as answer:
        assert answer.code == 303
        assert planted not in str(answer.headers["Set-Cookie"])
    return gets_in(server, f"{identity.COOKIE}={planted}")


def half_signed_in(server: Server) -> list[str]:
    """The password alone, of somebody with a second factor: the cookie of the step that is missing."""
    if staffing.sign_in(server.world, "coded").step == "":
        member = staffing.signed_in(server.world, "coded")
        begun = staffing.do(server.world, member, actions.begin_totp, password=worlds.PASSWORD)
        now = server.world.engine.now()
        code = pyotp.TOTP(begun.secret).generate_otp(now // 30_000)
        staffing.do(server.world, member, actions.confirm_totp, code=code)
    step = staffing.sign_in(server.world, "coded")
    assert step.step == "code"
    return [
        *gets_in(server, f"{identity.COOKIE}=served.{step.token}"),
        *gets_in(server, f"{staff_steps.STEP_COOKIE}=served.{step.token}"),
    ]


def from_elsewhere(server: Server) -> list[str]:
    """The victim's own cookie, sent along by a foreign page; by a client that names no origin; by none."""
    living = cookie(server, "lead")
    ways = []
    for origin in ("http://evil.example", "null", ""):
        try:
            Session(server, living, origin=origin).close()
            ways.append(f"origin {origin}")
        except InvalidStatus:
            pass
    return ways + gets_in(server, "")


PROBES: tuple[Callable[[Server], list[str]], ...] = (
    after_sign_out,
    of_a_disabled_member,
    of_another_world,
    by_session_id,
    forged,
    fixed_before_sign_in,
    half_signed_in,
    from_elsewhere,
)


def test_none_of_the_probes_takes_a_session_over(server: Server) -> None:
    # What the probes look for is there to be found: an honest cookie gets in every way.
    assert gets_in(server, cookie(server, "lead")) == ["page", "events", "websocket"]
    worked = {probe.__name__: probe(server) for probe in PROBES}
    for name, ways in worked.items():
        print(f"take-over {name.replace('_', ' ')}: {', '.join(ways) or 'nothing'}")
    print(f"{sum(map(bool, worked.values()))} of {len(worked)} probes worked")
    assert not any(worked.values())
