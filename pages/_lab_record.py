"""What came of a run: its manifest, indicators, invariants, coverage, answers, the steps, and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.kernel import errors
from pages import (
    _console,
    _lab_answers,
    _lab_board,
    _lab_coverage,
    _lab_figures,
    _lab_files,
    _lab_open,
    _lab_replay,
    _lab_words,
)
from pages._console import _
from simulations.runs import Folder

_COUNTED_FROM_ZERO = ("replication", "shard")


def draw(folder: Folder) -> None:
    """The record of a run that has ended, one way or another."""
    _failure(folder)
    manifest = folder.manifest()
    if manifest is None:
        st.info(
            _(
                "There is no manifest: the run did not come to its end. What its shards have finished is"
                " kept; “Resume the run” computes the rest."
            )
        )
        boards = folder.boards()
        if boards:
            st.subheader(_("Where it stood"))
            shown = _lab_board.chosen(boards)
            _lab_board.draw(shown, sum(int(one["arrived"]) for one in shown))
        return
    _lab_open.buttons(folder)
    views = {
        "figures": _("Indicators"),
        "invariants": _("Invariants"),
        "coverage": _("Coverage"),
        "answers": _("Planted truths"),
        "steps": _("Steps"),
        "board": _("Board at the end"),
        "manifest": _("Manifest"),
        "replay": _("Replay one case"),
        "files": _("Files"),
    }
    chosen = _console.view(views)
    if chosen == "figures":
        _lab_figures.draw(folder)
    elif chosen == "invariants":
        _invariants(folder)
    elif chosen == "coverage":
        _lab_coverage.draw(folder)
    elif chosen == "answers":
        _lab_answers.draw(folder)
    elif chosen == "steps":
        _steps(manifest)
    elif chosen == "board":
        boards = folder.boards()
        shown = _lab_board.chosen(boards)
        _lab_board.draw(shown, sum(int(one["arrived"]) for one in shown))
    elif chosen == "manifest":
        _manifest(folder, manifest)
    elif chosen == "replay":
        _lab_replay.draw(folder)
    else:
        _lab_files.draw(folder)


def _failure(folder: Folder) -> None:
    told = folder.failure()
    if told is None:
        return
    st.error(_("The run stopped where this broke. Its folder is kept as it was."))
    _console.table([{_("What"): _lab_words.fact(k), _("Value"): str(v)} for k, v in told.items()])
    command = told.get("replay") or told.get("command")
    if command:
        st.caption(_("This command replays it:"))
        st.code(str(command), language="bash")


def _invariants(folder: Folder) -> None:
    told = folder.invariants() or {"shards": []}
    found: dict[str, list[Any]] = {}
    for shard in told["shards"]:
        for one in shard["invariants"]:
            line = found.setdefault(one["name"], [0, []])
            line[0] += one["violations"]
            line[1] += one["ids"]
    broken = {name: line for name, line in found.items() if line[0]}
    if not found:
        _console.empty(_("Nothing was checked. A run is checked at its end."))
        return
    if not broken:
        st.success(
            _("All {n} invariants hold in {s} shards.", n=len(found), s=len(told["shards"])),
            icon=":material/check:",
        )
    for name, (count, ids) in broken.items():
        st.error(f"**{_(name)}** · {_('{n} violations', n=count)}", icon=":material/error:")
        st.code("\n".join(ids[:20]))
    _console.table(
        [
            {
                _("Invariant"): _(name),
                _("Holds"): _("no") if line[0] else _("yes"),
                _("Violations"): line[0],
            }
            for name, line in sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
        ]
    )


def _steps(manifest: dict[str, Any]) -> None:
    """How often each step was taken, refusals among them."""
    sums: dict[str, int] = {}
    for shard in manifest["shards"]:
        for name, count in shard["counts"].items():
            sums[name] = sums.get(name, 0) + count
    st.caption(_("How often each step was taken in all shards together, refusals among them."))
    _console.table(
        [
            {_("Step"): _lab_words.step(name), _("How often"): count}
            for name, count in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        ]
    )


def _manifest(folder: Folder, manifest: dict[str, Any]) -> None:
    st.caption(_("Digest of the log and of all tables"))
    st.code(str(manifest["digest"]), language=None)
    try:
        st.caption(_("Identity: scenario, seed, people and code"))
        st.code(folder.identity(), language=None)
    except errors.EngineError:
        st.caption(_("A run of an older form: it has no plan beside its manifest."))
    left_out = {"shards", "scenario_contents", "digest", "replications"}
    rows = []
    for key, value in manifest.items():
        if key in left_out:
            continue
        shown = value.items() if isinstance(value, dict) else [("", value)]
        rows += [
            {
                _("What"): " · ".join(filter(None, [_lab_words.fact(key), inner])),
                _("Value"): str(one),
            }
            for inner, one in shown
        ]
    _console.table(rows)
    each = manifest.get("replications")
    if isinstance(each, list) and len(each) > 1:
        st.subheader(_("Replications"))
        _parts(each, ("replication", "seed", "people", "actions", "violations"))
    st.subheader(_("Shards"))
    _parts(
        manifest["shards"],
        ("replication", "shard", "people", "finished", "actions", "events", "open_cases"),
    )


def _parts(parts: Sequence[Mapping[str, Any]], shown: Sequence[str]) -> None:
    """The parts of a run, numbered from one as everywhere, each with its digest."""
    _console.table(
        [
            {
                **{
                    _lab_words.fact(name): part.get(name, 0) + (name in _COUNTED_FROM_ZERO)
                    for name in shown
                },
                _lab_words.fact("digest"): str(part["digest"])[:16],
            }
            for part in parts
        ]
    )
