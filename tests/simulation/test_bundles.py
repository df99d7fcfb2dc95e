"""Bundles: an error in one file that shows it again, with nobody's values, and found out if changed."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine import boot
from engine.boot import World
from engine.kernel import catalog, errors, texts
from simulations import bundles, opening, runs, scenario, states
from simulations.bundles import Failure, saving
from simulations.cli import bundling, main
from tests.support.traces import Traces

pytestmark = pytest.mark.row("SIM-9")
START = 1_780_275_600_000  # 2026-06-01 09:00 in Shanghai


@pytest.fixture
def crowded(world: World) -> tuple[World, set[str]]:
    """A world in which somebody's order is in review, and what is theirs."""
    made = states.make(world, "order.agency_review", 1, 7)
    values = {value for one in made[0].people for value in (one.name, one.phone, one.mall_password)}
    return world, values


def _refused(world: World, arguments: dict[str, Any]) -> errors.EngineError:
    with pytest.raises(errors.EngineError) as refused:
        states.make(world, arguments["state"])
    return refused.value


def _saved(world: World, values: set[str], out: Path) -> Path:
    name, phone, *more = sorted(values, key=len)
    given = {
        "state": "order.nonsense",
        "name": name,
        "phone": phone,
        "papers": [{"code": "licence", "content": "".join(more).encode()}],
        "order_id": "ord_" + "0" * 26,
        "amount_fen": 12_000,
        "reason": "licence_unreadable",
    }
    failure = Failure(
        problem=_refused(world, given),
        action="ordering.place_order",
        arguments=given,
        screen="desk",
    )
    return bundles.save(failure, world, out=out, rights=("simulate",))


def test_a_bundle_tells_what_happened_and_holds_nobodys_values(
    crowded: tuple[World, set[str]], tmp_path: Path
) -> None:
    world, values = crowded
    path = _saved(world, values, tmp_path / "out")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "seen")
    traces = Traces(values)
    assert traces.look_into(tmp_path) > 4_000
    assert traces.found == {}
    found = bundles.read(path)
    assert found.told["error"]["code"] == states.NoSuchState.code
    assert any("simulations/states/machines.py" in one for one in found.told["error"]["trace"])
    act = found.told["act"]
    assert act["action"] == "ordering.place_order"
    assert act["arguments"]["order_id"] == "ord_" + "0" * 26
    assert act["arguments"]["reason"] == "licence_unreadable"
    assert act["arguments"]["name"].startswith("text of ")
    assert found.events[-1]["seq"] == found.told["log"]["seq"]
    assert {"order.submitted", "case.opened"} & {one["kind"] for one in found.events}
    assert found.told["run"] is None
    assert bundles.replay(found).same is None


def test_no_path_of_this_machine_stands_in_a_bundle(
    crowded: tuple[World, set[str]], tmp_path: Path
) -> None:
    found = bundles.read(_saved(*crowded, tmp_path))
    text = json.dumps(found.told)
    assert str(Path(saving.__file__).resolve().parents[2]) not in text
    assert "site-packages" not in text


def test_a_changed_bundle_is_found_out(crowded: tuple[World, set[str]], tmp_path: Path) -> None:
    path = _saved(*crowded, tmp_path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[saving.LOG] = files[saving.LOG].replace(b"case.opened", b"case.closed", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with pytest.raises(bundles.BundleChanged):
        bundles.read(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../elsewhere", b"x")
    with pytest.raises(bundles.BundleUnreadable):
        bundles.read(path)
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(bundles.BundleUnreadable):
        bundles.read(tmp_path / "text.zip")


@pytest.fixture(scope="module")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run's folder."""
    folder = tmp_path_factory.mktemp("bundled") / "quiet"
    plan = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")
    short = plan.model_copy(update={"horizon_days": 1})
    runs.run(short, 2, 5, 1, folder)
    return folder


def test_the_bundle_of_a_run_is_made_again_from_its_seed(a_run: Path, tmp_path: Path) -> None:
    """The same log, byte for byte, up to where the error was; another one is told as such."""
    world = opening.open_read_only(a_run)
    failure = Failure(problem=ValueError("somebody's name"), screen="desk")
    path = bundles.save(failure, world, run=bundles.Run(folder=a_run), out=tmp_path)
    world.close()
    found = bundles.read(path)
    assert found.told["run"]["name"] == "quiet"
    assert "somebody" not in json.dumps(found.told)
    ended = CliRunner().invoke(main, ["replay", str(path), "--json"])
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout)["same"] is True
    told = {**found.told, "log": {**found.told["log"], "mac": "00" * 32}}
    manifest = json.dumps(told).encode()
    saving._write(path, {saving.MANIFEST: manifest, saving.LOG: b""})
    assert CliRunner().invoke(main, ["replay", str(path)]).exit_code == 1


def test_the_picture_has_our_words_and_blocks_for_everything_else(
    crowded: tuple[World, set[str]], tmp_path: Path
) -> None:
    world, values = crowded
    ours = texts.text("Review desk", "zh_CN")
    boxes = [bundles.Box(10, 10, 90, 20, ours), bundles.Box(0, 0, 400, 300)]
    boxes += [bundles.Box(10, 40 + 30 * n, 90, 20, one) for n, one in enumerate(sorted(values))]
    boxes.append(bundles.Box(10, 400, 90, 20, "<script>alert(1)</script>"))
    picture = bundles.drawn(1440, 900, boxes, "zh_CN")
    text = picture.decode()
    assert f">{ours}</text>" in text
    assert text.count('fill="#ddd"') == len(values) + 1
    assert not any(one in text for one in values)
    assert "script" not in text
    path = _saved(world, values, tmp_path)
    bundles.picture_added(path, picture)
    assert bundles.read(path).picture == picture


def test_a_command_that_breaks_leaves_a_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="broken")
    world = boot.open_world(path)
    for other in [name for name in boot.worlds if name != world.id]:
        monkeypatch.delitem(boot.worlds, other)
    monkeypatch.setattr(sys, "argv", ["yinxin", "report", "13800000000", "--out", "张伟.csv"])
    try:
        raise KeyError("13800000000")
    except KeyError as problem:
        bundling.at_crash(type(problem), problem, problem.__traceback__)
    world.close()
    boot.worlds.pop(world.id)
    assert re.search(r"bundle-\S+\.zip", capsys.readouterr().err)
    found = bundles.read(next((path / "bundles").glob("bundle-*.zip")))
    assert (found.told["screen"], found.told["error"]["type"]) == ("report", "KeyError")
    assert "138" not in json.dumps(found.told["error"]) + found.told["screen"]
    assert found.told["world"]["seed"] == 0
