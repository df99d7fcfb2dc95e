"""The machine over all actions: what it reaches is counted, and what it does not reach says why."""

from __future__ import annotations

import random

import hypothesis
import pytest

from engine.http import routes
from tests.property import histories, walks
from tests.property.everything import Everything
from tests.property.rules_of_anything import CHANGES
from tests.property.rules_of_faults import DISK
from tests.support import counting, worlds

# A history is long, and its world is made anew: a quarter of the examples of other properties.
TestEverything = histories.saving(
    Everything,
    hypothesis.settings(
        max_examples=max(8, hypothesis.settings().max_examples // 5),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    ),
)
# What ends a session, or a person: done last, so that it does not keep everything else from being done.
ENDING = (
    "registration.end_other_sessions",
    "registration.end_session",
    "registration.remove_device",
    "registration.report_misuse",
    "registration.sign_out",
    "mall.sign_out",
)
# Actions that no walk and no rule brings about, and why; the tests that do.
NOT_HERE = {
    "bulk.freeze_certificates": "takes who may revoke, and the machine's staff lead: test_bulk_agrees",
    "bulk.freeze_jobs": "takes a stuck job, and none may be stuck here: test_bulk_agrees",
    "delivering.write_off": "the courier of a world tells of every parcel: test_delivering_shipments",
    **{
        f"integrating.{name}": "takes two who register machines: test_machines, test_webhooks"
        for name in (
            *("register_client", "change_client", "approve_client", "refuse_client"),
            *("revoke_client", "issue_token", "revoke_token", "add_endpoint", "change_endpoint"),
            *("rotate_secret", "pause_endpoint", "resume_endpoint", "remove_endpoint"),
            *("send_test", "replay", "replay_since"),
        )
    },
    "issuing.ask_encryption_key": "the key centre of a world answers at once: test_pairs",
    "issuing.open_envelope": "takes the phone's half over one value: test_pairs",
    **{
        f"operating.{name}": "takes a stuck job, and none may be stuck here: test_stuck_jobs"
        for name in ("take_up", "take_up_kind")
    },
    **{f"rehearsing.{name}": "in a demo world alone: test_trouble" for name in ("begin", "end")},
    "registration.complete_begun_proof": "takes a proof begun without a session: test_proofs_bank_card",
    "registration.resend_begun_proof_code": "takes a proof begun without a session: test_proofs_bank_card",
    "registration.remove_device": "takes a second phone: test_accounts_security",
    "sealing.file_again": "the register of a world takes every seal: test_seals_shown",
    "staffing.change_my_password": "takes a session by password: test_staffing_sign_in",
    "staffing.reset_totp": "takes an authenticator app: test_staffing_sign_in",
    "staffing.step_up": "takes an authenticator app: test_staffing_sign_in",
}


def walked(walk: walks.Walk, rounds: int = 3) -> Everything:
    """A machine that has taken the steps of a walk, not torn down yet."""
    machine = Everything()
    machine.begin(rounds)
    histories.take(machine, walk)
    return machine


def tried(machine: Everything, seed: int) -> None:
    """Everything that a door offers, tried by each person with arguments out of a seed."""
    chance = random.Random(seed)
    for route in sorted(CHANGES, key=lambda one: one.name in ENDING):
        for who in range(3):
            machine.does(route, who, chance.getrandbits(32))
    machine.no_rule_is_broken()
    machine.the_log_folds_to_the_tables()


@pytest.mark.row("SIM-5")
def test_every_action_of_every_door_is_done_or_says_why_not(record_property):
    offered = {route.name for route in routes.ROUTES if route.changes}
    done, by_chance = set(), set()
    for name, walk in walks.WALKS.items():
        machine = walked(walk)
        done |= set(machine.witness.done)
        if name == "trading":
            for seed in range(3, 6):
                tried(machine, seed)
            by_chance = set(machine.witness.done)
        machine.teardown()
    record_property("count", len(offered & (done | by_chance)))
    assert offered - done - by_chance - set(NOT_HERE) == set(), "neither reached nor listed"
    assert set(NOT_HERE) - offered == set(), "listed and no action"
    assert set(NOT_HERE) & done == set(), "listed and reached: take it off the list"


@pytest.mark.row("SIM-5")
def test_what_is_tried_with_any_arguments_is_refused_or_leaves_a_world_that_holds():
    machine = Everything()
    machine.begin(3)
    machine.whoever_acts_has_confirmed_it(True)
    for seed in range(2 if not counting.FULL else 40):
        tried(machine, seed)
        machine.time_passes(90_000)
    tries = sum(sum(codes.values()) for codes in machine.witness.refused.values())
    machine.teardown()
    assert tries > 300


@pytest.mark.row("SIM-5")
def test_every_fault_of_the_machine_strikes_and_leaves_a_world_that_holds():
    machine = walked(walks.FAULTS, rounds=1)
    fired, again = dict(machine.armed.fired), machine.witness.asked_again
    notices = [kind for kind in worlds.kinds(machine.world) if kind == "payment.repeated"]
    machine.teardown()
    assert {site for site, count in fired.items() if count} == {*DISK, "worker_killed"}
    assert again >= 8
    assert notices
