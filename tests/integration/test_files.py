"""Files made by scan and opened by scan, through the doors of phone and PC (ENC-2, ENC-3)."""

from __future__ import annotations

import base64
import io
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key

from engine.boot import World
from engine.enveloping import actions
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.issuing import queries as certificates
from engine.kernel import clock, errors
from engine.ordering import actions as ordering
from engine.pki import decrypting, envelopes, handing, keys, signed_files
from engine.scanning import actions as scanning
from simulations.people import Person
from tests.support import fold, parties, worlds
from tests.support.line import Line
from tests.support.worlds import SYSTEM

CONTENT = "投标报价：壹佰贰拾万元整\n".encode() * 4_000
NAME = "投标文件.pdf"


@pytest.fixture
def line(any_world: World) -> Line:
    return Line.on(any_world)


@pytest.fixture
def one_line(world: World) -> Line:
    """The line on SQLite alone, for what does not differ."""
    return Line(world, Line.on(world).staff, scheme="seeded_ec")


def ready(line: Line, index: int) -> Person:
    """Somebody whose pair is complete, at their PC."""
    person = line.person(index)
    line.certified(person)
    line.work()
    assert person.complete_pair()
    person.sign_in_by_password()
    return person


@pytest.fixture
def two(one_line: Line) -> tuple[Person, Person]:
    """A purchaser and a supplier."""
    return ready(one_line, 0), ready(one_line, 1)


def unchanged(line: Line):
    return worlds.unchanged(line.world)


# -- the way ----------------------------------------------------------------------------------------


@pytest.mark.row("ENC-2")
@pytest.mark.row("ENC-3")
def test_what_one_enterprise_makes_for_another_opens_there_by_scan(line):
    purchaser, supplier = ready(line, 0), ready(line, 1)
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id, supplier.enterprise_id])
    content, signer = purchaser.open_file(f"{NAME}.p7m", made)
    assert content == CONTENT
    assert signer["verdict"] == "trusted"
    assert signer["enterprise"] == supplier.identity.enterprise
    # Whoever made it for themselves too opens it as well.
    assert supplier.open_file(f"{NAME}.p7m", made)[0] == CONTENT
    [row] = supplier.files()
    assert (row["file"]["status"], row["own"]) == ("made", True)
    assert {one["enterprise"] for one in row["openings"]} == {
        purchaser.identity.enterprise,
        supplier.identity.enterprise,
    }
    [row] = purchaser.files()
    assert (row["own"], row["sender"]) == (False, supplier.identity.enterprise)
    assert [one["status"] for one in row["openings"]] == ["read"]
    kinds = worlds.kinds(line.world)
    for fact in ("file.asked", "file.signed", "file.made", "file_opening.opened"):
        assert fact in kinds
    assert parties.violations(line.world) == {}
    fold.require(line.world)


@pytest.mark.row("ENC-2")
def test_openssl_opens_and_verifies_what_a_scan_made(one_line, two, tmp_path):
    """The key centre gives the purchaser's whole key to two people; OpenSSL does the rest."""
    purchaser, supplier = two
    (tmp_path / "made").write_bytes(supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id]))
    world = one_line.world
    pair = world.engine.ask(certificates.pair, SYSTEM, purchaser.certificate_id)
    released = world.ports.key_centre.recover(
        purchaser.certificate_id, approved_by=("staff:a", "staff:b")
    )
    (tmp_path / "key").write_bytes(released.private_key)
    (tmp_path / "to").write_bytes(pair[1].der)
    (tmp_path / "ca").write_bytes(world.authorities.certificate("dongfang"))
    root = b"".join(one.public_bytes(Encoding.PEM) for one in world.roots)
    (tmp_path / "root.pem").write_bytes(root)
    # The signer's certificate alone is enclosed: the CA's is found at its address, or given.
    for name in ("to", "ca"):
        _run(tmp_path, "x509", "-inform", "DER", "-in", name, "-out", f"{name}.pem")
    (tmp_path / "both.pem").write_bytes(root + (tmp_path / "ca.pem").read_bytes())
    _run(tmp_path, "pkey", "-inform", "DER", "-in", "key", "-out", "key.pem")
    _run(
        tmp_path,
        *("cms", "-decrypt", "-binary", "-inform", "DER", "-in", "made", "-out", "signed"),
        *("-recip", "to.pem", "-inkey", "key.pem"),
    )
    at = str(world.engine.now() // 1000)
    _run(
        tmp_path,
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "signed"),
        *("-out", "plain", "-CAfile", "both.pem", "-purpose", "any"),
        *("-attime", at),
    )
    assert (tmp_path / "plain").read_bytes() == CONTENT


def _run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.row("ENC-3")
def test_what_openssl_encrypted_opens_by_scan_and_says_that_nobody_signed_it(
    one_line, two, tmp_path
):
    purchaser, _ = two
    world = one_line.world
    [_, encryption] = world.engine.ask(certificates.pair, SYSTEM, purchaser.certificate_id)
    to = x509.load_der_x509_certificate(encryption.der).public_bytes(Encoding.PEM)
    (tmp_path / "to.pem").write_bytes(to)
    (tmp_path / "plain").write_bytes(CONTENT)
    for cipher in ("-aes256", "-aes-256-gcm"):
        _run(
            tmp_path,
            *("cms", "-encrypt", "-binary", "-outform", "DER", "-in", "plain"),
            *("-out", "sealed", cipher, "-recip", "to.pem"),
        )
        content, signer = purchaser.open_file("a.p7m", (tmp_path / "sealed").read_bytes())
        assert content == CONTENT
        assert signer["verdict"] == "unsigned"


# -- nobody else ------------------------------------------------------------------------------------


@pytest.mark.row("ENC-3")
def test_neither_another_enterprise_nor_another_phone_opens_it(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    with pytest.raises(actions.NotForYou), unchanged(one_line):
        supplier.show_opening_qr(NAME, made)
    # A code that somebody else's phone scans opens nothing: their phone holds no key for it.
    ticket = supplier.handset.scan(purchaser.show_opening_qr(NAME, made))
    with pytest.raises(errors.EngineError), unchanged(one_line):
        supplier.handset.open_at_pc(ticket, supplier.identity.pin)


@pytest.mark.row("ENC-3")
def test_a_wrong_pin_opens_nothing_and_is_counted(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    qr_text = purchaser.show_opening_qr(NAME, made)
    with pytest.raises(proofs.WrongPin):
        purchaser.confirm_on_phone(qr_text, pin="739164")
    assert worlds.kinds(one_line.world)[-1] == "pin.wrong"
    assert "file_opening.opened" not in worlds.kinds(one_line.world)
    purchaser.confirm_on_phone(qr_text)
    assert purchaser.decrypt_here(made)[0] == CONTENT


@pytest.mark.row("ENC-3")
def test_the_key_is_for_the_browser_that_asked_once_and_the_platform_cannot_read_it(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, made))
    given = {"ticket_id": purchaser.ticket_id, "nonce": "another browser"}
    with pytest.raises(errors.NotFound), unchanged(one_line):
        purchaser.browser.perform("enveloping.take_key", given, key="other")
    [kept] = worlds.rows(one_line.world, "SELECT sealed FROM handed_key")
    other = keys.generate(purchaser.entropy)
    with pytest.raises(handing.NotHandedHere):
        handing.unseal(bytes(kept["sealed"]), other, purchaser.ticket_id.encode())
    content, _ = purchaser.decrypt_here(made)
    assert content == CONTENT
    assert worlds.rows(one_line.world, "SELECT ticket_id FROM handed_key") == []
    given["nonce"] = purchaser.nonce
    with pytest.raises(errors.EngineError), unchanged(one_line):
        purchaser.browser.perform("enveloping.take_key", given, key="again")


@pytest.mark.row("ENC-3")
def test_a_key_that_nobody_took_is_not_kept(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, made))
    left = purchaser.ticket_id
    worlds.clock_of(one_line.world).advance(clock.HOUR + clock.MINUTE)
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, made))
    kept = worlds.rows(one_line.world, "SELECT ticket_id FROM handed_key")
    assert [row["ticket_id"] for row in kept] == [purchaser.ticket_id] != [left]


@pytest.mark.row("ENC-2")
@pytest.mark.row("ENC-3")
def test_neither_content_nor_key_is_anywhere_at_the_platform(one_line, two):
    purchaser, supplier = two
    secret = b"the price of this bid is 1,234,567.89"
    made = supplier.make_file(NAME, secret, [purchaser.enterprise_id])
    given: list[bytes] = []
    inner = handing.seal

    def watched(key, *others):
        given.append(key)
        return inner(key, *others)

    handing.seal = watched
    try:
        purchaser.open_file(NAME, made)
    finally:
        handing.seal = inner
    [content_key] = given
    kept = str(worlds.content(one_line.world))
    for hidden in (secret, content_key):
        assert hidden.hex() not in kept
        assert repr(hidden)[2:-1] not in kept


@pytest.mark.row("ENC-2")
def test_a_file_is_signed_by_its_own_enterprise_alone_and_as_it_was_shown(one_line, two):
    purchaser, supplier = two
    _, qr_text = supplier.show_file_qr(NAME, CONTENT, [purchaser.enterprise_id])
    ticket = purchaser.handset.scan(qr_text)
    with pytest.raises(actions.OtherEnterprise):
        purchaser.handset.confirm(ticket, purchaser.certificate_id, purchaser.identity.pin)
    assert "file.signed" not in worlds.kinds(one_line.world)
    # Its digest stands in the code: a phone that is asked to sign another one refuses.
    _, qr_text = supplier.show_file_qr(NAME, CONTENT, [purchaser.enterprise_id])
    ticket = supplier.handset.scan(qr_text)
    ticket["payload"]["digest"] = "00" * 32
    with pytest.raises(errors.EngineError), unchanged(one_line):
        supplier.handset.confirm(ticket, supplier.certificate_id, supplier.identity.pin)


# -- what was changed, and what came late -----------------------------------------------------------


@pytest.mark.row("ENC-3")
def test_what_was_changed_on_the_way_is_not_given_out_and_said(one_line, two):
    purchaser, supplier = two
    made = bytearray(supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id]))
    # The end does not decrypt, the middle does: of that the signature tells.
    cut = bytes(made[:-16]) + bytes(16)
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, cut))
    with pytest.raises(decrypting.NotOpened):
        purchaser.decrypt_here(cut)
    assert worlds.kinds(one_line.world)[-1] == "file_opening.damaged"
    made[len(made) // 2] ^= 1
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, bytes(made)))
    _, signer = purchaser.decrypt_here(bytes(made))
    assert signer["verdict"] == "changed"
    assert worlds.kinds(one_line.world)[-1] == "file_opening.damaged"


@pytest.mark.row("ENC-3")
def test_a_changed_end_that_decrypts_by_chance_is_not_given_out_either(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, made))
    taken = purchaser._taken("enveloping.take_key", purchaser.ticket_id)
    sealed_key, ticket = base64.b64decode(taken["sealed"]), purchaser.ticket_id.encode()
    content_key = handing.unseal(sealed_key, purchaser.browser_key, ticket)

    def decrypts(changed: bytes) -> bool:
        try:
            envelopes.Reading(io.BytesIO(changed)).open(content_key, io.BytesIO())
        except (decrypting.NotOpened, envelopes.EnvelopeRefused):
            return False
        return True

    # The padding of AES-CBC is right once in 256.
    ends = (made[:-16] + number.to_bytes(16) for number in range(10_000))
    by_chance = next(changed for changed in ends if decrypts(changed))
    purchaser.confirm_on_phone(purchaser.show_opening_qr(NAME, by_chance))
    with pytest.raises(signed_files.SignedFileRefused):
        purchaser.decrypt_here(by_chance)
    assert worlds.kinds(one_line.world)[-1] == "file_opening.damaged"


@pytest.mark.row("ENC-2")
def test_a_code_that_came_too_late_signs_nothing_and_a_file_can_be_given_up(one_line, two):
    purchaser, supplier = two
    file_id, qr_text = supplier.show_file_qr(NAME, CONTENT, [purchaser.enterprise_id])
    ticket = supplier.handset.scan(qr_text)
    worlds.clock_of(one_line.world).advance(180 * clock.SECOND)
    with pytest.raises(scanning.TicketExpired):
        supplier.handset.confirm(ticket, supplier.certificate_id, supplier.identity.pin)
    supplier.browser.perform("enveloping.drop_file", {"file_id": file_id}, key="drop")
    assert worlds.kinds(one_line.world)[-1] == "file.dropped"
    assert supplier.files() == []
    # Signed already it can still be given up: the PC could not read the file any more.
    file_id, qr_text = supplier.show_file_qr(NAME, CONTENT, [purchaser.enterprise_id])
    ticket = supplier.handset.scan(qr_text)
    supplier.handset.confirm(ticket, supplier.certificate_id, supplier.identity.pin)
    supplier.browser.perform("enveloping.drop_file", {"file_id": file_id}, key="drop it")
    with pytest.raises(errors.IllegalTransition), unchanged(one_line):
        supplier.browser.perform("enveloping.drop_file", {"file_id": file_id}, key="drop again")


@pytest.mark.row("ENC-1")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, actions.NameInvalid),
        ({"name": "../../etc/passwd"}, actions.NameInvalid),
        ({"name": "a\u202efdp.exe"}, actions.NameInvalid),
        ({"size": 1 << 40}, actions.FileTooLarge),
        ({"digest_hex": "00"}, actions.DigestInvalid),
        ({"recipients": []}, actions.NoRecipient),
        ({"recipients": ["ent_none"]}, errors.NotFound),
    ],
)
def test_what_cannot_be_made_is_refused_before_a_code_is_shown(one_line, two, changes, refusal):
    purchaser, supplier = two
    given = {
        "name": NAME,
        "size": 5,
        "digest_hex": "00" * 32,
        "recipients": [purchaser.enterprise_id],
    }
    with pytest.raises(refusal), unchanged(one_line):
        supplier.browser.perform("enveloping.ask_file", given | changes, key="wrong")


def test_an_enterprise_without_an_encryption_certificate_is_shown_and_not_chosen(one_line):
    supplier = ready(one_line, 1)
    other = one_line.person(0)
    one_line.onboarded(other)
    [found] = supplier.can_be_sent_to(other.identity.uscc)
    assert found["certificates"] == []
    with pytest.raises(actions.RecipientGone), unchanged(one_line):
        supplier.show_file_qr(NAME, CONTENT, [other.enterprise_id])
    assert supplier.can_be_sent_to("没有这样的公司") == []


# -- keys that have ended ---------------------------------------------------------------------------


@pytest.mark.row("ENC-3")
def test_a_revoked_signer_is_told_by_when_it_was_signed(one_line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    worlds.clock_of(one_line.world).advance(clock.HOUR)
    staff = parties.Reviewers.of(one_line.world).agency
    given = {"certificate_id": supplier.certificate_id, "reason": "keyCompromise"}
    one_line.world.engine.perform(issuing.revoke, given, actor=staff)
    # It was made here, so when it was signed is known: before.
    assert purchaser.open_file(NAME, made)[1]["verdict"] == "trusted"
    # Of the same signature around another envelope it is not.
    again = _sealed_again(one_line, purchaser, made)
    assert purchaser.open_file(NAME, again)[1]["verdict"] == "revoked"


def _sealed_again(line: Line, person: Person, made: bytes) -> bytes:
    """What is inside, encrypted once more: the platform does not know that file."""
    pair = line.world.engine.ask(certificates.pair, SYSTEM, person.certificate_id)
    to = x509.load_der_x509_certificate(pair[1].der)
    key_id = person.certificate_id
    released = line.world.ports.key_centre.recover(key_id, approved_by=("staff:a", "staff:b"))
    key = load_der_private_key(released.private_key, None)
    reading, inside = envelopes.Reading(io.BytesIO(made)), io.BytesIO()
    reading.open(reading.heading.for_certificate(to).opened_by(key), inside)
    target = io.BytesIO()
    envelopes.seal(
        (inside.getvalue(),), target, certificates=[to], entropy=person.entropy, size=None
    )
    return target.getvalue()


@pytest.mark.row("ENC-4")
def test_files_that_one_key_alone_opens_are_named_before_it_is_given_up(one_line, two):
    purchaser, supplier = two
    ask = purchaser.handset.door.ask
    given = {"certificate_id": purchaser.certificate_id}
    assert ask("enveloping.only_with", given) == []
    supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id])
    [note] = ask("enveloping.only_with", given)
    assert (note["code"], note["params"]) == ("stranded.file", {"name": NAME})
    # The maker's own key does not open it, so nothing is named there.
    own = {"certificate_id": supplier.certificate_id}
    assert supplier.handset.door.ask("enveloping.only_with", own) == []
    with pytest.raises(errors.NotFound):
        supplier.handset.door.ask("enveloping.only_with", given)
    one_line.work(61)
    request_id = purchaser.request_step_up()
    one_line.work()
    purchaser.step_up(request_id)
    with pytest.raises(ordering.StrandsFiles) as refused, unchanged(one_line):
        purchaser.order_successor("replace", confirmed=False, why="lost_phone")
    assert refused.value.params == {"count": 1}
    assert purchaser.order_successor("replace", confirmed=True, why="lost_phone")


@pytest.mark.row("ENC-4")
def test_a_file_from_elsewhere_that_was_opened_with_a_key_counts_too(one_line, two, tmp_path):
    purchaser, _ = two
    [_, encryption] = one_line.world.engine.ask(certificates.pair, SYSTEM, purchaser.certificate_id)
    target = io.BytesIO()
    envelopes.seal(
        (CONTENT,),
        target,
        certificates=[x509.load_der_x509_certificate(encryption.der)],
        entropy=purchaser.entropy,
        size=len(CONTENT),
    )
    purchaser.open_file("外来文件.p7m", target.getvalue())
    given = {"certificate_id": purchaser.certificate_id}
    [note] = purchaser.handset.door.ask("enveloping.only_with", given)
    assert note["params"] == {"name": "外来文件.p7m"}
