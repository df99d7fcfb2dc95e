"""The literal tables of accounts and one-tap sign-ins, and the proof of work."""

from __future__ import annotations

import hashlib

import pytest

from engine.kernel import challenges
from engine.kernel.workflow import NotPossibleNow
from engine.registration import model

Status = model.AccountStatus


@pytest.mark.row("ACC-7")
def test_a_cancelled_account_is_the_end():
    assert model.ACCOUNT.terminal(Status.CANCELLED)
    moves = {
        (status.value, verb): model.ACCOUNT.advance(status, verb).value
        for status in model.ACCOUNT.statuses()
        for verb in model.ACCOUNT.verbs(status)
    }
    assert moves == {
        ("active", "freeze"): "frozen",
        ("active", "cancel"): "cancelled",
        ("frozen", "unfreeze"): "active",
        ("frozen", "cancel"): "cancelled",
    }


@pytest.mark.row("ACC-2")
@pytest.mark.parametrize("status", list(model.OneTapStatus))
def test_a_one_tap_is_taken_once_and_only_when_confirmed(status):
    if status is model.OneTapStatus.CONFIRMED:
        assert model.ONE_TAP.advance(status, "take") is model.OneTapStatus.TAKEN
        return
    with pytest.raises(NotPossibleNow):
        model.ONE_TAP.advance(status, "take")


@pytest.mark.row("S-SMS-1")
@pytest.mark.parametrize("bits", [0, 1, 8, 12])
def test_a_proof_of_work_has_its_leading_zero_bits(bits):
    answer = challenges.solve("a challenge", bits)
    digest = hashlib.sha256(f"a challenge.{answer}".encode()).digest()
    assert format(int.from_bytes(digest, "big"), "0256b")[:bits] == "0" * bits
    assert challenges.solved("a challenge", bits, answer)


@pytest.mark.row("S-SMS-1")
def test_work_for_one_challenge_is_none_for_another():
    answers = [challenges.solve(f"challenge {n}", 12) for n in range(5)]
    assert not any(challenges.solved("another", 12, answer) for answer in answers)
