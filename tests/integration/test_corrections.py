"""Where a rejection leads on the phone: to the form, at the field of its reason (MSG-1, OPS-1)."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from engine.boot import tables
from engine.invoicing import actions as invoices
from engine.issuing import actions as issuing
from engine.kernel import errors, paging
from engine.messaging import queries as messages
from engine.ordering import actions as paying
from engine.ordering import queries as orders
from engine.ordering.model import Resolution
from engine.policies import model as policies
from engine.registration import actions as registration
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.sealing import actions as sealing
from engine.sealing import model as seals
from engine.sealing import queries as applications
from engine.ses import handwriting
from engine.signing import actions as signing
from engine.staffing.model import Role
from simulations import specimens
from tests.support import (
    binding,
    closing,
    invoicing,
    moneys,
    parties,
    registering,
    trading,
    worlds,
)
from tests.support.worlds import SYSTEM

PAGES = Path(__file__).resolve().parents[2] / "pages"
PHONE = PAGES / "apps" / "handset" / "screens"
_WHITE = io.BytesIO()
Image.new("RGB", (400, 200), "white").save(_WHITE, "PNG")
BLANK = _WHITE.getvalue()
# Whose hands a kind comes back into: the forms that are filled in again. An appeal is heard once; the
# mall's page makes no contracts yet, and its form is the engine's. A registration's form is drawn from the
# very setting that its sheet is; a recovery is asked for again, with nothing to fill in but why. A red
# letter's reasons stand on its own page, and another is asked for from the page of its invoice.
FORMS = {
    "enterprise_claim": (PHONE / "claim.js",),
    "enterprise_change": (PHONE / "change.js",),
    "certificate_platform": (PHONE / "apply.js", PHONE / "following.js"),
    "certificate_ca": (PHONE / "apply.js", PHONE / "following.js"),
    "seal": (PHONE / "seal_form.js",),
    "seal_making": (PHONE / "seal_form.js", PHONE / "seal.js"),
    "cancellation": (PHONE / "closing.js",),
    "settlement": (PAGES / "money.py",),
    "invoice": (PHONE / "invoice_form.js",),
    "account_termination": (PAGES / "_account_acts.py",),
    "archive_release": (PAGES / "archives.py",),
}


def reject(world, kind, subject_id, who, *reasons):
    case_id = parties.open_case(world, kind, subject_id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    given = {"case_id": case_id, "reasons": reasons}
    world.engine.perform(reviewing.reject, given, actor=who)


def todo(world, person, kind):
    found = world.engine.ask(messages.mine, person, window=paging.Window(limit=100))
    return next(one for one in found if one.kind == kind)


@pytest.mark.row("MSG-1")
def test_a_rejected_claim_opens_at_the_field_of_its_first_reason(any_world):
    reviewers = parties.Reviewers.of(any_world)
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    made = registering.claim(any_world, person)
    reject(
        any_world, "enterprise_claim", made.id, reviewers.enterprise,
        "representative_id_unclear", "code_differs",
    )  # fmt: skip
    told = todo(any_world, person, "claim.rejected")
    assert (told.link, told.open_todo) == (f"claim/{made.id}/representative_id_front", 1)
    detail = any_world.engine.ask(people.claim_detail, person, made.id)
    assert [one.field for one in detail.reasons] == ["representative_id_front", "uscc"]


@pytest.mark.row("MSG-1")
def test_a_rejected_change_order_and_seal_open_at_their_fields(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    given = {
        "enterprise_id": party.enterprise_id,
        "name": "新疆天山净水设备有限公司",
        "legal_representative": registering.NAME,
        "legal_representative_id": registering.resident_id(),
        "papers": registering.papers_of_claim(),
        "confirmed": True,
    }
    change = world.engine.perform(registration.change_enterprise, given, actor=party.person)
    reject(world, "enterprise_change", change.id, reviewers.enterprise, "register_differs")
    assert todo(world, party.person, "change.was_rejected").link == f"change/{change.id}/name"
    detail = world.engine.ask(people.change_detail, party.person, change.id)
    assert [one.code for one in detail.reasons] == ["register_differs"]
    given = {
        "enterprise_id": party.enterprise_id,
        "kind": seals.SealKind.CONTRACT,
        "form": registering.PNG,
    }
    asked = world.engine.perform(sealing.apply_for_seal, given, actor=party.person)
    reject(world, "seal", asked.id, reviewers.seal, "seal_outside_box")
    assert todo(world, party.person, "seal.rejected").link == f"seal-form/{asked.id}/form"
    found = world.engine.ask(applications.application, party.person, asked.id)
    assert [one.field for one in found.reasons] == ["form"]
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(errors.EngineError):
        world.engine.ask(people.change_detail, stranger, change.id)
    with pytest.raises(errors.EngineError):
        world.engine.ask(applications.application, stranger, asked.id)


@pytest.mark.row("MSG-1")
def test_the_order_after_a_rejected_one_is_told_what_its_papers_lacked(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    parties.hand_in(world, party)
    reject(
        world, "certificate_platform", party.order_id, reviewers.platform, "authorization_expired"
    )
    link = todo(world, party.person, "order.rejected").link
    assert link == f"apply/{party.order_id}/authorization"
    assert world.engine.ask(orders.to_correct, party.person, party.order_id) == ()
    again = parties.order(world, party)
    told = world.engine.ask(orders.to_correct, party.person, again.order_id)
    assert [one.code for one in told] == ["authorization_expired"]


@pytest.mark.row("SEA-1")
def test_a_signature_whose_maker_rejected_its_specimen_is_applied_for_with_another(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    kind = seals.SealKind.SIGNATURE
    given = {
        "enterprise_id": party.enterprise_id,
        "kind": kind,
        "form": specimens.signature("王大明"),
    }
    with pytest.raises(applications.KindNotOffered):
        world.engine.perform(sealing.apply_for_seal, given, actor=party.person)
    first = parties.application(world, party, kind)
    reject(world, "seal_making", first, reviewers.maker, "signature_specimen_wrong")
    told = todo(world, party.person, "seal.rejected")
    assert told.link == f"seal-form/{first}/signature_specimen"
    blank = {**given, "form": BLANK}
    with pytest.raises(handwriting.SignatureUnreadable):
        world.engine.perform(sealing.apply_for_seal, blank, actor=party.person)
    asked = world.engine.perform(sealing.apply_for_seal, given, actor=party.person)
    parties.approve(world, "seal", asked.id, reviewers.seal)
    parties.approve(world, "seal_making", asked.id, reviewers.maker)
    parties.settle(world, rounds=1)
    made = next(
        one
        for one in world.engine.ask(applications.of_enterprise, party.person, party.enterprise_id)
        if one.kind == kind
    )
    assert made.status is seals.SealStatus.ACTIVE
    with world.engine.reader(SYSTEM) as q:
        drawn = handwriting.draw(applications.specimen(q, made))
        other = handwriting.draw(people.specimen(q, party.enterprise_id))
    assert drawn != other


def sheets(world):
    """One sheet of each kind of case, as its reviewers see it."""
    reviewers = parties.Reviewers.of(world)
    one, other, third = closing.officers(world)
    gone = binding.certified(world, reviewers, number=8, name="新疆北疆节水有限公司")
    closing.add_administrator(world, gone, "13700137009")
    closing.finish_seals(world, gone)
    closing.cancel(world, gone.person, third)
    archive = closing.archive_of(world, gone.person.account_id)["id"]
    given = {"archive_id": archive, "reason": "court_or_authority"}
    world.engine.perform(registration.request_release, given, actor=one)
    trade = trading.trade(world)
    signed = trading.signed(world, trade)
    world.engine.perform(signing.submit, {"contract_id": signed.id}, actor=trade.purchaser.mall)
    party = parties.enterprise(world, reviewers, number=7, name="新疆绿洲节水科技有限公司")
    order = parties.order(world, party)
    parties.pay(world, order)
    parties.hand_in(world, order)
    given = {
        "enterprise_id": party.enterprise_id,
        "name": "新疆绿洲节水设备有限公司",
        "legal_representative": registering.NAME,
        "legal_representative_id": registering.resident_id(),
        "papers": registering.papers_of_claim(),
        "confirmed": True,
    }
    world.engine.perform(registration.change_enterprise, given, actor=party.person)
    given = {
        "enterprise_id": party.enterprise_id,
        "kind": seals.SealKind.CONTRACT,
        "form": registering.PNG,
    }
    world.engine.perform(sealing.apply_for_seal, given, actor=party.person)
    person = registering.sign_up(world, "13700137000")
    registering.prove(world, person, registering.resident_id(sequence="222"))
    letter = registering.papers_of_claim("王大明", "authorization")
    registering.claim(
        world, person, uscc=registering.credit_code(9), representative="王大明", papers=letter
    )
    _recovery_entity_settlement(world, reviewers, trade.purchaser)
    _invoice_red_letter(world, trade)
    leaving = registering.sign_up(world, "13700137001")
    closing.ask_to_cancel(world, leaving)
    accused = registering.sign_up(world, "13700137002")
    closing.terminate(world, accused.account_id, one, other)
    world.engine.perform(
        registration.appeal, {"text": "账号一直由我本人使用，从未转借他人。"}, actor=accused
    )
    proposed = registering.sign_up(world, "13700137003")
    given = {"account_id": proposed.account_id, "reason": "account_passed_on", "note": "举报"}
    world.engine.perform(registration.propose_termination, given, actor=one)
    with world.engine.reader(SYSTEM) as q:
        open_now = q.all(model.Case, "SELECT * FROM review_case WHERE decided_at IS NULL")
        found = {}
        for case in open_now:
            sheet = tables.review_sheet(q, case)
            names = found.setdefault(case.kind, set())
            names |= {one.name for one in sheet.fields} | {one.code for one in sheet.papers}
        asked = q.policies(policies.EntityClass).values()
        platforms = q.policies(policies.Platform).values()
        reasons = cases.reasons(q)
    codes = {paper.code for rule in asked for paper in rule.papers}
    # What only sheets of delegations and of replacements have beside those of a first certificate.
    found["certificate_platform"] |= {"delegate", "scope", "why"}
    for kind in ("enterprise_claim", "enterprise_change"):
        found[kind] |= codes
    for kind in ("certificate_platform", "certificate_ca"):
        found.setdefault(kind, set(found["certificate_platform"]))
        found[kind] |= {
            paper.code
            for platform in platforms
            for paper in (*platform.attachments, *platform.rule_papers)
        }
    # The maker compares the very sheet that the reviewer of the application had.
    found["seal"] = found["seal_making"] = found["seal"] | found["seal_making"]
    # Of a seal that is made again.
    found["seal_making"] = found["seal_making"] | {"why"}
    return found, reasons


def _recovery_entity_settlement(world, reviewers, holder):
    """The encryption key of a holder is asked for, a registration differs, money came twice."""
    asked = "SELECT id FROM certificate WHERE pair_id = ? AND usage = 'encryption'"
    [encryption] = worlds.rows(world, asked, holder.certificate_id)
    given = {"certificate_id": encryption["id"], "why": "key_damaged"}
    world.engine.perform(issuing.ask_recovery, given, actor=holder.person)
    party = parties.certified(world, reviewers, number=5, name="新疆南疆节水有限公司")
    opened = binding.binding_qr(world, party)
    binding.scan(world, party, opened)
    binding.confirm(world, party, opened, given=binding.answers(world, party, contact="王小明"))
    moneys.limit(world, 100)
    moneys.paid(world, number=6, account="sandbox-paid-twice", reviewers=reviewers)
    [twice] = moneys.cases(world, kind="paid_twice")
    given = {"case_id": twice["id"], "resolution": Resolution.GIVE_BACK, "note": "已电话核实"}
    finance = worlds.staff(world, Role.FINANCE)
    world.engine.perform(paying.settle_case, given, actor=finance)


def _invoice_red_letter(world, trade):
    """A special invoice to another's title with all that can be given, and an invoice to take back."""
    title = invoicing.title(
        address="乌鲁木齐市天山区中山路 8 号",
        phone="0991-2345678",
        bank="中国银行乌鲁木齐分行",
        bank_account="107012345678",
    )
    given = {"kind": "special", "title": title, "remarks": "由总公司付款"}
    invoicing.apply(world, trade.supplier, **given)
    issued = invoicing.issued(world, trade.purchaser)
    asked = {"invoice_id": issued.id, "reason": "03"}
    world.engine.perform(invoices.ask_red_letter, asked, actor=trade.purchaser.person)


@pytest.mark.row("OPS-1")
def test_every_reason_points_at_a_field_of_the_sheet_and_of_the_form(world):
    found, reasons = sheets(world)
    assert found.keys() == model.RIGHT_FOR.keys()
    by_kind = {kind: [] for kind in model.RIGHT_FOR}
    for code, reason in reasons.items():
        for kind in reason.kinds:
            if kind not in model.RIGHT_FOR:
                assert kind in ("termination_ground", "archive_ground", "reveal_ground"), code
                continue
            by_kind[kind].append(code)
            assert reason.field in found[kind], (code, kind, reason.field)
            assert kind not in FORMS or reason.field in named(kind), (code, kind, reason.field)
        assert re.search(r"[。）]$", reason.text.zh), code
        assert not re.search(r"[A-Za-z]{4,}", reason.text.zh), code
        assert reason.text.en.endswith("."), code
    assert all(len(codes) >= 2 for codes in by_kind.values()), by_kind


def named(kind):
    """What a form's parts are marked with; papers are marked with the codes the server asks for."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in FORMS[kind])
    if text.startswith('"""'):
        return set(re.findall(r'"(\w+)": ', text))
    marks = re.findall(r'<\$\{Marked\} fields="([a-z_ ]+)"', text)
    names = {name for mark in marks for name in mark.split()}
    for constant in re.findall(r"<\$\{Marked\} fields=\$\{([A-Z_]+)\.join", text):
        [listed] = re.findall(rf"^const {constant} = \[([^]]+)\];$", text, re.MULTILINE)
        names |= set(re.findall(r'"(\w+)"', listed))
    # Papers are marked one by one, with the codes that the server asks for.
    return names | (PAPER_CODES if "paper" in text else set())


PAPER_CODES = {
    "licence",
    "representative_id_front",
    "representative_id_back",
    "signature_specimen",
    "authorization",
    "appointment",
    "power_of_attorney",
    "replacement_application",
    "change_application",
}
