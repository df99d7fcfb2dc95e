"""The simulated tax service: numbers fully digital invoices (20 digits, `domain-rules.md` 7)."""

from __future__ import annotations

from engine.kernel import clock, ports
from engine.providers import store
from engine.providers.store import Memory

# Digits 3-4: Xinjiang's code; digit 5: the channel through which it was issued.
_PROVINCE, _CHANNEL = "65", "2"


class SimulatedTaxService:
    """`ports.TaxService` with numbers of its own."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def issue(self, request: ports.InvoiceRequest) -> str:
        """The invoice's number; asking twice gives the same."""
        year = clock.civil_date(request.issued_at).year % 100
        with self._memory.parts.db.write() as connection:
            known = connection.rows(
                "SELECT number FROM sim_invoice WHERE invoice_id = ?", (request.invoice_id,)
            )
            if known:
                return str(known[0]["number"])
            sequence = store.next_number(connection, f"invoice/{year}")
            number = f"{year:02d}{_PROVINCE}{_CHANNEL}{sequence:015d}"
            connection.run(
                "INSERT INTO sim_invoice (invoice_id, number) VALUES (?, ?)",
                (request.invoice_id, number),
            )
        return number
