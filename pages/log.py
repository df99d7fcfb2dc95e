"""The event log: whether it holds, how old its newest head is, proofs of events, what to take along."""

from __future__ import annotations

import streamlit as st

from engine.evidence import growing, packing
from engine.evidence import queries as evidence
from engine.evidence.checking import Checked
from engine.evidence.verifier.heads import TreeHead
from engine.kernel import events, texts
from engine.records import values
from engine.staffing.model import Right
from pages import _console, _log_proof, _record_words
from pages._console import _

_console.require(Right.AUDIT)
_LONGEST = 80
_BASE = f"/w/{_console.world().id}"


def _age(at_ms: int) -> str:
    """How long ago by the machine's clock, which heads are signed by."""
    passed = max(0, _console.world().engine.parts.clock.now_ms() - at_ms)
    if passed < 120_000:
        return _("{n} s", n=passed // 1000)
    return _console.span(passed)


def _standing() -> growing.Standing | None:
    """The first thing to know: whether the log is the one that was signed last, and when that was."""
    try:
        found = _console.ask(evidence.log_standing)
    except growing.NoHeadsHere as none:
        st.info(_console.say(none))
        return None
    newest = found.newest
    if found.problem is not None:
        st.error(_console.say(growing.refused(found.problem)))
    elif newest is None:
        st.warning(
            _("No head is signed over this log yet: whoever serves the world does it in a minute.")
        )
    else:
        st.success(
            _(
                "The log is the one that was signed {age} ago, at {time}: {size} events."
                " Younger than that: {young}.",
                age=_age(newest.timestamp),
                time=_console.when(newest.timestamp),
                size=f"{newest.size:,}",
                young=found.young,
            )
        )
    return found


def _tell(checked: Checked) -> None:
    if checked.breaks:
        st.error(_("The log does not hold: {n} breaks.", n=len(checked.breaks)))
        language = _console.language()
        st.markdown(
            "\n".join(f"- {texts.text(one.text, language, **one.params)}" for one in checked.breaks)
        )
    else:
        st.success(
            _(
                "{n} events checked, and every one holds; {heads} signed heads agree with them.",
                n=f"{checked.count:,}",
                heads=checked.heads,
            )
        )
    if checked.given_up:
        st.warning(
            _("{n} heads were given up by an operator's word: see their list.", n=checked.given_up)
        )


def _table(found: list[events.Event]) -> None:
    actors = {one.actor for one in found}
    who = _console.ask(lambda q: {one: values.who(q, one) for one in actors})
    _console.table(
        [
            {
                "#": one.seq,
                _("When"): _console.when(one.occurred_at),
                _("What"): _console.label(one.kind),
                _("Who"): _record_words.told(who[one.actor]),
                _("Subject"): one.subject,
                _("Record"): _record_words.address(one.subject),
                _("Operation"): one.operation,
                _("Rows written"): ", ".join(
                    dict.fromkeys(name for name, _id, _now in one.changes)
                ),
            }
            for one in found
        ],
        **{_("Record"): st.column_config.LinkColumn(display_text=_("Open the record"))},
    )


def _wanted() -> str:
    """What is looked for; kept in the address, which other pages lead here by."""
    st.session_state.setdefault("event", st.query_params.get("event", "")[:_LONGEST])
    typed = st.text_input(
        _("Find an event"),
        placeholder=_("Number of an event, or id of an operation or of a record"),
        max_chars=_LONGEST,
        key="event",
    ).strip()
    if typed:
        st.query_params["event"] = typed
    else:
        st.query_params.pop("event", None)
    return typed


def _proof(found: list[events.Event], wanted: str) -> None:
    """The proof of one of the events, drawn and checked, and its operation's receipt."""
    numbers = [one.seq for one in found]
    named = {one.seq: _console.label(one.kind) for one in found}
    first = next((at for at, seq in enumerate(numbers) if str(seq) == wanted), 0)
    seq = st.selectbox(
        _("Proof for"), numbers, index=first, format_func=lambda one: f"{one} · {named[one]}"
    )
    operation = next(one.operation for one in found if one.seq == seq)
    receipt = _console.attempt(lambda: _console.ask(evidence.receipt, operation))
    _console.show_refusal()
    if receipt is None:
        return
    _log_proof.draw(receipt, next(one for one in receipt.events if one.index == seq - 1))
    st.link_button(
        _("Download the receipt of this operation"), f"{_BASE}/log/receipts/{operation}.json"
    )


def _events(kept: bool) -> None:
    wanted = _wanted()
    found = _console.ask(evidence.log_events, wanted)
    if not wanted:
        st.subheader(_("The newest events"))
        _table(found)
        return
    if not found:
        st.warning(_("There is no such event."))
        return
    st.subheader(_("Events found: {n}", n=len(found)))
    _table(found)
    if kept:
        st.subheader(_("Proof that it is in the log"))
        _proof(found, wanted)


def _heads() -> None:
    heads = _console.ask(evidence.tree_heads)
    if not heads:
        _console.empty(_("No head is signed yet."))
        return
    _console.table(
        [
            {
                _("Signed at"): _console.when(one.timestamp),
                _("Age"): _age(one.timestamp),
                _("Events"): one.size,
                _("Root"): one.root,
                _("Because"): one.reason,
            }
            for one in heads
        ]
    )
    _growth(heads)


def _growth(heads: tuple[TreeHead, ...]) -> None:
    """Whether the log only grew between two heads: worked out at once for those that are chosen."""
    st.subheader(_("Did the log only grow?"))
    sizes = list(dict.fromkeys(one.size for one in heads))
    if len(sizes) < 2:
        _console.empty(_("There is one head so far. With the next one this can be shown."))
        return
    first, second = st.columns(2)
    earlier = first.selectbox(_("From the head over"), sizes, index=len(sizes) - 1)
    later = second.selectbox(_("to the head over"), sizes, index=0)
    made = _console.attempt(lambda: _console.ask(evidence.log_growth, int(earlier), int(later)))
    _console.show_refusal()
    if made is None:
        return
    told = {"first": made.first.size, "second": made.second.size, "n": len(made.proof)}
    if made.holds:
        st.success(
            _("The log of {second} events begins with that of {first}: {n} nodes show it.", **told)
        )
    else:
        st.error(
            _(
                "The log of {second} events does not begin with the one of {first} that was signed.",
                **told,
            )
        )
    address = f"{_BASE}/log/consistency/{made.first.size}-{made.second.size}.json"
    st.link_button(_("Download the proof"), address)


def _export() -> None:
    """The export's address, once who asks has proved that they are there."""
    if st.session_state.get("export"):
        st.link_button(_("Download the log"), f"{_BASE}/log/export.jsonl.gz", type="primary")
    elif st.button(_("Export the whole log")):
        _console.attempt(
            lambda: _console.ask(evidence.require_exporter),
            then=lambda _none: st.session_state.update(export=True),
        )
        st.rerun()


def _take(kept: bool) -> None:
    st.markdown(
        _(
            "Keep the signed heads where nobody who runs this platform can change them, and check an export"
            " against them with the verifier: one file that needs nothing but Python."
        )
    )
    with st.container(horizontal=True):
        st.link_button(_("Download the verifier"), f"{_BASE}/verify_log.py")
        if kept:
            st.link_button(_("Download the signed heads"), f"{_BASE}/log/heads.jsonl")
        _export()
    st.caption(_("The log's public key"))
    key = packing.log_key(_console.world().keyring).hex()
    st.code(key, language=None, wrap_lines=True)
    command = f"python verify_log.py log.jsonl.gz --heads heads.jsonl --key {key}"
    st.code(command, language=None, wrap_lines=True)


_console.title(
    _("Event log"),
    _(
        "Append-only, keyed and chained, and its heads signed outside: whatever is changed is found."
    ),
)
standing = _standing()
if st.button(_("Check the whole log"), type="primary"):
    with st.spinner(_("Checking every event")):
        _tell(_console.ask(evidence.check_log))
views = {"events": _("Events"), "heads": _("Signed heads"), "take": _("Take along")}
if standing is None:
    del views["heads"]
match _console.view(views):
    case "heads":
        _heads()
    case "take":
        _take(standing is not None)
    case _:
        _events(standing is not None)
