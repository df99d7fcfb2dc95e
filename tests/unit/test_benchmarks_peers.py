"""Peers are left out loudly, and what theirs has otherwise than ours is told."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from engine.kernel import ids
from engine.pki import certificates, keys
from tests.unit.pki.hierarchy import COMPANY, NOW, PROFILES, YEAR, make
from tools.benchmarking import certificates as benchmark
from tools.benchmarking import peers

EAST = make().east.authority


def built(number: int, change=lambda oid, critical, value: (critical, value)) -> x509.Certificate:
    key = keys.generate(ids.seeded(number, "peers"))
    made = certificates.build(
        profile=PROFILES["enterprise"],
        subject=COMPANY,
        public_key=key.public_key(),
        serial=number,
        not_before_ms=NOW,
        not_after_ms=NOW + YEAR,
        issuer=EAST.certificate,
        urls=EAST.urls,
    ).sign(EAST.key, hashes.SHA256())
    builder = (
        x509.CertificateBuilder()
        .issuer_name(made.issuer)
        .subject_name(made.subject)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(made.not_valid_before_utc)
        .not_valid_after(made.not_valid_after_utc)
    )
    for one in made.extensions:
        changed = change(one.oid, one.critical, one.value)
        if changed is not None:
            builder = builder.add_extension(changed[1], changed[0])
    return builder.sign(EAST.key, hashes.SHA256())


def test_without_their_environment_they_are_left_out_and_the_command_is_named(
    tmp_path: Path, monkeypatch, capsys
):
    monkeypatch.setattr(peers, "PYTHON", tmp_path / "nowhere")
    turns: benchmark.Turns = {}
    with ExitStack() as held:
        assert benchmark._peers(held, tmp_path, b"", turns) == {}
    told = capsys.readouterr().err
    assert "LEFT OUT" in told
    assert "make bench-peers" in told
    assert "certificate_issue_vs_django_ca" in told
    assert "certificate_issue_vs_certomancer" in told
    assert turns == {}


def test_only_what_is_not_the_keys_is_a_difference():
    ours = built(1)
    assert peers.differences(ours, built(2)) == []
    constraints = x509.BasicConstraints.oid

    def other(oid, critical, value):
        return (not critical, value) if oid == constraints else (critical, value)

    def without(oid, critical, value):
        return None if oid == constraints else (critical, value)

    assert peers.differences(ours, built(3, other)) == ["2.5.29.19 criticality"]
    assert peers.differences(ours, built(4, without)) == ["2.5.29.19 missing"]
    assert peers.differences(built(5, without), ours) == ["2.5.29.19 added"]
