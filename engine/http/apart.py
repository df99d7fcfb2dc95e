"""What screens ask and do that the JSON API has no operation for, each with the reason.

Whatever else a page of the console, the phone app or a platform's page performs or asks is an operation of
`routes`; a test holds that so.
"""

from __future__ import annotations

from collections.abc import Mapping

_DRAWN = "words and arrows around an operation's answer, which a screen works out as it draws"
_SIGN_IN = "a step of the console's sign-in, whose cookies have pages of their own (`/sign-in`)"
_CLOCK = "the clock of a demonstration is moved on its own screen, and by `yinxin clock`"
_RECORD = (
    "a record as the console joins it for its reader; its parts are operations of their stages"
)
_LOG = "the log as an auditor's page reads it; for others it is a file, with a verifier of its own"
_PAPERS = "handed over as a file: `/w/<world>/…/contracts/<id>`, `/w/<world>/media/<id>`"
OF_CONSOLE: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("boot.deadlines.counted", "boot.deadlines.due", "boot.deadlines.happened"),
            "boot.deadlines.next_due",
        ),
        _CLOCK,
    ),
    **dict.fromkeys(
        (
            *("boot.reviews.resubmission", "boot.reviews.review_sheet"),
            *("reviewing.queries.cases.course", "reviewing.queries.cases.reasons_on"),
            *("reviewing.queries.cases.of_subject", "reviewing.queries.cases.happened"),
            *("reviewing.queries.queue.row", "reviewing.queries.deciding.may_decide"),
            *("reviewing.queries.sampling.two_looks", "reviewing.queries.sheets.reasons"),
            "staffing.queries.people.name_of",
            *("staffing.queries.people.everyone", "staffing.queries.people.profile"),
            *("staffing.queries.rights.actor", "operating.queries.stuck_count"),
            *("providers.health.provider_health", "bulk.queries.choosing.rules"),
            *("issuing.queries.choosing.chosen", "records.values.who"),
        ),
        _DRAWN,
    ),
    **dict.fromkeys(
        (
            *("staffing.actions.links.sign_in_by_link", "staffing.queries.people.is_enrolled"),
            *("staffing.actions.second_factor.begin_totp", "staffing.queries.sessions.my_session"),
            *("staffing.actions.second_factor.confirm_totp",),
            *("staffing.actions.second_factor.renew_recovery_codes",),
            *("staffing.actions.second_factor.step_up_by_click",),
            "staffing.queries.people.recovery_codes_left",
        ),
        _SIGN_IN,
    ),
    **dict.fromkeys(
        ("registration.queries.account_records.account_record",),
        _RECORD,
    ),
    **dict.fromkeys(
        (
            *("evidence.queries.require_entitled", "signing.queries.contracts.by_number"),
            *("signing.queries.contracts.document", "signing.queries.contracts.newest"),
        ),
        _PAPERS,
    ),
    **dict.fromkeys(
        (
            *("evidence.queries.log_events", "evidence.queries.check_log"),
            *("evidence.queries.log_standing", "evidence.queries.require_exporter"),
        ),
        _LOG,
    ),
}
_TWO = "operations of the API put together by the app: "
OF_PHONE: Mapping[str, str] = {
    "handset.carrier_number": "a simulated SIM card's number, masked",
    "handset.keep": "what a phone of a stage keeps; a real phone keeps it itself",
    "handset.lent": "what a phone of a stage keeps; a real phone keeps it itself",
    "handset.lent_names": "what a phone of a stage keeps; a real phone keeps it itself",
    "handset.one_tap": _TWO + "registration.request_one_tap, registration.finish_one_tap",
    "handset.pay": "the simulated cashier; a real one is the payment provider's page",
    "handset.refuse": _TWO + "scanning.refuse",
    "handset.request_code": _TWO + "registration.request_code, with the phone's computation",
    "handset.scan": _TWO + "scanning.scan, registration.invitation",
    "handset.set_sim": "puts a simulated SIM card in",
    "handset.sign_in": _TWO + "registration.sign_in_by_code",
    "handset.sign_in_by_password": _TWO + "registration.sign_in_by_password",
    "handset.sign_out": _TWO + "registration.sign_out",
    "handset.stamped_form": "a stamped form of a demonstration",
    "handset.state": "what the page itself has to know",
}
