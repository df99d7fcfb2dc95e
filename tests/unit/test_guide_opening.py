"""Where each step of the guide opens, and what is told of its proof."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import guide, stories
from simulations.guide import opening, proving
from tests.support import guide_proofs

pytestmark = pytest.mark.row("DEM-4")
STEPS = {one.id: one for one in guide.load_guide().step}
APPS = catalog.DATA.parent / "pages" / "apps"


def _routes(file: str) -> set[str]:
    """The first words of an app's routes, as its table of screens names them."""
    text = (APPS / file).read_text(encoding="utf-8")
    return set(re.findall(r'^\s*"?/?([a-z-]+)"?(?=[:,])', text, re.MULTILINE)) | set(
        re.findall(r'"/([a-z-]*)"', text)
    )


HANDSET, MALL = _routes("handset/screens.js"), _routes("mall/screens.js")


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_step_has_a_state_that_a_story_reaches_and_a_screen_that_there_is(step: guide.Step):
    story_id, at, shown = opening.place(step)
    assert step.state == f"{story_id}/{stories.shipped()[story_id].steps[at].id}"
    assert shown.phone or shown.pc
    if shown.phone:
        assert shown.phone.partition("/")[0] in HANDSET
    if shown.pc:
        assert re.split(r"[/?]", shown.pc.removeprefix("/"))[0] in MALL


def test_a_storys_own_step_knows_the_place_better_than_the_screens_name():
    _story, _at, shown = opening.place(STEPS["G-scansign-6"])
    assert shown.pc == "/contracts/{contract_id}"
    _story, _at, shown = opening.place(STEPS["G-onetap-3"])
    assert (shown.phone, shown.pc) == ("login", "")
    _story, _at, shown = opening.place(STEPS["G-password-3"])
    assert shown.phone == "login/password"


def test_who_stands_in_the_user_centre_is_the_supplier_whom_the_guide_means():
    story, at, shown = opening.place(STEPS["G-binding-6"])
    step = stories.shipped()[story].steps[at]
    assert stories.shipped()[story].part(step.who).role == "supplier"
    assert shown.pc == "/user"
    # Signed in there a step before, and bound in this one.
    assert [one.act for one in stories.shipped()[story].steps[at - 1 : at + 1]] == [
        "password_login",
        "bind_nationally",
    ]


@pytest.mark.parametrize("state", ["first_certificate/nowhere", "nothing/code"])
def test_a_state_that_no_story_has_is_named(state: str):
    with pytest.raises(guide.NoWay) as refused:
        opening.place(STEPS["G-sms-3"].model_copy(update={"state": state}))
    assert refused.value.params == {"step": "G-sms-3", "state": state}


def _folder(tmp_path: Path, results: str) -> dict[str, guide.Proof]:
    tests = [{"id": "G-a-1", "tests": ["t::a", "t::b"]}, {"id": "G-a-2", "tests": ["t::a"]}]
    (tmp_path / "guide.json").write_text(json.dumps(tests), encoding="utf-8")
    (tmp_path / "results.json").write_text(results, encoding="utf-8")
    (tmp_path / "G-a-2.png").write_bytes(b"")
    return proving.proofs(tmp_path / "guide.json", tmp_path / "results.json", tmp_path)


def test_a_step_is_passed_when_each_of_its_tests_is(tmp_path: Path):
    one = {"t::a": {"outcome": "passed", "at": 5}}
    found = _folder(tmp_path, json.dumps(one))
    assert [found[step].outcome for step in found] == ["not_run", "passed"]
    assert found["G-a-2"].results == (guide.Result("t::a", "passed", 5),)
    assert [found[step].picture is not None for step in found] == [False, True]
    failed = _folder(tmp_path, json.dumps({**one, "t::b": {"outcome": "failed", "at": 6}}))
    assert failed["G-a-1"].outcome == "failed"


@pytest.mark.parametrize(
    "broken", ["", "[]", "{", '{"t::a": 1}', '{"t::a": {"outcome": "skipped", "at": 1}}']
)
def test_what_is_broken_in_the_results_counts_as_not_run(tmp_path: Path, broken: str):
    assert {one.outcome for one in _folder(tmp_path, broken).values()} == {"not_run"}


class Pages:
    """A browser's page as far as choosing one goes."""

    def __init__(self, width: int) -> None:
        self.viewport_size = {"width": width, "height": 800}


def test_the_picture_is_of_the_browser_that_shows_the_screen():
    phone, wide = Pages(390), Pages(1440)
    assert guide_proofs.chosen([wide, phone], "handset/login") is phone
    assert guide_proofs.chosen([phone, wide], "mall/login") is wide
    assert guide_proofs.chosen([wide], "handset/login") is wide
    assert guide_proofs.chosen([], "handset/login") is None


pytest_plugins = ["pytester"]


def test_results_of_a_run_are_kept_beside_those_of_earlier_ones(pytester: pytest.Pytester):
    pytester.makeconftest(
        """
        from tests.support import guide_proofs
        def pytest_addoption(parser):
            parser.addoption("--results", default="")
            parser.addoption("--pictures", default="")
        def pytest_configure(config):
            config.pluginmanager.register(guide_proofs.Watch(config), "guide-proofs")
        """
    )
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.parametrize("n", [1, 2, 3])
        def test_cases(n): assert n != 2
        def test_right(): pass
        def test_left_out(): pytest.skip("not now")
        """
    )
    results = pytester.path / "var" / "results.json"
    results.parent.mkdir()
    results.write_text('{"t::old": {"outcome": "passed", "at": 1}}', encoding="utf-8")
    pytester.runpytest_inprocess("--results", str(results), "-p", "no:cacheprovider")
    found = {name.rpartition("::")[2]: one["outcome"] for name, one in _read(results).items()}
    assert found == {
        "old": "passed",
        "test_cases": "failed",
        "test_right": "passed",
        "test_left_out": "skipped",
    }


def _read(file: Path) -> dict[str, dict[str, object]]:
    found = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found
