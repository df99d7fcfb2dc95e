"""What the copy says of invoices: lines, red letters, what is left, when the paper came; step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import events
from engine.reports import feeding, snapshot
from tests.support import copies, invoicing, parties, posting, worlds

PAPER = {"medium": "paper"}


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with snapshot.open_copy(copies.latest(folder)) as copy:
        return copy.execute(sql).fetchall()


@pytest.mark.row("RPT-3")
@pytest.mark.row("INV-2")
def test_a_paper_invoice_a_part_back_and_its_red_letter_are_in_the_copy_to_the_fen(
    any_world: World, tmp_path: Path
):
    world, folder = any_world, tmp_path / "followed"
    party = parties.certified(world, parties.Reviewers.of(world))
    posting.add_address(world, party.person, is_default=True)
    snapshot.refresh(world.engine, folder)
    applied = invoicing.apply(world, party, **PAPER)
    snapshot.refresh(world.engine, folder)
    assert asked(folder, "SELECT status, issued_at, posted_at FROM invoice_fact") == [
        ("applied", None, None)
    ]
    worker.run_due(world)
    snapshot.refresh(world.engine, folder)
    (shipment,) = worlds.rows(world, "SELECT id FROM shipment")
    posting.Posted(world, party.person, applied.id, shipment["id"]).later(60)
    invoicing.give_back(world, party, 1_000)
    invoicing.run(world)
    snapshot.refresh(world.engine, folder)
    assert asked(
        folder,
        "SELECT medium, total_fen, tax_fen, reverses IS NOT NULL, reason, posted_at < delivered_at"
        " FROM invoice_fact ORDER BY total_fen DESC",
    ) == [("paper", 20_000, 1_132, False, "", True), ("electronic", -1_000, -57, True, "04", None)]
    assert asked(
        folder,
        "SELECT line, tax_item <> '', rate::VARCHAR, net_fen, tax_fen FROM invoice_line_fact"
        " ORDER BY net_fen DESC",
    ) == [(1, True, "6.0000", 18_868, 1_132), (1, True, "6.0000", -943, -57)]
    assert asked(folder, "SELECT paid_fen, refunded_fen, invoiced_fen FROM order_fact") == [
        (20_000, 1_000, 19_000)
    ]
    lives = [
        row[0]
        for row in asked(
            folder,
            "SELECT activity FROM lifecycle_event WHERE case_kind = 'invoice' ORDER BY seq",
        )
    ]
    assert lives[0] == "invoice.applied_for"
    assert {
        "invoice.issued",
        "shipment.handed_over",
        "shipment.delivered",
        "red_letter.issued",
    } < set(lives)
    snapshot.refresh(world.engine, tmp_path / "anew")
    assert copies.content(copies.latest(folder)) == copies.content(copies.latest(tmp_path / "anew"))


@pytest.mark.row("RPT-3")
def test_an_invoice_over_several_orders_has_a_line_for_each(any_world: World, tmp_path: Path):
    party, orders = invoicing.several(any_world, 3)
    invoicing.issued(any_world, party, order_ids=orders, order_kind="information")
    snapshot.refresh(any_world.engine, tmp_path)
    (invoice,) = worlds.rows(any_world, "SELECT lines, tax_fen, amount_fen FROM invoice")
    kept = [
        (number, line["amount_fen"], line["tax_fen"])
        for number, line in enumerate(json.loads(invoice["lines"]), start=1)
    ]
    assert len(kept) == 3
    assert (
        asked(tmp_path, "SELECT line, net_fen, tax_fen FROM invoice_line_fact ORDER BY line")
        == kept
    )
    assert asked(tmp_path, "SELECT sum(net_fen), sum(tax_fen) FROM invoice_line_fact") == [
        (invoice["amount_fen"], invoice["tax_fen"])
    ]
    assert asked(tmp_path, "SELECT count(*), sum(amount_fen) FROM invoiced_order_fact") == [
        (3, invoice["amount_fen"] + invoice["tax_fen"])
    ]


def test_an_event_of_an_older_version_is_read_as_today_and_a_row_that_is_gone_leaves(
    tmp_path: Path,
):
    names, folder = feeding.Names(copies.KEY), tmp_path / "copies"
    db = copies.new_log(tmp_path / "log.sqlite3")
    copies.grow(db, 20)
    snapshot.follow(db, names, folder)
    count = asked(folder, "SELECT count(*) FROM movement_fact")[0][0]

    def told(seq: int, kind: str, rows: list[Any]) -> None:
        body = json.dumps({"facts": {}, "rows": rows})
        with db.write() as connection:
            connection.run(
                "INSERT INTO event (seq, occurred_at, operation, actor, action, kind, version, subject,"
                " body, previous, mac) VALUES (?, 1, 'o', 'system:made', 'made', ?, 1, 's', ?, ?, ?)",
                (seq, kind, body, b"", b""),
            )
            connection.run("DELETE FROM movement WHERE id = 'mov_000000000002'")
            connection.run("UPDATE movement SET amount_fen = 7 WHERE id = 'mov_000000000004'")

    events.upcasters["movement.older", 1] = lambda body: {
        "rows": [["movement", row_id, None] for row_id in body["rows"]]
    }
    try:
        told(21, "movement.older", ["mov_000000000004"])
        told(22, "movement.gone", [["movement", "mov_000000000002", None]])
        snapshot.follow(db, names, folder)
    finally:
        del events.upcasters["movement.older", 1]
    assert asked(folder, "SELECT count(*) FROM movement_fact") == [(count - 1,)]
    assert asked(folder, "SELECT amount_fen FROM movement_fact WHERE id = 'mov_000000000004'") == [
        (7,)
    ]
    db.close()


def test_every_kind_of_fact_in_a_lifecycle_is_one_that_the_engine_records():
    recorded = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((copies.ROOT / "engine").rglob("*.py"))
    )
    for kinds in feeding.lifecycles().values():
        assert len(set(kinds)) == len(kinds)
        for kind in kinds:
            about = kind.partition(".")[0]
            assert f'"{kind}"' in recorded or f'"{about}.{{' in recorded, kind
