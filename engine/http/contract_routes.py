"""What the parties of a contract do and ask, from the purchase order on; and its public page."""

from __future__ import annotations

from engine.http.routing import Route
from engine.http.routing import asks as _asks
from engine.http.routing import does as _does
from engine.mall import actions as mall
from engine.signing import actions as signing
from engine.signing import asking, looking, means, on_phone, previewing
from engine.signing import queries as contracts

ROUTES: tuple[Route, ...] = (
    _does("mall", mall.place_purchase_order, "Place a purchase order"),
    _asks("person", contracts.to_be_signed, "What a phone signs for a scanned contract"),
    _asks("person", contracts.asked_to_sign, "The contracts that a scanned code is for"),
    _asks("person", contracts.sent_to_me, "The signatures that were sent to this phone"),
    _asks("person", on_phone.contract_on_phone, "A contract as its parties' members see it"),
    _asks("person", on_phone.ticket_page, "A page of what a scanned code asks to sign"),
    _does("person", signing.confirm_signature, "Sign what was prepared with a certificate's PIN"),
    _does("mall", signing.create_contract, "Make a contract for a purchase order"),
    _does("mall", signing.revise_contract, "Answer a returned contract"),
    _does("mall", signing.request_signature, "Ask to sign a contract"),
    _does("mall", signing.request_batch, "Ask to sign several contracts at once"),
    _does("mall", signing.open_signing_ticket, "The QR code that signs a contract, or a batch"),
    _does("mall", signing.send_to_phone, "Send what is to be signed to the phone, by password"),
    _asks("mall", contracts.signature, "A signature that was asked for"),
    _asks("mall", contracts.signing_batch, "A batch of contracts that are signed together"),
    _asks("mall", contracts.validation, "How far a contract's document can be validated"),
    _does("mall", signing.submit, "Submit a contract that every party signed"),
    _does("mall", signing.read, "Note that a party opened a contract"),
    _does("mall", signing.remind, "Remind a party that can sign"),
    _does("mall", signing.decline, "Say that one's party will not sign, and why"),
    _does("mall", signing.withdraw, "Take a contract back before everybody signed"),
    _does("mall", signing.extend, "Give the parties longer to sign"),
    _does("mall", signing.propose_voiding, "Propose that a passed contract be void"),
    _does("mall", signing.agree_voiding, "Agree that a contract be void"),
    _does("mall", signing.refuse_voiding, "Refuse that a contract be void"),
    _does("mall", signing.take_back_voiding, "Take one's proposal to void back"),
    _asks("mall", contracts.public_page, "Where the code on a contract leads"),
    _asks("anybody", contracts.published, "A contract's public page, by its code", paced=True),
    _does("mall", signing.save_draft, "Keep a form of a contract that is not finished"),
    _does("mall", signing.discard_draft, "Throw a kept form away"),
    _asks("mall", asking.draft, "The kept form of an order or a contract"),
    _asks("mall", asking.my_drafts, "The forms that are not finished"),
    _asks("mall", asking.form_rules, "Currencies, kinds of attachments and limits of contracts"),
    _asks("mall", asking.templates, "The templates of contracts, and what they ask for"),
    _asks("mall", asking.preview_contract, "The document that a form would make"),
    _asks("mall", asking.form_of, "What was filled into a contract's template"),
    _asks("mall", asking.attachments, "A contract's document and its attachments"),
    _asks("mall", contracts.contracts_page, "A page of the account's contracts"),
    _asks("mall", contracts.contract_parties, "A contract's parties, and how far each is"),
    _asks("mall", contracts.possible_parties, "Accounts that can become further parties"),
    _asks("mall", contracts.voiding, "The proposals to void a contract"),
    _asks("mall", contracts.versions, "Every document of a contract"),
    _asks("mall", contracts.rows, "The account's newest contracts"),
    _asks("mall", contracts.contract, "One contract"),
    _asks("mall", contracts.signatures, "The signatures on a contract"),
    _asks("mall", looking.detail, "A contract with its parties and what can be done"),
    _asks("mall", means.means, "The certificates and seals an account can sign with"),
    _asks("mall", previewing.page_picture, "A page of a contract as a picture"),
    _asks("mall", previewing.preview_pictures, "The pages of what a form would make"),
    _asks("mall", previewing.page_sizes, "How large the pages of a contract are"),
    _asks("mall", previewing.marks, "Where a seal would lie on a contract's pages"),
    _asks("mall", contracts.tab_counts, "How many contracts each tab holds"),
    _asks("mall", contracts.history, "What was done with a contract"),
)
