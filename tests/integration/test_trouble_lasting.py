"""Trouble of those whose answers are money, or part of a document: what is booked, what is reached."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509 import ocsp as x509_ocsp

from engine.boot import World, tables
from engine.issuing import queries as issuing
from engine.kernel import errors
from engine.pdf import verification
from engine.pki import ocsp
from engine.rehearsing.model import Kind
from engine.signing import queries as contracts
from tests.support import trouble, worlds

_PAYS = ("me: ordering.pay order_id=$me.order_id > payment", "bank.pay payment_id=$payment.id")
_SIGNS = ("me.show_signing_qr signature_id=$signature > qr", "me.scan_and_confirm qr_text=$qr")
_DAYS = 3 * 24 * 60


@pytest.mark.parametrize("kind", [Kind.SLOW, Kind.DOWN])
def test_a_cashier_that_does_not_answer_opens_later_and_the_order_is_paid(kind: Kind) -> None:
    with trouble.at("onboarded") as rehearsal:
        rehearsal.trouble("payment", kind)
        rehearsal.act("me.order agency_id=dongfang")
        assert rehearsal.facts()["payment.opened"] == 0
        rehearsal.later(2 if kind is Kind.SLOW else 40)
        assert rehearsal.facts()["payment.opened"] == 1
        rehearsal.act(*_PAYS)
        rehearsal.later(5)
        assert rehearsal.facts()["order.paid"] == 1


@pytest.mark.parametrize("kind", [Kind.SLOW, Kind.DOWN])
def test_notices_that_do_not_come_are_waited_for(kind: Kind) -> None:
    with trouble.at("ordered") as rehearsal:
        rehearsal.trouble("payment", kind)
        rehearsal.act(*_PAYS)
        assert rehearsal.facts()["order.paid"] == 0
        rehearsal.later(2 if kind is Kind.SLOW else 12)
        assert rehearsal.facts()["order.paid"] == 1


def test_notices_that_come_twice_are_booked_once() -> None:
    with trouble.at("ordered") as rehearsal:
        rehearsal.trouble("payment", Kind.DOUBLED)
        rehearsal.act(*_PAYS)
        rehearsal.later(60)
        facts = rehearsal.facts()
        assert (facts["payment.paid"], facts["order.paid"]) == (1, 1)
        assert facts["payment.repeated"] == 5
        sql = "SELECT kind, COUNT(*) AS n FROM ledger_posting GROUP BY kind, subject"
        assert {row["n"] for row in worlds.rows(rehearsal.world, sql)} == {1}


def test_a_notice_of_another_amount_goes_to_finance_and_the_truth_is_asked_for() -> None:
    with trouble.at("ordered") as rehearsal:
        rehearsal.trouble("payment", Kind.LYING)
        rehearsal.act(*_PAYS)
        facts = rehearsal.facts()
        assert (facts["order.paid"], facts["money_case.opened"]) == (0, 1)
        assert facts["payment.notice_refused"] >= 1
        rehearsal.later(60)
        assert rehearsal.facts()["order.paid"] == 1


def test_a_payment_that_never_was_shows_in_the_next_statement() -> None:
    with trouble.at("ordered") as rehearsal:
        rehearsal.trouble("payment", Kind.LYING, minutes=120)
        rehearsal.act(_PAYS[0])
        rehearsal.later(60)
        # Nobody has paid, and the platform was told that somebody has.
        assert rehearsal.facts()["order.paid"] == 1
        assert rehearsal.facts()["money_case.opened"] == 0
        rehearsal.later(_DAYS)
        facts = rehearsal.facts()
        assert facts["statement.compared"] >= 1
        assert facts["money_case.opened"] == 1


# -- the bank card ------------------------------------------------------------------------------


def _proved_by_card(rehearsal: trouble.Rehearsal) -> int:
    """Enter the code, where one has come; how many proofs matched since."""
    me = rehearsal.scene.person("me")
    proof, code = me.newest_proof(), me.read_bank_code()
    if code and proof["status"] == "awaiting_code":
        rehearsal.scene.kept |= {"proof": proof["id"], "code": code}
        rehearsal.act("me.complete_proof proof_id=$proof code=$code")
    rehearsal.later(3)
    return rehearsal.facts()["proof.matched"]


def test_a_bank_card_is_checked_later_again_or_not_at_all() -> None:
    matched = {}
    for kind in Kind:
        with trouble.at("signed_in") as rehearsal:
            rehearsal.trouble("bankcard", kind)
            rehearsal.act("me.prove_name way=bankcard")
            rehearsal.later(3)
            matched[kind] = _proved_by_card(rehearsal)
            facts = rehearsal.facts()
            failed = kind in (Kind.DOWN, Kind.LYING)
            assert facts["proof.mismatched"] == failed
            assert rehearsal.stuck() == set()
    assert matched == {Kind.SLOW: 1, Kind.DOWN: 0, Kind.LYING: 0, Kind.DOUBLED: 1}


# -- what a signature gets from others ------------------------------------------------------------


def _reached(rehearsal: trouble.Rehearsal) -> str:
    found = worlds.rows(
        rehearsal.world,
        "SELECT level FROM contract_version ORDER BY version DESC, revision DESC LIMIT 1",
    )
    return str(found[0]["level"])


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("party", "without"), [("tsa", "B-B"), ("status", "B-T")])
def test_a_contract_is_signed_at_the_level_that_can_be_had_and_raised_later(
    party: str, without: str, kind: Kind
) -> None:
    with trouble.at("one_signs") as rehearsal:
        rehearsal.trouble(party, kind)
        rehearsal.act(*_SIGNS)
        assert rehearsal.facts()["party.signed"] == 1
        assert _reached(rehearsal) == ("B-LT" if kind is Kind.DOUBLED else without)
        rehearsal.later(180)
        assert _reached(rehearsal) == "B-LT"
        contract_id = rehearsal.scene.kept["made"]["id"]
        document = rehearsal.world.engine.ask(contracts.document, tables.INSIDE, contract_id)
        judged = verification.verify(
            document, roots=rehearsal.world.roots, at_ms=rehearsal.world.engine.now()
        )
        assert judged.verdict == "valid"


def _question(world: World, certificate_id: str) -> tuple[str, bytes]:
    """Which authority is asked about a certificate, and its OCSP request without a nonce."""
    found = world.engine.ask(issuing.certificate, tables.INSIDE, certificate_id)
    issued = x509.load_der_x509_certificate(found.der)
    label = next(
        name
        for name in world.authorities.agencies
        if world.authorities.path(name)[0].subject == issued.issuer
    )
    issuer = world.authorities.path(label)[0]
    return label, ocsp.make_request(issued, issuer, nonce=None)


def _status(answer: bytes) -> str:
    return x509_ocsp.load_der_ocsp_response(answer).certificate_status.name.lower()


def test_a_responder_is_out_of_reach_slow_or_lies_and_the_platform_does_not_ask_it() -> None:
    with trouble.at("certified") as rehearsal:
        me, world = rehearsal.scene.person("me"), rehearsal.world
        label, request = _question(world, me.certificate_id)

        def answered() -> str:
            return _status(world.authorities.ocsp_answer(label, request).content)

        assert answered() == "good"
        rehearsal.trouble("status", Kind.DOWN)
        with pytest.raises(errors.ProviderUnavailable):
            answered()
        rehearsal.trouble("status", Kind.SLOW)
        with pytest.raises(errors.ProviderUnavailable):
            answered()
        rehearsal.later(2)
        assert answered() == "good"
        rehearsal.act("me.revoke_certificate reason=keyCompromise")
        rehearsal.later(20)
        assert answered() == "revoked"
        rehearsal.trouble("status", Kind.LYING)
        assert answered() == "good"
        # The platform asks its own records, so that what is revoked signs in nowhere.
        rehearsal.act("me.sign_in_by_password", "me.show_binding_qr > qr")
        rehearsal.act("refused me.scan_and_confirm qr_text=$qr")
        rehearsal.later(20)
        assert answered() == "revoked"
