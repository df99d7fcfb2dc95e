"""One case or person of a run played again, up to one step: what happened, and what was refused."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_way, _lab_words, _looking
from pages._console import _
from simulations import replaying
from simulations.replaying import Replayed, Way
from simulations.runs import Folder

_DONE = "lab-replayed"
# Playing a shard again takes as long as it took; more than so many seconds is for the command line.
_PATIENCE_S = 120.0


def draw(folder: Folder) -> None:
    """Choose whose way is shown, and up to which step it is played again."""
    st.caption(
        _(
            "The shard is played again from its seed, the log held against the run’s byte for byte, and"
            " stopped at the step: the world is left as it was there."
        )
    )
    found = _way(folder)
    if found is None:
        return
    numbers = [one.number for one in found.steps]
    _console.table(
        [
            {
                _("Step"): one.number,
                _("Time"): _lab_words.moment(one.at_ms),
                _("Who"): one.actor.partition(":")[0],
                _("Action"): one.action,
                _("Facts"): " · ".join(_console.label(fact.kind) for fact in one.facts),
            }
            for one in found.steps
        ]
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = int(
            st.selectbox(
                _("Up to step"), numbers, index=len(numbers) - 1, key="replay-step", width=140
            )
        )
        before = bool(st.toggle(_("Stop right before it"), key="replay-before"))
    given = f"--case {found.start}" + f" --step {step}" + (" --before" if before else "")
    st.code(f"yinxin replay {folder.path} {given}", language="bash")
    took = _took(folder, found)
    if took > _PATIENCE_S:
        st.caption(_("Its shard took {time}: use the command.", time=_lab_words.seconds(took)))
        return
    if st.button(_("Play it again here"), key="replay", icon=":material/replay:"):
        _play(folder, found, step, before)
    done = st.session_state.get(_DONE)
    if isinstance(done, Replayed) and done.way.start == found.start:
        _show(done)


def _way(folder: Folder) -> Way | None:
    """The way of what was asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        case = str(
            st.text_input(
                _("An id of the log: an account, an order, a case"), key="replay-case", width=360
            )
            or ""
        ).strip()
        person = int(
            st.number_input(
                _("Or a person by number, from 0"), 0, max(0, folder.plan().people - 1), 0,
                key="replay-person", width=260,
            )
        )  # fmt: skip
    try:
        return (
            replaying.way(folder.path, case=case)
            if case
            else replaying.way(folder.path, person=person)
        )
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return None


def _took(folder: Folder, found: Way) -> float:
    for one in folder.outcomes():
        if (one.replication, one.shard) == (found.spec.replication, found.spec.shard):
            return one.seconds
    return 0.0


def _play(folder: Folder, found: Way, step: int, before: bool) -> None:
    place = st.empty()

    def tell(share: float) -> None:
        with place:
            _lab_way.progress(share, _lab_words.share(share))

    def again() -> Replayed:
        return replaying.replay(
            folder.path,
            case=found.start,
            step=step,
            before=before,
            replication=found.spec.replication,
            tell=tell,
        )

    st.session_state[_DONE] = _console.attempt(again)
    place.empty()
    _console.show_refusal()


def _show(done: Replayed) -> None:
    st.success(
        _(
            "Played again: {n} events, each the same as in the run. The world stands in {place}.",
            n=f"{done.events:,}",
            place=str(done.folder),
        ),
        icon=":material/check:",
    )
    spec = done.way.spec

    def enter() -> None:
        _console.attempt(
            lambda: _looking.enter(
                f"{done.way.run}/{replaying.PLACE}/{done.folder.name}", spec.shard, spec.replication
            )
        )

    st.button(
        _("Look at it in the console"),
        key="look-at-step",
        icon=":material/visibility:",
        on_click=enter,
    )
    rows = [
        {
            _("Step"): one.number,
            _("Action"): deed.action,
            _("With"): ", ".join(f"{k}={v}" for k, v in deed.arguments.items()),
        }
        for one in done.steps
        if (deed := done.deeds.get(one.number)) is not None
    ]
    if rows:
        _console.table(rows)
    if done.refused:
        st.markdown(f"**{_('What was refused on the way')}**")
        _console.table(
            [
                {
                    _("Time"): _lab_words.moment(one.at_ms),
                    _("Action"): one.action,
                    _("Refusal"): one.code,
                }
                for one in done.refused
            ]
        )
