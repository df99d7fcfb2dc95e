"""The judgment of a document as the console draws it, in three depths: answer, reasons, every number."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages import _console
from pages._console import _

Told = Mapping[str, Any]
_TONES = {
    "valid": st.success,
    "valid_extended": st.warning,
    "indeterminate": st.warning,
    "unsigned": st.info,
}
_COLOURS = {
    "document": "#5b6470",
    "signature": "#a8142b",
    "timestamp": "#3d5a91",
    "validation": "#2f6b4a",
    "other": "#8a5a00",
}
_CSS = """<style>
.verdict-bar { display: flex; gap: 2px; height: 34px; margin: 4px 0 10px; }
.verdict-bar span { display: grid; place-items: center; min-width: 22px; color: #fff; font-size: 13px; }
.verdict-bar span:first-child { border-radius: 8px 0 0 8px; }
.verdict-bar span:last-child { border-radius: 0 8px 8px 0; }
.verdict-list { list-style: none; padding: 0; margin: 0 0 12px; font-size: 14px; }
.verdict-list li { display: flex; gap: 10px; align-items: center; padding: 2px 0; }
.verdict-list i { width: 12px; height: 12px; border-radius: 3px; flex: none; }
.verdict-list code { margin-left: auto; font-size: 12px; }
.verdict-line { border-left: 2px solid #b9b2a6; margin: 6px 0 12px 6px; padding: 0 0 0 16px;
  list-style: none; }
.verdict-line li { position: relative; padding: 5px 0; font-size: 14px; }
.verdict-line li::before { content: ""; position: absolute; left: -22px; top: 12px; width: 10px;
  height: 10px; border-radius: 50%; background: var(--dot); }
.verdict-line time { display: inline-block; min-width: 9.5em; font-variant-numeric: tabular-nums;
  opacity: .75; }
</style>"""


def revision_name(kind: str) -> str:
    """What a revision brought."""
    return {
        "document": _("The document"),
        "signature": _("Signature"),
        "timestamp": _("Document time-stamp"),
        "validation": _("Validation data"),
    }.get(kind, _("Other changes"))


def revocation_name(state: str) -> str:
    """What is known of a revocation."""
    return {"good": _("Not revoked"), "revoked": _("Revoked")}.get(state, _("Not known"))


def outcome_name(outcome: str) -> str:
    """How a step ended."""
    return {"passed": _("Passed"), "failed": _("Failed")}.get(outcome, _("Not checked"))


def step_name(step: str) -> str:
    """A step of judging a seal and what was signed with it."""
    return {
        "format": _("Form of the seal (GB/T 38540)"),
        "maker_signature": _("The seal maker's signature"),
        "maker_certificate": _("The seal maker's certificate"),
        "seal_validity": _("The seal's validity when signed"),
        "signer_listed": _("The signer's certificate is on the seal's list"),
        "signer_certificate": _("The signer's certificate when signed"),
        "signature_value": _("Signature value"),
        "document_digest": _("Digest of the document"),
    }.get(step, _("Time-stamp"))


def who(one: Told) -> str:
    """Whose signature it is."""
    if one["kind"] == "timestamp":
        return _("Document time-stamp")
    return str(one["organization"] or one["signer_name"])


def state(one: Told) -> str:
    """A signature's own state in a word."""
    if not one["intact"] or "changed_after_signing" in one["reasons"]:
        return "✗ " + _("Changed or broken")
    if "seal_wrong" in one["reasons"]:
        return "✗ " + _("Seal not valid")
    if one["revocation"] == "revoked":
        return "✗ " + _("Certificate revoked")
    if not one["trusted"]:
        return "? " + _("Issuer not established")
    if one["revocation"] == "unknown":
        return "? " + _("Revocation unknown")
    return "? " + _("With reservations") if one["reasons"] else "✓ " + _("Holds")


def _coverage(told: Told) -> str:
    """The file from its first byte to its last, by what each revision brought."""
    whose = {one["field"]: who(one) for one in told["signatures"] if one["kind"] == "signature"}
    names = [
        html.escape(
            f"{one['number']}. {revision_name(one['kind'])}"
            + (f": {whose[one['field']]}" if one["field"] in whose else "")
        )
        for one in told["revisions"]
    ]
    least = told["size"] / 24
    bar = "".join(
        f'<span title="{name}" style="background:{_COLOURS[one["kind"]]};'
        f'flex:{max(one["end"] - one["begin"], least):.0f} 0 0">{one["number"]}</span>'
        for one, name in zip(told["revisions"], names, strict=True)
    )
    rows = "".join(
        f'<li><i style="background:{_COLOURS[one["kind"]]}"></i>{name}'
        f"<code>{one['begin']}–{one['end']}</code></li>"
        for one, name in zip(told["revisions"], names, strict=True)
    )
    return f'<div class="verdict-bar">{bar}</div><ul class="verdict-list">{rows}</ul>'


def _timeline(told: Told) -> str:
    """What the certificates, signatures and time-stamps say of time, in its order."""
    found: list[tuple[int, str, str]] = []
    for one in told["signatures"]:
        name, certificate = who(one), one["details"]["certificate"]
        if one["timestamp_at"]:
            text = _("{name}: proved by a time-stamp", name=name)
            found.append((one["timestamp_at"], text, _COLOURS["timestamp"]))
        elif one["signed_at"]:
            text = _("{name}: told by the signer alone", name=name)
            found.append((one["signed_at"], text, _COLOURS["other"]))
        if certificate and one["kind"] == "signature":
            begins = _("{name}: certificate begins", name=name)
            ends = _("{name}: certificate ends", name=name)
            found.append((certificate["not_before"], begins, _COLOURS["validation"]))
            found.append((certificate["not_after"], ends, _COLOURS["validation"]))
    found.append((told["at_ms"], _("Judged now"), _COLOURS["document"]))
    rows = "".join(
        f'<li style="--dot:{colour}"><time>{_console.when(at)}</time>{html.escape(text)}</li>'
        for at, text, colour in sorted(found)
    )
    return f'<ul class="verdict-line">{rows}</ul>'


def _reasons(codes: Sequence[str], told: Told) -> None:
    known: Mapping[str, str] = told["said"]
    for code in codes:
        message = known.get(code, code)
        st.text("· " + _(message))


def _simple(told: Told) -> None:
    _console.table(
        [
            {
                _("State"): state(one),
                _("Signed by"): who(one),
                _("Time"): _console.when(one["timestamp_at"] or one["signed_at"]),
                _("Electronic seal"): (one.get("seal") or {}).get("name", "—"),
            }
            for one in told["signatures"]
        ]
    )


def _detailed(told: Told) -> None:
    st.subheader(_("The file, revision by revision"))
    st.html(_CSS + _coverage(told))
    st.subheader(_("In the order of time"))
    st.html(_CSS + _timeline(told))
    for one in told["signatures"]:
        certificate, places = one["details"]["certificate"] or {}, one["details"]["places"]
        with st.container(border=True):
            st.markdown(f"**{html.escape(who(one))}** · {state(one)}")
            _reasons(one["reasons"], told)
            shown = sorted({str(place["page"]) for place in places})
            _console.table(
                [
                    {
                        _("Level"): one["level"],
                        _("Certificate"): certificate.get("issuer", "—"),
                        _("Valid until"): _console.when(certificate.get("not_after")),
                        _("Revocation"): revocation_name(one["revocation"]),
                        _("Shown on"): _("page {pages}", pages=", ".join(shown)) if shown else "—",
                    }
                ]
            )
    compared = told["compared"]
    if compared:
        st.caption(
            _(
                "{count} of {pages} pages compared by their looks; {differing} look otherwise.",
                count=compared["compared"],
                pages=compared["pages"],
                differing=len(compared["differing"]),
            )
        )


def _technical(told: Told) -> None:
    for one in told["signatures"]:
        details = one["details"]
        certificate = details["certificate"] or {}
        st.markdown(f"`{one['field']}`")
        _console.table(
            [
                {"": name, " ": str(value)}
                for name, value in (
                    ("SubFilter", details["format"]),
                    ("ByteRange", " ".join(map(str, details["byte_range"]))),
                    (_("Algorithms"), f"{details['digest']} / {details['algorithm']}"),
                    (_("Serial number"), certificate.get("serial_hex", "—")),
                    (_("Key"), certificate.get("key", "—")),
                    (_("Certificate SHA-256"), certificate.get("sha256", "—")),
                    (_("Time-stamp authority"), details["timestamp_authority"] or "—"),
                    (_("Codes"), " ".join(one["reasons"]) or "—"),
                )
            ]
        )
        if one.get("seal"):
            _console.table(
                [
                    {
                        _("Step of GB/T 38540"): step_name(step["step"]),
                        _("Outcome"): outcome_name(step["outcome"]),
                        _("Codes"): " ".join(step["reasons"]),
                    }
                    for step in one["seal"]["steps"]
                ]
            )
    with st.expander("JSON"):
        st.code(json.dumps(told, ensure_ascii=False, indent=1), language="json")


def show(told: Told) -> None:
    """The whole judgment."""
    shown = _TONES.get(told["verdict"], st.error)
    shown(_console.label(f"verdict.{told['verdict']}"))
    _reasons(told["reasons"], told)
    st.caption(f"SHA-256 {told['sha256']}" if told["sha256"] else "")
    if not told["signatures"]:
        return
    simple, detailed, technical = st.tabs([_("Simple"), _("Detailed"), _("Technical")])
    with simple:
        _simple(told)
    with detailed:
        _detailed(told)
    with technical:
        _technical(told)
