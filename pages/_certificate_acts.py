"""A certificate found in the console: its pair as it stands, and what the CA may do with it (CRT-3)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.issuing import actions, model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _blast, _console
from pages._console import _

S = model.CertificateStatus


def show(certificate_id: str) -> None:
    """Both certificates of the pair; with the right to revoke, what can be done with them."""
    found = _console.ask(queries.certificate, certificate_id)
    pair = _console.ask(queries.pair, found.pair_id)
    now = _console.world().engine.now()
    _console.table(
        [
            {
                _("Usage"): _console.label(f"certificate.usage.{one.usage}"),
                _("State"): _console.label(f"certificate.status.{model.status_at(one, now)}"),
                _("Serial number"): one.serial_hex,
                _("Profile"): one.profile,
                _("Valid until"): _console.when(one.not_after),
                _("Since"): "" if one.revoked_at is None else _console.when(one.revoked_at),
                _("Reason"): ""
                if one.revocation_reason is None
                else _console.label(f"revocation.{one.revocation_reason}"),
            }
            for one in pair
        ]
    )
    _files(pair)
    done = st.session_state.pop("certificate done", "")
    if done:
        st.success(done)
    scope = {"platform_id": found.platform_id, "agency_id": found.agency_id}
    if staffing.has(_console.me(), Right.REVOKE, **scope):
        _acts(pair[0])


def _files(pair: list[model.Certificate]) -> None:
    """Enterprises' certificates as files for other people's clients; a person's name stays in here."""
    for one in pair:
        if one.enterprise_id is None or one.der is None:
            continue
        st.download_button(
            _("Download {what} (PEM)", what=_console.label(f"certificate.usage.{one.usage}")),
            ssl.DER_cert_to_PEM_cert(one.der),
            file_name=f"certificate-{one.serial_hex}.pem",
            mime="application/x-pem-file",
            key=f"pem-{one.id}",
        )


def _button(
    label: str, action: Callable[..., Any], arguments: dict[str, Any], done: str, name: str
) -> None:
    _console.act_button(
        label,
        action,
        arguments,
        name=name,
        then=lambda _result: st.session_state.update({"certificate done": done}),
    )


def _guarded(
    act: str,
    label: str,
    action: Callable[..., Any],
    arguments: dict[str, Any],
    done: str,
    name: str,
) -> None:
    """As `_button`, once it was told what would stop."""
    _blast.guarded(
        act,
        arguments["certificate_id"],
        name=name,
        label=label,
        action=action,
        arguments=arguments,
        then=lambda _result: st.session_state.update({"certificate done": done}),
    )


def _acts(signing: model.Certificate) -> None:
    """Hold, resume and revoke, each where it can be done; both certificates of a pair go together."""
    given: dict[str, Any] = {"certificate_id": signing.id}
    held_by_holder = signing.held_by is model.Holder.HOLDER
    columns = st.columns(2)
    with columns[0]:
        if signing.status is S.ACTIVE or held_by_holder:
            label = _("Take the hold over") if held_by_holder else _("Hold the certificate")
            told = _("The certificate is on hold; the CA alone can resume it.")
            _guarded("certificate.suspend", label, actions.suspend, given, told, "hold-certificate")
        if signing.status is S.SUSPENDED:
            told = _("The certificate can be used again.")
            _button(_("Resume"), actions.resume, given, told, "resume-certificate")
    if not model.CERTIFICATE.allows(signing.status, "revoke"):
        return
    with columns[1]:
        reasons = _console.ask(queries.revocation_reasons)
        reason = st.selectbox(
            _("Reason"),
            reasons,
            format_func=lambda one: _console.label(f"revocation.{one}"),
            key="revocation-reason",
        )
        told = _("The certificate has been revoked.")
        arguments = {**given, "reason": reason}
        label = _("Revoke for good")
        _guarded("certificate.revoke", label, actions.revoke, arguments, told, "revoke-certificate")
