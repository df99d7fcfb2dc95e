"""What every page uses: the world, who is signed in, questions, acts, words, money, time, tables."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from engine import boot
from engine.http import identity
from engine.kernel import actors, catalog, clock, errors, ids, texts
from engine.kernel.engine import StepUpNeeded
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_log = logging.getLogger(__name__)
T = TypeVar("T")

# Components load from blob addresses, which the content policy allows; inline scripts it does not.
_leave = st.components.v2.component(
    "leave",
    js="export default function({data}){\n location.replace(data.to)\n}\n",
)


def world() -> boot.World:
    """The world that the page is about: the process's, or a finished run's that is looked at."""
    return _looking.world()


def language() -> str:
    """The session's language: chosen, or the browser's."""
    chosen = st.session_state.get("language")
    return str(chosen) if chosen else texts.best_language(str(st.context.locale or ""))


def _(message: str, **params: object) -> str:
    """A message in the session's language."""
    return texts.text(message, language(), **params)


def label(code: str, **params: object) -> str:
    """A coded text (status, fact, kind) in the session's language."""
    return texts.of_code(code, language(), params or None)


def told(value: str | catalog.Text, *, message: bool = False) -> str:
    """A text in the session's language; a plain value as it is, or (`message`) as a message id."""
    if isinstance(value, catalog.Text):
        return value.in_language(language())
    return _(value) if message else value


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the session's language separates them."""
    return texts.joined(words, language())


def me() -> actors.Staff:
    """Who is signed in, with the rights that they have on this page; strangers are sent to sign in."""
    return _looking.with_rights(myself())


def myself() -> actors.Staff:
    """The signed-in member of staff of this world, looked up on every rerun."""
    found = identity.signed_in(identity.cookie_in(st.context.cookies))
    if found is None:
        _leave(key="leave", data={"to": "/login"})
        st.stop()
    return found


def require(*rights: Right) -> actors.Staff:
    """The signed-in member of staff, who must hold one of these rights somewhere."""
    staff = me()
    if rights and not any(staffing.has(staff, right, anywhere=True) for right in rights):
        st.error(_("Your role does not allow this page. Ask an administrator."))
        st.stop()
    return staff


def ask(query: Callable[..., T], *args: Any, actor: actors.Actor | None = None, **kwargs: Any) -> T:
    """The answer to a question as the signed-in member of staff (or as `actor`) may see it."""
    return world().engine.ask(query, actor or me(), *args, **kwargs)


def say(refusal: errors.EngineError) -> str:
    """What a refusal says, in the session's language."""
    return texts.of_error(refusal, language())


@dataclasses.dataclass(frozen=True)
class Waiting:
    """An act that waits for a second factor, and what is done with its result."""

    act: Callable[[], Any]
    then: Callable[[Any], None] | None


def attempt(
    act: Callable[[], T],
    *,
    then: Callable[[T], None] | None = None,
    about: tuple[str, dict[str, Any]] = ("", {}),
) -> T | None:
    """Do something that can be refused; a refusal is shown once, on the next draw.

    What takes a second factor first waits for it and is then done; `then` gets the result. `about` is the
    action and its arguments, for a bundle of what went wrong.
    """
    st.session_state.pop("refusal", None)
    try:
        done = act()
        if then is not None:
            then(done)
        return done
    except StepUpNeeded:
        st.session_state[_step_up.WAITING] = Waiting(act, then)
        if st.session_state.get("drawing"):
            st.rerun()
    except errors.EngineError as refusal:
        st.session_state["refusal"] = say(refusal)
        _bundles.remember(refusal, *about)
    except Exception as bug:  # noqa: BLE001 (the last handler: an id for the person, the trace for us)
        incident = ids.token(ids.system_entropy, 9)
        _log.exception("incident %s", incident)
        _bundles.remember(bug, *about, incident=incident)
        st.session_state["refusal"] = _(
            "Something unexpected happened. Quote this id: {id}", id=incident
        )
    return None


def act_button(
    label: str,
    action: Callable[..., Any],
    arguments: dict[str, Any],
    *,
    name: str,
    then: Callable[[Any], None],
) -> None:
    """A button that performs an action: each press is one act, also of a thing acted upon before."""
    key = ids.token(ids.system_entropy, 12)
    st.button(
        label,
        key=name,
        on_click=lambda: perform(action, arguments, key=key, then=then),
    )


def view(names: dict[str, str]) -> str:
    """Which of a page's views is looked at, the first where none is chosen; kept in the address.

    By its own name, so that the address means the same in every language.
    """
    first = next(iter(names))
    given = st.query_params.get("view", first)
    chosen = st.segmented_control(
        _("View"),
        list(names),
        default=given if given in names else first,
        format_func=names.__getitem__,
        key="view",
        label_visibility="collapsed",
    )
    st.query_params["view"] = str(chosen or first)
    return str(chosen or first)


def was_refused() -> bool:
    """Whether the last attempt was refused."""
    return "refusal" in st.session_state


def show_refusal() -> None:
    """Show what was refused since the last draw."""
    text = st.session_state.pop("refusal", None)
    if text:
        st.error(text)
    _bundles.offer(text or "")


def perform(
    action: Callable[..., T],
    arguments: dict[str, Any],
    *,
    key: str,
    actor: actors.Actor | None = None,
    then: Callable[[T], None] | None = None,
) -> T | None:
    """Make an action happen once for `key`, however often the button is pressed.

    What takes a second factor first waits for it and is then done; `then` gets the result.
    """
    return attempt(
        lambda: world().engine.perform(action, arguments, actor=actor or me(), key=key),
        then=then,
        about=(f"{action.__module__.split('.')[1]}.{action.__name__}", arguments),
    )


def money(fen: int) -> str:
    """Fen as yuan with thousands separators."""
    return f"¥{fen / 100:,.2f}"


def _zone() -> datetime.tzinfo:
    name = st.context.timezone
    try:
        return __import__("zoneinfo").ZoneInfo(str(name)) if name else clock.SHANGHAI
    except (KeyError, ValueError):
        return clock.SHANGHAI


def when(at_ms: int | None) -> str:
    """An instant in the viewer's zone."""
    if at_ms is None:
        return "—"
    return clock.to_datetime(at_ms).astimezone(_zone()).strftime("%Y-%m-%d %H:%M")


def span(milliseconds: int) -> str:
    """A duration, rounded to what matters."""
    minutes = abs(milliseconds) // clock.MINUTE
    if minutes < 60:
        return _("{n} min", n=minutes)
    if minutes < 48 * 60:
        return _("{n} h {m} min", n=minutes // 60, m=minutes % 60)
    return _("{n} days", n=minutes // 1440)


def table(rows: Sequence[dict[str, Any]], **config: Any) -> None:
    """Rows as a dense table; column names are already in the reader's language."""
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        placeholder="—",
        column_config=config or None,
    )


def empty(text: str) -> None:
    """What would be here, and how to make it."""
    st.info(text)


def title(text: str, caption: str = "") -> None:
    """The head of a page with its help, and whatever was refused before."""
    _help.heading(text)
    if caption:
        st.caption(caption)
    show_refusal()
    if "told" in st.session_state:
        st.toast(st.session_state.pop("told"))
    _step_up.ask()


# They draw with what stands above.
from pages import _bundles, _help, _looking, _step_up  # noqa: E402
