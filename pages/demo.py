"""The demonstration: a story on a stage of its own, with the real phone and the real PC side by side."""

from __future__ import annotations

import time

import streamlit as st

from engine import boot
from engine.policies.model import ReviewRule
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _beside, _console, _demo_choosing, _demo_drawer, _demo_filling, _look
from pages._console import _
from simulations import stages
from simulations.stages import Stage, State
from simulations.stories import Step

_console.require(Right.DEMO, Right.SIMULATE)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()

_PLAYING, _PLAYED_AT = "stage-playing", "stage-played-at"
_PACES_S = (2, 4, 8)
_WATCH_S = 1.5
# In full screen the console around the page is left out; a click has to ask for it.
_full_screen = st.components.v2.component(
    "yinxin_full_screen",
    js="""
const LOOK = "min-height:40px;padding:0 12px;font:inherit;font-size:1rem;color:inherit;"
  + "background:transparent;border:1px solid #8886;border-radius:8px;cursor:pointer";
export default function({ parentElement, data }) {
  const button = parentElement.querySelector("button") ?? document.createElement("button");
  parentElement.append(button);
  button.textContent = data.label;
  button.style.cssText = LOOK;
  button.onclick = async () => {
    const page = document.querySelector('[data-testid="stMain"]');
    if (document.fullscreenElement) return document.exitFullscreen();
    page.style.background = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
    return page.requestFullscreen();
  };
}
""",
)


# -- acts of the page ------------------------------------------------------------------------------


def _open(stage_id: str) -> None:
    st.query_params["stage"] = stage_id


def _begin(story_id: str) -> None:
    _console.attempt(lambda: stages.begin(story_id), then=lambda stage: _open(stage.id))


def _pause() -> None:
    st.session_state.pop(_PLAYING, None)


def _play(stage: Stage, at: int) -> None:
    _console.attempt(lambda: stage.play(at))
    st.session_state[_PLAYED_AT] = time.monotonic()
    if "refusal" in st.session_state:
        _pause()


def _play_all(stage: Stage) -> None:
    st.session_state[_PLAYING] = stage.id
    st.session_state.pop(_PLAYED_AT, None)


def _jump(stage: Stage, to: int) -> None:
    _pause()
    _console.attempt(lambda: stage.jump(to))


def _back(stage: Stage) -> None:
    _pause()
    _console.attempt(stage.back)


def _reset(stage: Stage) -> None:
    _pause()
    _console.attempt(stage.reset)


def _leave() -> None:
    _pause()
    st.query_params.pop("stage", None)


def _end(stage: Stage) -> None:
    _leave()
    _console.attempt(stage.end)


# -- what is drawn ---------------------------------------------------------------------------------


def _bar(stage: Stage, state: State) -> None:
    """The presenter's buttons."""
    step, at = stage.step, state.at
    with st.container(horizontal=True, key="bar"):
        st.button(_("Step back"), on_click=_back, args=(stage,), disabled=at == 0)
        if step is not None:
            label = step.button.in_language(_console.language())
            st.button(label, key=f"play-{at}", type="primary", on_click=_play, args=(stage, at))
        if st.session_state.get(_PLAYING) == stage.id:
            st.button(_("Pause"), on_click=_pause)
        else:
            st.button(_("Play all"), on_click=_play_all, args=(stage,), disabled=step is None)
        st.selectbox(
            _("Pace"),
            _PACES_S,
            index=1,
            key="stage-pace",
            format_func="{} s".format,
            label_visibility="collapsed",
            width=90,
        )
        st.button(_("Reset"), on_click=_reset, args=(stage,), disabled=at == 0)
        _full_screen(key="full", data={"label": _("Full screen")}, width="content")
        st.button(_("All stories"), on_click=_leave)
    if step is None:
        st.success(_("The story is at its end."))


def _now(stage: Stage, state: State, step: Step, values: dict[str, str]) -> None:
    """The step to be done now: who, what is said, what is filled in, and where it is done by hand."""
    language = _console.language()
    label = stage.story.part(step.who).label.in_language(language)
    where = {
        "phone": f"{label} · {_('on the phone')}",
        "pc": f"{label} · {_('at the PC')}",
        "staff": _("operations staff"),
    }
    words, by_hand = st.columns([6, 1.2], vertical_alignment="top")
    with words:
        st.markdown(
            f"**{state.at + 1}/{len(stage.story.steps)} · {step.title.in_language(language)}**"
            f" · {where[step.side]}  \n{step.note.in_language(language)}"
        )
        _demo_filling.draw(step, values)
    by_hand.button(
        _("Do it by hand"),
        key=f"hand-{state.at}",
        help=_("Open the phone and the PC where this step is done; the story goes on when it is."),
        on_click=lambda: _console.attempt(lambda: stage.show_where(state.at)),
        width="stretch",
    )


def _review(stage: Stage) -> None:
    """The staff's pane: the case that waits, and the decision."""
    with stage.playing(stage.state) as play:
        waiting = play.waiting()
    if not waiting:
        return
    with st.container(border=True, key="staff", height=240):
        sheet = stage.world.engine.ask(boot.tables.review_sheet, boot.tables.INSIDE, waiting[0])
        rules = stage.world.engine.ask(lambda q: q.policies(ReviewRule), boot.tables.INSIDE)
        st.markdown(f"**{_('Review')}** · {_console.told(rules[waiting[0].kind].label)}")
        facts, decision = st.columns([5, 1])
        with facts:
            _console.table(
                [
                    {_("Field"): _(one.label), _("Value"): _console.told(one.value)}
                    for one in sheet.fields
                ]
            )
        for verdict, label in (("approve", _("Approve")), ("reject", _("Reject"))):
            decision.button(
                label,
                key=f"{verdict}-{waiting[0].id}",
                on_click=lambda verdict=verdict: _console.attempt(lambda: stage.decide(verdict)),
                width="stretch",
            )


@st.fragment(run_every=_WATCH_S)
def _watch(stage: Stage) -> None:
    """Go on when a step was done by hand, and at the pace that was chosen while all is played."""
    if stage.look():
        st.rerun()
    if st.session_state.get(_PLAYING) != stage.id:
        return
    at = stage.state.at
    if at >= len(stage.story.steps):
        _pause()
        st.rerun()
    waited = time.monotonic() - st.session_state.get(_PLAYED_AT, 0.0)
    if waited >= st.session_state.get("stage-pace", _PACES_S[1]):
        _play(stage, at)
        st.rerun()


def _steps(stage: Stage, state: State) -> None:
    """Every step, each to jump to."""
    language = _console.language()
    for number, step in enumerate(stage.story.steps):
        done = number < state.at
        mark = _("by hand") if number in state.by_hand else (_("done") if done else "")
        words, go = st.columns([6, 1], vertical_alignment="center")
        words.markdown(
            f"{number + 1}. {step.title.in_language(language)}" + (f" · *{mark}*" if mark else "")
        )
        go.button(
            _("Jump here"),
            key=f"jump-{number}",
            disabled=number == state.at,
            on_click=_jump,
            args=(stage, number),
        )
    if staffing.has(_console.me(), Right.DEMO, anywhere=True):
        st.page_link(
            "time_travel.py",
            label=_("The clock of this demonstration"),
            icon=":material/schedule:",
            query_params={"world": stage.id},
        )
    st.button(_("End this demonstration"), on_click=_end, args=(stage,))


def _draw(stage: Stage) -> None:
    stage.look()
    state, story = stage.state, stage.story
    with stage.playing(state) as play:
        names = {who: one.identity.name for who, one in play.cast.items()}
        seen = play.values(play.cast[(stage.step or story.steps[-1]).who])
        joins = {who: one.invitation for who, one in play.cast.items()}
    _console.title(story.title.in_language(_console.language()), "")
    st.html(_demo_choosing.cast(story, stage.id, names))
    _bar(stage, state)
    if stage.step is not None:
        _now(stage, state, stage.step, seen)
        if stage.step.side == "staff":
            _review(stage)
    part = story.part(state.view["who"])
    whose = f"{names[part.id]} · {part.label.in_language(_console.language())}"
    _beside.show(
        stage.id,
        [part.phone],
        state.view["platform"],
        {**state.view, "turn": state.turns, "whose": whose},
    )
    _watch(stage)
    happened, every, phone = st.tabs(
        [_("What just happened"), _("All steps"), _("A real phone takes part")]
    )
    with happened:
        if state.at:
            _demo_drawer.draw(stage, _demo_drawer.choose(stage, state.at))
        else:
            st.caption(_("Nothing yet: play the first step, or do it by hand."))
    with every:
        _steps(stage, state)
    with phone:
        _beside.real_phone(f"/w/{stage.id}/join/{joins[part.id]}")


_look.style()
found = None
wanted = st.query_params.get("stage", "")
if wanted:
    try:
        found = stages.find(wanted)
    except stages.NoSuchStage as refusal:
        st.warning(_console.say(refusal))
        st.query_params.pop("stage", None)
_beside.wide(close=found is not None)
if found is None:
    _console.title(
        _("Demonstrations"),
        _(
            "A story on a stage of its own: real apps, real documents, and you can take over at any step."
        ),
    )
    _demo_choosing.choose(_begin, _open)
else:
    _draw(found)
