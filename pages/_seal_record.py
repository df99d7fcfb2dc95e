"""A seal found in the console: its looks, its facts, its signed object judged, who used it (SEA-4)."""

from __future__ import annotations

import streamlit as st

from engine.sealing import model, previews, queries
from pages import _console
from pages._console import _


def show(seal_id: str) -> None:
    """State and facts stand above; its picture, the judgment, filing, who may use it, who did."""
    found = _console.ask(queries.seal, seal_id)
    _picture(found)
    if found.ses is not None:
        _data(found)
    _filing(found)
    _entrusted(found)
    _uses(found)


def _picture(found: model.Seal) -> None:
    if found.png_blob_id is None:
        _console.empty(_("Not made yet"))
        return
    st.image(_console.ask(previews.preview, seal_id=found.id), caption=found.name)


def _steps(steps: tuple[model.StepShown, ...]) -> list[dict[str, str]]:
    return [
        {
            _("Step"): _console.label(f"seal.step.{one.step}"),
            _("Outcome"): _console.label(f"seal.outcome.{one.outcome}"),
            _("Why"): "; ".join(_console.label(code) for code in one.reasons),
        }
        for one in steps
    ]


def _data(found: model.Seal) -> None:
    """The signed object: every step of its judgment, then its fields and the certificates it lists."""
    data = _console.ask(queries.seal_data, found.id)
    st.markdown(f"**{_('Electronic seal data')}** · {data.standard}")
    if data.genuine:
        st.success(_("Genuine: made and signed by the seal agency, and unchanged since."))
    else:
        st.error(_("This seal does not pass its check."))
    _console.table(_steps(data.steps))
    with st.expander(_("Fields")):
        maker = data.maker.organization if data.maker else "—"
        rows = [
            ("header.version", str(data.version)),
            ("header.Vid", data.maker_id),
            ("esID", data.es_id),
            ("property.name", data.name),
            ("property.certListType", str(data.list_kind)),
            ("property.createDate", _console.when(data.created_at)),
            ("picture.type", data.picture_type),
            ("picture.data", f"{data.picture_bytes} · SHA-256 {data.picture_sha256}"),
            (_("Seal maker"), maker),
            ("signAlgID", data.signature_algorithm),
            (_("SHA-256 of the whole"), data.sha256),
        ]
        _console.table([{_("Field"): name, _("Value"): value} for name, value in rows])
    if data.listed:
        st.markdown(f"**{_('Certificates that may use it')}**")
        _console.table(
            [
                {
                    _("Serial number"): one.serial_hex or "—",
                    _("State"): _console.label(f"certificate.status.{one.status}")
                    if one.status
                    else "—",
                    _("Digest"): one.digest,
                }
                for one in data.listed
            ]
        )


def _filing(found: model.Seal) -> None:
    filed = _console.ask(queries.filing, found.id)
    if not filed:
        return
    st.markdown(f"**{_('Filing with the seal register')}**")
    _console.table(
        [
            {
                _("Matter"): _console.label(f"seal.filing.matter.{one.matter}"),
                _("State"): _console.label(f"seal_filing.status.{one.status}"),
                _("Number"): one.number or "—",
                _("When"): _console.when(one.answered_at or one.created_at),
            }
            for one in filed
        ]
    )


def _acts(acts: tuple[str, ...]) -> str:
    return _console.listed(_console.label(f"seal.act.{one}") for one in acts)


def _entrusted(found: model.Seal) -> None:
    given = _console.ask(queries.delegations, found.id)
    if not given:
        return
    st.markdown(f"**{_('Delegation of a seal')}**")
    _console.table(
        [
            {
                _("Member"): one.member,
                _("May be used for"): _acts(one.acts),
                _("Until"): _console.when(one.valid_to),
                _("State"): _console.label(f"seal_delegation.status.{one.status}"),
            }
            for one in given
        ]
    )


def _uses(found: model.Seal) -> None:
    used = _console.ask(queries.uses, found.id)
    st.markdown(f"**{_('Log of uses')}**")
    if not used:
        st.caption(_("Not used yet"))
        return
    _console.table(
        [
            {
                _("When"): _console.when(one.created_at),
                _("Who"): one.member,
                _("What"): _console.label(f"seal.act.{one.act}"),
                _("Number"): one.subject,
                _("SHA-256 of the document"): one.digest_hex,
                _("Result"): _console.label(f"seal.use.result.{one.result}"),
            }
            for one in used
        ]
    )
