"""Every planted bug is caught by the tests that are named with it; and the runner itself is not fooled."""

from __future__ import annotations

import pytest

from tools.planted import catalogue, running

BUGS = catalogue.bugs()
# With reduced counts: a bug whose test is the quickest, so that the whole way is gone every time.
QUICK = "holidays-are-worked"
EDIT = catalogue.Edit(file="a.py", old="is not", new="is")
BUG = catalogue.Bug(id="one", breaks="x", tests=("tests/test_a.py::test_one",), edit=(EDIT,))


@pytest.mark.row("SIM-5")
def test_the_tests_named_with_a_bug_catch_it(count):
    chosen = sorted(BUGS, key=lambda bug: bug.id != QUICK)[: count(1, len(BUGS))]
    told = list(running.plant_all(chosen))
    assert [(one.bug, one.why) for one in told if not one.caught] == []
    assert [one.bug for one in told] == ["", *(bug.id for bug in chosen)]


def phase(**changes):
    one = {"name": "tests/test_a.py::test_one[x]", "when": "call", "failed": True, "told": "said"}
    return {**one, "kinds": ["AssertionError", "Exception"], **changes}


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize(
    ("found", "why"),
    [
        (None, "did not come to an end"),
        ([], "was not run"),
        ([phase(failed=False)], "passes with it"),
        ([phase(name="tests/test_a.py::test_two")], "was not run"),
        ([phase(when="setup")], "failed while it was to setup: said"),
        ([phase(when="collect", kinds=[])], "failed while it was to collect"),
        ([phase(kinds=["TypeError", "Exception"])], "ends by an error of its own kind: said"),
        ([phase(kinds=["ModuleNotFoundError", "ImportError"])], "ends by an error of its own kind"),
    ],
)
def test_what_is_no_catch_says_why(found, why):
    assert why in running.judged(BUG, found)


@pytest.mark.row("SIM-5")
def test_an_assertion_or_a_refusal_in_one_case_of_the_test_is_a_catch():
    passed = phase(name="tests/test_a.py::test_one[y]", failed=False)
    assert running.judged(BUG, [phase(), passed]) == ""
    assert running.judged(BUG, [phase(kinds=["MayNot", "EngineError"])]) == ""
    careless = phase(name="tests/test_a.py::test_one[y]", kinds=["NameError"])
    assert running.judged(BUG, [phase(), careless]) == ""


@pytest.mark.row("SIM-5")
@pytest.mark.parametrize("text", ["", "a is not b is not c\n", "a is b\n"])
def test_a_bug_whose_place_has_changed_is_told_and_not_planted(tmp_path, text):
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    assert "its old text stands" in catalogue.problem_of(BUG, tmp_path)
    told = running.plant(BUG, tmp_path)
    assert not told.caught
    assert "its old text stands" in told.why
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == text


@pytest.mark.row("SIM-5")
def test_what_was_planted_is_gone_afterwards_and_compiled_anew(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("a is not b\n", encoding="utf-8")
    compiled = tmp_path / "__pycache__" / "a.cpython-311.pyc"
    compiled.parent.mkdir()

    def run() -> None:
        with running.planted(BUG, tmp_path):
            assert path.read_text(encoding="utf-8") == "a is b\n"
            compiled.write_bytes(b"of the bug")
            raise KeyError

    with pytest.raises(KeyError):
        run()
    assert path.read_text(encoding="utf-8") == "a is not b\n"
    assert not compiled.exists()


@pytest.mark.row("SIM-5")
def test_a_bug_that_is_missing_is_told_by_name(tmp_path):
    assert catalogue.problem_of(BUG, tmp_path) == "a.py is not there"
    same = BUG.model_copy(update={"edit": (EDIT.model_copy(update={"new": "is not"}),)})
    (tmp_path / "a.py").write_text("a is not b\n", encoding="utf-8")
    assert catalogue.problem_of(same, tmp_path) == "it changes nothing in a.py"
