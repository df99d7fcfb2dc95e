"""The simulated tax service's own books: what was asked, numbered, and put onto paper."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import clock, database, ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An application as the service has it; `copy` is 1 where it was numbered a second time.

    No buyer is in here: whom an invoice names is looked at and forgotten.
    """

    invoice_id: str
    copy: int
    number: str | None
    blue_number: str
    net_fen: int
    tax_fen: int
    total_fen: int
    problem: str
    tries: int
    ready_at: int


def asked(connection: database.Connection, invoice_id: str) -> Asked | None:
    """The application with our id."""
    found = connection.rows(
        "SELECT * FROM sim_tax_invoice WHERE invoice_id = ? AND copy = 0", (invoice_id,)
    )
    return Asked(**found[0]) if found else None


def put(connection: database.Connection, one: Asked) -> None:
    """Write an application down, in place of what was there of it."""
    connection.run(
        "DELETE FROM sim_tax_invoice WHERE invoice_id = ? AND copy = ?", (one.invoice_id, one.copy)
    )
    connection.run(
        "INSERT INTO sim_tax_invoice (invoice_id, copy, number, blue_number, net_fen, tax_fen,"
        " total_fen, problem, tries, ready_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.invoice_id,
            one.copy,
            one.number,
            one.blue_number,
            one.net_fen,
            one.tax_fen,
            one.total_fen,
            one.problem,
            one.tries,
            one.ready_at,
        ),
    )


def blue_total(connection: database.Connection, number: str) -> int | None:
    """The total of a numbered invoice, or None where there is no such number."""
    found = connection.rows(
        "SELECT total_fen FROM sim_tax_invoice WHERE number = ? AND blue_number = ''", (number,)
    )
    return int(found[0]["total_fen"]) if found else None


def taken_back(connection: database.Connection, number: str, *, but: str) -> int:
    """What red letters took back of an invoice, without one of them."""
    found = connection.rows(
        "SELECT COALESCE(SUM(-total_fen), 0) AS fen FROM sim_tax_invoice"
        " WHERE blue_number = ? AND number IS NOT NULL AND invoice_id <> ?",
        (number, but),
    )
    return int(found[0]["fen"])


def numbered_in_month(connection: database.Connection, now: int) -> int:
    """The net of everything numbered in the month of an instant, red letters taken off."""
    day = clock.civil_date(now)
    found = connection.rows(
        "SELECT COALESCE(SUM(net_fen), 0) AS fen FROM sim_tax_invoice"
        " WHERE number IS NOT NULL AND ready_at >= ?",
        (clock.start_of(day.replace(day=1)),),
    )
    return int(found[0]["fen"])


def entries(connection: database.Connection, since: int, until: int) -> list[ports.TaxEntry]:
    """What was numbered between two instants, by number."""
    found = connection.rows(
        "SELECT * FROM sim_tax_invoice WHERE number IS NOT NULL AND ready_at >= ?"
        " AND ready_at < ? ORDER BY number",
        (since, until),
    )
    return [
        ports.TaxEntry(
            number=row["number"],
            invoice_id=row["invoice_id"],
            blue_number=row["blue_number"],
            net_fen=row["net_fen"],
            tax_fen=row["tax_fen"],
            total_fen=row["total_fen"],
            issued_at=row["ready_at"],
        )
        for row in found
    ]


def paper(
    connection: database.Connection, invoice_id: str, print_id: str
) -> ports.PaperForm | None:
    """The sheet that was used for a print."""
    found = connection.rows(
        "SELECT code, number FROM sim_tax_paper WHERE invoice_id = ? AND print_id = ?",
        (invoice_id, print_id),
    )
    return ports.PaperForm(code=found[0]["code"], number=found[0]["number"]) if found else None


def put_paper(
    connection: database.Connection, invoice_id: str, print_id: str, form: ports.PaperForm, now: int
) -> None:
    """Use a sheet for a print; every sheet before is void."""
    connection.run(
        "UPDATE sim_tax_paper SET void_at = ? WHERE invoice_id = ? AND void_at IS NULL",
        (now, invoice_id),
    )
    connection.run(
        "INSERT INTO sim_tax_paper (invoice_id, print_id, code, number, printed_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (invoice_id, print_id, form.code, form.number, now),
    )
