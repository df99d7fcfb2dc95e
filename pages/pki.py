"""How the authorities are: what needs somebody, the hierarchy, lists and answers, who is recognized."""

from __future__ import annotations

import streamlit as st

from engine.boot import pki_status
from engine.kernel import clock
from pages import _console, _pki_tree
from pages._console import _

_console.require()


def _told(one: pki_status.Concern) -> str:
    name, time = one.subject, _console.when(one.due)
    if one.code == "certificate_ends":
        return _(
            "The certificate {name} ends {time}. Hold a ceremony for the next one.",
            name=name,
            time=time,
        )
    if one.code == "list_ends":
        return _(
            "The revocation list of {name} ends {time}. Publish the next one.", name=name, time=time
        )
    if one.code == "silent":
        return _("{name} does not answer about its certificates. Look at the service.", name=name)
    if one.code == "trust_list_ends":
        return _(
            "The trust list ends {time}, and no newer one came. Look at the worker.", time=time
        )
    return _("No trust list is in force, so national QR codes are refused. Look at the worker.")


def _needs(found: pki_status.Status) -> None:
    if not found.concerns:
        st.success(_("Nothing to do: every authority answers, and no certificate ends soon."))
    for one in found.concerns:
        (st.error if one.due <= found.now else st.warning)(_told(one))


def _ends(found: pki_status.Status) -> None:
    """The next three ends, so that a quiet page tells when it won't be."""
    held = [
        *(one.own for one in (*found.roots, *found.authorities)),
        *(part for one in found.authorities for part in one.delegates if part.kind == "tsa"),
        found.signer,
        *found.makers,
    ]
    coming = sorted((one for one in held if one.not_after > found.now), key=lambda h: h.not_after)
    told = " · ".join(f"{one.name} {_console.when(one.not_after)[:10]}" for one in coming[:3])
    st.caption(_("Next to end: {list}", list=told))


def _lists(found: pki_status.Status) -> None:
    world = _console.world()
    base = f"{world.public_url}/w/{world.id}"
    every = (*found.roots, *found.authorities)
    st.subheader(_("Revocation lists"))
    _console.table(
        [
            {
                _("Authority"): one.own.name,
                _("List number"): one.revocations.number,
                _("Entries"): one.revocations.entries,
                _("Made"): _console.when(one.revocations.made_at),
                _("Age"): _console.span(max(0, found.now - one.revocations.made_at)),
                _("Holds until"): _console.when(one.revocations.until),
                "CRL": f"{base}/crl/{one.own.label}.crl",
                _("Certificate"): f"{base}/ca/{one.own.label}.cer",
            }
            for one in every
        ],
        **{
            "CRL": st.column_config.LinkColumn(display_text=r".*/(.*)"),
            _("Certificate"): st.column_config.LinkColumn(display_text=r".*/(.*)"),
        },
    )
    st.subheader(_("Certificates by state"))
    states = ("active", "issued", "suspended", "revoked", "expired", "finished")
    # An event's certificates end after their one act; whoever issues none needs no column for them.
    shown = [
        one for one in states if one != "finished" or any("finished" in a.counts for a in every)
    ]
    _console.table(
        [
            {
                _("Authority"): one.own.name,
                **{
                    _console.label(f"certificate.status.{state}"): one.counts.get(state, 0)
                    for state in shown
                },
            }
            for one in found.authorities
        ]
    )


def _recognized(found: pki_status.Status) -> None:
    st.subheader(_("Mutual recognition"))
    if found.listed is None:
        _console.empty(_("No trust list is in force. The running worker publishes the next one."))
        return
    listed, world = found.listed, _console.world()
    st.caption(
        _(
            "List {number}, in force until {time}. National QR codes take certificates of these.",
            number=listed.sequence,
            time=_console.when(listed.next_update),
        )
        + f" [trust-list.p7m](/w/{world.id}/trust-list.p7m)"
    )
    zh = _console.language().startswith("zh")
    own = {one.own.certificate for one in found.authorities}
    _console.table(
        [
            {
                _("Agency"): agency.organization if zh else agency.name_en,
                _("Credit code"): agency.uscc,
                _("Status"): _console.label(f"choice.{service.periods[-1].status}"),
                _("Status since"): _console.when(service.periods[-1].since),
                _("Issuing authority"): _common_name(service.certificate.subject),
                _("Operated by"): _("this platform")
                if service.certificate in own
                else _("somebody else"),
                _("Certificate until"): _console.when(
                    clock.from_datetime(service.certificate.not_valid_after_utc)
                )[:10],
            }
            for agency in listed.agencies
            for service in agency.services
        ]
    )


def _common_name(name: pki_status.x509.Name) -> str:
    [found] = name.get_attributes_for_oid(pki_status.x509.NameOID.COMMON_NAME)
    return str(found.value)


_console.title(
    _("PKI status"),
    _("Authorities, their lists and answers, and whose certificates count elsewhere."),
)
state = pki_status.status(_console.world(), _console.me())
_needs(state)
_ends(state)
_pki_tree.draw(state)
_lists(state)
_recognized(state)
