"""The ledger adds up to zero: by the action, by the database itself, and by the invariants of every run."""

from __future__ import annotations

import pytest

from engine.kernel import database, errors
from engine.ordering import model, money
from engine.policies import queries as settings
from engine.policies.model import LedgerAccount
from engine.subscribing.model import CATEGORIES
from tests.support import fold, parties, worlds
from tests.support.worlds import SYSTEM

_LINE = "INSERT INTO ledger_line VALUES ('{id}', '{posting}', 'bank', {fen}, 'x', 1)"
_HEADER = "INSERT INTO ledger_posting VALUES ('{posting}', 'test', 'x', 1)"


def post(op, *, lines: tuple[tuple[str, int], ...]) -> None:
    """Post lines, with the fact that a caller records."""
    money.post(op, "test", "x", lines, order_id="x")
    op.record("test.posted", "x")


@pytest.fixture
def party(world):
    """A party whose certificate is paid for, in a world where nothing is wrong."""
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.pay(world, party)
    assert parties.violations(world) == {}
    return party


@pytest.mark.row("PAY-1")
def test_lines_that_do_not_add_up_are_refused_and_nothing_is_posted(world):
    lines = (("bank", 100), ("receivable", -99))
    with pytest.raises(money.PostingUnbalanced), worlds.unchanged(world):
        world.engine.perform(post, {"lines": lines}, actor=SYSTEM)


@pytest.mark.row("PAY-1")
def test_an_account_that_is_not_in_the_chart_is_refused(world):
    lines = (("bank", 100), ("petty_cash", -100))
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        world.engine.perform(post, {"lines": lines}, actor=SYSTEM)


@pytest.mark.row("PAY-1")
def test_a_posting_is_written_whole_and_folds_from_the_log(any_world):
    lines = (("bank", 100), ("provider_fees", 1), ("provider_clearing", -101), ("suspense", 0))
    any_world.engine.perform(post, {"lines": lines}, actor=SYSTEM)
    rows = worlds.rows(any_world, "SELECT account, amount_fen FROM ledger_line ORDER BY id")
    assert {(row["account"], row["amount_fen"]) for row in rows} == set(lines[:3])
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize(
    "statements",
    [
        [_LINE.format(id="a", posting="p", fen=7)],
        [_HEADER.format(posting="p")],
        [_LINE.format(id="a", posting="p", fen=7), _HEADER.format(posting="p")],
        [
            _LINE.format(id="a", posting="p", fen=7),
            _LINE.format(id="b", posting="p", fen=-6),
            _HEADER.format(posting="p"),
        ],
        [
            _LINE.format(id="a", posting="p", fen=7),
            _LINE.format(id="b", posting="p", fen=-7),
            _HEADER.format(posting="p"),
            _LINE.format(id="c", posting="p", fen=1),
        ],
        [_LINE.format(id="a", posting="p", fen=0)],
    ],
    ids=["no header", "no lines", "one side", "uneven", "after it was closed", "of nothing"],
)
def test_the_database_itself_takes_no_posting_that_does_not_add_up(any_world, statements):
    def write(connection: database.Connection) -> None:
        for statement in statements:
            connection.run(statement)

    db = any_world.engine.parts.db
    with worlds.unchanged(any_world), pytest.raises(Exception, match=r"."), db.write() as raw:
        write(raw)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_line SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_line",
        "UPDATE ledger_posting SET kind = 'x'",
        "DELETE FROM ledger_posting",
    ],
)
def test_nothing_is_changed_in_the_ledger_afterwards(any_world, statement):
    lines = (("bank", 100), ("provider_clearing", -100))
    any_world.engine.perform(post, {"lines": lines}, actor=SYSTEM)
    db = any_world.engine.parts.db
    with (
        worlds.unchanged(any_world),
        pytest.raises(Exception, match="append-only"),
        db.write() as raw,
    ):
        raw.run(statement)


@pytest.mark.row("PAY-1")
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE payment SET status = 'closed'", "a payment's status"),
        ("UPDATE payment SET status = 'opened'", "a payment's status"),
        ("UPDATE movement SET amount_fen = amount_fen - 1", "what moved at the provider"),
        ("DELETE FROM movement", "a payment's status"),
        (
            "INSERT INTO refund SELECT 'rfd_x', id, trade_no, 5, 'requested', '', '', 1, NULL"
            " FROM payment",
            "what is on its way back",
        ),
        (
            "INSERT INTO refund SELECT 'rfd_x', id, trade_no, amount_fen + 1, 'done', '', '', 1, 1"
            " FROM payment",
            "no more goes back",
        ),
        (
            "INSERT INTO movement SELECT 'mov_x', 'payment', 'T-x', 'T-x', id, 1, '2026-01-01',"
            " 1, 1, 'notice', NULL FROM payment",
            "money that came twice",
        ),
    ],
)
def test_an_invariant_finds_what_the_database_would_let_pass(world, party, change, broken):
    worlds.run_sql(world, change)
    assert [name for name in parties.violations(world) if name.startswith(broken)]


@pytest.mark.row("PAY-1")
def test_every_account_that_is_posted_to_is_in_the_chart(world):
    names = set(world.engine.ask(settings.all_in_force, SYSTEM, LedgerAccount))
    constants = {
        model.BANK,
        model.CLEARING,
        model.DIFFERENCES,
        model.FEES,
        model.OVERPAYMENT,
        model.RECEIVABLE,
        model.REFUNDS_PAYABLE,
        model.SUSPENSE,
    }
    revenues = {f"revenue_{one}" for one in (*model.Business, *CATEGORIES)}
    assert constants | revenues | {"orders"} == names
