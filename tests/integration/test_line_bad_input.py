"""Bad input on the line: each a named refusal with a text in both languages, and nothing changed."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from engine.boot import World
from engine.handset.handset import ForeignCode
from engine.issuing.proofs import PinLocked, WrongPin
from engine.kernel import errors, files, identifiers, texts
from engine.pdf import intake
from engine.registration.actions import codes, enterprises, proof_checks
from engine.scanning import actions as scanning
from engine.uploads import refusals
from simulations import papers
from simulations.people import Person, b64
from tests.support.line import Line
from tests.support.worlds import unchanged


def _refused(world: World, kind: type[errors.EngineError], act: Any) -> errors.EngineError:
    """The refusal, which is told in both languages and leaves no trace."""
    with unchanged(world), pytest.raises(kind) as caught:
        act()
    for language in texts.LANGUAGES:
        told = texts.of_error(caught.value, language)
        assert told
        assert "{" not in told
    return caught.value


def _sent(line: Line, person: Person) -> tuple[str, str]:
    request_id = person.request_code()
    line.work()
    return request_id, person.read_code()


@pytest.mark.row("ACC-3")
def test_a_wrong_code_counts_and_the_fifth_kills_the_code(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    request_id, code = _sent(line, person)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    left = []
    for _ in range(5):
        with pytest.raises(codes.CodeWrong) as caught:
            person.sign_in(request_id, wrong)
        left.append(caught.value.params["left"])
    assert left == [4, 3, 2, 1, 0]
    _refused(world, codes.CodeExpired, lambda: person.sign_in(request_id, code))


def test_an_expired_code_is_refused(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    request_id, code = _sent(line, person)
    line.work(300)
    _refused(world, codes.CodeExpired, lambda: person.sign_in(request_id, code))


def test_terms_and_a_valid_number_are_needed_for_a_code(world: World) -> None:
    person = Line.on(world).person(0)
    phone = person.handset
    _refused(
        world,
        codes.TermsNotAccepted,
        lambda: phone.request_code("13900000000", terms_accepted=False),
    )
    _refused(
        world, identifiers.PhoneInvalid, lambda: phone.request_code("12345", terms_accepted=True)
    )


@pytest.mark.row("ACC-1")
def test_under_age_is_refused_before_any_provider_is_asked(world: World) -> None:
    line = Line.on(world)
    person = line.person(0, born="20150315")
    person.sign_in(*_sent(line, person))
    _refused(world, proof_checks.UnderAge, person.prove_name)


@pytest.mark.row("IDV-4")
def test_bad_check_digits_are_told_at_once(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    person.sign_in(*_sent(line, person))
    number = person.identity.resident_id
    bad = number[:-1] + ("1" if number[-1] != "1" else "2")
    given = {
        "way": "zhongjin",
        "name": "张伟",
        "resident_id": bad,
        "face": b64(papers.face()),
    }
    _refused(
        world,
        identifiers.ResidentIdInvalid,
        lambda: person.handset.door.perform("registration.prove_name", given, key=person.key()),
    )


def test_a_name_that_the_provider_does_not_know_can_be_tried_again(world: World) -> None:
    line = Line.on(world)
    person = line.person(0, sequence="404")
    person.sign_in(*_sent(line, person))
    person.prove_name()
    line.work()
    assert not person.me()["real_named"]
    assert person.handset.door.ask("registration.my_newest_proof", {})["status"] == "mismatched"


def test_a_claim_with_a_bad_code_or_a_wrong_kind_of_file_is_refused(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    door, good = person.handset.door, person.identity
    given = {
        "name": good.enterprise,
        "uscc": good.uscc[:-1] + ("0" if good.uscc[-1] != "0" else "1"),
        "legal_representative": good.legal_representative,
        "legal_representative_id": good.representative_number,
        "papers": [{"code": "licence", "content": person.paper("licence")}],
    }
    claim = "registration.claim_enterprise"
    _refused(
        world,
        identifiers.CreditCodeInvalid,
        lambda: door.perform(claim, given, key=person.key()),
    )
    paper = {"code": "licence", "content": b64(b"MZ\x90\x00 a program")}
    program = {**given, "uscc": good.uscc, "papers": [paper]}
    _refused(world, files.FileKindRefused, lambda: door.perform(claim, program, key=person.key()))
    stranger = {**given, "uscc": good.uscc, "legal_representative": "王五"}
    _refused(
        world,
        enterprises.AuthorizationMissing,
        lambda: door.perform(claim, stranger, key=person.key()),
    )


@pytest.mark.row("LOG-1")
def test_a_ticket_lapses_at_180_seconds_and_takes_one_phone(world: World) -> None:
    line = Line.on(world)
    person, other = line.person(0), line.person(1)
    line.certified(person)
    line.registered(other)
    person.sign_in_by_password()
    qr_text = person.show_binding_qr()
    line.work(180)
    # The door notes once a minute that a phone is there: before the refusal, not with it.
    person.me()
    _refused(world, scanning.TicketExpired, lambda: person.scan_and_confirm(qr_text))
    qr_text = person.show_binding_qr()
    person.handset.scan(qr_text)
    with pytest.raises(scanning.AlreadyScanned):
        other.handset.scan(qr_text)
    person.scan_and_confirm(qr_text)
    with pytest.raises(errors.EngineError):
        person.scan_and_confirm(qr_text)


def test_foreign_and_unknown_codes_are_refused(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    for text in ("https://example.com", "YX1:run:bind:abc:def", ""):
        _refused(world, ForeignCode, lambda text=text: person.handset.scan(text))


@pytest.mark.row("CRT-4")
def test_wrong_pins_are_counted_and_lock_the_certificate(world: World) -> None:
    line = Line.on(world)
    person = line.person(0)
    line.certified(person)
    person.sign_in_by_password()
    qr_text = person.show_binding_qr()
    left = []
    for _ in range(4):
        with pytest.raises(WrongPin) as caught:
            person.scan_and_confirm(qr_text, pin="739164")
        left.append(caught.value.params["left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(PinLocked):
        person.scan_and_confirm(qr_text, pin="739164")
    with unchanged(world, without=("reply",)), pytest.raises(PinLocked):
        person.scan_and_confirm(qr_text)


def test_an_encrypted_or_broken_pdf_is_no_contract(world: World) -> None:
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    line.bound(purchaser)
    line.onboarded(supplier)
    order = purchaser.place_purchase_order(
        supplier.mall_account_id,
        [{"name": "滤芯", "unit": "套", "quantity": 1, "unit_price_fen": 100}],
    )
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    for content, kind in (
        (out.getvalue(), intake.EncryptedPdf),
        (b"%PDF-1.7\nnothing", errors.InvalidInput),
        (b"PK\x03\x04 a document", refusals.BrokenWord),
    ):
        _refused(
            world,
            kind,
            lambda content=content: purchaser.create_contract(
                order, number="HT-9", date="2026-06-01", upload=content
            ),
        )
