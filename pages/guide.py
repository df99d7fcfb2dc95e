"""The user guide, live: each step in the guide's order, what proves it, and its screen to try it."""

from __future__ import annotations

import streamlit as st

from engine.staffing.model import Right
from pages import _console, _guide_step
from pages._console import _
from simulations import guide
from simulations.guide import Function, Proof, Step

_console.require(Right.DEMO, Right.SIMULATE)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()

_ANY = "any"
_STYLE = """<style>.yx-labels{display:flex;flex-wrap:wrap;gap:6px}
.yx-labels span{border:1px solid #8886;border-radius:6px;padding:1px 8px;font-size:13px}</style>"""
_OUTCOMES = {
    _ANY: "Any result",
    "passed": "Passed",
    "failed": "Failed",
    "not_run": "Not run here",
}


@st.cache_data
def _guide() -> guide.Guide:
    return guide.load_guide()


def _asked(functions: tuple[Function, ...]) -> tuple[str, str, str]:
    """What is looked for, which function, and which result; kept in the address."""
    words, function, outcome = st.columns([3, 2, 1.4])
    asked = words.text_input(
        _("Search"),
        value=st.query_params.get("q", ""),
        placeholder=_("A word, a label on a button, a section such as 7.4, or an id"),
        key="guide-words",
    ).strip()
    language = _console.language()
    titles = {one.slug: one.title.in_language(language) for one in functions}
    titles = {_ANY: _("All functions"), **titles}
    outcomes = {one: _(label) for one, label in _OUTCOMES.items()}
    given = st.query_params.get("function", functions[0].slug)
    slug = function.selectbox(
        _("Function"),
        list(titles),
        index=list(titles).index(given) if given in titles else 1,
        format_func=titles.__getitem__,
        key="guide-function",
        disabled=bool(asked),
        help=_("A search goes through all functions."),
    )
    result = outcome.selectbox(
        _("Result of its tests"),
        list(outcomes),
        format_func=outcomes.__getitem__,
        key="guide-outcome",
    )
    st.query_params.update({"function": slug, "q": asked} if asked else {"function": slug})
    if not asked:
        st.query_params.pop("q", None)
    return asked, slug, result


def _fits(step: Step, words: str) -> bool:
    """Whether a step says what is looked for, in either language, on a label, or by id or section."""
    told = (step.id, step.row, step.asks.zh, step.asks.en, *step.labels)
    return step.section.startswith(words) or any(words.lower() in one.lower() for one in told)


def _counts(proofs: dict[str, Proof]) -> None:
    outcomes = [one.outcome for one in proofs.values()]
    counted = " ".join(
        _guide_step.badge(one, outcomes.count(one)) for one in ("passed", "failed", "not_run")
    )
    st.markdown(f"**{_('Steps of the guide')}: {len(outcomes)}** {counted}")
    ran = [one.at for proof in proofs.values() for one in proof.results if one.at is not None]
    if ran:
        st.caption(_("The newest result is of {time}.", time=_console.when(max(ran))))
    else:
        st.caption(
            _("No test has been run on this machine yet: `make guide` runs those of the guide.")
        )


def _draw() -> None:
    found, proofs = _guide(), guide.proofs()
    nothing = Proof(results=(), picture=None)
    _counts(proofs)
    words, slug, outcome = _asked(found.function)
    shown = 0
    for function in found.function:
        steps = [
            one
            for one in found.step
            if one.slug == function.slug
            and (_fits(one, words) if words else slug in (_ANY, function.slug))
            and outcome in (_ANY, proofs.get(one.id, nothing).outcome)
        ]
        if steps:
            st.subheader(function.title.in_language(_console.language()))
        for step in steps:
            _guide_step.draw(step, proofs.get(step.id, nothing))
        shown += len(steps)
    if not shown:
        _console.empty(_("No step of the guide fits. Ask for less."))


_console.title(
    _("The guide, live"),
    _(
        "Every step of the user guide: what it asks, whether its tests pass, and its screen to try it."
    ),
)
st.html(_STYLE)
_guide_step.follow()
_draw()
