"""Keys in two halves in a world: made, proved, refreshed, locked, and what thieves of either side get."""

from __future__ import annotations

import base64
import collections
import dataclasses
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from engine import boot
from engine.handset import held_keys, pins
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.http.doors import DirectDoor, person_of
from engine.issuing import actions, model, proofs, queries, schemes
from engine.issuing.actions import pins as pin_acts
from engine.kernel import challenges, database, errors, ids, vault
from engine.kernel.operation import AlreadyTaken
from engine.pki import splitting
from tests.support import fold, key_proofs, parties, worlds
from tests.support.line import Line
from tests.support.worlds import SYSTEM

PIN, WRONG, NEW = "280517", "739164", "640382"


def approved_on(world):
    """A person whose certificate is ready to be downloaded, with the world they live in."""
    line = Line.on(world)
    person = line.person(0)
    line.onboarded(person)
    person.order(agency_id="dongfang")
    line.work()
    person.pay()
    line.work(70)
    person.attach()
    line.approve_all()
    return line, person


def download(line, person):
    """Up to the active certificate."""
    person.request_certificate()
    line.work()
    assert person.activate()
    line.work()


@pytest.fixture
def ready(world):
    return approved_on(world)


@pytest.fixture
def holder(ready):
    """A person with an active certificate of a divided key."""
    download(*ready)
    return ready[1]


def certificate_of(person):
    return person.world.engine.ask(queries.certificate, SYSTEM, person.certificate_id)


def kept(world):
    """The server's part, as it lies in the database."""
    return worlds.rows(world, "SELECT * FROM key_share")


def tries(person):
    sql = "SELECT tries FROM pin_guard WHERE certificate_id = ?"
    found = worlds.rows(person.world, sql, person.certificate_id)
    return found[0]["tries"] if found else 0


def confirm(person, pin=PIN):
    """One proof of the key through the phone: the change of a PIN to itself."""
    person.handset.change_pin(person.certificate_id, pin, pin)


def copied(person):
    """The same phone once more: its file in a thief's hands, with its session."""
    store = HandsetStore(None, ids.seeded(1, "copy"))
    for name in person.handset.store.names(""):
        content = person.handset.store.get(name)
        assert content is not None
        store.put(name, content)
    return Handset(
        store=store,
        door=DirectDoor(person.world.engine),
        entropy=ids.seeded(2, "copy"),
        hashing=person.world.engine.parts.hashing,
    )


# -- made -----------------------------------------------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_openssl_finds_the_certificate_of_a_divided_key_good(any_world, tmp_path: Path):
    line, person = approved_on(any_world)
    download(line, person)
    found = certificate_of(person)
    assert (found.key_scheme, found.status) == ("split_rsa", model.CertificateStatus.ACTIVE)
    signed = x509.load_der_x509_certificate(found.der)
    key = signed.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert (key.key_size, key.public_numbers().e) == (4096, 65_537)
    chain = [
        x509.load_der_x509_certificate(one) for one in any_world.ports.agencies["dongfang"].chain()
    ]
    for name, one in (("leaf", signed), ("issuing", chain[0]), ("root", chain[-1])):
        (tmp_path / f"{name}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    said = subprocess.run(
        [
            *("openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted"),
            *("issuing.pem", "-attime", str(any_world.engine.now() // 1000), "leaf.pem"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.strip() == "leaf.pem: OK", said.stderr
    fold.require(any_world)
    assert parties.violations(any_world) == {}


@pytest.mark.row("PKI-3")
def test_the_engine_gives_the_ordinary_signature_of_what_was_confirmed(holder):
    opened = holder.handset._open_try(holder.certificate_id)
    message = b"what a person confirmed"
    held = holder.handset.store.held_key(holder.certificate_id)
    secret = held_keys.SCHEMES["split_rsa"].show(held, PIN, holder.handset._cost)
    half = held_keys.SCHEMES["split_rsa"].half(secret, held.material, message)
    proved = prove(holder, model.KeyProof(try_id=opened, half=half), message)
    key = x509.load_der_x509_certificate(proved.certificate.der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(proved.signature, message, padding.PKCS1v15(), hashes.SHA256())


def actor_of(person):
    token = person.handset.store.get("session")
    return person_of(person.world.engine, token.decode())


def prove(person, proof, message):
    arguments = {
        "certificate_id": person.certificate_id,
        "message": message,
        "proof": proof,
        "act": "login",
    }
    return person.world.engine.perform(proofs.require_proof, arguments, actor=actor_of(person))


def request(person, **changes):
    """Ask for a certificate with a key made outside the phone."""
    made = splitting.make_phone_key(ids.seeded(5, "outside"))
    arguments = {**key_proofs.request_arguments(person.order_id, made), **changes}
    return person.world.engine.perform(
        actions.request_certificate, arguments, actor=actor_of(person)
    )


def test_keys_that_are_none_are_refused_and_leave_nothing(ready):
    _, person = ready
    refusals = (
        ({"scheme": "no such"}, schemes.KeyKindRefused),
        ({"scheme": "agency"}, schemes.KeyKindRefused),
        ({"public_material": b""}, splitting.ModulusRefused),
        ({"public_material": b"\xff" * 256}, splitting.ModulusRefused),
        ({"server_share": b""}, splitting.ShareRefused),
        ({"server_share": b"\xff" * 400}, splitting.ShareRefused),
        ({"proof": b""}, actions.KeyNotProved),
        ({"proof": bytes([7]) * 256}, actions.KeyNotProved),
        (
            {"server_share": (1 << 2300).to_bytes(splitting.SHARE_BYTES, "big")},
            actions.KeyNotProved,
        ),
    )
    for changes, refusal in refusals:
        with pytest.raises(refusal), worlds.unchanged(person.world):
            request(person, **changes)
    assert request(person).key_scheme == "split_rsa"


@pytest.mark.row("PKI-3")
def test_a_production_world_takes_no_whole_key(ready, monkeypatch):
    _, person = ready
    person.handset.scheme = "seeded_ec"
    parts = person.world.engine.parts
    object.__setattr__(parts, "kind", "production")
    try:
        with pytest.raises(schemes.KeyKindRefused):
            person.request_certificate()
    finally:
        object.__setattr__(parts, "kind", "run")
    person.handset.scheme = "split_rsa"
    person.request_certificate()
    assert certificate_of(person).key_scheme == "split_rsa"


def test_a_modulus_never_comes_twice(ready):
    line, person = ready
    first = request(person)
    with worlds.unchanged(person.world):
        assert request(person).id == first.id
    person.world.engine.perform(actions.abandon, {"certificate_id": first.id}, actor=SYSTEM)
    with pytest.raises(schemes.KeyKnown), worlds.unchanged(person.world):
        request(person)
    download(line, person)
    assert certificate_of(person).status is model.CertificateStatus.ACTIVE


class CutOff(Exception):
    """The line breaks."""


def cut(door, name, *, after):
    """The door as it is when the line breaks before an act reaches the engine, or before its answer."""
    perform = door.perform

    def broken(act, given, *, key):
        if act != name:
            return perform(act, given, key=key)
        door.perform = perform
        if after:
            perform(act, given, key=key)
        raise CutOff

    door.perform = broken


@pytest.mark.parametrize("after", [False, True])
def test_a_phone_cut_off_while_asking_gets_its_certificate_when_it_asks_again(ready, after):
    line, person = ready
    cut(person.handset.door, "issuing.request_certificate", after=after)
    with pytest.raises(CutOff):
        person.request_certificate()
    assert len(worlds.rows(person.world, "SELECT id FROM certificate")) == after
    download(line, person)
    confirm(person)
    signing = "SELECT id FROM certificate WHERE usage = 'signing'"
    assert len(worlds.rows(person.world, signing)) == 1


# -- refresh --------------------------------------------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_every_proof_refreshes_the_shares(holder):
    before, blob = kept(holder.world)[0], holder.handset.store.held_key(holder.certificate_id)
    confirm(holder)
    after, blob_after = kept(holder.world)[0], holder.handset.store.held_key(holder.certificate_id)
    assert before["pending"] is not None
    assert after["share"] != before["share"]
    assert blob.sealed != blob_after.sealed
    assert blob.salt != blob_after.salt
    confirm(holder)


@pytest.mark.parametrize("after", [False, True])
def test_a_phone_cut_off_in_a_refresh_goes_on_from_either_side_of_it(holder, after, count):
    for _ in range(count(4, 50)):
        before = holder.handset.store.held_key(holder.certificate_id)
        cut(holder.handset.door, "issuing.change_pin", after=after)
        with pytest.raises(CutOff):
            confirm(holder)
        assert holder.handset.store.held_key(holder.certificate_id) == before
        # A try that reached the engine and whose act did not counts until the next right one.
        assert tries(holder) == (0 if after else 1)
        confirm(holder)
        confirm(holder)
        assert tries(holder) == 0


@pytest.mark.row("PKI-3")
def test_a_copy_of_a_phone_dies_once_the_owner_has_gone_on(holder):
    thief = copied(holder)
    confirm(holder)
    confirm(holder)
    with pytest.raises(proofs.WrongPin):
        thief.change_pin(holder.certificate_id, PIN, PIN)
    confirm(holder)


def test_a_refresh_that_no_phone_would_ask_for_changes_nothing(holder):
    held = holder.handset.store.held_key(holder.certificate_id)
    scheme = held_keys.SCHEMES["split_rsa"]
    secret = scheme.show(held, PIN, holder.handset._cost)
    opened = holder.handset._open_try(holder.certificate_id)
    proof = model.KeyProof(
        try_id=opened, half=scheme.half(secret, held.material, b"m"), refresh=b"\x7f" * 400
    )
    before = kept(holder.world)
    with pytest.raises(schemes.RefreshRefused):
        prove(holder, proof, b"m")
    # The try is used up, and forgiven: the PIN was right. Both shares are as they were.
    assert kept(holder.world) == before
    assert tries(holder) == 0
    with pytest.raises(proofs.TryNotOpen):
        prove(holder, proof, b"m")
    confirm(holder)


# -- tries ----------------------------------------------------------------------------------------------


@pytest.mark.row("CRT-4")
def test_of_twenty_wrong_pins_five_are_looked_at_and_fifteen_are_told_it_is_locked(holder):
    """S-3.3. Nothing is signed, the holder is told once, and the right PIN stays out."""
    signed = kept(holder.world)
    came = []
    for _ in range(20):
        with pytest.raises((proofs.WrongPin, proofs.PinLocked)) as refused:
            confirm(holder, WRONG)
        came.append((type(refused.value).__name__, refused.value.params.get("left")))
    bad = [("WrongPin", left) for left in (4, 3, 2, 1)] + [("PinLocked", None)]
    assert came == [*bad, *[("PinLocked", None)] * 15]
    with pytest.raises(proofs.PinLocked), worlds.unchanged(holder.world, without={"reply"}):
        confirm(holder)
    assert kept(holder.world) == signed
    facts = collections.Counter(worlds.kinds(holder.world))
    assert (facts["pin.wrong"], facts["pin.locked"]) == (4, 1)
    told = "SELECT id FROM message WHERE kind = 'pin.locked' AND todo = 1"
    assert len(worlds.rows(holder.world, told)) == 1
    looked_at = "SELECT id FROM pin_try WHERE used_at IS NOT NULL"
    assert len(worlds.rows(holder.world, looked_at)) == 6  # one took it into use


@pytest.mark.row("CRT-4")
def test_of_two_hundred_wrong_pins_at_once_five_are_looked_at(any_world, count):
    """S-3.3: whoever tries in parallel gets no more than one after another."""
    line, person = approved_on(any_world)
    download(line, person)
    phones = [copied(person) for _ in range(count(40, 200))]

    def guess(number):
        phone = phones[number]
        phone.entropy = ids.seeded(number, "guess")
        try:
            phone.change_pin(person.certificate_id, f"{900_000 + number}", PIN)
        except (proofs.WrongPin, proofs.PinLocked) as refused:
            return type(refused).__name__
        return "proved"

    with ThreadPoolExecutor(8) as pool:
        came = collections.Counter(pool.map(guess, range(len(phones))))
    assert set(came) <= {"WrongPin", "PinLocked"}
    assert tries(person) == 5
    looked_at = "SELECT id FROM pin_try WHERE used_at IS NOT NULL"
    assert len(worlds.rows(any_world, looked_at)) <= 6


@pytest.mark.row("CRT-4")
def test_without_the_device_s_key_nothing_is_counted_and_the_source_is_stopped(holder):
    """S-3.3: nobody locks the owner out who does not have the owner's phone."""
    stranger = copied(holder)
    stranger.store.put("device-key", HandsetStore(None, ids.seeded(3, "x")).get("device-key"))
    came = collections.Counter()
    for _ in range(50):
        with pytest.raises(errors.EngineError) as refused:
            stranger._open_try(holder.certificate_id)
        came[type(refused.value).__name__, refused.value.http_status] += 1
    limit = pin_acts.FOREIGN_PER_MINUTE
    assert came == {("DeviceNotProved", 403): limit, ("TooManyForeignTries", 429): 50 - limit}
    assert tries(holder) == 0
    worlds.clock_of(holder.world).advance(61_000)
    confirm(holder)


def test_a_device_s_signature_is_good_once_and_for_one_certificate(holder):
    person, nonce = actor_of(holder), bytes(16)
    signature = holder.handset.store.device_signs(
        challenges.of_try(certificate_id=holder.certificate_id, nonce=nonce)
    )
    given = {
        "certificate_id": holder.certificate_id,
        "nonce": nonce,
        "device_signature": signature,
    }
    holder.world.engine.perform(actions.open_try, given, actor=person)
    with pytest.raises(AlreadyTaken), worlds.unchanged(holder.world):
        holder.world.engine.perform(actions.open_try, given, actor=person)
    for changes in ({"nonce": bytes([1]) * 16}, {"nonce": b""}, {"device_signature": b""}):
        with pytest.raises(actions.DeviceNotProved):
            holder.world.engine.perform(actions.open_try, {**given, **changes}, actor=person)
    assert tries(holder) == 1


def test_a_try_is_used_once_within_ten_minutes_and_for_its_certificate(holder):
    held = holder.handset.store.held_key(holder.certificate_id)
    scheme = held_keys.SCHEMES["split_rsa"]
    half = scheme.half(scheme.show(held, PIN, holder.handset._cost), held.material, b"m")
    opened = holder.handset._open_try(holder.certificate_id)
    late = holder.handset._open_try(holder.certificate_id)
    prove(holder, model.KeyProof(try_id=opened, half=half), b"m")
    # A right proof voids what was opened before it.
    for try_id in (opened, late, "try_none", ""):
        with worlds.unchanged(holder.world), pytest.raises(proofs.TryNotOpen):
            prove(holder, model.KeyProof(try_id=try_id, half=half), b"m")
    lapsed = holder.handset._open_try(holder.certificate_id)
    worlds.clock_of(holder.world).advance(model.TRY_LIFETIME_MS)
    # Nobody is told whether the half was right, and no fact says that anything was tried.
    seen = {"handset_session"}  # Its last use is noted.
    with worlds.unchanged(holder.world, without=seen), pytest.raises(proofs.TryNotOpen):
        prove(holder, model.KeyProof(try_id=lapsed, half=half), b"m")


# -- thieves --------------------------------------------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_a_copy_of_the_database_without_the_keys_signs_nothing(tmp_path: Path, count):
    """S-3.3: the server's part is sealed under a key that is not in the database."""
    path = tmp_path / "world.sqlite3"
    world = boot.memory_world(db=database.SqliteDatabase(path))
    line, person = approved_on(world)
    download(line, person)
    row = kept(world)[0]
    text = base64.b64encode(path.read_bytes() + (tmp_path / "world.sqlite3-wal").read_bytes())
    key = splitting.ServerKey.from_bytes(opened_by(world, row, "server_key"))
    share = int.from_bytes(opened_by(world, row, "share"), "big")
    for secret in (key.p, key.q, share, key.modulus):
        raw = secret.to_bytes((secret.bit_length() + 7) // 8, "big")
        assert raw not in base64.b64decode(text)
    for number in range(count(100, 1_000)):
        guessed = vault.Keyring.fresh(ids.seeded(number, "thief"))
        with pytest.raises(vault.Unreadable):
            vault.unseal(
                guessed.secret("server-shares"),
                bytes(row["share"]),
                f"key_share|share|{row['certificate_id']}",
            )
    # With the keys and without the phone: no share of the phone's makes a half.
    for number in range(count(20, 1_000)):
        tried = int.from_bytes(ids.seeded(number, "no phone")(splitting.PHONE_SHARE_BYTES), "big")
        half = splitting.half(splitting.encoded(b"m"), tried, key.modulus).to_bytes(256, "big")
        assert splitting.complete(key, share, b"m", half) is None
    world.close()


def opened_by(world, row, column):
    place = f"key_share|{column}|{row['certificate_id']}"
    return vault.unseal(world.keyring.secret("server-shares"), bytes(row[column]), place)


def test_a_share_moved_to_another_certificate_does_not_open(holder):
    row = kept(holder.world)[0]
    with pytest.raises(vault.Unreadable):
        vault.unseal(
            holder.world.keyring.secret("server-shares"),
            bytes(row["share"]),
            "key_share|share|crt_other",
        )


@pytest.mark.row("PKI-3")
def test_no_share_no_half_and_no_pin_is_in_the_log_or_in_any_table(holder):
    """S-3.3: what would tell a right PIN from a wrong one rests nowhere but sealed."""
    before = holder.handset.store.held_key(holder.certificate_id)
    secret = held_keys.SCHEMES["split_rsa"].show(before, PIN, holder.handset._cost)
    confirm(holder)
    row = kept(holder.world)[0]
    key = splitting.ServerKey.from_bytes(opened_by(holder.world, row, "server_key"))
    pending = opened_by(holder.world, {**row, "share": row["pending"]}, "share")
    shares = [opened_by(holder.world, row, "share"), pending]
    secrets = [secret, key.p, key.q, key.modulus, *(int.from_bytes(one, "big") for one in shares)]
    raw = [one.to_bytes((one.bit_length() + 7) // 8, "big") for one in secrets]
    forms = [*raw, *(base64.b64encode(one)[:40] for one in raw), PIN.encode(), WRONG.encode()]
    for table, rows in worlds.content(holder.world).items():
        for one in rows:
            for column, value in one.items():
                held = value if isinstance(value, bytes) else str(value).encode()
                assert not any(form in held for form in forms[:-2]), (table, column)
                if table in ("event", "pin_try", "pin_guard", "key_share"):
                    assert not any(form in held for form in forms[-2:]), (table, column)


# -- its end --------------------------------------------------------------------------------------------


@pytest.mark.row("PKI-3")
def test_revocation_destroys_the_share_and_a_hold_does_not(holder):
    person = actor_of(holder)
    revoked = {"certificate_id": holder.certificate_id, "reason": "keyCompromise"}
    fresh = dataclasses.replace(person, second_factor_at=1 << 62)
    holder.world.engine.perform(actions.revoke, revoked, actor=fresh)
    row = kept(holder.world)[0]
    assert (row["server_key"], row["share"], row["pending"]) == (None, None, None)
    with pytest.raises(proofs.CertificateNotUsable), worlds.unchanged(holder.world):
        confirm(holder)


# -- the PIN itself -------------------------------------------------------------------------------------


@pytest.mark.row("CRT-4")
def test_the_holder_changes_the_pin_and_the_old_one_is_wrong_from_then_on(holder):
    holder.handset.change_pin(holder.certificate_id, PIN, NEW)
    assert "pin.changed" in worlds.kinds(holder.world)
    with pytest.raises(proofs.WrongPin):
        confirm(holder, PIN)
    confirm(holder, NEW)
    with pytest.raises(proofs.WrongPin):
        holder.handset.change_pin(holder.certificate_id, WRONG, PIN)
    confirm(holder, NEW)


@pytest.mark.row("CRT-4")
def test_a_change_of_pin_cut_off_before_its_answer_leaves_the_old_pin(holder):
    cut(holder.handset.door, "issuing.change_pin", after=True)
    with pytest.raises(CutOff):
        holder.handset.change_pin(holder.certificate_id, PIN, NEW)
    confirm(holder, PIN)


def kinds_and_guard(person):
    """What unlocking would change: the log and the counter."""
    return worlds.kinds(person.world), worlds.rows(person.world, "SELECT * FROM pin_guard")


@pytest.mark.row("CRT-4")
def test_a_locked_pin_is_unlocked_by_proving_one_s_name_afresh_and_stays_the_same(ready):
    line, holder = ready
    download(line, holder)
    unlock = {"certificate_id": holder.certificate_id}
    act = lambda: holder.handset.act("issuing.unlock_pin", unlock)
    with pytest.raises(actions.NotLocked), worlds.unchanged(holder.world):
        act()
    for _ in range(5):
        with pytest.raises((proofs.WrongPin, proofs.PinLocked)):
            confirm(holder, WRONG)
    # The name was proved before the PIN was locked.
    with pytest.raises(actions.NameNotFresh), worlds.unchanged(holder.world):
        act()
    line.work(1)
    holder.prove_name()
    line.work()
    line.work(11 * 60)
    before = kinds_and_guard(holder)
    with pytest.raises(actions.NameNotFresh):
        act()
    assert kinds_and_guard(holder) == before
    holder.prove_name()
    line.work(1)
    act()
    assert "pin.unlocked" in worlds.kinds(holder.world)[-3:]
    open_todo = "SELECT id FROM message WHERE kind = 'pin.locked' AND done_at IS NULL"
    assert worlds.rows(holder.world, open_todo) == []
    confirm(holder)


@pytest.mark.row("CRT-4")
def test_the_phone_is_told_what_to_refuse_and_refuses_it(ready):
    _, person = ready
    rules = person.handset.door.ask("issuing.pin_rules", {"order_id": person.order_id})
    number, phone = person.identity.resident_id, person.identity.phone
    born = number[6:14]
    weak = {
        *("000000", "999999", "123456", "987654", "890123", "121212", "258258", "112233"),
        *("520131", "147258", "159357", "201314"),
        *(born[2:], born[:6], born[6:] + born[4:6] + born[2:4], born[4:] + born[2:4]),
        *(phone[-6:], number[:6], number[-7:-1]),
    }
    for pin in sorted(weak):
        with pytest.raises((pins.PinInvalid, pins.PinGuessable)):
            pins.check(pin, rules)
    for malformed in ("", "28051", "2805177", "28051a", "２８０５１７"):
        with pytest.raises(pins.PinInvalid):
            pins.check(malformed, rules)
    for good in (PIN, WRONG, NEW):
        pins.check(good, rules)
    with pytest.raises((pins.PinInvalid, pins.PinGuessable)), worlds.unchanged(person.world):
        person.handset.request_certificate(person.order_id, "112233")


def test_only_the_owner_is_told_the_rules_with_their_own_numbers(ready):
    line, person = ready
    other = line.person(1)
    line.registered(other)
    with pytest.raises(errors.NotFound):
        other.handset.door.ask("issuing.pin_rules", {"order_id": person.order_id})
    for actor in (SYSTEM, line.reviewer(0)):
        with pytest.raises(errors.NotPermitted):
            person.world.engine.ask(queries.pin_rules, actor, order_id=person.order_id)
