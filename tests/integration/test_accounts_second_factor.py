"""AUTH-3: what each kind of session may do, for every route of the table."""

from __future__ import annotations

import dataclasses
import inspect
import typing

import pytest

from engine.http import routes
from engine.issuing import model as issuing
from engine.kernel import actors, clock
from engine.kernel.engine import SECOND_FACTOR_MS, SecondFactorNeeded
from tests.support import registering, worlds

# What a person changes, by what it takes. A session by password alone: these and nothing else.
LOOK_ONLY = {
    "registration.request_step_up",
    "registration.step_up",
    "registration.sign_out",
    "registration.report_misuse",
    "messaging.read",
    "messaging.read_all",
    "scanning.scan",
    "scanning.refuse",
    # Stops harm; to take it back takes a session that proved more, and a real name proved anew.
    "issuing.suspend",
}
# A code at most 5 minutes old: what is issued, paid, cancelled, or changes who may come in or act.
SECOND_FACTOR = {
    "ordering.replace_certificate",
    "ordering.delegate_certificate",
    "registration.set_password",
    "registration.change_number",
    "registration.request_cancellation",
    "registration.close_enterprise",
    "registration.remove_member",
    "registration.offer_transfer",
    "registration.answer_transfer",
    "registration.change_enterprise",
    "ordering.pay",
    "ordering.cancel",
    "issuing.request_certificate",
    "issuing.revoke",
    "issuing.withdraw_delegation",
    "issuing.ask_recovery",
    "sealing.remake_seal",
    "sealing.delete_seal",
    "sealing.delegate_seal",
    "subscribing.pay",
    "subscribing.ask_refund",
}
# Proved anew by the certificate's PIN each time: the phone signs what it shows.
BY_PIN = {
    "issuing.activate",
    "issuing.change_pin",
    "issuing.take_encryption_share",
    "issuing.open_envelope",
    "binding.confirm_binding",
    "binding.confirm_login",
    "signing.confirm_signature",
    "enveloping.confirm_file",
    "enveloping.confirm_opening",
}
# What a session may do that once proved the phone number.
STRONG_SESSION = {
    # What a file's key was opened for by the PIN just before.
    "enveloping.hand_over_key",
    "issuing.open_try",
    "issuing.unlock_pin",
    # Beside the session: a real name proved anew, the share itself, a recovery of one's own.
    "issuing.resume",
    "issuing.ask_encryption_key",
    "issuing.confirm_encryption_share",
    "issuing.withdraw_recovery",
    "mall.end_browser_session",
    "registration.end_session",
    "registration.end_other_sessions",
    "registration.remove_device",
    "registration.prove_name",
    "registration.complete_proof",
    "registration.resend_proof_code",
    "registration.claim_enterprise",
    "registration.start_reverse_payment",
    "registration.ask_representative",
    "registration.authorize_claim",
    "registration.invite_by_phone",
    "registration.open_invitation",
    "registration.accept_invitation",
    "registration.accept_invitation_by_qr",
    "registration.decline_invitation",
    "registration.cancel_invitation",
    "registration.apply_to_join",
    "registration.decide_join",
    "registration.change_role",
    "registration.leave_enterprise",
    "registration.withdraw_cancellation",
    "registration.appeal",
    "mall.onboard",
    "mall.join_zone",
    "mall.leave_zone",
    "mall.set_default_zone",
    "ordering.place_order",
    "ordering.renew_certificate",
    "ordering.change_certificate",
    "ordering.attach_papers",
    "sealing.apply_for_seal",
    "sealing.draw_signature",
    "sealing.change_seal",
    "sealing.withdraw_application",
    "sealing.withdraw_seal_delegation",
    "sealing.file_again",
    "sealing.suspend",
    "sealing.resume",
    "delivering.add_address",
    "delivering.change_address",
    "delivering.set_default_address",
    "delivering.delete_address",
    "delivering.report_lost",
    "delivering.redirect",
    "subscribing.place_order",
    "subscribing.cancel",
    "invoicing.apply_for_invoice",
    "invoicing.withdraw_application",
    "invoicing.send_again",
    "invoicing.ask_red_letter",
    "invoicing.declare_deducted",
    "invoicing.confirm_red_letter",
    "invoicing.decline_red_letter",
    "invoicing.add_title",
    "invoicing.change_title",
    "invoicing.delete_titles",
    "reviewing.urge_own",
}
CHANGING = {r.name: r for r in routes.ROUTES if r.who == "person" and r.changes}


def _value(hint: typing.Any) -> object:
    """Some value of a type: a session is judged before the arguments are."""
    if isinstance(hint, type) and issubclass(hint, str):
        return next(iter(hint)) if hasattr(hint, "__members__") else "x"
    return {int: 0, bool: False, bytes: b"x"}.get(hint, ())


def _arguments(route: routes.Route) -> dict[str, object]:
    hints = typing.get_type_hints(route.function)
    parameters = inspect.signature(route.function).parameters.values()
    return {
        one.name: _value(hints[one.name])
        for one in parameters
        if one.name not in ("op", "prepared") and one.default is inspect.Parameter.empty
    }


@pytest.mark.row("S-AUTH-3")
def test_every_change_a_person_can_make_has_its_place_in_the_matrix():
    places = (LOOK_ONLY, SECOND_FACTOR, BY_PIN, STRONG_SESSION)
    named = [name for place in places for name in place]
    assert len(named) == len(set(named)), "one place each"
    assert set(CHANGING) - set(named) == set(), "gaps"
    assert set(named) - set(CHANGING) == set(), "names without a route"


@pytest.mark.row("S-AUTH-3")
def test_the_marks_are_the_matrix():
    looks = {n for n, r in CHANGING.items() if getattr(r.function, "look_only", False)}
    fresh = {n for n, r in CHANGING.items() if getattr(r.function, "second_factor", False)}
    assert looks == LOOK_ONLY
    assert fresh == SECOND_FACTOR
    proving = {n for n, r in CHANGING.items() if _takes_a_proof(r)}
    assert proving == BY_PIN


def _takes_a_proof(route: routes.Route) -> bool:
    return typing.get_type_hints(route.function).get("proof") is issuing.KeyProof


@pytest.mark.row("S-AUTH-3")
@pytest.mark.parametrize("state", ["look-only", "stale", "last moment"])
@pytest.mark.parametrize("name", sorted(CHANGING))
def test_a_session_is_refused_before_anything_else_is_looked_at(world, monkeypatch, name, state):
    """Each route × each state of a session: the door's answer, and no trace in the database."""
    route = CHANGING[name]
    account = registering.sign_up(world)
    # What is prepared before the transaction is not what is asked here.
    monkeypatch.delattr(route.function, "prepare", raising=False)
    proved = {
        "look-only": None,
        "stale": world.engine.now(),
        "last moment": world.engine.now() + 1,
    }[state]
    person = dataclasses.replace(account, second_factor_at=proved)
    worlds.clock_of(world).advance(SECOND_FACTOR_MS)
    refused = (state == "look-only" and name not in LOOK_ONLY) or (
        state == "stale" and name in SECOND_FACTOR
    )
    before = worlds.content(world)
    code = _outcome(world, route, person)
    assert (code == SecondFactorNeeded.code) is refused
    if refused:
        assert worlds.content(world) == before


def _outcome(world: typing.Any, route: routes.Route, person: actors.Person) -> str:
    try:
        world.engine.perform(route.function, _arguments(route), actor=person)
    except Exception as problem:  # noqa: BLE001
        # Nonsense as arguments ends in some refusal; only which one matters.
        return getattr(problem, "code", type(problem).__name__)
    return ""


@pytest.mark.row("S-AUTH-3")
def test_five_minutes_are_five_minutes():
    assert SECOND_FACTOR_MS == 5 * clock.MINUTE
