"""Is this document signed, by whom, and has it been changed? And does this evidence hold? All offline."""

from __future__ import annotations

import streamlit as st
from cryptography.hazmat.primitives.serialization import Encoding

from engine.boot import examining
from engine.evidence import packing
from engine.evidence import queries as evidence
from engine.evidence.verifier import command
from engine.signing import queries as contracts
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _verdict
from pages._console import _

_console.require()
_console.title(
    _("Verify a document"),
    _("Signatures, seals, integrity, time and revocation, judged against this platform's roots."),
)


def _document() -> None:
    upload = st.file_uploader(_("A signed PDF"), type=["pdf"])
    root = _console.world().roots[0].public_bytes(Encoding.PEM)
    st.download_button(_("Download the root certificate (PEM)"), root, file_name="yinxin-root.pem")
    if upload is None:
        _console.empty(_("Upload a PDF: nothing of it is kept."))
        return
    told = _console.attempt(lambda: examining.examine(_console.world(), upload.getvalue()))
    _console.show_refusal()
    if told is not None:
        _verdict.show(told)


def _pack() -> None:
    world = _console.world()
    key = packing.log_key(world.keyring)
    st.caption(_("The log's public key"))
    st.code(key.hex(), language=None)
    upload = st.file_uploader(_("An evidence pack (ZIP)"), type=["zip"])
    if upload is None:
        _console.empty(_("Upload an evidence pack to check every link of it, and every byte."))
        return
    try:
        lines = command.check(upload.getvalue(), roots=list(world.roots), key=key)
    except ValueError:
        st.error(_("This is no evidence pack of this platform."))
        return
    good = all(holds for holds, _where, _told in lines)
    (st.success if good else st.error)(
        _("Everything holds.") if good else _("Something does not hold.")
    )
    _console.table(
        [
            {_("State"): "✓" if holds else "✗", _("Where"): where, _("What"): told}
            for holds, where, told in lines
        ]
    )


def _papers() -> None:
    _console.show_refusal()
    number = st.text_input(_("Contract number"))
    if not number:
        _console.empty(_("Enter a contract's number for its signing report and its evidence."))
        return
    found = _console.ask(contracts.by_number, number.strip())
    if not found:
        st.warning(_("There is no such contract."))
    for one in found:
        base = f"/w/{_console.world().id}/contracts/{one.id}"
        with st.container(border=True):
            st.markdown(f"**{one.number}** {one.name}")
            st.link_button(_("Signing report"), f"{base}/report?lang={_console.language()}")
            st.link_button(
                _("Signing report with the contract in it"), f"{base}/report?with=contract"
            )
            if staffing.has(_console.me(), Right.AUDIT, platform_id=one.platform_id):
                _evidence(one.id, f"{base}/evidence")


def _evidence(contract_id: str, address: str) -> None:
    """The pack's address, once who asks has proved that they are there."""
    if st.session_state.get("evidence") == contract_id:
        st.link_button(_("Download the evidence pack"), address, type="primary")
    elif st.button(_("Evidence pack"), key=f"evidence-{contract_id}"):
        _console.attempt(
            lambda: _console.ask(evidence.require_entitled, contract_id),
            then=lambda found: st.session_state.update(evidence=found.id),
        )
        st.rerun()


documents, packs, papers = st.tabs(
    [_("A document"), _("An evidence pack"), _("Report and evidence of a contract")]
)
with documents:
    _document()
with packs:
    _pack()
with papers:
    _papers()
