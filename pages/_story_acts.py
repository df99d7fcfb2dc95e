"""What happens at each step of the demo's story: calls through the doors that people use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from engine import boot, worker
from engine.calls import actions as calls
from engine.calls import queries as call_queries
from engine.http import qr as _qr
from engine.kernel import clock
from engine.kernel.catalog import Text
from engine.kernel.engine import SecondFactorNeeded
from engine.pdf import verification
from engine.signing import queries as contracts
from engine.staffing.model import Right
from pages._story import Demo, Shown, approve_waiting, staff_with
from simulations import pad


def _tick(demo: Demo) -> None:
    worker.tick(demo.world, owner="demo")


def _as_oneself(demo: Demo, act: Callable[[], Any]) -> Any:
    """Do what needs a fresh second factor; a code that it asks for is read off this very phone."""
    try:
        return act()
    except SecondFactorNeeded:
        request_id = demo.actor.request_step_up()
    _tick(demo)
    demo.actor.step_up(request_id)
    return act()


def request_code(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, phone=values["phone"])
    demo.request_id = person.request_code()


def sign_in(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.sign_in(demo.request_id, values["code"])


def prove(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(
        person.identity, name=values["name"], resident_id=values["resident_id"]
    )
    person.prove_name("zhongjin")
    _tick(demo)
    demo.notice = "实名认证成功！" if person.me()["real_named"] else ""


def claim(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(
        person.identity,
        enterprise=values["enterprise"],
        uscc=values["uscc"],
        legal_representative=values["representative"],
    )
    person.claim()


def staff(demo: Demo, values: dict[str, str]) -> None:
    approve_waiting(demo)
    demo.actor.know_enterprise()


def onboard(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.identity = dataclasses.replace(demo.actor.identity, password=values["password"])
    demo.actor.know_enterprise()
    demo.actor.onboard()


def order(demo: Demo, values: dict[str, str]) -> None:
    found = demo.actor.handset.door.ask("mall.find_platforms", {"text": values["platform"]})
    if found:
        demo.actor.platform_id = next(iter(found))
    agency = next(iter(found.values()))["agencies"][0] if found else "dongfang"
    demo.actor.order(agency_id=agency)


def pay(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    asked = {"order_id": person.order_id}
    payment = _as_oneself(
        demo, lambda: person.handset.door.perform("ordering.pay", asked, key=person.key())
    )
    demo.world.bank.pay(payment["id"])
    demo.world.deliver_due(payment["id"])


def attach(demo: Demo, values: dict[str, str]) -> None:
    demo.actor.attach()


def call(demo: Demo, values: dict[str, str]) -> None:
    """The applicant asks how it stands; an agent looks, tells, and writes the call down."""
    engine, agent = demo.world.engine, staff_with(demo.world, (Right.ANSWER_CALLS,))[0]
    begun = engine.perform(calls.answer, {"number": values["phone"]}, actor=agent)
    caller = engine.ask(call_queries.caller, agent, begun.id)
    about = next((one for one in caller.matters if one.case_id), None)
    demo.notice = about.say if about else caller.greeting
    given = {
        "call_id": begun.id,
        "matters": (about.matter.subject,) if about else (),
        "said": demo.notice.zh,
    }
    engine.perform(calls.log_call, given, actor=agent)


def download(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, pin=values["pin"])
    _as_oneself(demo, person.request_certificate)
    _tick(demo)
    person.activate()


def password_login(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.identity = dataclasses.replace(person.identity, password=values["password"])
    person.sign_in_by_password()
    demo.pc = "signed_in"


def _show(demo: Demo, opened: dict[str, Any], caption: str) -> None:
    ticket = opened["ticket"]
    demo.shown = Shown(
        ticket_id=ticket["id"],
        nonce=demo.actor.nonce,
        qr_text=opened["qr_text"],
        png=_qr.png(opened["qr_text"]),
        expires_at=ticket["expires_at"],
        caption=caption,
    )


def _open(demo: Demo, name: str, given: dict[str, Any], caption: str) -> None:
    def again() -> None:
        person = demo.actor
        nonce = person.own_nonce()
        opened = person.browser.perform(name, {**given, "nonce": nonce}, key=person.key())
        _show(demo, opened, caption)

    again()
    demo.refresh = again


def show_binding(demo: Demo, values: dict[str, str]) -> None:
    _open(demo, "binding.open_binding_ticket", {"kind": "platform"}, "新点标证通 APP 二维码")


def _scan(demo: Demo, pin: str) -> None:
    person = demo.actor
    if demo.shown is None:
        return
    person.scan_and_confirm(demo.shown.qr_text, pin)
    demo.refresh = None


def bind(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    demo.shown, demo.notice = None, "绑定成功"


def show_login(demo: Demo, values: dict[str, str]) -> None:
    demo.pc = "nobody"
    given = {"platform_id": demo.actor.platform_id, "kind": "platform"}
    _open(demo, "binding.open_login_ticket", given, "新点标证通 APP 二维码")


def scan_login(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    if demo.shown is not None:
        demo.actor.finish_login(demo.shown.ticket_id)
    demo.shown, demo.pc = None, "signed_in"


def write(demo: Demo, values: dict[str, str]) -> None:
    """The administrator's signature on the pad; the seal agency signs it at once."""
    person = demo.actor
    given = {
        "enterprise_id": person.enterprise_id,
        "name": values["seal"],
        "strokes": pad.signature(person.identity.name),
        "pen_um": 900,
        "colour": "blue",
    }
    person.handset.door.perform("sealing.draw_signature", given, key=person.key())
    _tick(demo)
    demo.notice = "签名已保存，可以使用"


def whole_way(demo: Demo, values: dict[str, str]) -> None:
    """The supplier goes the way that the purchaser has just gone, all at once."""
    person = demo.supplier
    request_id = person.request_code()
    _tick(demo)
    person.sign_in(request_id, person.read_code())
    person.prove_name()
    _tick(demo)
    person.claim()
    while approve_waiting(demo):
        pass
    person.know_enterprise()
    person.onboard()
    person.order(agency_id="nanfang")
    _tick(demo)
    pay(demo, values)
    person.attach()
    while approve_waiting(demo):
        pass
    person.request_certificate()
    _tick(demo)
    person.activate()
    _tick(demo)
    person.sign_in_by_password()
    person.scan_and_confirm(person.show_binding_qr())


def contract(demo: Demo, values: dict[str, str]) -> None:
    person = demo.purchaser
    lines = [
        {"name": "办公用纸 A4", "unit": "箱", "quantity": 6, "unit_price_fen": 12_800},
        {"name": "净水器滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 35_650},
    ]
    if not demo.purchase_order:
        demo.purchase_order = person.place_purchase_order(demo.supplier.mall_account_id, lines)
    date = f"{clock.civil_date(demo.world.engine.now()):%Y-%m-%d}"
    made = person.create_contract(demo.purchase_order, number=values["number"], date=date)
    demo.contract_id = made["id"]


def sign_qr(demo: Demo, values: dict[str, str]) -> None:
    person = demo.actor
    person.know_seal()
    demo.signature_id = person.request_signature(demo.contract_id)
    _tick(demo)
    given = {"signature_id": demo.signature_id, "kind": "platform"}
    _open(demo, "signing.open_signing_ticket", given, "扫码签章")


def sign(demo: Demo, values: dict[str, str]) -> None:
    _scan(demo, values["pin"])
    demo.shown, demo.notice = None, "签章成功"


def submit(demo: Demo, values: dict[str, str]) -> None:
    demo.purchaser.submit(demo.contract_id)


def invoice(demo: Demo, values: dict[str, str]) -> None:
    """As the guide has it: the kind of order, the order, electronic, the title that is there by itself."""
    person = demo.purchaser
    order_ids = person.to_tick("certificate")
    shown = person.invoice_preview("certificate", order_ids)
    person.apply_for_invoice("certificate", order_ids)
    title, yuan = shown["title"]["name"], f"{shown['total_fen'] / 100:,.2f}"
    demo.notice = Text(
        zh=f"发票抬头：{title}，价税合计 {yuan} 元", en=f"Made out to {title}: {yuan} yuan"
    )


def verify(demo: Demo, values: dict[str, str]) -> None:
    document = demo.world.engine.ask(contracts.document, boot.tables.INSIDE, demo.contract_id)
    verdict = verification.verify(document, roots=demo.world.roots, at_ms=demo.world.engine.now())
    demo.notice = f"verdict.{verdict.verdict}"
