"""Is this document signed, by whom, and has it been changed? Offline, against the platform's root."""

from __future__ import annotations

import streamlit as st
from cryptography.hazmat.primitives.serialization import Encoding

from engine.pdf import reasons, verification
from pages import _console
from pages._console import _

_console.require()
_console.title(
    _("Verify a document"),
    _("Signatures, integrity, time and revocation, judged offline against this platform's root."),
)
upload = st.file_uploader(_("A signed PDF"), type=["pdf"])
root = _console.world().roots[0].public_bytes(Encoding.PEM)
st.download_button(_("Download the root certificate (PEM)"), root, file_name="yinxin-root.pem")
if upload is None:
    _console.empty(_("Upload a PDF: nothing of it is kept."))
    st.stop()
verdict = _console.attempt(
    lambda: verification.verify(
        upload.getvalue(), roots=_console.world().roots, at_ms=_console.world().engine.now()
    )
)
_console.show_refusal()
if verdict is None:
    st.stop()
tone = {"valid": st.success, "valid_extended": st.success, "indeterminate": st.warning}
tone.get(verdict.verdict, st.error)(_console.label(f"verdict.{verdict.verdict}"))
for reason in verdict.reasons:
    st.text("· " + _(reasons.REASONS.get(reason, reason)))
if verdict.signatures:
    _console.table(
        [
            {
                _("Signer"): one.signer_name,
                _("Organization"): one.organization,
                _("Time-stamp"): _console.when(one.timestamp_at),
                _("Level"): one.level,
                _("Intact"): "✓" if one.intact else "✗",
                _("Trusted"): "✓" if one.trusted else "✗",
            }
            for one in verdict.signatures
        ]
    )
