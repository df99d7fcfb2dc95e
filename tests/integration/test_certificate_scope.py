"""What a delegated certificate covers is all that it does; withdrawn, it does nothing (ENT-3)."""

from __future__ import annotations

import itertools

import pytest

from engine.binding import actions as binding_actions
from engine.issuing import actions as issuing
from engine.issuing import coverage, proofs
from engine.issuing import model as certificates
from engine.kernel import errors, texts
from engine.mall import queries as mall
from engine.ordering.model import choices
from engine.sealing import queries as seals
from engine.signing import actions as signing
from engine.signing import model as contracts
from engine.signing import queries as contract_queries
from tests.support import binding, covering, fold, key_proofs, ordering, parties, trading, worlds
from tests.support.worlds import SYSTEM


@pytest.fixture
def deal(any_world):
    return trading.trade(any_world)


@pytest.fixture
def member(any_world, deal):
    """A colleague of the purchaser's with a proven name and no certificate."""
    return ordering.colleague(any_world, deal.purchaser)


def withdraw(world, party, held):
    return ordering.perform(
        world, party, issuing.withdraw_delegation, certificate_id=held.certificate_id
    )


def login(world, held, *, nonce="a PC of the member's"):
    opened = binding.login_qr(world, held.mall.platform_id, nonce=nonce)
    binding.scan(world, held, opened)
    binding.confirm(world, held, opened, nonce=nonce)
    return opened


@pytest.mark.row("ENT-3")
def test_a_delegate_signs_a_contract_where_that_was_delegated(any_world, deal, member):
    world = any_world
    held = covering.delegated(world, deal.purchaser, member, "contract")
    contract = trading.draft(world, deal)
    trading.sign(world, held, contract.id)
    document = trading.document(world, contract)
    assert trading.verdict(world, document).verdict == "valid"
    [signature] = world.engine.ask(contract_queries.signatures, SYSTEM, contract.id)
    assert signature.account_id == member.person.account_id
    # It opens no account: that is another act.
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, held, opened)
    with binding.untouched(world), pytest.raises(coverage.OutOfScope) as refused:
        binding.confirm(world, held, opened)
    assert refused.value.params == {
        "enterprise": deal.purchaser.name,
        "by": "李*东",
        "covered": "Signing contracts",
        "what": "Signing in by scan",
    }
    told = texts.of_error(refused.value, "zh_CN")
    assert "授权范围为：合同签署，不包括扫码登录" in told
    assert deal.purchaser.name in told
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-3")
def test_a_delegate_for_signing_in_signs_no_contract_at_any_step(any_world, deal, member):
    world = any_world
    held = covering.delegated(world, deal.purchaser, member, "login")
    contract = trading.draft(world, deal)
    with worlds.unchanged(world), pytest.raises(coverage.OutOfScope):
        trading.ask(world, held, contract)
    # Nor does any seal list it.
    [found] = worlds.rows(world, "SELECT der FROM certificate WHERE id = ?", held.certificate_id)
    listed = parties.seal_of(world, deal.purchaser).certificates
    assert seals.certificate_digest(bytes(found["der"])) not in listed
    login(world, held)


@pytest.mark.row("ENT-3")
def test_a_scope_that_no_longer_covers_signing_stops_the_code_and_the_act(any_world, deal, member):
    world = any_world
    held = covering.delegated(world, deal.purchaser, member, "contract", "login")
    contract = trading.draft(world, deal)
    asked = trading.ask_to_sign(world, held, contract.id)
    opened = trading.show_qr(world, held, asked.id)
    trading.scan(world, held, opened)
    narrowed = "UPDATE certificate_order SET scope = ? WHERE id = ?"
    worlds.run_sql(world, narrowed, '["login"]', held.order_id)
    with worlds.unchanged(world), pytest.raises(coverage.OutOfScope):
        trading.show_qr(world, held, asked.id)
    with worlds.unchanged(world, without=key_proofs.TRIES), pytest.raises(coverage.OutOfScope):
        trading.confirm(world, held, opened.ticket.id)


@pytest.mark.row("ENT-3")
@pytest.mark.row("CRT-6")
def test_what_is_encrypted_for_the_enterprise_is_not_opened_by_what_a_member_holds(world):
    """The same person has the enterprise's own pair and, beside it, one that was delegated to them."""
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    parties.settle(world)
    sql = "SELECT id FROM certificate WHERE pair_id = ? AND usage = 'encryption'"
    [encryption] = worlds.rows(world, sql, party.certificate_id)
    member = ordering.colleague(world, party)
    held = covering.delegated(world, party, member, "contract", "login", "bid")
    to_them = "UPDATE certificate SET account_id = ?, device_id = ? WHERE id = ?"
    person = held.person
    worlds.run_sql(world, to_them, person.account_id, person.device_id, encryption["id"])
    proof = key_proofs.prove(world, person, held.certificate_id, held.key, b"x")
    given = {"certificate_id": encryption["id"], "opens_with": held.certificate_id}
    for action, more in (
        (issuing.take_encryption_share, {}),
        (issuing.open_envelope, {"value": b"v", "half": b"h"}),
    ):
        arguments = {**given, **more, "proof": proof}
        with worlds.unchanged(world, without=key_proofs.TRIES), pytest.raises(coverage.OutOfScope):
            world.engine.perform(action, arguments, actor=person)
    arguments = {"certificate_id": encryption["id"], "why": "phone_lost"}
    with pytest.raises(issuing.NoCertificateHere), worlds.unchanged(world):
        world.engine.perform(issuing.ask_recovery, arguments, actor=person)


@pytest.mark.row("ENT-3")
@pytest.mark.row("BND-1")
def test_a_delegated_certificate_is_bound_to_no_account(any_world, deal, member):
    world = any_world
    held = covering.delegated(world, deal.purchaser, member, "contract", "login", "bid")
    world.engine.perform(binding_actions.unbind, {}, actor=deal.purchaser.mall)
    opened = binding.binding_qr(world, held)
    binding.scan(world, held, opened)
    with binding.untouched(world), pytest.raises(coverage.OutOfScope) as refused:
        binding.confirm(world, held, opened)
    assert "绑定账号" in texts.of_error(refused.value, "zh_CN")


@pytest.mark.row("ENT-3")
def test_withdrawn_it_stops_everything_in_the_same_transaction(any_world, deal, member):
    world = any_world
    held = covering.delegated(world, deal.purchaser, member, "contract", "login")
    taken = binding.finish(world, login(world, held), nonce="a PC of the member's")
    waiting = login(world, held)
    contract = trading.draft(world, deal)
    asked = trading.ask_to_sign(world, held, contract.id)
    code = trading.show_qr(world, held, asked.id)
    trading.scan(world, held, code)
    assert world.engine.ask(mall.account_by_token, SYSTEM, taken.token) is not None
    withdraw(world, deal.purchaser, held)
    # The browser that it signed in is signed out, and the one that was to be is not.
    assert world.engine.ask(mall.account_by_token, SYSTEM, taken.token) is None
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        binding.finish(world, waiting, nonce="a PC of the member's")
    with pytest.raises(proofs.CertificateNotUsable):
        key_proofs.open_try(world, held.person, held.certificate_id)
    proof = certificates.KeyProof(try_id="try_none", half=b"")
    arguments = {"ticket_id": code.ticket.id, "proof": proof}
    with pytest.raises(proofs.CertificateNotUsable), worlds.unchanged(world):
        world.engine.perform(signing.confirm_signature, arguments, actor=held.person)
    assert trading.signature_of(world, asked.id).status is contracts.SignatureStatus.FAILED
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        trading.show_qr(world, held, asked.id)
    assert parties.violations(world) == {}
    fold.require(world)
    # The enterprise's own signs what the member was about to.
    trading.sign(world, deal.purchaser, contract.id)


@pytest.mark.row("CRT-3")
def test_on_hold_a_certificate_signs_its_browsers_out_and_renewed_it_does_not(any_world, deal):
    world, party = any_world, deal.purchaser
    nonce = "the purchaser's PC"
    session = binding.finish(world, login(world, party, nonce=nonce), nonce=nonce)
    world.engine.perform(
        issuing.suspend, {"certificate_id": party.certificate_id}, actor=party.person
    )
    assert world.engine.ask(mall.account_by_token, SYSTEM, session.token) is None
    assert "mall_account.session_ended" in worlds.kinds(world)


def test_every_combination_of_acts_reads_in_chinese():
    acts = list(choices.ACTS)
    for count in range(1, len(acts) + 1):
        for some in itertools.combinations(acts, count):
            words = choices.in_words(some)
            assert texts.text(words.en, "zh_CN") == words.zh


def test_every_use_of_a_key_names_its_act(world):
    """A new act that does not say what it is fails before it is done."""
    arguments = {"certificate_id": "crt", "message": b"", "proof": None}
    with pytest.raises(TypeError):
        world.engine.perform(proofs.require_proof, arguments, actor=SYSTEM)
