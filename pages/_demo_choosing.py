"""Choosing a story, and the demonstrations that are open."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from pages import _avatars, _console
from pages._console import _
from simulations import stages
from simulations.stories import Story, shipped

_CARD = """<style>
.yx-cast{display:flex;gap:14px;margin:4px 0 2px}
.yx-one{display:flex;align-items:center;gap:8px;font-size:14px}
.yx-one img{width:34px;height:34px}
</style>"""


def cast(story: Story, seed: str = "", names: dict[str, str] | None = None) -> str:
    """The people of a story as pictures with their names, as markup."""
    shown = []
    for part in story.personas:
        label = part.label.in_language(_console.language())
        name = (names or {}).get(part.id, "")
        words = html.escape(f"{name} · {label}" if name else label)
        face = _avatars.address(f"{seed or story.id}/{part.id}")
        shown.append(f'<span class="yx-one"><img alt="" src="{face}">{words}</span>')
    return f'{_CARD}<div class="yx-cast">{"".join(shown)}</div>'


def choose(begin: Callable[[str], None], open_one: Callable[[str], None]) -> None:
    """The stories, and what is open already."""
    language = _console.language()
    columns = st.columns(2)
    for number, story in enumerate(shipped().values()):
        with columns[number % 2], st.container(border=True, key=f"story-{story.id}"):
            st.markdown(f"**{story.title.in_language(language)}**")
            steps = _("{n} steps", n=len(story.steps))
            st.caption(f"{story.about.in_language(language)} ({steps})")
            st.html(cast(story))
            st.button(
                _("Begin"),
                key=f"begin-{story.id}",
                type="primary" if number == 0 else "secondary",
                on_click=begin,
                args=(story.id,),
            )
    found = stages.listed()
    if found:
        st.subheader(_("Open demonstrations"))
        for one in found:
            _open(one, open_one)


def _open(stage_id: str, open_one: Callable[[str], None]) -> None:
    try:
        stage = stages.find(stage_id)
        state = stage.state
    except stages.NoSuchStage:
        return
    title = stage.story.title.in_language(_console.language())
    words, go_on, end = st.columns([5, 1, 1], vertical_alignment="center")
    words.markdown(
        f"{title} · {_('Step {n} of {all}', n=state.at, all=len(stage.story.steps))}"
        f" · {_console.when(state.made_at)}"
    )
    go_on.button(_("Go on"), key=f"open-{stage_id}", on_click=open_one, args=(stage_id,))
    end.button(_("End"), key=f"end-{stage_id}", on_click=stage.end)
