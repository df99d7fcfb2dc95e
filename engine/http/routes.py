"""The literal table of what can be done and asked through a door, and by whom.

One row is one action or question: its name is what handsets and simulations call it by, its method and
path what the JSON API offers. Arguments and results follow from the function's own signature. An action
that is not here is internal: it is composed by others or performed by the worker.
"""

from __future__ import annotations

from engine import home
from engine.binding import actions as binding
from engine.binding import queries as bindings
from engine.calls import actions as calls
from engine.calls import queries as callers
from engine.http import staff_routes
from engine.http.routing import Route, Who
from engine.http.routing import asks as _asks
from engine.http.routing import does as _does
from engine.invoicing import actions as invoicing
from engine.invoicing import queries as invoices
from engine.issuing import actions as issuing
from engine.issuing import queries as certificates
from engine.mall import actions as mall
from engine.mall import queries as malls
from engine.messaging import actions as messaging
from engine.messaging import queries as messages
from engine.ordering import actions as ordering
from engine.ordering import queries as orders
from engine.policies import actions as settings
from engine.policies import checking as proposals
from engine.policies import queries as versions
from engine.registration import actions as registration
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.scanning import actions as scanning
from engine.sealing import actions as sealing
from engine.sealing import queries as seals
from engine.signing import actions as signing
from engine.signing import queries as contracts

__all__ = ["BY_NAME", "ROUTES", "Route", "Who"]

ROUTES: tuple[Route, ...] = (
    _does("anybody", registration.request_code, "Send a one-time code to a phone number"),
    _does("anybody", registration.sign_in_by_code, "Sign a handset in with a code"),
    _does("anybody", registration.request_one_tap, "Ask the carrier for the SIM's number"),
    _does("anybody", registration.finish_one_tap, "Take the session of a one-tap sign-in"),
    _does("anybody", registration.sign_in_by_password, "Sign a handset in by password"),
    _does("anybody", registration.reset_password, "Set a new password with a code"),
    _does("anybody", registration.report_misuse_by_code, "Freeze an account with a code"),
    _does("anybody", registration.unfreeze, "Ask for a frozen account to be opened again"),
    _does("anybody", registration.recover_number, "Ask for the account on a new number"),
    _asks("anybody", people.proof_outcome, "How far a recovery's check is"),
    _asks("person", people.my_security, "The person's devices, sessions and sign-ins"),
    _does("person", registration.end_session, "End one of the person's sessions"),
    _does("person", registration.end_other_sessions, "End the sessions on other phones"),
    _does("person", registration.remove_device, "Take a phone off the person's list"),
    _does("person", registration.report_misuse, "Freeze the person's account at once"),
    _does("person", registration.set_password, "Set or change the person's password"),
    _does("person", registration.change_number, "Move the account to another number"),
    _does("person", registration.request_step_up, "Send a code to one's own number"),
    _does("person", registration.step_up, "Confirm with a code that it is oneself"),
    _asks("anybody", people.terms, "The terms of use in force"),
    _asks("anybody", people.ways, "The ways to prove a real name"),
    _does("person", registration.sign_out, "End a handset's session"),
    _asks("person", people.me, "The signed-in person's account"),
    _asks("person", people.my_newest_proof, "The newest real-name proof"),
    _asks("person", people.my_claims, "The person's enterprise claims"),
    _does("person", registration.prove_name, "Prove a real name through a provider"),
    _does("person", registration.complete_proof, "Complete a bank card's proof with its code"),
    _does("person", registration.resend_proof_code, "Send the bank card's code again"),
    _does("anybody", registration.complete_begun_proof, "Complete a proof without a session"),
    _does("anybody", registration.resend_begun_proof_code, "Send such a proof's code again"),
    _asks("anybody", people.check_face, "Whether a picture of a face will do", paced=True),
    _asks("anybody", people.bank_of, "Whose a bank card is, by its number", paced=True),
    _does("person", registration.claim_enterprise, "Claim an enterprise with its papers"),
    _asks("person", people.papers_for, "The papers to claim an enterprise with"),
    _asks("person", people.claim_detail, "One of the person's claims, with its verification"),
    _does("person", registration.start_reverse_payment, "Where to pay the verifying fen"),
    _does("person", registration.ask_representative, "Ask the representative to authorize"),
    _asks("person", people.authorizations_asked, "Claims to authorize as representative"),
    _does("person", registration.authorize_claim, "Authorize a claim as its representative"),
    _asks("person", people.my_enterprises, "The person's enterprises and roles"),
    _asks("person", people.members, "An enterprise's members"),
    _does("person", registration.invite_by_phone, "Invite a number into an enterprise"),
    _does("person", registration.open_invitation, "The QR code of an invitation"),
    _asks("person", people.invitation, "What a scanned invitation asks"),
    _asks("person", people.invitations, "An enterprise's open invitations"),
    _asks("person", people.my_invitations, "The open invitations to the person"),
    _does("person", registration.accept_invitation, "Take an invitation"),
    _does("person", registration.accept_invitation_by_qr, "Take a scanned invitation"),
    _does("person", registration.decline_invitation, "Say no to an invitation"),
    _does("person", registration.cancel_invitation, "Take an invitation or application back"),
    _asks("person", people.find_enterprises, "Enterprises to join, by name or code"),
    _does("person", registration.apply_to_join, "Ask to join an enterprise"),
    _asks("person", people.my_applications, "The person's open applications to join"),
    _asks("person", people.join_requests, "Who asks to join an enterprise"),
    _does("person", registration.decide_join, "Answer an application to join"),
    _does("person", registration.change_role, "Give a member another role"),
    _does("person", registration.remove_member, "Take a member out"),
    _does("person", registration.leave_enterprise, "Leave an enterprise"),
    _does("person", registration.offer_transfer, "Offer the administrator's role"),
    _asks("person", people.my_transfers, "Open offers of an administrator's role"),
    _does("person", registration.answer_transfer, "Take the administrator's role, or not"),
    _asks("person", people.change_preview, "What a change of particulars brings about"),
    _does("person", registration.change_enterprise, "Change an enterprise's particulars"),
    _asks("person", people.letter_as_kept, "What a letter that comes as DOCX is kept as"),
    _asks("person", people.my_changes, "An enterprise's changes of particulars"),
    _asks("person", people.change_detail, "One change of particulars, and why it was rejected"),
    _asks("person", home.services, "Every service of the app, and why some are not open"),
    _asks("person", messages.mine, "The person's messages and to-dos"),
    _asks("person", messages.summary, "Unread messages and open to-dos by category"),
    _does("person", messaging.read, "Mark a message as read"),
    _does("person", messaging.read_all, "Mark the messages of a category as read"),
    _asks("anybody", messages.announcements, "What is announced today"),
    _asks("anybody", messages.help, "The hotline, the ways to the app, and the guide"),
    _does("person", mall.onboard, "Bring an enterprise onto a trading platform"),
    _does("anybody", mall.onboard_at_pc, "Bring an enterprise onto a trading platform at a PC"),
    _asks("person", malls.zones, "The trading zones by a part of their name"),
    _asks("person", malls.my_zones, "The trading zones that the person follows"),
    _does("person", mall.join_zone, "Join a trading zone"),
    _does("person", mall.leave_zone, "Leave a trading zone"),
    _does("person", mall.set_default_zone, "Make a trading zone the default one"),
    _asks("anybody", malls.platforms, "The trading platforms"),
    _asks("person", malls.find_platforms, "Trading platforms by a part of their name"),
    _does("person", ordering.place_order, "Order a certificate"),
    _does("person", ordering.pay, "The payment of an order, to go to the cashier with"),
    _does("person", ordering.attach_papers, "Hand in the papers a platform asks for"),
    _does("person", ordering.cancel, "Take an order back"),
    _asks("person", orders.agencies, "The CAs and seal agencies with their names and prices"),
    _asks("person", orders.mine, "The person's orders"),
    _asks("person", orders.order, "One order"),
    _asks("person", orders.rejection, "Why an order was rejected"),
    _asks("person", cases.my_review, "The open review of what the person handed in"),
    _does("person", reviewing.urge_own, "Hurry one's own review along"),
    _asks("person", orders.to_correct, "What the order before was rejected for"),
    _asks("person", orders.my_payments, "The person's payments, refunds and receipts"),
    _does("person", issuing.request_certificate, "Ask for an approved order's certificate"),
    _does("person", issuing.activate, "Take a certificate into use"),
    _does("person", issuing.revoke, "Revoke one's own certificate"),
    _asks("person", certificates.mine, "The person's certificates"),
    _asks("person", certificates.certificate, "One certificate"),
    _does("person", scanning.scan, "Read a QR code"),
    _does("person", scanning.refuse, "Say no to what was scanned"),
    _does("person", binding.confirm_binding, "Confirm a binding with a certificate's PIN"),
    _does("person", binding.confirm_login, "Confirm a scan login with a certificate's PIN"),
    _asks("person", contracts.to_be_signed, "What a phone signs for a scanned contract"),
    _does("person", signing.confirm_signature, "Sign a contract with a certificate's PIN"),
    _does("person", sealing.apply_for_seal, "Apply for a seal with its stamped form"),
    _does("person", sealing.suspend, "Suspend a seal"),
    _does("person", sealing.resume, "Take a suspended seal up again"),
    _asks("person", seals.of_enterprise, "An enterprise's seals"),
    _asks("person", seals.applications_of, "An enterprise's applications for seals"),
    _asks("person", seals.application, "One application for a seal, and why it was rejected"),
    _asks("person", seals.application_form, "The form to print and stamp for a seal"),
    _does("person", invoicing.apply_for_invoice, "Apply for an invoice"),
    _asks("person", invoices.candidates, "Orders that can be invoiced"),
    _asks("person", invoices.mine, "The person's invoices"),
    _does("anybody", mall.sign_in, "Sign a browser in on a platform by password"),
    _does("anybody", binding.open_login_ticket, "The QR code of a sign-in page"),
    _asks("anybody", bindings.watch, "What became of a QR code, for its browser"),
    _does("anybody", scanning.cancel, "Take a QR code back, by its browser"),
    _does("anybody", binding.finish_login, "Take the session a QR code was confirmed for"),
    _does("mall", mall.sign_out, "End a browser's session"),
    _does("mall", mall.place_purchase_order, "Place a purchase order"),
    _asks("mall", malls.signed_in, "The signed-in mall account"),
    _asks("mall", home.workbench, "The account's entries, and the step that is missing"),
    _asks("mall", malls.profile, "The account's user information"),
    _does("mall", mall.change_password, "Change the account's password"),
    _asks("mall", malls.suppliers_here, "The suppliers that can be ordered from"),
    _asks("mall", malls.orders_page, "A page of the account's purchase orders"),
    _asks("mall", malls.my_orders, "The account's purchase orders"),
    _asks("mall", malls.purchase_order, "One purchase order"),
    _does("mall", binding.open_binding_ticket, "The QR code that binds a certificate"),
    _does("mall", binding.unbind, "Give a binding up"),
    _asks("mall", bindings.mine, "The certificate the account is bound to"),
    _does("mall", signing.create_contract, "Make a contract for a purchase order"),
    _does("mall", signing.revise_contract, "Answer a returned contract"),
    _does("mall", signing.request_signature, "Ask to sign a contract"),
    _does("mall", signing.open_signing_ticket, "The QR code that signs a contract"),
    _does("mall", signing.submit, "Submit a contract that both parties signed"),
    _asks("mall", contracts.rows, "The account's contracts"),
    _asks("mall", contracts.contract, "One contract"),
    _asks("mall", contracts.signatures, "The signatures on a contract"),
    _asks("mall", contracts.tab_counts, "How many contracts each tab holds"),
    _asks("mall", contracts.history, "What was done with a contract"),
    _asks("person", people.cancellation_preview, "What cancelling the account would mean"),
    _does("person", registration.request_cancellation, "Ask for one's account to be cancelled"),
    _does("person", registration.withdraw_cancellation, "Take a cancellation back"),
    _asks("person", people.my_closing, "How far the closing of one's account is"),
    _does("person", registration.appeal, "Say why one's account should not be ended"),
    _asks("person", people.my_data, "Everything kept of the person, to take along"),
    _does("staff", registration.propose_termination, "Propose to end an account"),
    _asks("staff", people.archives, "The archives of cancelled accounts"),
    _does("staff", registration.request_release, "Ask to read an archive"),
    _does("staff", registration.released, "Read an archive that was opened"),
    _does("staff", registration.reveal, "Show one personal value in full"),
    _asks("staff", people.reasons_of, "The grounds that staff can name"),
    _asks("staff", cases.page, "A page of the open cases"),
    _asks("staff", cases.count, "How many open cases a filter shows"),
    _asks("staff", cases.board, "What breaches next, by kind and by reviewer"),
    _asks("staff", cases.views, "The saved views of the queue"),
    _does("staff", reviewing.save_view, "Save a view of the queue"),
    _does("staff", reviewing.change_view, "Change a view of one's own"),
    _does("staff", reviewing.delete_view, "Delete a view of one's own"),
    _does("staff", reviewing.count_views, "Count anew what the saved views show"),
    _asks("staff", cases.lookers, "Which colleagues have a case before them"),
    _does("staff", reviewing.look, "Say that one has a case before oneself"),
    _asks("staff", cases.notes, "The internal notes on a case"),
    _does("staff", reviewing.note_case, "Write an internal note on a case"),
    _asks("staff", cases.handover, "What a shift hands over"),
    _asks("staff", cases.received, "The handovers that wait"),
    _does("staff", reviewing.hand_over, "Hand a shift over"),
    _does("staff", reviewing.take_handover, "Take a handover"),
    _asks("staff", cases.case, "One case"),
    _asks("staff", cases.reasons_for, "The reasons a kind of case can be rejected with"),
    _does("staff", calls.answer, "Look a caller up"),
    _asks("staff", callers.caller, "Who calls, masked, and their open matters"),
    _does("staff", calls.urge, "Hurry a review along for a caller"),
    _does("staff", calls.log_call, "Write a call down"),
    _does("staff", reviewing.claim, "Take a case under a lease"),
    _does("staff", reviewing.next_case, "Take the case that is due next"),
    _does("staff", reviewing.take_over, "Take a case out of a colleague's hand"),
    _does("staff", reviewing.reassign, "Put a case into a colleague's hand"),
    _asks("staff", cases.hold_reasons_for, "The reasons a kind of case can be held for"),
    _asks("staff", cases.differences, "Second looks that differ, for a lead to settle"),
    _does("staff", reviewing.settle_difference, "Say which of two looks was right"),
    _asks("staff", cases.agreement, "How often second looks agree with the first"),
    _does("staff", reviewing.release, "Put a case back"),
    _does("staff", reviewing.hold, "Stop a case's clocks"),
    _does("staff", reviewing.resume, "Take a held case up again"),
    _does("staff", reviewing.approve, "Approve a case"),
    _does("staff", reviewing.reject, "Reject a case with reasons"),
    _does("machine", registration.receive_transfer, "A notice of a transfer by the bank"),
    _does("staff", settings.propose, "Propose a new version of a setting"),
    _does("staff", settings.approve, "Approve a proposed version"),
    _does("staff", settings.withdraw, "Take one's own proposal back"),
    _does("staff", settings.reject, "Reject a proposed version"),
    _asks("staff", proposals.preview, "What a proposal would change, and why it cannot be made"),
    _asks(
        "staff", versions.history, "Every version of a setting, who proposed and who approved it"
    ),
    _asks("staff", proposals.pending, "The proposals that wait for a second person"),
    *staff_routes.ROUTES,
    _does("machine", ordering.receive_callback, "A notice of the payment provider"),
)

BY_NAME: dict[str, Route] = {route.name: route for route in ROUTES}
