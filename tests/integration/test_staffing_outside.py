"""Signing in through an outside provider (OIDC) over Streamlit's own flow, against a real web process."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp
import pytest

from engine import boot
from engine.http import identity, staff_steps
from engine.staffing import actions
from engine.staffing.model import Role
from tests.support import oidc, staffing, web, worlds

pytestmark = pytest.mark.row("OPS-7")


@dataclass
class Place:
    """The console, its world, and the provider it trusts."""

    address: str
    world: boot.World
    provider: oidc.Provider

    def arrive(self, browser: httpx.Client, wanted: str = "") -> httpx.Response:
        """Go through the provider, from the sign-in page to wherever it ends."""
        query = f"?{urllib.parse.urlencode({'next': wanted})}" if wanted else ""
        return browser.get(f"{self.address}/sign-in/outside{query}")

    def browser(self) -> httpx.Client:
        """A browser that follows where it is sent."""
        return httpx.Client(
            follow_redirects=True,
            timeout=60,
            headers={"accept": "text/html", "accept-language": "en"},
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    path: Path = tmp_path_factory.mktemp("outside") / "demo"
    port, provider = web.free_port(), oidc.Provider()
    address = f"http://127.0.0.1:{port}"
    boot.create_world(path, kind="demo", world_id="outside", public_url=address)
    world = boot.open_world(path)
    secrets = path / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        f'redirect_uri = "{address}/oauth2callback"\n'
        'cookie_secret = "a cookie secret of the test that is long enough"\n'
        f'client_id = "{oidc.CLIENT}"\n'
        f'client_secret = "{oidc.SECRET}"\n'
        f'server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SECRETS_FILES", str(secrets))
        for served in web.serve(path, port):
            yield Place(served, world, provider)
    world.close()
    provider.stop()


@pytest.fixture(scope="module")
def anna(place: Place) -> str:
    """A member of staff whom an administrator linked to the provider's subject."""
    member = worlds.staff(place.world, Role.LEAD, login="anna")
    admin = staffing.administrator(place.world)
    given = {"staff_id": member.staff_id, "issuer": place.provider.issuer}
    staffing.do(place.world, admin, actions.link_oidc, **given, subject=place.provider.subject)
    return member.staff_id


def test_a_linked_member_gets_our_own_session_and_streamlits_cookies_go(
    place: Place, anna: str
) -> None:
    with place.browser() as browser:
        assert "outside account" in browser.get(f"{place.address}/login").text
        landed = place.arrive(browser)
        assert (landed.status_code, landed.url.path) == (200, "/")
        token = browser.cookies[identity.COOKIE].partition(".")[2]
        found = staffing.who(place.world, token)
        assert found is not None
        assert found.staff_id == anna
        assert not [name for name in browser.cookies if name.startswith("_streamlit_user")]
        session = worlds.rows(
            place.world, "SELECT way FROM staff_session WHERE id = ?", found.session_id
        )
        assert session == [{"way": "oidc"}]


@pytest.mark.row("OPS-7")
@pytest.mark.parametrize(
    ("wanted", "landed"),
    [("/desk?case=cas_1", "/desk?case=cas_1"), ("//evil.example/x", "/"), ("/logout", "/")],
)
def test_who_wanted_a_page_of_ours_lands_there_and_nowhere_else(
    place: Place, anna: str, wanted: str, landed: str
) -> None:
    with place.browser() as browser:
        asked = browser.get(f"{place.address}/desk?case=cas_1")
        assert "/sign-in/outside?next=/desk%3Fcase%3Dcas_1" in asked.text
        arrived = place.arrive(browser, wanted)
        assert arrived.url.raw_path.decode() == landed
        assert arrived.url.host == "127.0.0.1"


def test_somebody_whom_nobody_linked_stays_outside(place: Place, anna: str) -> None:
    place.provider.lies = {"sub": "somebody else"}
    with place.browser() as browser:
        landed = place.arrive(browser)
        assert landed.status_code == 401
        assert "No staff account belongs to this outside account" in landed.text
        assert identity.COOKIE not in browser.cookies
        # What Streamlit knows of them opens nothing either.
        assert browser.get(f"{place.address}/desk").url.path == "/login"
    place.provider.lies = {}


@pytest.mark.parametrize(
    "lie",
    [{"iss": "http://127.0.0.1:1"}, {"aud": "another client"}, {"nonce": "x"}, {"exp": 1}, "key"],
    ids=str,
)
def test_a_token_that_is_not_for_us_or_not_by_the_provider_opens_nothing(
    place: Place, anna: str, lie: object
) -> None:
    place.provider.lies = lie if isinstance(lie, dict) else {}
    place.provider.wrong_key = lie == "key"
    with place.browser() as browser:
        landed = place.arrive(browser)
        assert landed.status_code == 401
        assert identity.COOKIE not in browser.cookies
    place.provider.lies, place.provider.wrong_key = {}, False


def test_what_streamlit_signed_is_taken_once_and_a_forged_one_never(
    place: Place, anna: str
) -> None:
    with place.browser() as browser:
        # Everything but the last step, which is ours; its cookies are what a thief would copy.
        browser.follow_redirects = False
        answer = place.arrive(browser)
        while "/sign-in/outside/done" not in answer.headers["location"]:
            answer = browser.get(httpx.URL(answer.url).join(answer.headers["location"]))
        stolen = {n: v for n, v in browser.cookies.items() if n.startswith("_streamlit_user")}
        assert stolen
        done = f"{place.address}/sign-in/outside/done"
        assert browser.get(done).status_code == 303
    for cookies in (stolen, {"_streamlit_user": "eyJzdWIiOiAieCJ9.x.y"}, {}):
        with place.browser() as thief:
            thief.cookies.update(cookies)
            assert thief.get(done).status_code == 401
            assert identity.COOKIE not in thief.cookies


def test_a_second_factor_is_asked_for_all_the_same(place: Place, anna: str) -> None:
    member = staffing.signed_in(place.world, "anna")
    begun = staffing.do(place.world, member, actions.begin_totp, password=worlds.PASSWORD)
    now = place.world.engine.now()
    first = pyotp.TOTP(begun.secret).generate_otp(now // 30_000)
    staffing.do(place.world, member, actions.confirm_totp, code=first)
    with place.browser() as browser:
        landed = place.arrive(browser)
        assert landed.url.path == "/sign-in/step"
        assert identity.COOKIE not in browser.cookies
        assert staff_steps.STEP_COOKIE in browser.cookies
