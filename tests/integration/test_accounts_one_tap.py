"""One-tap: the carrier's number, a secret that opens one session, and what happens without a carrier."""

from __future__ import annotations

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import clock, errors
from engine.providers import carrier
from engine.registration import actions, model, queries
from engine.registration.actions import accounts, codes, one_tap
from tests.support import fold, registering, worlds

PHONE = "13800138000"


def ask(world: World, token: str, *, terms: bool = True) -> model.OneTapRequested:
    given = {
        "carrier_token": token,
        "terms_accepted": terms,
        "device_key": b"\x04 phone",
        "device_label": "Pixel 9",
    }
    return world.engine.perform(actions.request_one_tap, given, actor=worlds.SYSTEM)


def finish(
    world: World, asked: model.OneTapRequested, secret: str | None = None
) -> model.HandsetSession:
    given = {"request_id": asked.request_id, "secret": asked.secret if secret is None else secret}
    return world.engine.perform(actions.finish_one_tap, given, actor=worlds.SYSTEM)


@pytest.mark.row("ACC-2")
def test_the_sims_number_registers_once_and_signs_in_from_then_on(any_world):
    accounts_seen = set()
    for new in (True, False):
        asked = ask(any_world, any_world.carrier.token_for(PHONE))
        with worlds.unchanged(any_world), pytest.raises(one_tap.OneTapPending):
            finish(any_world, asked)
        worker.run_due(any_world, subject=asked.request_id)
        session = finish(any_world, asked)
        assert session.new_account is new
        accounts_seen.add(session.account_id)
        person = any_world.engine.ask(queries.person_by_token, worlds.SYSTEM, session.token)
        assert person.second_factor_at == any_world.engine.now(), "the SIM proved the number"
        worlds.clock_of(any_world).advance(clock.MINUTE)
    assert len(accounts_seen) == 1
    [row] = worlds.rows(any_world, "SELECT terms_version, terms_digest FROM account")
    terms = any_world.engine.ask(queries.terms, worlds.SYSTEM)
    assert (row["terms_version"], len(row["terms_digest"])) == (terms.version, 32)
    fold.require(any_world)


@pytest.mark.row("ACC-2")
def test_the_session_is_given_once_and_to_the_secret_alone(any_world):
    asked = ask(any_world, any_world.carrier.token_for(PHONE))
    worker.run_due(any_world, subject=asked.request_id)
    with worlds.unchanged(any_world), pytest.raises(one_tap.OneTapOver):
        finish(any_world, asked, "guessed")
    held = repr(worlds.content(any_world))
    assert asked.secret not in held
    assert PHONE not in held
    finish(any_world, asked)
    with worlds.unchanged(any_world), pytest.raises(one_tap.OneTapOver):
        finish(any_world, asked)


@pytest.mark.row("ACC-2")
@pytest.mark.parametrize("token", ["", "1", "1.AAAA", "999.bm9uc2Vuc2U=", "x.!!", "1.é"])
def test_a_token_of_somebody_elses_making_is_refused(any_world, token):
    any_world.carrier.token_for(PHONE)
    asked = ask(any_world, token)
    worker.run_due(any_world, subject=asked.request_id)
    with worlds.unchanged(any_world), pytest.raises(one_tap.OneTapRefused):
        finish(any_world, asked)
    assert worlds.rows(any_world, "SELECT id FROM account") == []


def test_a_token_lives_two_minutes(world):
    token = world.carrier.token_for(PHONE)
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    asked = ask(world, token)
    worker.run_due(world, subject=asked.request_id)
    with pytest.raises(one_tap.OneTapRefused):
        finish(world, asked)


def test_a_request_lives_two_minutes(any_world):
    asked = ask(any_world, any_world.carrier.token_for(PHONE))
    worker.run_due(any_world, subject=asked.request_id)
    worlds.clock_of(any_world).advance(one_tap.LIFETIME_MS)
    with worlds.unchanged(any_world), pytest.raises(one_tap.OneTapOver):
        finish(any_world, asked)


def test_a_carrier_that_is_down_or_refuses_leaves_the_way_by_sms(world):
    refused = ask(world, world.carrier.token_for("13800130404"))
    down = ask(world, world.carrier.token_for("13800130500"))
    worker.run_due(world)
    with pytest.raises(one_tap.OneTapRefused, match="SMS"):
        finish(world, refused)
    with pytest.raises(one_tap.OneTapPending):
        finish(world, down)
    worlds.clock_of(world).advance(one_tap.LIFETIME_MS)
    with pytest.raises(one_tap.OneTapOver, match="SMS"):
        finish(world, down)
    # Nobody waits for its answer any more: the carrier is not asked for days.
    worker.run_due(world)
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'ask_carrier'") == []
    registering.sign_up(world, "13800130500")


@pytest.mark.row("ACC-2")
def test_without_a_sim_there_is_no_token(world):
    with pytest.raises(carrier.NoSim, match="SMS"):
        world.carrier.token_for("")
    with pytest.raises(errors.InvalidInput):
        world.carrier.token_for("12345")


@pytest.mark.row("ACC-1")
def test_terms_come_before_one_tap(any_world):
    token = any_world.carrier.token_for(PHONE)
    with worlds.unchanged(any_world), pytest.raises(codes.TermsNotAccepted):
        ask(any_world, token, terms=False)


def test_a_frozen_account_is_not_opened_by_its_sim(any_world):
    person = registering.sign_up(any_world, PHONE)
    any_world.engine.perform(actions.report_misuse, {}, actor=person)
    asked = ask(any_world, any_world.carrier.token_for(PHONE))
    worker.run_due(any_world, subject=asked.request_id)
    with worlds.unchanged(any_world), pytest.raises(accounts.AccountFrozen):
        finish(any_world, asked)


def test_the_carriers_answer_is_taken_once(any_world):
    asked = ask(any_world, any_world.carrier.token_for(PHONE))
    worker.run_due(any_world, subject=asked.request_id)
    given = {"request_id": asked.request_id, "phone": "13900139000"}
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        any_world.engine.perform(actions.record_one_tap, given, actor=worlds.SYSTEM)
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(
            actions.record_one_tap, {**given, "request_id": "tap_x"}, actor=worlds.SYSTEM
        )
