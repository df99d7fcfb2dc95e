"""A contract at the desk: its pages as pictures, and what the signatures on it are worth now (OPS-1)."""

from __future__ import annotations

import functools
import html
from typing import Any

import streamlit as st

from engine.boot import examining
from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.signing import model as signing
from engine.signing import queries as contracts
from pages import _console, _verdict
from pages._console import _
from pages._desk_reading import Shown

KIND = "contract"
_GOOD = ("valid", "valid_extended")


def _newest(q: Reader, contract_id: str) -> signing.ContractVersion:
    return contracts.newest(q, contract_id)


def pictures(shown: Shown) -> list[str]:
    """The addresses of a contract's pages; none where it is no contract."""
    if shown.case.kind != KIND:
        return []
    newest = _console.ask(_newest, contract_id=shown.case.subject_id)
    place = f"/w/{_console.world().id}/contracts/{shown.case.subject_id}/pages"
    return [f"{place}/{page}?of={newest.id}" for page in range(1, newest.pages + 1)]


@functools.lru_cache(maxsize=64)
def _judged(contract_id: str, document_id: str, world_id: str, hour: int) -> dict[str, Any]:
    """The verdict on a document of this world; it is the same for a while, and takes a second to find."""
    content = _console.ask(contracts.document, contract_id=contract_id)
    return examining.examine(_console.world(), content)


def signatures(shown: Shown) -> None:
    """Who signed, and whether each signature holds; what does not hold stands first."""
    if shown.case.kind != KIND:
        return
    world = _console.world()
    newest = _console.ask(_newest, contract_id=shown.case.subject_id)
    hour = world.engine.now() // clock.HOUR
    try:
        told = _judged(shown.case.subject_id, newest.id, world.id, hour)
    except errors.EngineError as refusal:
        st.html(f'<p class="desk-sub desk-late">{html.escape(_console.say(refusal))}</p>')
        return
    rows = "".join(
        _row(one)
        for one in sorted(told["signatures"], key=lambda one: not one["reasons"])
        if one["kind"] == "signature"
    )
    verdict = _console.label(f"verdict.{told['verdict']}")
    tone = "ok" if told["verdict"] in _GOOD else "late"
    st.html(
        f'<p class="desk-sub">{html.escape(_("The signatures, judged now"))}</p>'
        f'<p class="desk-{tone}" data-verdict="{html.escape(told["verdict"])}">'
        f'{html.escape(verdict)}</p><ul class="desk-checks">{rows}</ul>'
    )


def _row(one: dict[str, Any]) -> str:
    state = _verdict.state(one)
    tone = "ok" if state.startswith("✓") else "late"
    at_ms = one["timestamp_at"] or one["signed_at"]
    more = [state[2:], one["level"], _console.when(at_ms) if at_ms else ""]
    return (
        f'<li><b class="desk-{tone}">{state[0]}</b>{html.escape(_verdict.who(one))}'
        f" <small>{html.escape(' · '.join(part for part in more if part))}</small></li>"
    )
