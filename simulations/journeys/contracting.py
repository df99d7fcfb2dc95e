"""A contract: made, declined or withdrawn and made anew, signed by both, submitted, returned, voided."""

from __future__ import annotations

from typing import Any

from engine.kernel import clock
from simulations.environment import Steps
from simulations.journeys.way import Way, market_of
from simulations.people import Person
from simulations.scenario import Contracts

_SUPPLIER_WAIT_S = 12 * 3600
_HOUR_S = 3600
_MOST_ROUNDS = 3
_SERVICE = {"content": "办公设备维护", "starts_on": "2026-07-01", "ends_on": "2027-06-30"}


def contract(way: Way) -> Steps:
    """The purchaser's contract with a supplier of the market, up to its passing and beyond."""
    person, stage, market = way.person, way.stage, market_of(way.stage)
    while not market.suppliers:
        yield stage.wait(_SUPPLIER_WAIT_S)
    supplier = market.suppliers[int(way.choice * 1e6) % len(market.suppliers)]
    yield from way.until(person.know_seal)
    yield from way.until(supplier.know_seal)
    market.contracts += 1
    quantity = 1 + int(way.choice * 40)
    lines = [
        {"name": "办公用纸 A4", "unit": "箱", "quantity": quantity, "unit_price_fen": 12_800},
        {"name": "净水器滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 35_650},
    ]
    for one in (person, supplier):
        one.sign_in_by_password()
    order = person.place_purchase_order(supplier.mall_account_id, lines)
    dealing = _Dealing(way, supplier, f"HT{market.contracts:06d}")
    made = person.create_contract(
        order, number=dealing.number, date=dealing.today(), **dealing.special()
    )
    yield from dealing.before(made)
    yield from dealing.sign(made)
    way.reached("contracted")
    yield from dealing.after(made)


class _Dealing:
    """One contract, and what its two parties do with it; drawn up front from a stream of its own."""

    def __init__(self, way: Way, supplier: Person, number: str) -> None:
        self.way, self.supplier, self.number = way, supplier, number
        self.rules = way.rules.contracts
        names = list(Contracts.model_fields)
        draws = way.stage.stream("contracts", way.persona.index).random(len(names)).tolist()
        self._does = {
            name: self.rules is not None and draw < getattr(self.rules, name)
            for name, draw in zip(names, draws, strict=True)
        }

    def today(self) -> str:
        """The civil date."""
        return f"{clock.civil_date(self.way.stage.now_ms):%Y-%m-%d}"

    def special(self) -> dict[str, Any]:
        """What the form says beside the ordinary."""
        more: dict[str, Any] = {}
        if self._does["special"]:
            more |= {"template_id": "service", "fields": _SERVICE}
        if self._does["in_turn"]:
            more["signing_order"] = "in_turn"
        return more

    def before(self, made: dict[str, Any]) -> Steps:
        """What happens before both sign: a supplier who says no, a purchaser who found a mistake."""
        stage, person = self.way.stage, self.way.person
        if self._does["declines"]:
            yield stage.wait(_HOUR_S)
            self.supplier.act_on_contract("read", contract_id=made["id"])
            self.supplier.act_on_contract(
                "decline", contract_id=made["id"], opinion="交货期与约定不一致"
            )
            stage.log("contract declined")
            yield from self._again(made)
        if self._does["withdraws"]:
            yield stage.wait(_HOUR_S)
            person.act_on_contract("withdraw", contract_id=made["id"], reason="数量填写有误")
            stage.log("contract withdrawn")
            yield from self._again(made)

    def _again(self, made: dict[str, Any]) -> Steps:
        """The purchaser makes the contract anew."""
        yield self.way.stage.wait(_HOUR_S)
        self.way.person.revise_contract(made, date=self.today())
        self.way.stage.log("contract made anew")

    def sign(self, made: dict[str, Any]) -> Steps:
        """Both sign, and the purchaser submits."""
        stage = self.way.stage
        for signer in (self.way.person, self.supplier):
            if signer is self.supplier and self._does["reminded"]:
                self.way.person.act_on_contract("remind", contract_id=made["id"], role="supplier")
                stage.log("contract reminded")
                yield stage.wait(_HOUR_S)
            if self.rules is not None:
                signer.act_on_contract("read", contract_id=made["id"])
            signature_id = signer.request_signature(made["id"])
            yield stage.wait(5)
            qr_text = signer.show_signing_qr(signature_id)
            yield stage.wait(25)
            signer.scan_and_confirm(qr_text)
            yield stage.wait(60)
        self.way.person.submit(made["id"])

    def after(self, made: dict[str, Any]) -> Steps:
        """A returned contract is made anew and signed again; one that has passed may be voided."""
        if self.rules is None:
            return
        person, stage = self.way.person, self.way.stage
        for _ in range(_MOST_ROUNDS):
            yield from self.way.until(lambda: self._stands(made) != "in_review")
            if self._stands(made) != "returned":
                break
            stage.log("contract returned")
            yield from self._sign_in()
            yield from self._again(made)
            yield from self.sign(made)
        if self._stands(made) != "passed" or not self._does["voids"]:
            return
        yield stage.wait(24 * _HOUR_S)
        yield from self._sign_in()
        given = {"contract_id": made["id"]}
        person.act_on_contract("propose_voiding", **given, reason="双方协商取消采购")
        yield stage.wait(_HOUR_S)
        if self._does["refuses"]:
            self.supplier.act_on_contract("refuse_voiding", **given, reason="货物已经发出")
            stage.log("voiding refused")
        else:
            self.supplier.act_on_contract("agree_voiding", **given)
            stage.log("contract voided")

    def _stands(self, made: dict[str, Any]) -> str:
        return self.way.person.contract_status(made["id"])

    def _sign_in(self) -> Steps:
        """Both sit down at their PCs again; a session does not last for days."""
        for one in (self.way.person, self.supplier):
            one.sign_in_by_password()
        yield self.way.stage.wait(30)
