"""Old keys still open old files by scan: after a replacement, after a recovery on a new phone (ENC-3)."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

from engine import worker
from engine.handset.held_keys import KeyMissing
from engine.http.doors import DirectDoor
from engine.issuing import actions, model
from engine.kernel import errors, ids
from engine.reports import catalog, snapshot
from simulations.with_files import WithFiles
from tests.integration.test_pairs_superseded import NEW_PIN, replaced
from tests.support import ordering, pairing, parties, worlds
from tests.support.pairing import PIN

CONTENT = "三年前的标书\n".encode() * 500
NAME = "旧标书.pdf"


class Pc(WithFiles):
    """The PC of a party whose phone is in the test's hands."""

    def __init__(self, world, found: pairing.Paired) -> None:
        self.browser = DirectDoor(world.engine)
        self.entropy = ids.seeded("pc", "files")
        self.handset = found.phone
        self.certificate_id = found.signing
        self.enterprise_id = found.party.enterprise_id
        self.identity = SimpleNamespace(pin=PIN)
        session = self.browser.perform(
            "mall.sign_in",
            {
                "platform_id": found.party.mall.platform_id,
                "login": "party0001",
                "password": worlds.PASSWORD,
                "nonce": self.own_nonce(),
                "browser_name": "PC",
            },
            key=self.key(),
        )
        self.browser.sign_in(session["token"], "mall")

    def key(self) -> str:
        return ids.token(self.entropy, 12)

    def own_nonce(self) -> str:
        return "the party's own browser"

    def digits_on_pc(self, ticket_id: str) -> str:
        given = {"ticket_id": ticket_id, "nonce": self.own_nonce()}
        return str(self.browser.ask("binding.watch", given)["number"])


@pytest.fixture
def found(world):
    """A party with a complete pair."""
    return pairing.complete(world)


@pytest.mark.row("ENC-3")
def test_a_file_for_a_replaced_certificate_opens_under_the_new_ones_pin(world, found):
    pc = Pc(world, found)
    made = pc.make_file(NAME, CONTENT, [pc.enterprise_id])
    phone = pairing.phone(world, "13800130001")
    phone.store.put(
        f"encryption/{found.encryption}", found.phone.store.get(f"encryption/{found.encryption}")
    )
    signing, encryption = replaced(world, found, phone)
    phone.bring_over(found.encryption, signing, NEW_PIN, PIN)
    pc.handset, pc.certificate_id, pc.identity.pin = phone, signing, NEW_PIN
    content, signer = pc.open_file(NAME, made)
    assert content == CONTENT
    # It was signed before its certificate gave way.
    assert signer["verdict"] == "trusted"
    # What is made from now on is for the new key alone, once the phone has that.
    assert pc.can_be_sent_to()[0]["certificates"] == []
    phone.take_encryption_share(encryption, signing, NEW_PIN)
    assert pc.can_be_sent_to()[0]["certificates"] == [encryption]


@pytest.mark.row("ENC-3")
@pytest.mark.row("ENC-4")
def test_on_a_new_phone_it_opens_once_its_key_was_recovered(world, found):
    pc = Pc(world, found)
    made = pc.make_file(NAME, CONTENT, [pc.enterprise_id])
    phone = pairing.phone(world, "13800130001", device="another phone")
    signing, _ = replaced(world, found, phone)
    pc.handset, pc.certificate_id, pc.identity.pin = phone, signing, NEW_PIN
    with pytest.raises(KeyMissing):
        pc.open_file(NAME, made)
    device_id = pairing.certificate(world, signing).device_id
    person = dataclasses.replace(found.party.person, device_id=device_id)
    recovery = world.engine.perform(
        actions.ask_recovery,
        {"certificate_id": found.encryption, "why": "phone_lost"},
        actor=ordering.fresh(world, person),
    )
    for _ in range(2):
        parties.approve(world, "key_recovery", recovery.id, parties.Reviewers.of(world).agency)
    worker.run_due(world)
    phone.take_encryption_share(found.encryption, signing, NEW_PIN)
    assert pairing.certificate(world, found.encryption).status is model.CertificateStatus.REVOKED
    assert pc.open_file(NAME, made)[0] == CONTENT
    assert parties.violations(world) == {}


@pytest.mark.row("ENC-3")
def test_after_its_key_was_given_up_for_good_it_opens_no_more(world, found):
    pc = Pc(world, found)
    made = pc.make_file(NAME, CONTENT, [pc.enterprise_id])
    qr_text = pc.show_opening_qr(NAME, made)
    given = {"certificate_id": found.signing, "reason": "keyCompromise"}
    world.engine.perform(actions.revoke, given, actor=parties.Reviewers.of(world).agency)
    with pytest.raises(errors.EngineError):
        pc.confirm_on_phone(qr_text)
    assert "file_opening.opened" not in worlds.kinds(world)


@pytest.mark.row("ENC-4")
def test_the_report_counts_files_made_opened_damaged_and_stranded(world, found, tmp_path):
    pc = Pc(world, found)
    made = pc.make_file(NAME, CONTENT, [pc.enterprise_id])
    pc.open_file(NAME, made)
    pc.make_file("另一份.pdf", CONTENT, [pc.enterprise_id])
    pc.show_file_qr("没有确认.pdf", CONTENT, [pc.enterprise_id])
    assert _report(world, tmp_path) == [
        {"asked": 3, "made": 2, "not_finished": 1, "opened": 1, "openings": 1, "stranded": 0}
    ]
    given = {"certificate_id": found.signing, "reason": "keyCompromise"}
    world.engine.perform(actions.revoke, given, actor=parties.Reviewers.of(world).agency)
    [row] = _report(world, tmp_path)
    assert row["stranded"] == 2


def _report(world, folder):
    snapshot.refresh(world.engine, folder)
    moment = worlds.clock_of(world).now_ms() + 1
    with snapshot.open_copy(snapshot.newest(folder)) as copy:
        told = catalog.ask(copy, catalog.load("files"), to_ms=moment)
        cases = catalog.cases(copy, catalog.load("files"), to_ms=moment)
    assert len(cases.rows) == 3
    wanted = ("asked", "made", "not_finished", "opened", "openings", "stranded")
    rows = [dict(zip(told.columns, row, strict=True)) for row in told.rows]
    return [{name: row[name] for name in wanted} for row in rows]
