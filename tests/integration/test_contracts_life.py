"""The life of a contract beside its signatures: turns, reminders, declining, withdrawing, voiding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import worker
from engine.kernel import clock, errors, workflow
from engine.signing import actions, drafting, model, naming, parties, queries, signatures, wording
from engine.signing.ending import acting, voiding
from tests.support import fold, trading, worlds
from tests.support import parties as people
from tests.support.worlds import SYSTEM


@pytest.fixture
def deal(world):
    return trading.trade(world)


def act(world, party, name, **given):
    return world.engine.perform(getattr(actions, name), given, actor=party.mall)


def told(world, party):
    """The kinds of message that a person got about contracts, oldest first."""
    return [
        row["kind"]
        for row in worlds.rows(
            world,
            "SELECT kind FROM message WHERE account_id = ? AND kind LIKE 'contract.%'"
            " ORDER BY created_at, id",
            party.person.account_id,
        )
    ]


def todos(world, party):
    return [
        row["kind"]
        for row in worlds.rows(
            world,
            "SELECT kind FROM message WHERE account_id = ? AND kind LIKE 'contract.%' AND todo = 1"
            " AND done_at IS NULL ORDER BY created_at, id",
            party.person.account_id,
        )
    ]


def third(world, deal, number=3, name="乌鲁木齐恒基建材有限公司"):
    return people.sealed(world, deal.reviewers, number=number, name=name)


def drafted(world, deal, **given):
    arguments = {"purchase_order_id": deal.purchase_order.id, "terms": trading.TERMS, **given}
    return world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.mall)


def status(world, contract):
    return world.engine.ask(queries.contract, SYSTEM, contract.id).status


def rests(world):
    assert people.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SGN-3")
def test_three_parties_sign_in_turn_and_each_is_told_when_it_is_theirs(world, deal):
    agent = third(world, deal)
    contract = drafted(
        world,
        deal,
        parties=(agent.mall.mall_account_id,),
        signing_order=model.SigningOrder.IN_TURN,
        turns=("supplier", "party3", "purchaser"),
    )
    assert todos(world, deal.supplier) == ["contract.to_sign"]
    assert todos(world, agent) == todos(world, deal.purchaser) == []
    for early in (agent, deal.purchaser):
        with worlds.unchanged(world), pytest.raises(parties.NotYourTurn):
            trading.ask(world, early, contract)
    for now, then in ((deal.supplier, agent), (agent, deal.purchaser)):
        trading.sign(world, now, contract.id)
        assert (todos(world, now), todos(world, then)) == ([], ["contract.to_sign"])
    trading.sign(world, deal.purchaser, contract.id)
    assert todos(world, deal.purchaser) == ["contract.to_submit"]
    judged = trading.verdict(world, trading.document(world, contract))
    assert judged.verdict == "valid"
    assert [one.signer_name for one in judged.signatures] == [
        deal.supplier.name,
        agent.name,
        deal.purchaser.name,
    ]
    act(world, deal.purchaser, "submit", contract_id=contract.id)
    assert status(world, contract) is model.ContractStatus.IN_REVIEW
    rests(world)


def test_a_further_party_sees_the_contract_and_its_documents(world, deal):
    agent = third(world, deal)
    contract = drafted(world, deal, parties=(agent.mall.mall_account_id,))
    assert world.engine.ask(queries.contract, agent.mall, contract.id) == contract
    assert world.engine.ask(queries.rows, agent.mall)[0].mine == "party3"
    assert world.engine.ask(queries.document, agent.person, contract.id)
    shown = world.engine.ask(queries.contract_parties, agent.mall, contract.id)
    assert [(one.role, one.mine, one.turn) for one in shown] == [
        ("purchaser", False, True),
        ("supplier", False, True),
        ("party3", True, True),
    ]


@pytest.mark.parametrize("what", ["twice", "elsewhere", "many", "turns"])
def test_parties_that_cannot_be_are_refused(world, deal, what):
    supplier = deal.supplier.mall.mall_account_id
    given, refusal = {
        "twice": ({"parties": (supplier,)}, naming.PartyTwice),
        "elsewhere": ({"parties": ("mal_nobody",)}, naming.PartyElsewhere),
        "many": ({"parties": (supplier,) * 5}, naming.TooManyParties),
        "turns": ({"turns": ("purchaser",)}, naming.TurnsIncomplete),
    }[what]
    with worlds.unchanged(world), pytest.raises(refusal):
        drafted(world, deal, **given)


def test_possible_parties_are_found_by_a_part_of_name_or_login(world, deal):
    agent = third(world, deal)
    found = world.engine.ask(
        queries.possible_parties, deal.purchaser.mall, deal.purchase_order.id, "恒基"
    )
    assert [one.mall_account_id for one in found] == [agent.mall.mall_account_id]
    assert not world.engine.ask(
        queries.possible_parties, deal.purchaser.mall, deal.purchase_order.id, "天山"
    )


@pytest.mark.row("SGN-2")
def test_that_a_party_read_the_contract_is_kept_once(world, deal):
    contract = trading.draft(world, deal)
    worlds.clock_of(world).advance(clock.MINUTE)
    act(world, deal.supplier, "read", contract_id=contract.id)
    first = world.engine.ask(queries.history, SYSTEM, contract.id)
    assert [(one.step, one.opinion) for one in first] == [
        ("contract.created", "not_signed"),
        ("contract.sign_supplier", "not_signed"),
    ]
    assert first[1].read_at == first[1].received_at + clock.MINUTE
    worlds.clock_of(world).advance(clock.MINUTE)
    act(world, deal.supplier, "read", contract_id=contract.id)
    assert world.engine.ask(queries.history, SYSTEM, contract.id) == first


@pytest.mark.row("SGN-5")
def test_whose_turn_it_is_can_be_reminded_so_often_a_day(world, deal):
    contract = trading.draft(world, deal)
    given = {"contract_id": contract.id, "role": "supplier"}
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        act(world, deal.supplier, "remind", contract_id=contract.id, role="purchaser")
    with worlds.unchanged(world), pytest.raises(acting.NobodyToRemind):
        act(world, deal.purchaser, "remind", contract_id=contract.id, role="purchaser")
    for _ in range(3):
        act(world, deal.purchaser, "remind", **given)
    with worlds.unchanged(world), pytest.raises(acting.RemindedEnough):
        act(world, deal.purchaser, "remind", **given)
    assert told(world, deal.supplier).count("contract.reminder") == 3
    worlds.clock_of(world).advance(clock.DAY)
    act(world, deal.purchaser, "remind", **given)
    rests(world)


@pytest.mark.row("SGN-5")
def test_a_declined_contract_ends_until_the_purchaser_makes_it_anew(world, deal):
    contract = trading.draft(world, deal)
    trading.sign(world, deal.purchaser, contract.id)
    kept = trading.document(world, contract)
    with worlds.unchanged(world), pytest.raises(acting.PurchaserWithdraws):
        act(world, deal.purchaser, "decline", contract_id=contract.id, opinion="不签")
    with worlds.unchanged(world), pytest.raises(wording.ReasonMissing):
        act(world, deal.supplier, "decline", contract_id=contract.id, opinion="  ")
    declined = act(
        world, deal.supplier, "decline", contract_id=contract.id, opinion="交货期太短，联系张三"
    )
    assert declined.status is model.ContractStatus.DECLINED
    assert todos(world, deal.purchaser) == ["contract.was_declined"]
    assert todos(world, deal.supplier) == []
    for party in (deal.purchaser, deal.supplier):
        with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
            trading.ask(world, party, contract)
    steps = world.engine.ask(queries.history, deal.purchaser.mall, contract.id)
    assert [(one.opinion, one.text) for one in steps] == [
        ("signed", ""),
        ("declined", "交货期太短，联系张三"),
    ]
    # What somebody wrote stands nowhere in the clear.
    assert not worlds.rows(
        world, "SELECT id FROM contract_party WHERE CAST(opinion AS TEXT) LIKE '%张三%'"
    )
    revised = act(
        world, deal.purchaser, "revise_contract", contract_id=contract.id, terms=trading.TERMS
    )
    assert (revised.version, revised.status) == (2, model.ContractStatus.DRAFT)
    assert todos(world, deal.purchaser) == []
    assert todos(world, deal.supplier) == ["contract.to_sign"]
    versions = world.engine.ask(queries.versions, SYSTEM, contract.id)
    with world.engine.reader(SYSTEM) as q:
        assert q.blob(versions[1].blob_id) == kept
    assert trading.verdict(world, kept).verdict == "valid"
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    rests(world)


def test_a_signature_that_was_being_made_is_given_up_with_the_contract(world, deal):
    contract = trading.draft(world, deal)
    asked, ticket = trading.scanned(world, deal.purchaser, contract)
    act(world, deal.supplier, "decline", contract_id=contract.id, opinion="价格有误")
    assert trading.signature_of(world, asked).status is model.SignatureStatus.FAILED
    with pytest.raises(errors.EngineError):
        trading.confirm(world, deal.purchaser, ticket)
    rests(world)


def test_who_has_signed_can_neither_decline_nor_be_undone(world, deal):
    contract = trading.draft(world, deal)
    trading.sign(world, deal.supplier, contract.id)
    with worlds.unchanged(world), pytest.raises(acting.SignedAlreadyByYou):
        act(world, deal.supplier, "decline", contract_id=contract.id, opinion="反悔")
    with worlds.unchanged(world), pytest.raises(drafting.SignedByOthers):
        act(world, deal.purchaser, "revise_contract", contract_id=contract.id, terms=trading.TERMS)
    kept = trading.document(world, contract)
    act(world, deal.purchaser, "withdraw", contract_id=contract.id, reason="数量有误")
    assert trading.document(world, contract) == kept
    assert trading.verdict(world, kept).verdict == "valid"


@pytest.mark.row("SGN-5")
def test_a_declined_contract_is_withdrawn_by_who_will_not_make_it_anew(world, deal):
    contract = trading.draft(world, deal)
    act(world, deal.supplier, "decline", contract_id=contract.id, opinion="交货期太短")
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        act(world, deal.supplier, "withdraw", contract_id=contract.id, reason="不要了")
    gone = act(world, deal.purchaser, "withdraw", contract_id=contract.id, reason="另行采购")
    assert gone.status is model.ContractStatus.WITHDRAWN
    assert todos(world, deal.purchaser) == []
    assert "contract.was_withdrawn" in told(world, deal.supplier)


@pytest.mark.row("SGN-5")
def test_a_contract_is_withdrawn_before_everybody_has_signed_and_can_be_made_anew(world, deal):
    contract = trading.draft(world, deal)
    with worlds.unchanged(world), pytest.raises(drafting.OnlyPurchaser):
        act(world, deal.supplier, "withdraw", contract_id=contract.id, reason="不要了")
    gone = act(world, deal.purchaser, "withdraw", contract_id=contract.id, reason="数量有误")
    assert gone.status is model.ContractStatus.WITHDRAWN
    assert todos(world, deal.supplier) == []
    assert "contract.was_withdrawn" in told(world, deal.supplier)
    assert world.engine.ask(queries.tab_counts, deal.supplier.mall)["ended"] == 1
    revised = act(
        world, deal.purchaser, "revise_contract", contract_id=contract.id, terms=trading.TERMS
    )
    assert (revised.status, revised.ended_at) == (model.ContractStatus.DRAFT, None)
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    for name, given in (("withdraw", {"reason": "晚了"}), ("extend", {"sign_by": 1 << 50})):
        with worlds.unchanged(world), pytest.raises(acting.EverybodySigned):
            act(world, deal.purchaser, name, contract_id=contract.id, **given)
    rests(world)


def test_an_unsigned_draft_is_changed_at_once(world, deal):
    contract = trading.draft(world, deal)
    terms = replace(trading.TERMS, payment_terms="款到发货")
    revised = act(world, deal.purchaser, "revise_contract", contract_id=contract.id, terms=terms)
    assert (revised.version, revised.payment_terms) == (2, "款到发货")
    assert todos(world, deal.supplier) == ["contract.to_sign"]
    rests(world)


@pytest.mark.row("SGN-5")
def test_the_time_to_sign_ends_is_told_before_and_can_be_extended(world, deal):
    start = world.engine.now()
    contract = drafted(world, deal, sign_by=start + 3 * clock.DAY)
    worlds.clock_of(world).advance(2 * clock.DAY)
    worker.tick(world, owner="test")
    assert told(world, deal.supplier) == ["contract.to_sign", "contract.ends_soon"]
    worlds.clock_of(world).advance(
        clock.DAY - clock.SECOND - (world.engine.now() - start) % clock.DAY
    )
    asked, ticket = trading.scanned(world, deal.supplier, contract)
    worlds.clock_of(world).set(start + 3 * clock.DAY)
    with pytest.raises(parties.DeadlinePassed):
        trading.confirm(world, deal.supplier, ticket)
    worker.tick(world, owner="test")
    assert trading.signature_of(world, asked).status is model.SignatureStatus.FAILED
    assert todos(world, deal.purchaser) == ["contract.has_expired"]
    row = world.engine.ask(queries.rows, deal.supplier.mall)[0]
    assert (row.state, row.turn) == (model.EXPIRED, ())
    with worlds.unchanged(world), pytest.raises(parties.DeadlinePassed):
        trading.ask(world, deal.supplier, contract)
    for sign_by, refusal in (
        (start, naming.DeadlineOver),
        (start + 900 * clock.DAY, naming.DeadlineOver),
        (0, acting.NotLater),
    ):
        with worlds.unchanged(world), pytest.raises(refusal):
            act(world, deal.purchaser, "extend", contract_id=contract.id, sign_by=sign_by)
    act(world, deal.purchaser, "extend", contract_id=contract.id, sign_by=start + 5 * clock.DAY)
    assert todos(world, deal.purchaser) == []
    for party in (deal.supplier, deal.purchaser):
        trading.sign(world, party, contract.id)
    # Nothing is told of a deadline that everybody kept.
    worlds.clock_of(world).advance(9 * clock.DAY)
    before = (told(world, deal.supplier), told(world, deal.purchaser))
    worker.tick(world, owner="test")
    assert (told(world, deal.supplier), told(world, deal.purchaser)) == before
    assert status(world, contract) is model.ContractStatus.DRAFT
    rests(world)


def passed(world, deal):
    contract = trading.signed(world, deal)
    act(world, deal.purchaser, "submit", contract_id=contract.id)
    people.approve(world, "contract", contract.id, deal.reviewers.contract)
    return contract


@pytest.mark.row("SGN-5")
def test_a_passed_contract_is_voided_by_agreement_and_keeps_its_signatures(any_world):
    world = any_world
    deal = trading.trade(world)
    contract = passed(world, deal)
    content = trading.document(world, contract)
    with worlds.unchanged(world), pytest.raises(voiding.NothingProposed):
        act(world, deal.supplier, "agree_voiding", contract_id=contract.id)
    act(world, deal.supplier, "propose_voiding", contract_id=contract.id, reason="双方另签新合同")
    assert todos(world, deal.purchaser) == ["contract.voiding_asked"]
    with worlds.unchanged(world), pytest.raises(voiding.VoidingProposed):
        act(world, deal.purchaser, "propose_voiding", contract_id=contract.id, reason="同上")
    with worlds.unchanged(world), pytest.raises(voiding.YourOwnProposal):
        act(world, deal.supplier, "agree_voiding", contract_id=contract.id)
    shown = world.engine.ask(queries.voiding, deal.purchaser.mall, contract.id)
    assert [(one.reason, one.waits_for) for one in shown] == [("双方另签新合同", ("purchaser",))]
    worlds.clock_of(world).advance(clock.MINUTE)
    voided = act(world, deal.purchaser, "agree_voiding", contract_id=contract.id)
    assert voided.status is model.ContractStatus.VOIDED
    assert todos(world, deal.purchaser) == []
    assert "contract.was_voided" in told(world, deal.supplier)
    assert trading.document(world, contract) == content
    assert trading.verdict(world, content).verdict == "valid"
    course = world.engine.ask(queries.history, SYSTEM, contract.id)
    # The platform answers for its review; which of its staff it was is told to no party.
    assert [(one.actor, one.handler) for one in course if one.step == "contract.review"] == [
        ("", "")
    ]
    steps = [one.step for one in course]
    assert steps[-2:] == ["contract.voiding_proposed", "contract.voiding_agreed"]
    with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
        act(world, deal.supplier, "propose_voiding", contract_id=contract.id, reason="再来")
    rests(world)


def test_a_proposal_to_void_is_refused_or_taken_back_and_the_contract_holds(world, deal):
    contract = passed(world, deal)
    given = {"contract_id": contract.id}
    act(world, deal.purchaser, "propose_voiding", **given, reason="不再需要")
    with worlds.unchanged(world), pytest.raises(voiding.NotYourProposal):
        act(world, deal.supplier, "take_back_voiding", **given)
    act(world, deal.supplier, "refuse_voiding", **given, reason="货已发出")
    assert status(world, contract) is model.ContractStatus.PASSED
    assert "contract.voiding_was_refused" in told(world, deal.purchaser)
    worlds.clock_of(world).advance(clock.MINUTE)
    act(world, deal.purchaser, "propose_voiding", **given, reason="货未到")
    with worlds.unchanged(world), pytest.raises(voiding.YourOwnProposal):
        act(world, deal.purchaser, "refuse_voiding", **given, reason="不")
    act(world, deal.purchaser, "take_back_voiding", **given)
    assert todos(world, deal.supplier) == []
    statuses = [one.status for one in world.engine.ask(queries.voiding, SYSTEM, contract.id)]
    assert statuses == [model.VoidingStatus.REFUSED, model.VoidingStatus.TAKEN_BACK]
    rests(world)


def test_three_parties_have_all_to_agree_before_a_contract_is_void(world, deal):
    agent = third(world, deal)
    contract = drafted(world, deal, parties=(agent.mall.mall_account_id,))
    everybody = (deal.purchaser, deal.supplier, agent)
    for party in everybody:
        trading.sign(world, party, contract.id)
    act(world, deal.purchaser, "submit", contract_id=contract.id)
    people.approve(world, "contract", contract.id, deal.reviewers.contract)
    act(world, agent, "propose_voiding", contract_id=contract.id, reason="项目取消")
    act(world, deal.supplier, "agree_voiding", contract_id=contract.id)
    assert status(world, contract) is model.ContractStatus.PASSED
    with worlds.unchanged(world), pytest.raises(voiding.AgreedAlready):
        act(world, deal.supplier, "agree_voiding", contract_id=contract.id)
    act(world, deal.purchaser, "agree_voiding", contract_id=contract.id)
    assert status(world, contract) is model.ContractStatus.VOIDED
    rests(world)


def test_a_returned_contract_can_be_given_up(world, deal):
    contract = trading.signed(world, deal)
    act(world, deal.purchaser, "submit", contract_id=contract.id)
    people.reject(world, "contract", contract.id, deal.reviewers.contract)
    gone = act(world, deal.purchaser, "withdraw", contract_id=contract.id, reason="不再采购")
    assert gone.status is model.ContractStatus.WITHDRAWN
    assert todos(world, deal.purchaser) == []
    rests(world)


def test_the_list_is_read_in_pages_and_found_by_text(world, deal):
    for number in range(1, 23):
        drafted(world, deal, terms=replace(trading.TERMS, number=f"HT-{number:03d}"))
    ask = world.engine.ask
    first = ask(queries.contracts_page, deal.supplier.mall)
    assert (len(first.rows), first.pages, first.count) == (20, 2, 22)
    rest = ask(queries.contracts_page, deal.supplier.mall, page=9)
    assert (len(rest.rows), rest.page) == (2, 2)
    found = ask(queries.contracts_page, deal.supplier.mall, text="HT-007")
    assert [one.contract.number for one in found.rows] == ["HT-007"]
    by_name = ask(queries.contracts_page, deal.supplier.mall, text="阳光工程")
    assert by_name.count == 22
    assert ask(queries.contracts_page, deal.supplier.mall, text="50%_off").count == 0
    assert ask(queries.tab_counts, deal.supplier.mall)["to_submit"] == 22


def test_a_signature_asked_for_out_of_turn_is_refused_at_the_phone_too(world, deal):
    contract = trading.draft(world, deal)
    _, ticket = trading.scanned(world, deal.supplier, contract)
    worlds.run_sql(world, "UPDATE contract SET signing_order = 'in_turn' WHERE id = ?", contract.id)
    with pytest.raises(parties.NotYourTurn):
        trading.confirm(world, deal.supplier, ticket)
    assert signatures.SigningRunning.code == "signing.signing_running"
