"""The guided line: an enterprise's whole way, clicked through with a real QR code between phone and PC."""

from __future__ import annotations

import streamlit as st

from engine import boot
from engine.binding import queries as bindings
from engine.policies.model import Platform
from engine.staffing.model import Right
from pages import _console, _look, _story, _story_steps
from pages._console import _

_console.require(Right.DEMO, Right.SIMULATE)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()
if "demo" not in st.session_state:
    st.session_state["demo"] = _story.begin(_console.world(), _story_steps.STEPS)
demo: _story.Demo = st.session_state["demo"]


def _do(at: int, step: _story.Step) -> None:
    """The button of a step; a second click finds another step and does nothing."""
    values = {
        one.name: str(st.session_state.get(f"{step.id}-{one.name}", "")) for one in step.fields
    }
    if step.consent and not st.session_state.get(f"{step.id}-consent"):
        st.session_state["refusal"] = _("Read the terms and tick “I agree” first.")
        return
    _console.attempt(lambda: demo.do(at, values))


def _again() -> None:
    if demo.refresh is not None:
        _console.attempt(demo.refresh)


def _restart() -> None:
    st.session_state["demo"] = _story.begin(_console.world(), _story_steps.STEPS)


def _form(step: _story.Step) -> None:
    """What the step asks for, and its one button."""
    defaults = demo.defaults(step)
    st.caption(_(step.note))
    if step.id == "sign-in":
        for message in demo.world.sms.outbox(demo.actor.identity.phone)[:1]:
            _look.sms(message.text)
    if step.id == "name":
        st.radio(
            _("Way"),
            ["CFCA Zhongjin", "Alipay", "Bank card, four elements"],
            format_func=_,
            key="way",
        )
    for one in step.fields:
        st.text_input(
            _(one.label),
            value=defaults[one.name],
            type="password" if one.secret else "default",
            key=f"{step.id}-{one.name}",
        )
    if step.consent:
        st.checkbox(
            _("I agree"), key=f"{step.id}-consent", help=_("The terms of use and of privacy")
        )
    st.button(
        _(step.button),
        type="primary",
        key=f"do-{step.id}",
        on_click=_do,
        args=(demo.at, step),
        width="stretch",
    )


def _phone_home() -> None:
    """What the phone shows while somebody else acts."""
    person = demo.actor
    if not person.handset.signed_in:
        _look.card(_("Signed out"), _("Sign in by SMS"))
        return
    me = person.me()
    _look.card(
        me["name"] or me["phone"],
        me["phone"],
        pill=_("real name proved") if me["real_named"] else _("not proved"),
        tone="ok" if me["real_named"] else "wait",
    )
    for enterprise in me["enterprises"]:
        _look.card(enterprise["name"], enterprise["uscc"])
    for order in person.handset.door.ask("ordering.mine", {}):
        status = "in_review" if order["status"].endswith("_review") else order["status"]
        _look.card(
            _("My orders"),
            f"{order['number']} · {_console.money(order['amount_fen'])}",
            pill=_console.label(f"order.status.{status}"),
            tone="ok" if status == "completed" else "wait",
        )
    for certificate in person.handset.door.ask("issuing.mine", {}):
        _look.card(
            _("Enterprise certificate"),
            certificate["serial_hex"],
            pill=_console.label(f"certificate.status.{certificate['status']}"),
            tone="ok" if certificate["status"] == "active" else "wait",
        )
    for enterprise in me["enterprises"]:
        given = {"enterprise_id": enterprise["id"]}
        for seal in person.handset.door.ask("sealing.of_enterprise", given):
            _look.card(
                seal["name"],
                seal["code"],
                pill=_console.label(f"seal.status.{seal['status']}"),
                tone="ok" if seal["status"] == "active" else "wait",
            )
    for invoice in person.handset.door.ask("invoicing.mine", {}):
        _look.card(
            _("Invoice history"),
            f"{invoice['number']} · {_console.money(invoice['total_fen'])}",
            pill=_console.label(f"invoice.status.{invoice['status']}"),
            tone="ok" if invoice["status"] == "issued" else "wait",
        )


@st.fragment(run_every=1.0)
def _qr() -> None:
    """The QR on the PC with its countdown; greyed at zero, with one button to refresh it."""
    shown = demo.shown
    if shown is None:
        return
    watch = _console.ask(bindings.watch, shown.ticket_id, shown.nonce, actor=boot.tables.INSIDE)
    left = max(0, watch.expires_at - demo.world.engine.now()) // 1000
    if watch.status == "expired":
        _look.qr(
            shown.png, _("The QR code is valid for 3 minutes only; refresh it after that"), old=True
        )
        st.button(_("Refresh the QR code"), key=f"refresh-{shown.ticket_id}", on_click=_again)
    else:
        _look.qr(shown.png, f"{shown.caption} · {left} s")


def _pc() -> None:
    """What the PC shows: the QR, who is signed in, the contract."""
    person = demo.actor
    st.caption(
        _("Signed in: {login}", login=person.mall_login())
        if demo.pc == "signed_in" or demo.actor is demo.supplier
        else _("Nobody is signed in")
    )
    _qr()
    if demo.contract_id:
        for row in demo.purchaser.browser.ask("signing.rows", {}):
            contract = row["contract"]
            _look.card(
                f"{contract['number']} {contract['name']}",
                f"{row['purchaser']} ⇄ {row['supplier']}",
                f"{row['order_number']} · {_console.money(contract['total_fen'])}",
                pill=_console.label(f"contract.status.{contract['status']}"),
                tone="ok" if contract["status"] == "passed" else "wait",
            )


def _staff(step: _story.Step) -> None:
    case = _story.waiting(demo)
    if case is not None:
        sheet = _console.ask(boot.tables.review_sheet, case, actor=boot.tables.INSIDE)
        _console.table(
            [{_("Field"): _(f.label), _("Value"): _console.told(f.value)} for f in sheet.fields]
        )
    _form(step)


_look.style()
_console.title(
    _("Guided line"), _("One enterprise's whole way, through the very engine that everybody uses.")
)
step = demo.step
done = demo.at / len(demo.steps)
st.progress(
    done,
    text=_(
        "Step {n} of {all}",
        n=min(demo.at + 1, len(_story_steps.STEPS)),
        all=len(_story_steps.STEPS),
    ),
)
if demo.notice:
    verdict = isinstance(demo.notice, str) and demo.notice.startswith("verdict.")
    st.success(
        _console.label(str(demo.notice)) if verdict else _console.told(demo.notice, message=True)
    )
phone, pc = st.columns([2, 3], gap="large")
with phone, st.container(border=True, key="phone"):
    _look.head(_(step.title) if step and step.side == "phone" else _("Biaozhengtong"))
    if step and step.side == "phone":
        _form(step)
    else:
        _phone_home()
with pc, st.container(border=True, key="pc"):
    st.subheader(
        _console.world()
        .engine.ask(lambda q: q.policies(Platform), boot.tables.INSIDE)[demo.actor.platform_id]
        .label.in_language(_console.language())
    )
    _pc()
    if step and step.side == "pc":
        st.markdown(f"**{_(step.title)}**")
        _form(step)
    if step and step.side == "staff":
        st.markdown(f"**{_('Operations staff')} · {_(step.title)}**")
        _staff(step)
    if step is None:
        st.success(_("The story is at its end: everything above is in the records and the log."))
st.button(_("Begin again with new people"), on_click=_restart)
