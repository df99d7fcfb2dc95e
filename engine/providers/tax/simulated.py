"""The tax service as the engine meets it: it checks, numbers, lists and prints."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from engine.kernel import clock, database, errors, ports
from engine.providers import health, store
from engine.providers.store import Memory
from engine.providers.tax import books, checking
from engine.providers.tax.rules import Rules

PROVIDER = "tax"


class SimulatedTaxService:
    """`ports.TaxService` with books of its own."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        self._memory = memory
        self._rules = rules

    def issue(self, request: ports.InvoiceRequest) -> ports.TaxOutcome:
        """Number an invoice. Asking twice gives the same; a refused one is tried anew.

        Raises: ProviderUnavailable, for the faults that ask for it.
        """
        found = (
            checking.parties(request.kind, request.seller, request.buyer)
            or checking.lines(request.lines, self._rules.rates_permille)
            or checking.sums(
                request.lines,
                net_fen=request.net_fen,
                tax_fen=request.tax_fen,
                total_fen=request.total_fen,
                red=False,
            )
        )
        wanted = books.Asked(
            invoice_id=request.invoice_id,
            copy=0,
            number=None,
            blue_number="",
            net_fen=request.net_fen,
            tax_fen=request.tax_fen,
            total_fen=request.total_fen,
            problem=found,
            tries=0,
            ready_at=0,
        )
        return self._ask(wanted, request.buyer.name)

    def reverse(self, request: ports.RedRequest) -> ports.TaxOutcome:
        """Number a red letter. Asking twice gives the same; a refused one is tried anew.

        Raises: ProviderUnavailable, for the faults that ask for it.
        """
        with self._memory.parts.db.read() as connection:
            blue_fen = books.blue_total(connection, request.blue_number)
            taken = books.taken_back(connection, request.blue_number, but=request.invoice_id)
        found = (
            checking.red(request, blue_fen=blue_fen, taken_fen=taken)
            or checking.parties(request.kind, request.seller, request.buyer)
            or checking.lines(request.lines, self._rules.rates_permille)
            or checking.sums(
                request.lines,
                net_fen=request.net_fen,
                tax_fen=request.tax_fen,
                total_fen=request.total_fen,
                red=True,
            )
        )
        wanted = books.Asked(
            invoice_id=request.invoice_id,
            copy=0,
            number=None,
            blue_number=request.blue_number,
            net_fen=request.net_fen,
            tax_fen=request.tax_fen,
            total_fen=request.total_fen,
            problem=found,
            tries=0,
            ready_at=0,
        )
        return self._ask(wanted, request.buyer.name)

    def _ask(self, wanted: books.Asked, buyer: str) -> ports.TaxOutcome:
        """Take an application, once; what is answered, where anybody hears it."""
        now = self._memory.now()
        if self._rules.strikes("unreachable", wanted.invoice_id, buyer, now):
            self._note(wanted.invoice_id, now, answered=False)
            raise errors.ProviderUnavailable()
        with self._memory.parts.db.write() as connection:
            known = books.asked(connection, wanted.invoice_id)
            first = known is None
            if known is None or known.number is None:
                tries = known.tries if known else 0
                known = self._taken(connection, wanted, buyer, tries, now)
                books.put(connection, known)
            elif self._rules.strikes("twice", wanted.invoice_id, buyer, now):
                self._once_more(connection, known, now)
        if first and self._rules.strikes("reply_lost", wanted.invoice_id, buyer, now):
            self._note(wanted.invoice_id, now, answered=False)
            raise errors.ProviderUnavailable()
        self._note(wanted.invoice_id, now, answered=True)
        return self._distorted(self._outcome(known, now), wanted.invoice_id, buyer, now)

    def _taken(
        self,
        connection: database.Connection,
        wanted: books.Asked,
        buyer: str,
        tries: int,
        now: int,
    ) -> books.Asked:
        problem = wanted.problem or self._refused(connection, wanted, buyer, tries, now)
        if problem:
            return dataclasses.replace(wanted, problem=problem, tries=tries + 1)
        if self._rules.strikes("unanswered", wanted.invoice_id, buyer, now):
            return dataclasses.replace(wanted, tries=tries + 1, ready_at=now)
        slow = self._rules.strikes("slow", wanted.invoice_id, buyer, now)
        wait = self._rules.slow_seconds * clock.SECOND if slow else 0
        return dataclasses.replace(
            wanted, number=self._number(connection, now), tries=tries + 1, ready_at=now + wait
        )

    def _refused(
        self,
        connection: database.Connection,
        wanted: books.Asked,
        buyer: str,
        tries: int,
        now: int,
    ) -> str:
        once = tries == 0 and self._rules.strikes("refused_once", wanted.invoice_id, buyer, now)
        if once or self._rules.strikes("refused", wanted.invoice_id, buyer, now):
            return "held_for_a_check"
        used = books.numbered_in_month(connection, now)
        if wanted.net_fen > 0 and used + wanted.net_fen > self._rules.quota_fen:
            return "quota_used_up"
        return ""

    def _once_more(self, connection: database.Connection, known: books.Asked, now: int) -> None:
        """Number an invoice a second time, as a service does that has lost what it was asked before."""
        found = connection.rows(
            "SELECT number FROM sim_tax_invoice WHERE invoice_id = ? AND copy = 1",
            (known.invoice_id,),
        )
        if not found and known.number is not None:
            number = self._number(connection, now)
            books.put(connection, dataclasses.replace(known, copy=1, number=number, ready_at=now))

    def _number(self, connection: database.Connection, now: int) -> str:
        """The next number of 20 digits: year, province, channel, sequence."""
        year = clock.civil_date(now).year % 100
        sequence = store.next_number(connection, f"invoice/{year}")
        return f"{year:02d}{self._rules.province}{self._rules.channel}{sequence:015d}"

    def _outcome(self, known: books.Asked, now: int) -> ports.TaxOutcome:
        if known.problem:
            return ports.TaxOutcome(
                invoice_id=known.invoice_id, status="refused", problem=known.problem
            )
        if known.number is None or now < known.ready_at:
            return ports.TaxOutcome(
                invoice_id=known.invoice_id, status="accepted", ready_at=known.ready_at
            )
        return ports.TaxOutcome(
            invoice_id=known.invoice_id,
            status="issued",
            number=known.number,
            issued_at=known.ready_at,
            total_fen=known.total_fen,
        )

    def _distorted(
        self, told: ports.TaxOutcome, invoice_id: str, buyer: str, now: int
    ) -> ports.TaxOutcome:
        if told.status != "issued":
            return told
        if self._rules.strikes("wrong_number", invoice_id, buyer, now):
            return dataclasses.replace(told, number=told.number[:-1])
        if self._rules.strikes("wrong_total", invoice_id, buyer, now):
            return dataclasses.replace(told, total_fen=told.total_fen + 100)
        return told

    def outcome(self, invoice_id: str) -> ports.TaxOutcome:
        """What became of an application or a red letter."""
        now = self._memory.now()
        with self._memory.parts.db.read() as connection:
            known = books.asked(connection, invoice_id)
        if known is None:
            return ports.TaxOutcome(invoice_id=invoice_id, status="unknown")
        return self._distorted(self._outcome(known, now), invoice_id, "", now)

    def list_of(self, business_date: str) -> Sequence[ports.TaxEntry]:
        """Everything numbered on a civil date in Shanghai, by number.

        Raises: ports.NotYet until the day is over.
        """
        day = datetime.date.fromisoformat(business_date)
        since, until = clock.start_of(day), clock.start_of(day + datetime.timedelta(days=1))
        if self._memory.now() < until:
            raise ports.NotYet(until)
        with self._memory.parts.db.read() as connection:
            return books.entries(connection, since, until)

    def print_paper(self, invoice_id: str, *, print_id: str) -> ports.PaperForm:
        """Put a numbered invoice onto paper; another print takes another sheet and voids the one before.

        Raises: NotFound.
        """
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            known = books.paper(connection, invoice_id, print_id)
            if known is not None:
                return known
            asked = books.asked(connection, invoice_id)
            if asked is None or asked.number is None or now < asked.ready_at:
                raise errors.NotFound(what="invoice")
            year = clock.civil_date(now).year % 100
            sheet = store.next_number(connection, f"paper/{year}")
            form = ports.PaperForm(
                code=f"0{self._rules.paper_region}{year:02d}{1 + sheet // 100_000_000:05d}",
                number=f"{sheet % 100_000_000:08d}",
            )
            books.put_paper(connection, invoice_id, print_id, form, now)
        return form

    def _note(self, key: str, now: int, *, answered: bool) -> None:
        health.note(
            self._memory, PROVIDER, f"{PROVIDER}/{key}/{now}", answered=answered, latency_ms=0
        )
