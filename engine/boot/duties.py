"""What does each kind of job: a literal table, which `boot.tables` joins with the rest."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bulk import jobs as bulk_jobs
from engine.calls import jobs as calls_jobs
from engine.delivering import jobs as delivering_jobs
from engine.integrating import jobs as integrating_jobs
from engine.invoicing import jobs as invoicing_jobs
from engine.issuing import jobs as issuing_jobs
from engine.ordering import jobs as ordering_jobs
from engine.reconciling import jobs as reconciling_jobs
from engine.registration import jobs as registration_jobs
from engine.reviewing import jobs as reviewing_jobs
from engine.sealing import jobs as sealing_jobs
from engine.signing import jobs as signing_jobs
from engine.signing import raising as signing_raising
from engine.signing.ending import deadlines as signing_deadlines
from engine.subscribing import jobs as subscribing_jobs
from engine.trusting import jobs as trusting_jobs
from engine.worker import Handler, Together

HANDLERS: Mapping[str, Handler] = {
    "send_sms": registration_jobs.send_sms,
    "ask_carrier": registration_jobs.ask_carrier,
    "check_real_name": registration_jobs.check_real_name,
    "send_proof_code": registration_jobs.send_proof_code,
    "check_register": registration_jobs.check_register,
    "create_payment": ordering_jobs.create_payment,
    "remind_of_expiry": ordering_jobs.remind_of_expiry,
    "ask_payment": ordering_jobs.ask_payment,
    "refund_payment": ordering_jobs.refund_payment,
    "close_payment": ordering_jobs.close_payment,
    "ask_refund": ordering_jobs.ask_refund,
    "take_statement": ordering_jobs.take_statement,
    "lapse_service_order": subscribing_jobs.lapse_service_order,
    "watch_service_order": subscribing_jobs.watch_service_order,
    "issue_certificate": issuing_jobs.issue_certificate,
    "make_encryption_key": issuing_jobs.make_encryption_key,
    "tell_waiting": issuing_jobs.tell_waiting,
    "recover_key": issuing_jobs.recover_key,
    "publish_trust_list": trusting_jobs.publish_trust_list,
    "publish_revocations": issuing_jobs.publish_revocations,
    "make_seal": sealing_jobs.make_seal,
    "file_seal": sealing_jobs.file_seal,
    "remind_of_seal": sealing_jobs.remind_of_seal,
    "prepare_signature": signing_jobs.prepare_signature,
    "finish_signature": signing_jobs.finish_signature,
    "raise_signatures": signing_raising.raise_signatures,
    "renew_archive": signing_raising.renew_archive,
    "watch_deadline": signing_deadlines.watch_deadline,
    "issue_invoice": invoicing_jobs.issue_invoice,
    "take_tax_list": reconciling_jobs.take_tax_list,
    "reverse_invoice": invoicing_jobs.reverse_invoice,
    "post_invoice": invoicing_jobs.post_invoice,
    "post_shipment": delivering_jobs.post_shipment,
    "track_shipment": delivering_jobs.track_shipment,
    "close_account": registration_jobs.close_account,
    "end_terminated": registration_jobs.end_terminated,
    "release_archive": registration_jobs.release_archive,
    "forget_handover": reviewing_jobs.forget_handover,
    "forget_caller": calls_jobs.forget_caller,
    "deliver_webhook": integrating_jobs.deliver_webhook,
    "bulk_rehearse": bulk_jobs.bulk_rehearse,
    "bulk_run": bulk_jobs.bulk_run,
}

# Of these several that are due are done at once.
TOGETHER: Mapping[str, Together] = {"issue_certificate": issuing_jobs.issue_certificates}
