"""One door behind every mask: on a ground, after a second factor, for 30 s, counted, on record (SEC-1)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import boot
from engine.invoicing import actions as invoices
from engine.kernel import actors, clock, errors
from engine.kernel.engine import StepUpNeeded
from engine.policies import model as policies
from engine.records import actions, model, protected, queries, shown
from engine.signing import actions as signing
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import closing, invoicing, parties, posting, registering, trading, worlds

PHONE = "13800138000"
GROUND = "customer_call"


def reveal(
    world: boot.World,
    record_id: str,
    place: str,
    who: actors.Staff,
    ground: str = GROUND,
    key: str | None = None,
) -> model.Revealed:
    given = {"record_id": record_id, "place": place, "ground": ground}
    return world.engine.perform(actions.reveal, given, actor=who, key=key)


def places(world: boot.World, record_id: str, who: actors.Staff) -> list[tuple[str, model.Fact]]:
    """Everything of a record that is masked and can be revealed, with its table."""
    found = world.engine.ask(queries.record, who, record_id)
    return [(held.table, fact) for held in found.held for fact in held.facts if fact.value.place]


@pytest.mark.row("S-PI-3", "SEC-1", "OPS-6")
def test_a_value_is_shown_on_a_ground_for_30_seconds_and_only_that_it_was_is_kept(any_world):
    world = any_world
    person, officer = registering.sign_up(world, PHONE), worlds.staff(world, Role.PLATFORM_REVIEWER)
    registering.prove(world, person)
    account = person.account_id
    found = reveal(world, account, f"account|phone|{account}", officer, key="one")
    assert (found.name, found.value) == ("column.phone", PHONE)
    assert found.shown_until == world.engine.now() + 30 * clock.SECOND
    assert reveal(world, account, f"account|name|{account}", officer).value == registering.NAME
    told = worlds.rows(
        world, "SELECT actor, subject, body FROM event WHERE kind = 'value.revealed'"
    )
    assert [(row["actor"], row["subject"]) for row in told] == [(officer.text, account)] * 2
    assert '"name":"column.phone"' in told[0]["body"]
    assert f'"ground":"{GROUND}"' in told[0]["body"]
    assert PHONE not in repr(worlds.content(world))
    assert registering.NAME not in repr(worlds.content(world))
    assert worlds.rows(world, "SELECT key FROM reply WHERE action = 'records.reveal'") == []


@pytest.mark.row("SEC-1", "OPS-6")
def test_everything_that_is_kept_sealed_is_behind_the_same_door(world):
    """Of people, enterprises, contracts and invoices: what the record masks is what the door shows."""
    deal = trading.trade(world)
    one = deal.supplier
    invoice = invoicing.issued(world, one)
    posting.add_address(world, one.person)
    lead = worlds.staff(world, Role.LEAD)
    _allow(world, 500)
    seen = set()
    title = {"kind": "personal", "name": "司徒远航"}
    invoicing.do(world, invoices.add_title, one.person, **title)
    contract = trading.draft(world, deal)
    trading.sign(world, deal.purchaser, contract.id)
    invoicing.do(world, signing.decline, one.mall, contract_id=contract.id, opinion="请与李四联系")
    for record_id in (one.person.account_id, one.enterprise_id, invoice.id, contract.id):
        for table, fact in places(world, record_id, lead):
            shown = reveal(world, record_id, fact.value.place, lead)
            assert shown.name == fact.name
            assert shown.value != fact.value.text
            mask = protected.PROTECTED[table][fact.value.place.split("|")[1]]
            part = fact.value.place.partition("#")[2]
            assert mask.parts.get(part, mask.mask)(shown.value) == fact.value.text
            seen.add((table, fact.name))
    assert {table for table, _ in seen} >= {
        "account", "real_name_proof", "delivery_address", "enterprise_particulars", "invoice_title",
        "contract_party",
    }  # fmt: skip
    assert ("delivery_address", "column.detail") in seen
    assert ("enterprise_particulars", "column.legal_representative_id") in seen


@pytest.mark.row("SEC-1")
def test_each_sealed_column_of_what_records_show_has_its_mask(world):
    """A column that is new and sealed is named here or has its mask: none is forgotten."""
    without = {
        # Keys, pictures, documents and the like, which no record page shows.
        *("certificate.der", "certificate.public_key", "contract_signature.attributes"),
        *("contract_signature.value", "seal.ses", "account.terms_digest", "device.public_key"),
        *("invitation.token_hash", "file_record.attributes", "file_record.signature"),
    }
    with world.engine.parts.db.read() as connection:
        for table in shown.COLUMNS:
            for row in connection.rows(f"SELECT * FROM pragma_table_info('{table}')"):
                name = f"{table}.{row['name']}"
                if row["type"] == "BLOB" and name not in without:
                    assert row["name"] in protected.PROTECTED.get(table, {}), name
                if row["name"] in shown.COLUMNS[table] and row["type"] == "BLOB":
                    assert row["name"] in protected.PROTECTED.get(table, {}), name


@pytest.mark.row("SEC-1")
def test_without_right_ground_or_value_nothing_is_revealed_and_nothing_recorded(world):
    person, officer = registering.sign_up(world, PHONE), worlds.staff(world, Role.PLATFORM_REVIEWER)
    other = registering.sign_up(world, "13800138001")
    account = person.account_id
    phone = f"account|phone|{account}"
    product = worlds.staff(world, Role.PRODUCT)
    scoped = worlds.staff(
        world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="guangzheng"
    )
    with worlds.unchanged(world):
        for who in (product, scoped):
            with pytest.raises(MayNot):
                reveal(world, account, phone, who)
        with pytest.raises(actions.GroundUnknown):
            reveal(world, account, phone, officer, ground="holder_deceased")
        for place in (
            f"account|name|{account}",  # has none yet
            f"account|subject_id|{account}",  # is no protected value
            f"account|phone|{other.account_id}",  # of somebody else's record
            f"staff|phone|{officer.staff_id}",  # of another kind of record
            f"blob|content|{account}",
            *("", "x", "account|phone", "|||", "account|phone|x#y"),
        ):
            with pytest.raises(actions.FieldEmpty):
                reveal(world, account, place, officer)
        with pytest.raises(errors.NotFound):
            reveal(world, "acc_nobody", phone, officer)
        stale = dataclasses.replace(officer, second_factor_at=None)
        with pytest.raises(StepUpNeeded):
            reveal(world, account, phone, stale)


@pytest.mark.row("SEC-1")
def test_of_a_cancelled_account_nothing_is_revealed_and_its_record_says_so(world):
    person = registering.sign_up(world, PHONE)
    one, *_ = closing.officers(world)
    closing.cancel(world, person, one)
    account = person.account_id
    with worlds.unchanged(world), pytest.raises(actions.FieldEmpty):
        reveal(world, account, f"account|phone|{account}", one)
    found = world.engine.ask(queries.record, one, account)
    assert {fact.value.form for held in found.held for fact in held.facts} == {"deleted"}
    history = world.engine.ask(queries.history, one, account)
    values = [
        change.after for entry in history.entries for change in entry.changes
        if change.name == "column.phone"
    ]  # fmt: skip
    assert values
    assert {value.form for value in values if value} == {"deleted"}


def _allow(world: boot.World, per_hour: int, per_day: int = 5_000) -> None:
    body = policies.RevealRules(per_hour=per_hour, per_day=per_day).model_dump_json()
    worlds.run_sql(world, "UPDATE policy_version SET body = ? WHERE kind = 'reveal_rules'", body)


@pytest.mark.row("SEC-1")
def test_a_member_of_staff_looks_so_often_in_an_hour_and_in_a_day_and_others_still_do(any_world):
    world = any_world
    person = registering.sign_up(world, PHONE)
    one, other = (worlds.staff(world, Role.PLATFORM_REVIEWER) for _ in range(2))
    account = person.account_id
    place = f"account|phone|{account}"
    _allow(world, 2, 3)
    for _ in range(2):
        reveal(world, account, place, one)
    with worlds.unchanged(world), pytest.raises(actions.TooManyReveals):
        reveal(world, account, place, one)
    reveal(world, account, place, other)
    worlds.clock_of(world).advance(clock.HOUR + 1)
    reveal(world, account, place, one)
    worlds.clock_of(world).advance(clock.HOUR + 1)
    with worlds.unchanged(world), pytest.raises(actions.TooManyReveals):
        reveal(world, account, place, one)
    worlds.clock_of(world).advance(clock.DAY)
    reveal(world, account, place, one)


@pytest.mark.row("SEC-1", "OPS-6")
def test_the_auditor_sees_who_looked_at_what_and_why_and_others_do_not(world):
    person = registering.sign_up(world, PHONE)
    officer, auditor = (worlds.staff(world, role) for role in (Role.ACCOUNT_OFFICER, Role.AUDITOR))
    account = person.account_id
    reveal(world, account, f"account|phone|{account}", officer)
    [look] = world.engine.ask(queries.reveals, auditor, account)
    assert (look.who, look.name) == ("王审核", "column.phone")
    assert look.ground.words is not None
    assert look.revealed_at == world.engine.now()
    with pytest.raises(MayNot):
        world.engine.ask(queries.reveals, officer, account)
    [entry] = [
        one
        for one in world.engine.ask(queries.history, auditor, account).entries
        if one.kind == "value.revealed"
    ]
    told = {change.name: change.after for change in entry.changes}
    assert told["column.looked_at"].text == "column.phone"
    assert told["column.ground"].words == look.ground.words


@pytest.mark.row("SEC-1", "OPS-7")
def test_staff_s_own_numbers_are_behind_it_too_for_who_manages_staff(world):
    boss = worlds.staff(world, Role.ADMINISTRATOR)
    member = worlds.staff(world, Role.AGENT)
    given = {"staff_id": member.staff_id, "name": "王审核", "phone": "13900139000"}
    world.engine.perform(staffing.change_staff, given, actor=boss)
    place = f"staff|phone|{member.staff_id}"
    assert reveal(world, member.staff_id, place, boss).value == "13900139000"
    with pytest.raises(MayNot):
        reveal(world, member.staff_id, place, worlds.staff(world, Role.AUDITOR))


@pytest.mark.row("SEC-1")
def test_a_shipment_s_person_is_revealed_on_its_invoice_within_the_scope_of_the_agency(world):
    deal = parties.certified(world, parties.Reviewers.of(world))
    invoice = invoicing.apply(world, deal)
    [row] = worlds.rows(world, "SELECT agency_id FROM invoice WHERE id = ?", invoice.id)
    posted = posting.prepared(
        world, deal.person, subject=invoice.id, platform_id="guangzheng", agency_id=row["agency_id"]
    )
    here = worlds.staff(
        world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id=str(row["agency_id"])
    )
    place = f"shipment|phone|{posted.id}"
    assert reveal(world, invoice.id, place, here).value.isdigit()
    away = worlds.staff(world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id="nanfang")
    with pytest.raises(MayNot):
        reveal(world, invoice.id, place, away)


@pytest.mark.row("SEC-1")
def test_what_can_be_revealed_is_told_masked_to_who_may_look_and_to_nobody_else(world):
    boss, auditor = worlds.staff(world, Role.ADMINISTRATOR), worlds.staff(world, Role.AUDITOR)
    given = {"staff_id": auditor.staff_id, "name": "王审核", "phone": "13900139000"}
    world.engine.perform(staffing.change_staff, given, actor=boss)
    [own] = world.engine.ask(queries.held, boss, auditor.staff_id)
    assert [(fact.name, fact.value.text) for fact in own.facts] == [("column.phone", "139****9000")]
    with pytest.raises(MayNot):
        world.engine.ask(queries.held, auditor, auditor.staff_id)
    person = registering.sign_up(world, PHONE)
    [held] = world.engine.ask(queries.held, auditor, person.account_id)
    assert held.facts[0].value.place == f"account|phone|{person.account_id}"
    with pytest.raises(MayNot):
        world.engine.ask(queries.held, boss, person.account_id)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.held, auditor, "inv_nothing")
