"""Walks by hand through the machine over all actions: what its rules are for is reached for certain.

Each begins in a world where everybody has a certificate. A step is a rule and its arguments, as in a saved
history; `_` stands for whatever is due being done.
"""

from __future__ import annotations

from typing import Any

from tests.property import rules_of_incidents
from tests.property.rules_of_bulk import STEPS
from tests.property.rules_of_codes import OPENED

PIN = "280517"
Walk = tuple[tuple[str, dict[str, Any]], ...]
_ = ("the_worker_runs", {})
_WELL = ("everything_goes_well", {})
_CONFIRMED = ("whoever_acts_has_confirmed_it", {"lately": True})


def _contract(who: int, act: str, **given: Any) -> tuple[str, dict[str, Any]]:
    return "acts_on_the_contract", {"who": who, "act": (act, given)}


def _days(days: int) -> tuple[str, dict[str, Any]]:
    return "days_pass", {"days": days}


def _later(seconds: int) -> tuple[str, dict[str, Any]]:
    return "time_passes", {"seconds": seconds}


def _step(rule: str, **given: Any) -> tuple[str, dict[str, Any]]:
    return rule, given


_SIGNED = (_step("makes_a_contract", with_=1), _step("signs", who=0), _, _step("signs", who=1), _)
_VOIDING = _contract(0, "propose_voiding", reason="不再需要")

TRADING: Walk = (
    _CONFIRMED,
    *(_step("binds", who=who, pin=PIN) for who in (0, 1, 2)),
    _step("orders_from_a_supplier", with_=2, then="discard_draft"),
    _step("makes_a_contract", with_=1),
    _step("makes_a_contract", with_=1),
    _step("signs_several_at_once", who=0),
    _,
    _step("sends_a_contract_to_the_phone", who=0),
    *_SIGNED,
    _contract(0, "read"),
    _step("submits"),
    _WELL,
    _VOIDING,
    _contract(1, "refuse_voiding", reason="货已发出"),
    _VOIDING,
    _contract(0, "take_back_voiding"),
    _VOIDING,
    _contract(1, "agree_voiding"),
    _step("makes_a_contract", with_=2),
    _contract(0, "remind", role="supplier"),
    _step("extends_the_time", who=0, days=3),
    _contract(2, "decline", opinion="价格有误"),
    _step("makes_it_anew", who=0),
    _contract(0, "withdraw", reason="数量有误"),
    _step("signs_in_by_scan", who=1, pin=PIN),
    _step("shows_a_code_and_leaves_it", who=1, refuse=True),
    _step("shows_a_code_and_leaves_it", who=1, refuse=False),
    _step("changes_the_mall_password", who=1, old="12345678", new="纸上得来终觉浅绝知此事"),
    _step("follows_zones", who=0, zones=("xinjiang", "nationwide"), then="set_default_zone"),
    _step("follows_zones", who=0, zones=("nationwide",), then="leave_zone"),
    _step("completes_the_pair", who=0),
    _step("completes_the_pair", who=1),
    _step("sends_a_file", who=0, to=1, harm=False),
    _step("sends_a_file", who=0, to=1, harm=True),
    _step("orders_a_service", who=0, service=("tender_alerts", True), months=3),
    _,
    _step("goes_on_with_a_service", who=0, place=0, act="pay_service"),
    _later(61),
    _step("goes_on_with_a_service", who=0, place=0, act="give_up_service"),
    _step("orders_a_service", who=1, service=("tender_alerts", False), months=1),
    _step("goes_on_with_a_service", who=1, place=0, act="cancel_service"),
    _step("keeps_addresses", who=0, place=0, act="add"),
    _step("keeps_addresses", who=0, place=0, act="change"),
    _step("keeps_addresses", who=0, place=0, act="default"),
    _step("keeps_addresses", who=1, place=0, act="add"),
    _step("keeps_addresses", who=1, place=0, act="delete"),
    _step("keeps_a_title", who=0, company=True, default=True),
    _step("keeps_a_title", who=0, company=False, default=False),
    _step("switches_a_title", who=0, place=0, default=True),
    _step("deletes_titles", who=0, places=(1,)),
    _step("asks_for_an_invoice_on_paper", who=0, place=1),
    _step("asks_after_the_post", who=0, place=0, lost=False),
    _WELL,
    _days(8),
    _step("asks_after_the_post", who=0, place=0, lost=True),
    *(_step("staff_look_after_the_post", member=0, place=place) for place in (0, 1)),
    _step("leaves_the_pc", who=1),
)

_ALL_DECIDE = tuple(_step("decides", reviewer=reviewer, yes=True) for reviewer in (0, 1, 2))
_ANSWERS = "the_buyer_answers_a_red_letter"
INVOICES: Walk = (
    _CONFIRMED,
    _step("applies_with_a_title", who=0, kind="special", own=False),
    _step("decides", reviewer=1, yes=False),
    _later(1),
    _step("applies_with_a_title", who=0, kind="special", own=True),
    _step("takes_an_application_for_an_invoice_back", who=0, place=0),
    # Of two at one instant chance says which is the newest.
    _later(1),
    _step("applies_with_a_title", who=0, kind="special", own=True),
    *_ALL_DECIDE,
    _step("the_tax_service_refuses", who=0, place=0),
    _step("sends_a_refused_invoice_again", who=0, place=0, changed=False),
    _,
    _step("the_buyer_deducts_an_invoice", who=0, place=0),
    _step("finance_proposes_a_red_letter", who=0, place=0, finance=1),
    *_ALL_DECIDE,
    _step("finance_looks_after_an_invoice", who=0, place=1, finance=0, act="ask_buyer_again"),
    _step(_ANSWERS, who=0, place=1, act="decline"),
    _step("finance_looks_after_an_invoice", who=0, place=1, finance=0, act="ask_buyer_again"),
    _step(_ANSWERS, who=0, place=1, act="decline"),
    _step("finance_looks_after_an_invoice", who=0, place=1, finance=0, act="drop_red_letter"),
    _step("money_goes_back_unasked", who=0, finance=2, fen=999),
    _step("finance_settles", member=0, place=0),
    _step(_ANSWERS, who=0, place=2, act="confirm"),
    _later(90_000),
    _step("asks_for_a_red_letter", who=0, place=0, reason="02", amount=None),
    *_ALL_DECIDE,
    _later(90_000),
    _step("applies_with_a_title", who=1, kind="ordinary", own=True),
    _step("the_tax_service_refuses", who=1, place=0),
    _step("finance_looks_after_an_invoice", who=1, place=0, finance=0, act="retry_invoice"),
    _later(90_000),
)

HOLDING: Walk = (
    _CONFIRMED,
    *(_step("completes_the_pair", who=who) for who in (0, 1, 2)),
    _step("changes_the_pin", who=1, old=PIN),
    _step("guesses_the_pin", who=2),
    _later(61),
    _step("proves_name", who=2),
    _,
    _step("holds_or_lifts", who=2, act="unlock_pin"),
    _step("holds_or_lifts", who=1, act="suspend_certificate"),
    _later(61),
    _step("proves_name", who=1),
    _,
    _step("holds_or_lifts", who=1, act="resume_certificate"),
    _step("asks_for_the_second_certificate", who=1),
    _later(61),
    _step("replaces_what_was_lost", who=1),
    _step("invites", who=0, whom=2, role="handler"),
    _step("accepts", who=2),
    _step("delegates", who=0, to=2),
    _step("entrusts_a_seal", who=0, other=2, place=0, days=9),
    _step("entrusts_a_seal", who=0, other=1, place=0, days=9),
    _step("entrusts_a_seal", who=0, other=0, place=0, days=9),
    _step("takes_a_seal_back", who=0, place=0),
    _step("changes_roles", who=0, role="seal_user"),
    _step("hands_over", who=0),
    _step("answers_the_offer", who=2, yes=False),
    _step("pauses_or_deletes_a_seal", who=0, place=0, act="suspend"),
    _step("pauses_or_deletes_a_seal", who=0, place=0, act="resume"),
    _step("applies_for_a_seal", who=0, kind="contract", named=False),
    _step("stamps_a_form", who=0, kind="finance"),
    _step("takes_an_application_back", who=0, place=0),
    _step("writes_on_the_pad", who=0),
    *(_step("changes_a_seal", who=0, place=place, size="40") for place in (1, 2, 3)),
    _step("has_a_seal_made_again", who=0, place=2, reason="worn"),
    _step("pauses_or_deletes_a_seal", who=0, place=0, act="delete_seal"),
    _step("takes_somebody_out", who=0),
    _step("joins_by_application", who=1, whose=0, accept=True),
    _step("joins_by_a_shown_code", who=0, whom=2, answer="cancel"),
    _step("joins_by_a_shown_code", who=0, whom=2, answer="take"),
    _step("leaves_another_s_enterprise", who=2, whose=0),
    _step("invites", who=0, whom=2, role="handler"),
    _step("declines", who=2),
    _step(
        "changes_particulars",
        who=0,
        name="新疆改名商贸有限公司",
        representative="测试甲",
        confirmed=True,
        fresh=False,
        answer=True,
    ),
    _step("orders_a_successor", who=0, business="change"),
    _step("cancels_an_order", who=0, place=0),
    _step("waits_until_renewal", who=2),
    _step("signs_in_again", who=2),
    _step("orders_a_successor", who=2, business="renew"),
    _step("revokes", who=2, reason="keyCompromise", fresh=False),
    _step("signs_out_everywhere", who=0),
)

DESK: Walk = (
    _CONFIRMED,
    _step("does_by_code", who=1, what=OPENED[5], new=" "),
    _step("sets_a_password", who=0, new="a quite long sentence", old=""),
    _step("signs_in_by_password", who=0, password="a quite long sentence"),
    _step("confirms_in_person", who=0),
    _step(
        "a_setting_is_proposed", maker=0, change=("zone", "xinjiang", {"open": False}), seconds=0
    ),
    _step("a_proposal_ends", checker=0, end="withdraw"),
    _step(
        "a_setting_is_proposed", maker=0, change=("zone", "xinjiang", {"open": False}), seconds=0
    ),
    _step("a_proposal_ends", checker=1, end="reject"),
    _step("a_setting_changes", maker=0, change=("zone", "xinjiang", {"open": False})),
    _step("the_staff_propose_an_end", reviewer=0, who=2),
    _step("decides", reviewer=1, yes=True),
    _step("decides", reviewer=2, yes=True),
    _step("appeals", who=2),
    _step("tidies_the_desk", member=1, place=0),
    _later(90_000),
    _step("decides", reviewer=2, yes=False),
    _step("decides", reviewer=1, yes=False),
    _step("decides", reviewer=0, yes=False),
    _step("everything_is_looked_at_twice"),
    _step("proves_name_by_card", who=0, right=False),
    _later(61),
    _step("proves_name_by_card", who=0, right=True),
    _step("somebody_new_claims", by="payment"),
    _step("somebody_new_claims", by="app"),
    _step("answers_a_call", member=0, who=3, place=1),
    _step("somebody_new_claims", by="letter"),
    _step("tidies_the_desk", member=0, place=0),
    _step("asks_for_jobs_that_are_not_stuck", place=0),
    _step("decides", reviewer=0, yes=False),
    _step("decides", reviewer=1, yes=True),
    _step("settles_differences", right="first"),
    _step("an_administrator_hires", number=1, role="qa"),
    _step("taps_once", who=1),
    _step("closes_the_enterprise", who=1),
    _later(4_000),
    _step("does_by_code", who=1, what=OPENED[0], new=" "),
    _later(90_000),
    _step("does_by_code", who=1, what=OPENED[1], new=" "),
    _later(90_000),
    _step("does_by_code", who=1, what=OPENED[2], new=" "),
    _later(90_000),
    _step("does_by_code", who=0, what=OPENED[3], new="13700000001"),
    _step("does_by_code", who=2, what=OPENED[4], new="13700000002"),
    _later(90_000),
    _step("signs_in_again", who=1),
    _step("asks_for_the_end", who=1, revoke=True),
    _step("takes_it_back", who=1),
    _step("asks_for_the_end", who=1, revoke=True),
    _step("decides", reviewer=0, yes=True),
    _step("decides", reviewer=1, yes=True),
    _days(40),
    _step("looks_into_an_archive", member=0, place=0),
    *(_step("decides", reviewer=reviewer % 3, yes=True) for reviewer in range(12)),
    _step("looks_into_an_archive", member=0, place=0),
    _step("reports_misuse", who=0),
)
# What goes wrong, one after the other, while people come, sign up, order and pay.
FAULTS: Walk = (
    _step("replies_get_lost", count=5),
    _WELL,
    *(
        step
        for site in ("database_busy", "disk_full", "commit_failed")
        for step in (
            _step("the_disk_fails", site=site),
            _step("keeps_addresses", who=0, place=0, act="add"),
            _step("keeps_a_title", who=0, company=True, default=True),
        )
    ),
    _WELL,
    _step("the_clock_is_set_back", seconds=3_600),
    _step("orders_a_service", who=0, service=("tender_alerts", True), months=3),
    _step("the_worker_is_killed", commits=1),
    _step("goes_on_with_a_service", who=0, place=0, act="pay_service"),
    _later(61),
    _step("replies_get_lost", count=5),
    _step("goes_on_with_a_service", who=0, place=0, act="pay_service"),
    _step("the_worker_is_killed", commits=2),
    _later(4_000),
    _step("notices_come_again", last=6, backwards=True),
    _step("notices_come_again", last=3, backwards=False),
    _step("the_clock_is_set_back", seconds=61),
    _step("guesses_the_pin", who=0),
    _later(90_000),
)

BULK: Walk = (_CONFIRMED, *STEPS)
INCIDENTS: Walk = (_CONFIRMED, *rules_of_incidents.STEPS)
WALKS = {
    "trading": TRADING,
    "invoices": INVOICES,
    "holding": HOLDING,
    "desk": DESK,
    "bulk": BULK,
    "incidents": INCIDENTS,
}
