"""Every act of staff × every role × every scope, through the engine: allowed or refused, no cell left out.

What counts is whether the act is refused for want of the right. Actions are found in the engine itself: one
that is new and stands in none of the tables here fails the first test.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import engine
from engine import boot
from engine.asking import model as asking
from engine.boot import World
from engine.bulk import model as bulk
from engine.http import routes
from engine.incidents.model import Purpose
from engine.integrating.model import Access
from engine.issuing import model as issuing
from engine.kernel import actors, errors
from engine.kernel.engine import name_of
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.records import model as records
from engine.rehearsing.model import Kind
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.staffing import queries as staffing
from engine.staffing.model import Right, Role
from tests.support import deciding, invoicing, parties, posting, worlds

OWN_PLATFORM, OWN_AGENCY = "guangzheng", "dongfang"
SCOPES = (
    ("all", ""),
    ("platform", OWN_PLATFORM),
    ("agency", OWN_AGENCY),
    ("platform", "yangguang"),
    ("agency", "nanfang"),
)
REFUSED = {staffing.MayNot.code, policy_queries.MayNotSet.code, errors.NotPermitted.code}
REVIEWS = frozenset(model.RIGHT_FOR.values())

# What is done with a case: the right is its kind's (or another one), the scope is the case's.
ON_A_CASE: dict[str, tuple[Right | None, dict[str, Any]]] = {
    "reviewing.claim": (None, {}),
    "reviewing.release": (None, {}),
    "reviewing.hold": (None, {"reason": "applicant_asked"}),
    "reviewing.resume": (None, {}),
    "reviewing.approve": (None, {}),
    "reviewing.reject": (None, {"reasons": ()}),
    "reviewing.take_over": (None, {"reason": "x"}),
    "reviewing.approve_as_one_of_many": (None, {"evidence": "x"}),
    "reviewing.reject_as_one_of_many": (None, {"reasons": ()}),
    "reviewing.hold_as_one_of_many": (None, {"reason": "applicant_asked"}),
    "reviewing.resume_as_one_of_many": (None, {}),
    "reviewing.put_back": (None, {"reason": "x"}),
    "reviewing.look": (None, {}),
    "reviewing.note_case": (None, {"text": "x"}),
    "reviewing.urge": (Right.ANSWER_CALLS, {}),
    "reviewing.settle_difference": (Right.LEAD_REVIEWS, {"right": "first", "note": "x"}),
}
RESUMES = ("reviewing.resume", "reviewing.resume_as_one_of_many")
NO_ACCESS = Access(scopes=(), role="", expires_at=0)
# Needs a right that holds everywhere ("all"), for any place at all ("any"), or for the thing ("here").
_MANAGE, _LOOK = Right.MANAGE_STAFF, Right.LOOK_UP
ELSEWHERE: dict[str, tuple[frozenset[Right], str, dict[str, Any]]] = {
    "asking.save_question": (
        frozenset({Right.OWN_SQL}),
        "all",
        {"name": "", "sql": "SELECT 1", "drawing": asking.Drawing()},
    ),
    "asking.change_question": (
        frozenset({Right.OWN_SQL}),
        "all",
        {"question_id": "x", "name": "x", "sql": "SELECT 1", "drawing": asking.Drawing()},
    ),
    "asking.delete_question": (frozenset({Right.OWN_SQL}), "all", {"question_id": "x"}),
    "asking.note_asked": (frozenset({Right.OWN_SQL}), "all", {"sql": "SELECT 1"}),
    "bulk.freeze_cases": (
        REVIEWS,
        "any",
        {"act": "hold", "wanted": model.Wanted(), "given": bulk.Given()},
    ),
    "bulk.freeze_certificates": (
        frozenset({Right.REVOKE}),
        "any",
        {"act": "suspend_certificates", "wanted": issuing.Chosen(), "given": bulk.Given()},
    ),
    "bulk.freeze_jobs": (
        frozenset({Right.MANAGE_SETTINGS}),
        "all",
        {"act": "take_up_jobs", "kind": "", "given": bulk.Given()},
    ),
    "calls.answer": (frozenset({Right.ANSWER_CALLS}), "any", {"number": "13800138999"}),
    "calls.log_call": (frozenset({Right.ANSWER_CALLS}), "any", {"call_id": "cal_x", "note": "x"}),
    "calls.urge": (frozenset({Right.ANSWER_CALLS}), "any", {"call_id": "x", "case_id": "x"}),
    "delivering.find": (frozenset({Right.FINANCE}), "here", {"shipment_id": "shipment"}),
    "delivering.send_again": (frozenset({Right.FINANCE}), "here", {"shipment_id": "shipment"}),
    "delivering.write_off": (frozenset({Right.FINANCE}), "here", {"shipment_id": "shipment"}),
    **{
        f"incidents.{name}": (frozenset({Right.HANDLE_INCIDENTS}), place, given)
        for name, place, given in (
            ("open_incident", "any", {"kind": "x", "title": "x"}),
            ("note_incident", "any", {"incident_id": "x", "text": "x"}),
            ("name_subject", "any", {"incident_id": "x", "subject_id": "x"}),
            ("describe_incident", "any", {"incident_id": "x"}),
            ("contain_incident", "any", {"incident_id": "x"}),
            ("close_incident", "any", {"incident_id": "x"}),
            ("reopen_incident", "any", {"incident_id": "x", "text": "x"}),
            (
                "add_item",
                "any",
                {
                    "incident_id": "x",
                    "purpose": Purpose.PREVENT,
                    "what": "x",
                    "owner": "x",
                    "due_on": "x",
                },
            ),
            ("drop_item", "any", {"item_id": "x", "result": "x"}),
            ("stop_issuing", "all", {"reason": ""}),
            ("ask_to_lift", "any", {"stop_id": "x", "reason": "x"}),
            ("refuse_lift", "any", {"stop_id": "x"}),
            ("lift_stop", "any", {"stop_id": "x"}),
        )
    },
    "issuing.suspend": (frozenset({Right.REVOKE}), "here", {"certificate_id": "certificate"}),
    "issuing.resume": (frozenset({Right.REVOKE}), "here", {"certificate_id": "certificate"}),
    "issuing.revoke": (
        frozenset({Right.REVOKE}),
        "here",
        {"certificate_id": "certificate", "reason": "x"},
    ),
    **{
        f"integrating.{verb}": (frozenset({Right.MANAGE_MACHINES}), "all", given)
        for verb, given in (
            (
                "register_client",
                {"name": "", "purpose": "x", "owner_id": "x", "access": NO_ACCESS},
            ),
            ("change_client", {"client_id": "x", "access": NO_ACCESS}),
            ("approve_client", {"proposal_id": "x"}),
            ("refuse_client", {"proposal_id": "x"}),
            ("revoke_client", {"client_id": "x", "reason": "x"}),
            ("issue_token", {"client_id": "x"}),
            ("revoke_token", {"token_id": "x"}),
            ("add_endpoint", {"client_id": "x", "url": "x", "kinds": ()}),
            ("change_endpoint", {"endpoint_id": "x", "url": "x", "kinds": ()}),
            ("rotate_secret", {"endpoint_id": "x"}),
            ("pause_endpoint", {"endpoint_id": "x"}),
            ("resume_endpoint", {"endpoint_id": "x"}),
            ("remove_endpoint", {"endpoint_id": "x"}),
            ("send_test", {"endpoint_id": "x"}),
            ("replay", {"delivery_id": "x"}),
            ("replay_since", {"endpoint_id": "x", "since": 0}),
        )
    },
    "invoicing.propose_red_letter": (
        frozenset({Right.FINANCE}),
        "here",
        {"invoice_id": "invoice", "reason": "x"},
    ),
    "invoicing.retry_invoice": (frozenset({Right.FINANCE}), "here", {"invoice_id": "invoice"}),
    "invoicing.ask_buyer_again": (frozenset({Right.FINANCE}), "here", {"invoice_id": "invoice"}),
    "invoicing.drop_red_letter": (frozenset({Right.FINANCE}), "here", {"invoice_id": "invoice"}),
    "ordering.settle_case": (
        frozenset({Right.FINANCE}),
        "all",
        {"case_id": "mca_x", "resolution": "explain", "note": "x"},
    ),
    "operating.take_up": (
        frozenset({Right.MANAGE_SETTINGS}),
        "all",
        {"job_ids": ("job_x",), "reason": "x"},
    ),
    "operating.take_up_kind": (
        frozenset({Right.MANAGE_SETTINGS}),
        "all",
        {"kind": "send_sms", "reason": "x"},
    ),
    "policies.propose": (
        frozenset({Right.MANAGE_SETTINGS}),
        "any",
        {"kind": "sampling", "name": "", "body": {}, "effective_at": 0},
    ),
    "policies.approve": (frozenset({Right.MANAGE_SETTINGS}), "any", {"version_id": "x"}),
    "policies.reject": (
        frozenset({Right.MANAGE_SETTINGS}),
        "any",
        {"version_id": "x", "reason": "x"},
    ),
    "policies.withdraw": (frozenset({Right.MANAGE_SETTINGS}), "any", {"version_id": "x"}),
    "rehearsing.begin": (
        frozenset({Right.DEMO}),
        "any",
        {"party": "sms", "kind": Kind.DOWN},
    ),
    "rehearsing.end": (frozenset({Right.DEMO}), "any", {}),
    "registration.propose_termination": (
        frozenset({Right.MANAGE_ACCOUNTS}),
        "all",
        {"account_id": "account", "reason": "x", "note": "x"},
    ),
    "registration.request_release": (
        frozenset({Right.MANAGE_ACCOUNTS}),
        "all",
        {"archive_id": "x", "reason": "x"},
    ),
    "registration.released": (frozenset({Right.MANAGE_ACCOUNTS}), "all", {"archive_id": "x"}),
    "records.reveal": (
        frozenset({_LOOK}),
        "all",
        {"record_id": "account", "place": "x", "ground": "x"},
    ),
    "records.save_view": (
        frozenset({_LOOK}),
        "any",
        {"name": "", "wanted": records.Wanted(kind="order")},
    ),
    "records.delete_view": (frozenset({_LOOK}), "any", {"view_id": "x"}),
    "reviewing.save_view": (REVIEWS, "any", {"name": "", "wanted": model.Wanted()}),
    "reviewing.change_view": (
        REVIEWS,
        "any",
        {"view_id": "x", "name": "", "wanted": model.Wanted()},
    ),
    "reviewing.delete_view": (REVIEWS, "any", {"view_id": "x"}),
    "reviewing.count_views": (REVIEWS, "any", {}),
    "reviewing.hand_over": (REVIEWS, "any", {}),
    "reviewing.take_handover": (REVIEWS, "any", {"handover_id": "x"}),
    "staffing.create_staff": (
        frozenset({_MANAGE}),
        "all",
        {"login": "one", "name": "x", "password": worlds.PASSWORD, "roles": ("qa",)},
    ),
    "staffing.change_staff": (frozenset({_MANAGE}), "all", {"staff_id": "staff", "name": "x"}),
    "staffing.grant_role": (frozenset({_MANAGE}), "all", {"staff_id": "staff", "role": "qa"}),
    "staffing.revoke_role": (frozenset({_MANAGE}), "all", {"grant_id": "grant"}),
    "staffing.disable_staff": (
        frozenset({_MANAGE}),
        "all",
        {"staff_id": "staff", "reason": "x"},
    ),
    "staffing.enable_staff": (frozenset({_MANAGE}), "all", {"staff_id": "staff"}),
    "staffing.reset_staff_password": (
        frozenset({_MANAGE}),
        "all",
        {"staff_id": "staff", "password": worlds.PASSWORD},
    ),
    "staffing.reset_totp": (frozenset({_MANAGE}), "all", {"staff_id": "staff"}),
    "staffing.end_session": (frozenset({_MANAGE}), "all", {"session_id": "x"}),
    "staffing.end_sessions": (frozenset({_MANAGE}), "all", {"staff_id": "staff"}),
    "staffing.link_oidc": (
        frozenset({_MANAGE}),
        "all",
        {"staff_id": "staff", "issuer": "https://login.example", "subject": "x"},
    ),
    "staffing.unlink_oidc": (frozenset({_MANAGE}), "all", {"link_id": "x"}),
    # No right of staff is enough: the world itself takes a list over, whoever had it signed.
    "trusting.adopt": (frozenset(), "all", {"document": b"x"}),
}
# Shown in tests of their own: an empty hand, or it depends on who holds the case or owns the item.
OF_THEIR_OWN = {
    "impact.would_stop",
    "incidents.do_item",
    "reviewing.next_case",
    "reviewing.reassign",
}
# What is done with a bulk act is its maker's, or who may agree to it: `test_bulk_steering`.
OF_THEIR_OWN |= {
    f"bulk.{verb}"
    for verb in (
        *("approve", "start", "pause", "go_on", "stop", "drop", "rehearse_again"),
        "freeze_refused",
    )
}
# One's own account and session, whatever one's roles.
ONE_S_OWN = {
    "staffing.begin_totp",
    "staffing.confirm_totp",
    "staffing.renew_recovery_codes",
    "staffing.change_my_password",
    "staffing.end_my_other_sessions",
    "staffing.end_tour",
    "staffing.step_up",
    "staffing.step_up_by_click",
}
# At the door, before anybody is signed in; told who asks by a token or a password.
AT_THE_DOOR = {
    "staffing.sign_in",
    "staffing.demo_sign_in",
    "staffing.sign_in_by_link",
    "staffing.sign_out",
    "staffing.keep_alive",
    "staffing.answer_code",
    "staffing.begin_enrolment",
    "staffing.finish_enrolment",
    "staffing.choose_password",
    "registration.keep_alive",
}


def exported() -> dict[str, Callable[..., Any]]:
    """Every action of every stage that a door can perform, found in the engine."""
    found = {}
    for stage in sorted(one.name for one in pkgutil.iter_modules(engine.__path__)):
        try:
            module = importlib.import_module(f"engine.{stage}.actions")
        except ModuleNotFoundError:
            continue
        names = getattr(module, "__all__", None) or vars(module)
        for function in (vars(module)[name] for name in names if not name.startswith("_")):
            if inspect.isfunction(function) and _is_action(function):
                found[name_of(function)] = function
    return found


def _is_action(function: Callable[..., Any]) -> bool:
    given = list(inspect.signature(function).parameters.values())
    return bool(given) and given[0].name == "op" and not function.__module__.endswith("kernel")


ACTIONS = exported()
BY_OTHERS = {r.name for r in routes.ROUTES if r.changes and r.who != "staff"}
FOR_STAFF = {r.name for r in routes.ROUTES if r.changes and r.who == "staff"}
MATRIX = ON_A_CASE.keys() | ELSEWHERE.keys() | OF_THEIR_OWN


def _composed() -> set[str]:
    """Actions that other actions, reactions and jobs compose, and no door performs for staff."""
    return set(ACTIONS) - MATRIX - ONE_S_OWN - AT_THE_DOOR - BY_OTHERS


COMPOSED_OR_BY_JOBS = {
    "bulk.act_on",
    "bulk.foresee",
    "bulk.halt",
    "bulk.turn_page",
    "calls.forget",
    # Made by the doors beside the pack and the export, and by the command at the machine itself; who may
    # have them: `test_evidence_pack`, `test_receipts`, `test_tree_heads`.
    "evidence.record_export",
    "evidence.record_pack",
    "evidence.resume_log",
    "integrating.forget_old",
    "integrating.note_attempt",
    "integrating.note_use",
    "integrating.publish",
    "messaging.close",
    "messaging.done",
    "messaging.notify",
    "policies.seed",
    "reviewing.close_open",
    "reviewing.forget_handover",
    "reviewing.keep_sheet",
    "reviewing.open_case",
    "reviewing.withdraw",
}
# Stages whose actions staff never perform unless they stand above: persons, machines and jobs do.
WITHOUT_STAFF = {"binding", "invoicing", "issuing", "mall", "ordering", "registration", "scanning"}
WITHOUT_STAFF |= {"delivering", "enveloping", "reconciling", "sealing", "signing", "subscribing"}


@pytest.mark.row("S-INS-1")
def test_every_action_of_the_engine_has_its_place():
    left = {
        name
        for name in _composed() - COMPOSED_OR_BY_JOBS
        if name.split(".")[0] not in WITHOUT_STAFF or name in FOR_STAFF or _asks_for_staff(name)
    }
    assert left == set(), "actions without a row"
    assert set() == FOR_STAFF - MATRIX - ONE_S_OWN, "routes for staff without a row"
    assert MATRIX - set(ACTIONS) == set(), "rows without an action"


def _asks_for_staff(name: str) -> bool:
    """Whether an action's text asks for a right of staff: then it needs a row."""
    return "staffing.require" in inspect.getsource(ACTIONS[name])


@dataclasses.dataclass
class Ground:
    """A world with something to act on, and one member of staff for each role and scope."""

    world: World
    things: dict[str, str]
    staff: dict[tuple[Role, tuple[str, str]], actors.Staff]
    rights: dict[Role, frozenset[Right]]

    def given(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Arguments with the things that they name."""
        return {
            name: self.things.get(value, value) if isinstance(value, str) else value
            for name, value in arguments.items()
        }


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    world = boot.memory_world()
    party = parties.certified(world, parties.Reviewers.of(world))
    victim = worlds.staff(world, Role.QA, login="victim")
    invoice = invoicing.apply(world, party)
    place = {"platform_id": OWN_PLATFORM, "agency_id": OWN_AGENCY}
    shipment = posting.prepared(world, party.person, **place)
    grant = worlds.rows(world, "SELECT id FROM staff_grant WHERE staff_id = ?", victim.staff_id)
    roles = world.engine.ask(policy_queries.all_in_force, worlds.SYSTEM, policies.Role)
    assert set(roles) == set(Role)
    yield Ground(
        world=world,
        things={
            "certificate": party.certificate_id,
            "invoice": invoice.id,
            "shipment": shipment.id,
            "account": party.person.account_id,
            "staff": victim.staff_id,
            "grant": grant[0]["id"],
        },
        staff={
            (role, scope): worlds.staff(world, role, scope_kind=scope[0], scope_id=scope[1])
            for role in Role
            for scope in SCOPES
        },
        rights={Role(name): frozenset(role.rights) for name, role in roles.items()},
    )
    world.close()


@pytest.fixture(autouse=True)
def empty_hands(ground):
    """Nobody holds a case of an earlier test: what one may have in hand at once is no matter of rights."""
    open_ = "SELECT DISTINCT subject_id FROM review_case WHERE decided_at IS NULL"
    for row in worlds.rows(ground.world, open_):
        arguments = {"subject_id": row["subject_id"]}
        ground.world.engine.perform(reviewing.close_open, arguments, actor=worlds.SYSTEM)


def outcome(ground: Ground, name: str, arguments: dict[str, Any], who: actors.Actor) -> str:
    """The code of the refusal, or empty."""
    try:
        ground.world.engine.perform(ACTIONS[name], arguments, actor=who)
    except errors.EngineError as refusal:
        return refusal.code
    return ""


def events(world: World) -> int:
    return int(worlds.rows(world, "SELECT MAX(seq) AS n FROM event")[0]["n"])


def check(
    ground: Ground, name: str, arguments: dict[str, Any], allows: Callable[..., bool]
) -> None:
    """Every role and scope: refused exactly when the right is wanting, and then nothing happened."""
    for (role, scope), who in ground.staff.items():
        before = events(ground.world)
        code = outcome(ground, name, arguments, who)
        refused = code in REFUSED
        assert refused is not allows(role, scope), (name, role, scope, code)
        assert not refused or events(ground.world) == before, (name, role, scope)
    for stranger in (
        actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=1 << 62),
        actors.MallAccount(mall_account_id="mal_x", platform_id=OWN_PLATFORM),
        actors.Machine(name="bank"),
    ):
        before = events(ground.world)
        assert outcome(ground, name, arguments, stranger) != "", (name, stranger)
        assert events(ground.world) == before, (name, stranger)


def covers(scope: tuple[str, str], platform_id: str | None, agency_id: str | None) -> bool:
    kind, place = scope
    return kind == "all" or place == (platform_id if kind == "platform" else agency_id)


@pytest.mark.row("S-INS-1")
@pytest.mark.row("OPS-3")
@pytest.mark.parametrize("kind", sorted(model.RIGHT_FOR))
@pytest.mark.parametrize("name", sorted(ON_A_CASE))
def test_acts_on_a_case(ground, name, kind):
    world = ground.world
    case = deciding.bare_case(
        world, f"{name}|{kind}", kind=kind, platform_id=OWN_PLATFORM, agency_id=OWN_AGENCY
    )
    if name == "reviewing.settle_difference":
        _differ(world, case)
    elif name in RESUMES or name == "reviewing.take_over":
        holder = deciding.reviewer(world, Role.LEAD)
        deciding.take(world, holder, case)
        if name in RESUMES:
            deciding.do(world, reviewing.hold, holder, case, reason="applicant_asked")
    asked, more = ON_A_CASE[name]
    right = asked or model.RIGHT_FOR[kind]

    def allows(role: Role, scope: tuple[str, str]) -> bool:
        return right in ground.rights[role] and covers(scope, OWN_PLATFORM, OWN_AGENCY)

    check(ground, name, {"case_id": case.id, **more}, allows)


def _differ(world: World, case: model.Case) -> None:
    """A difference to settle, written down as a second look would."""
    look = deciding.bare_case(world, f"{case.subject_id}|again", kind=case.kind)
    worlds.run_sql(world, "UPDATE review_case SET sample_of = ? WHERE id = ?", case.id, look.id)
    sql = (
        "INSERT INTO case_difference (id, case_id, sample_id, took_part, status, opened_at, note)"
        " VALUES (?, ?, ?, '[]', 'open', 0, '')"
    )
    worlds.run_sql(world, sql, f"dif_{case.id}", case.id, look.id)


@pytest.mark.row("S-INS-1")
@pytest.mark.row("OPS-7")
@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_acts_on_everything_else(ground, name):
    needed, place, arguments = ELSEWHERE[name]

    def allows(role: Role, scope: tuple[str, str]) -> bool:
        here = {
            "any": True,
            "all": scope[0] == "all",
            "here": covers(scope, OWN_PLATFORM, OWN_AGENCY),
        }[place]
        return here and bool(needed & ground.rights[role])

    check(ground, name, ground.given(arguments), allows)


@pytest.mark.row("S-INS-1")
@pytest.mark.parametrize("kind", sorted(model.RIGHT_FOR))
def test_the_next_case_is_given_to_who_may_decide_it(ground, kind):
    world = ground.world
    for (role, scope), who in ground.staff.items():
        case = deciding.bare_case(
            world,
            f"next|{kind}|{role}|{scope}",
            kind=kind,
            platform_id=OWN_PLATFORM,
            agency_id=OWN_AGENCY,
            maker=f"person:{role}",
        )
        given = world.engine.perform(reviewing.next_case, {"kinds": (kind,)}, actor=who)
        allowed = model.RIGHT_FOR[kind] in ground.rights[role] and covers(
            scope, OWN_PLATFORM, OWN_AGENCY
        )
        assert (given is not None) is allowed, (kind, role, scope)
        assert given is None or given.id == case.id
        arguments = {"subject_id": case.subject_id}
        world.engine.perform(reviewing.close_open, arguments, actor=worlds.SYSTEM)


@pytest.mark.row("S-INS-1")
@pytest.mark.parametrize("kind", sorted(model.RIGHT_FOR))
def test_a_case_is_handed_on_by_a_lead_here_or_by_its_holder(ground, kind):
    world = ground.world
    case = deciding.bare_case(
        world, f"hand|{kind}", kind=kind, platform_id=OWN_PLATFORM, agency_id=OWN_AGENCY
    )
    receiver = deciding.reviewer(world, Role.LEAD)
    arguments = {"case_id": case.id, "staff_id": receiver.staff_id, "reason": "x"}
    for (role, scope), who in ground.staff.items():
        here = covers(scope, OWN_PLATFORM, OWN_AGENCY)
        leads = Right.LEAD_REVIEWS in ground.rights[role] and here
        reviews = model.RIGHT_FOR[kind] in ground.rights[role] and here
        code = outcome(ground, "reviewing.reassign", arguments, who)
        expected = "" if leads else reviewing.NotYourCase.code if reviews else staffing.MayNot.code
        assert code == expected, (kind, role, scope, code)


def test_the_matrix_has_every_role_in_every_scope(ground):
    """Each test above goes through all of `ground.staff`; how many cells that makes is printed."""
    assert set(ground.staff) == {(role, scope) for role in Role for scope in SCOPES}
    people, strangers = len(ground.staff), 3
    cells = (
        len(ON_A_CASE) * len(model.RIGHT_FOR) * (people + strangers)
        + len(ELSEWHERE) * (people + strangers)
        + 2 * len(model.RIGHT_FOR) * people
    )
    print(f"\n{cells} cells of roles × actions")
