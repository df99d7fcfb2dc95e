"""Anything is found by what it is called, within the reader's scope, and shown whole (OPS-6)."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import pytest

from engine import boot
from engine.kernel import actors, errors, identifiers
from engine.kernel.operation import Operation
from engine.records import kinds, model, naming, queries, values
from engine.registration import queries as people
from engine.registration import store
from engine.staffing.model import Role
from tests.support import invoicing, parties, registering, trading, worlds


@dataclasses.dataclass(frozen=True)
class Ground:
    """A world with something of every kind but a file, and who looks."""

    world: boot.World
    deal: trading.Trade
    contract_id: str
    invoice_id: str
    auditor: actors.Staff

    def row(self, table: str, row_id: str) -> dict[str, object]:
        [found] = worlds.rows(self.world, f"SELECT * FROM {table} WHERE id = ?", row_id)
        return dict(found)

    def find(self, text: object, who: actors.Staff | None = None) -> list[model.Hit]:
        return self.world.engine.ask(queries.find, who or self.auditor, str(text))

    def record(self, record_id: str, who: actors.Staff | None = None) -> model.Record:
        return self.world.engine.ask(queries.record, who or self.auditor, record_id)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    world = boot.memory_world(world_id="records")
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    trading.sign(world, deal.purchaser, contract.id)
    invoice = invoicing.issued(world, deal.supplier)
    parties.settle(world)
    yield Ground(
        world=world,
        deal=deal,
        contract_id=contract.id,
        invoice_id=invoice.id,
        auditor=worlds.staff(world, Role.AUDITOR),
    )
    world.close()


def numbers(ground: Ground) -> list[tuple[str, object, str]]:
    """What each kind is called, and the record that it leads to."""
    one = ground.deal.supplier
    certificate = ground.row("certificate", one.certificate_id)
    seal = ground.row("seal", one.seal_id)
    enterprise = ground.row("enterprise", one.enterprise_id)
    with ground.world.engine.reader(worlds.SYSTEM) as q:
        phone = people.person_phone(q, one.person.account_id)
    return [
        ("account", phone, one.person.account_id),
        ("account", f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}", one.person.account_id),
        ("enterprise", enterprise["uscc"], one.enterprise_id),
        ("enterprise", "天山净水", one.enterprise_id),
        ("order", ground.row("certificate_order", one.order_id)["number"], one.order_id),
        ("certificate", certificate["serial_hex"], one.certificate_id),
        ("certificate", _colons(str(certificate["serial_hex"])), one.certificate_id),
        ("seal", seal["code"], one.seal_id),
        ("contract", trading.TERMS.number, ground.contract_id),
        ("invoice", ground.row("invoice", ground.invoice_id)["number"], ground.invoice_id),
    ]


def _colons(serial: str) -> str:
    return ":".join(serial[place : place + 2].upper() for place in range(0, len(serial), 2))


@pytest.mark.row("OPS-6")
def test_every_kind_is_found_by_what_it_is_called_and_by_its_id(ground):
    for kind, text, record_id in numbers(ground):
        hits = ground.find(text)
        assert [(one.kind, one.id) for one in hits if one.id == record_id] == [(kind, record_id)], (
            text
        )
        assert [one.id for one in ground.find(record_id)] == [record_id]


@pytest.mark.row("OPS-6")
def test_a_payment_and_a_resident_id_lead_to_what_they_belong_to(ground):
    one = ground.deal.supplier
    [payment] = worlds.rows(ground.world, "SELECT * FROM payment WHERE order_id = ?", one.order_id)
    assert one.order_id in [hit.id for hit in ground.find(payment["trade_no"])]
    row = ground.row("account", one.person.account_id)
    with ground.world.engine.reader(worlds.SYSTEM) as q:
        number = people.person_number(q, str(row["id"]))
    assert [hit.id for hit in ground.find(number)] == [one.person.account_id]
    assert ground.find(number[:-1]) == []


@pytest.mark.row("OPS-6")
def test_several_hits_stand_by_kind_each_with_its_state(ground):
    hits = ground.find("有限公司")
    assert {hit.id for hit in hits} == {
        ground.deal.supplier.enterprise_id,
        ground.deal.purchaser.enterprise_id,
    }
    assert {hit.status for hit in hits} == {"enterprise.status.active"}
    order = [list(kinds.KINDS).index(hit.kind) for hit in hits]
    assert order == sorted(order)


@pytest.mark.row("OPS-6")
def test_what_is_called_by_too_little_or_by_nothing(ground):
    assert ground.find("没有这样的东西") == []
    assert ground.find("ord_06h11af9fnlsrih9gfhkeluais") == []
    assert ground.find("xyz_1") == []
    with pytest.raises(queries.NothingToFind):
        ground.find(" x ")
    with pytest.raises(errors.NotPermitted):
        ground.find("有限公司", worlds.staff(ground.world, Role.PRODUCT))


@pytest.mark.row("OPS-6")
@pytest.mark.parametrize("scope", [("platform", "yangguang"), ("agency", "nanfang")])
def test_what_lies_outside_a_scope_is_neither_found_nor_shown_nor_linked(ground, scope):
    elsewhere = worlds.staff(
        ground.world, Role.PLATFORM_REVIEWER, scope_kind=scope[0], scope_id=scope[1]
    )
    scoped = {name for name, kind in kinds.KINDS.items() if kind.scoped}
    for kind, text, record_id in numbers(ground):
        hits = ground.find(text, elsewhere)
        if kind in scoped:
            assert hits == []
            with pytest.raises(errors.NotFound):
                ground.record(record_id, elsewhere)
            with pytest.raises(errors.NotFound):
                ground.world.engine.ask(queries.history, elsewhere, record_id)
        else:
            linked = ground.record(record_id, elsewhere).linked
            assert record_id in [hit.id for hit in hits]
            assert not {hit.kind for hit in linked} & scoped


@pytest.mark.row("OPS-6")
def test_a_record_leads_to_every_other_and_back(ground):
    one = ground.deal.supplier
    seen: dict[str, set[str]] = {}
    waiting = [one.person.account_id]
    while waiting:
        record_id = waiting.pop()
        found = ground.record(record_id)
        seen[record_id] = {hit.id for hit in found.linked if hit.kind != "case"}
        waiting += [other for other in seen[record_id] if other not in seen]
    for _, _, record_id in numbers(ground):
        assert record_id in seen, record_id
        assert any(record_id in others for others in seen.values()), record_id
    holders = {one.enterprise_id, one.person.account_id}
    for record_id in (one.order_id, one.certificate_id, one.seal_id, ground.invoice_id):
        assert holders <= seen[record_id]


@pytest.mark.row("OPS-6")
def test_a_record_s_states_are_its_table_s_and_the_times_it_came_to_them(ground):
    found = ground.record(ground.deal.supplier.order_id)
    workflow = kinds.KINDS["order"].states({}).workflow
    assert found.states.names == tuple(one.value for one in workflow.statuses())
    assert {(one, to) for one, _, to in found.states.moves} == {
        (one.value, to.value)
        for one, verbs in workflow.transitions.items()
        for to in verbs.values()
    }
    statuses = [one.status for one in found.states.passed]
    assert statuses[0] == "awaiting_payment"
    assert statuses[-1] == found.states.present == "completed"
    pairs = {(one, to) for one, _, to in found.states.moves}
    assert set(itertools.pairwise(statuses)) <= pairs
    times = [one.at for one in found.states.passed]
    assert times == sorted(times)


@pytest.mark.row("OPS-6")
def test_papers_are_named_in_words_and_never_carry_their_content(ground):
    papers = ground.record(ground.deal.supplier.enterprise_id).papers
    assert {paper.called.words.zh for paper in papers if paper.called.words} >= {"营业执照"}
    contract = ground.record(ground.contract_id).papers
    assert {paper.media_type for paper in contract} == {"application/pdf"}
    assert all(paper.size > 0 for paper in (*papers, *contract))


@pytest.mark.row("OPS-6", "SEC-1")
def test_every_value_of_every_record_is_in_words_and_masked(ground):
    """No id, digest of a secret or sealed byte stands where a person reads."""
    one = ground.deal.supplier
    for record_id in (
        one.person.account_id,
        one.enterprise_id,
        one.order_id,
        one.certificate_id,
        one.seal_id,
        ground.contract_id,
        ground.invoice_id,
    ):
        found = ground.record(record_id)
        assert found.facts
        for fact in found.facts:
            assert "_0" not in fact.value.text, fact
            assert not fact.value.text.startswith(("b'", "[", "{")), fact
        for held in found.held:
            for fact in held.facts:
                assert fact.value.form in ("masked", "deleted", "text"), fact
                assert (
                    fact.value.form != "masked" or "*" in fact.value.text or "•" in fact.value.text
                )


@pytest.mark.row("OPS-6")
def test_who_did_something_is_told_by_name_and_a_person_masked_with_a_link(ground):
    with ground.world.engine.reader(ground.auditor) as q:
        person = values.who(q, f"person:{ground.deal.supplier.person.account_id}")
        staff = values.who(q, f"staff:{ground.auditor.staff_id}")
        mall = values.who(q, f"mall:{ground.deal.supplier.mall.mall_account_id}")
        assert naming.hit(q, "acc_nobody") is None
        assert values.who(q, "system:setup").text == "actor.system"
    assert (person.form, person.record) == ("record", ground.deal.supplier.person.account_id)
    assert person.text == identifiers.masked_name(registering.NAME)
    assert (staff.form, staff.text) == ("text", "王审核")
    assert (mall.record, mall.text) == (
        ground.deal.supplier.enterprise_id, ground.deal.supplier.name,
    )  # fmt: skip


@pytest.mark.row("OPS-6", "ENT-2")
def test_an_enterprise_is_found_by_any_part_of_its_name_and_after_a_change_by_the_new_one(
    any_world,
):
    world = any_world
    party = parties.enterprise(
        world, parties.Reviewers.of(world), name="新疆天山净水ABC科技_100%有限公司"
    )
    auditor = worlds.staff(world, Role.AUDITOR)

    def found(text: str) -> list[str]:
        return [one.id for one in world.engine.ask(queries.find, auditor, text)]

    for text in ("新疆", "净水abc", "科技_1", "100%有", "限公司", party.name):
        assert found(text) == [party.enterprise_id], text
    for text in ("天水", "净水科技", "100__", "%%", "公司新"):
        assert found(text) == [], text
    with world.engine.reader(worlds.SYSTEM) as q:
        uscc = people.enterprise(q, party.enterprise_id).uscc
    assert found(uscc[:8].lower()) == found(uscc) == [party.enterprise_id]
    assert found(uscc[:-1] + ("A" if uscc[-1] != "A" else "B")) == []
    world.engine.perform(_rename, {"enterprise_id": party.enterprise_id}, actor=worlds.SYSTEM)
    assert found("净水") == []
    assert found("昆仑") == [party.enterprise_id]


def _rename(op: Operation, *, enterprise_id: str) -> None:
    store.index_name(op, enterprise_id, "新疆昆仑有限公司")
    op.update("enterprise", enterprise_id, {"name": "新疆昆仑有限公司"}, was={"status": "active"})
    op.record("enterprise.noted", enterprise_id)
