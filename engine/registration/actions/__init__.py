"""What people do: sign in, prove their name, claim an enterprise."""

from engine.registration.actions.accounts import keep_alive, sign_in_by_code, sign_out, step_up
from engine.registration.actions.archiving import (
    released,
    request_release,
)
from engine.registration.actions.changes import change_enterprise
from engine.registration.actions.closing import (
    request_cancellation,
    withdraw_cancellation,
)
from engine.registration.actions.closing_enterprises import close_enterprise
from engine.registration.actions.codes import request_code, request_step_up
from engine.registration.actions.enterprises import claim_enterprise
from engine.registration.actions.invitations import (
    accept_invitation,
    accept_invitation_by_qr,
    apply_to_join,
    cancel_invitation,
    decide_join,
    decline_invitation,
    invite_by_phone,
    open_invitation,
)
from engine.registration.actions.members import (
    answer_transfer,
    change_role,
    leave_enterprise,
    offer_transfer,
    remove_member,
)
from engine.registration.actions.one_tap import finish_one_tap, record_one_tap, request_one_tap
from engine.registration.actions.passwords import reset_password, set_password, sign_in_by_password
from engine.registration.actions.proof_codes import send_due_code
from engine.registration.actions.proof_completion import (
    complete_begun_proof,
    complete_proof,
    resend_begun_proof_code,
    resend_proof_code,
)
from engine.registration.actions.proofs import prove_name, record_proof
from engine.registration.actions.recovery import change_number, recover_number, unfreeze
from engine.registration.actions.security import (
    end_other_sessions,
    end_session,
    remove_device,
    report_misuse,
    report_misuse_by_code,
)
from engine.registration.actions.terminating import (
    appeal,
    propose_termination,
)
from engine.registration.actions.verification import (
    ask_representative,
    authorize_claim,
    receive_transfer,
    record_register_check,
    start_reverse_payment,
)

__all__ = [
    "accept_invitation",
    "accept_invitation_by_qr",
    "answer_transfer",
    "appeal",
    "apply_to_join",
    "ask_representative",
    "authorize_claim",
    "cancel_invitation",
    "change_enterprise",
    "change_number",
    "change_role",
    "claim_enterprise",
    "close_enterprise",
    "complete_begun_proof",
    "complete_proof",
    "decide_join",
    "decline_invitation",
    "end_other_sessions",
    "end_session",
    "finish_one_tap",
    "invite_by_phone",
    "keep_alive",
    "leave_enterprise",
    "offer_transfer",
    "open_invitation",
    "propose_termination",
    "prove_name",
    "receive_transfer",
    "record_one_tap",
    "record_proof",
    "record_register_check",
    "recover_number",
    "released",
    "remove_device",
    "remove_member",
    "report_misuse",
    "report_misuse_by_code",
    "request_cancellation",
    "request_code",
    "request_one_tap",
    "request_release",
    "request_step_up",
    "resend_begun_proof_code",
    "resend_proof_code",
    "reset_password",
    "send_due_code",
    "set_password",
    "sign_in_by_code",
    "sign_in_by_password",
    "sign_out",
    "start_reverse_payment",
    "step_up",
    "unfreeze",
    "withdraw_cancellation",
]
