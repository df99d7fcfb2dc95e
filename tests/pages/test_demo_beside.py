"""Phone beside PC in the console: for whom it is there, and how a real phone is told to come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.staffing.model import Role
from tests.pages.conftest import TIMEOUT_S
from tests.support import web


def _texts(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.markdown)


@pytest.mark.row("DEM-1")
def test_the_page_stands_before_the_demonstrations(open_as: Callable[..., AppTest]) -> None:
    app = open_as("product").switch_page("side_by_side.py").run()
    assert not app.exception
    assert app.title[0].value == "手机与电脑"
    assert app.switch_page("demo.py").run().title[0].value == "演示"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE])
def test_it_is_not_there_for_others(
    sign_in: Callable[..., object], console: Callable[..., AppTest], role: Role
) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="side_by_side"):
        console("side_by_side")


def test_it_is_for_demo_worlds_alone(sign_in: Callable[..., object], console_world: World) -> None:
    sign_in(Role.PRODUCT)
    assert console_world.kind != "demo"
    page = web.ROOT / "pages" / "side_by_side.py"
    app = AppTest.from_file(page, default_timeout=TIMEOUT_S).run()
    assert not app.exception
    assert len(app.error) == 1


@pytest.mark.row("DEM-1")
def test_without_the_local_network_it_says_how_to_open_it_to_phones(
    open_as: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YINXIN_LAN", raising=False)
    app = open_as("product").switch_page("side_by_side.py").run()
    assert "yinxin serve --lan" in _texts(app)
    assert not [one for one in app.get("html") if "data:image/png" in str(one.proto)]


@pytest.mark.row("DEM-1")
def test_in_the_local_network_it_shows_the_address_as_a_qr(
    open_as: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINXIN_LAN", "https://192.0.2.7:8501")
    app = open_as("product").switch_page("side_by_side.py").run()
    shown = [str(one.proto) for one in app.get("html") if "data:image/png" in str(one.proto)]
    assert len(shown) == 1
    assert "https://192.0.2.7:8501/w/" in shown[0]


def test_phones_and_platform_come_from_the_address(open_as: Callable[..., AppTest]) -> None:
    app = open_as("product", "en")
    app.query_params["phones"] = "ab"
    app.query_params["platform"] = "yangguang"
    app.switch_page("side_by_side.py").run()
    assert app.session_state["beside-phones"] == "ab"
    assert app.session_state["beside-platform"] == "yangguang"
