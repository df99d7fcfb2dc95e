"""Starting a run: what of, with whom, how often, by how many; and how many replications that takes."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from engine.kernel import errors
from engine.reports import current
from pages import _console, _lab_precision
from pages._console import _
from simulations import background, runs, shelf
from simulations.runs import Plan
from simulations.shelf import Kept

STORES = {"memory": "In memory", "file": "A file", "postgresql": "A PostgreSQL database"}
EXECUTORS = {
    "inline": "In one process",
    "pool": "Worker processes",
    "cluster": "A cluster (dask.distributed, TLS)",
}
CRYPTO = {
    "": "As the scenario says",
    "all": "Sign every PDF",
    "sampled": "Sign a sample of the PDFs",
    "none": "Sign no PDF",
}
_MOST_PEOPLE, _MOST_REPLICATIONS, _MOST_WORKERS = 1_000_000, 1_000, 256


def _scenario(known: dict[str, Kept]) -> Kept:
    given = st.query_params.get("scenario", "")
    titles = {
        name: f"{one.scenario.title.in_language(_console.language())} · {name}"
        for name, one in known.items()
        if one.scenario is not None
    }
    first = "quiet_day" if "quiet_day" in known else next(iter(known))
    chosen = st.selectbox(
        _("Scenario"),
        list(known),
        index=list(known).index(given if given in known else first),
        format_func=titles.__getitem__,
        key="start-scenario",
    )
    st.query_params["scenario"] = str(chosen)
    return known[str(chosen)]


def _whole(label: str, name: str, value: int, most: int, least: int = 1, **more: Any) -> int:
    """A whole number that stands in the address, so that a refresh loses nothing."""
    return int(
        st.number_input(
            label,
            min_value=least,
            max_value=most,
            value=value,
            step=1,
            key=name,
            bind="query-params",
            **more,
        )
    )


def _choice(label: str, options: dict[str, str], name: str, **more: Any) -> str:
    given = st.query_params.get(name, "")
    chosen = st.selectbox(
        label,
        list(options),
        index=list(options).index(given) if given in options else 0,
        format_func={one: _(text) for one, text in options.items()}.__getitem__,
        key=f"start-{name}",
        **more,
    )
    st.query_params[name] = str(chosen)
    return str(chosen)


def form() -> None:
    """What a run is started with."""
    known = {one.name: one for one in shelf.listed() if one.scenario is not None}
    kept = _scenario(known)
    assert kept.scenario is not None
    shards = kept.scenario.shards
    with st.container(horizontal=True, vertical_alignment="bottom"):
        people = _whole(_("Number of people"), "people", 100, _MOST_PEOPLE, width=150)
        seed = _whole(
            _("Seed"), "seed", 1, (1 << 40) - 1, 0, width=150,
            help=_("The same scenario, people, seed and code give the same log, byte for byte."),
        )  # fmt: skip
        replications = _whole(
            _("Replications"), "replications", 1, _MOST_REPLICATIONS, width=150,
            help=_("The same scenario with other chance. Intervals need two or more."),
        )  # fmt: skip
        workers = _whole(
            _("Workers"), "workers", 1, _MOST_WORKERS, width=150,
            help=_("They only compute; the result is the same for one and for many."),
        )  # fmt: skip
    st.caption(
        _(
            "{shards} shards to compute; this machine has {cores} processors.",
            shards=shards * replications,
            cores=os.cpu_count() or 1,
        )
    )
    _lab_precision.before_the_run(kept.scenario, replications)
    with st.expander(_("Where it is computed, and what is signed")):
        columns = st.columns(3)
        with columns[0]:
            executor = _choice(_("Computed"), EXECUTORS, "executor")
        with columns[1]:
            store = _choice(_("Database"), STORES, "store")
        with columns[2]:
            crypto = _choice(_("Signatures"), CRYPTO, "crypto")
        label = st.text_input(_("Label"), max_chars=200, key="label", bind="query-params")
    given = {
        "replications": replications,
        "workers": workers,
        # Several workers in one process there are not.
        "executor": None if executor == "inline" and workers > 1 else executor,
        "store": store,
        "crypto": crypto or None,
        "label": str(label or ""),
    }
    if st.button(_("Start the run"), type="primary", key="start", icon=":material/play_arrow:"):
        _start(kept, people, seed, given)


def _start(kept: Kept, people: int, seed: int, given: dict[str, Any]) -> None:
    assert kept.scenario is not None
    place = background.new_place(current.RUNS, kept.scenario.name)
    try:
        plan = Plan.of(kept.scenario, people, seed, **given)
        runs.start(plan, place)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    st.switch_page("simulation_run.py", query_params={"run": place.name})
