"""What this stage asks of the tax service: numbers for invoices and red letters, and paper."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.invoicing import actions, drawing, model, posting, queries
from engine.kernel import actors, clock, errors, jobs, ports
from engine.kernel.reader import Reader
from engine.policies import model as policies

# An answer that comes later is asked for after a minute, and after that ever more rarely.
_ASK_AGAIN_MS = clock.MINUTE
_MORE_RARELY = 10
_NUMBER = re.compile(r"\d{20}")
_PAPER = re.compile(r"\d{12} \d{8}")


def _wanted(q: Reader, invoice_id: str) -> tuple[model.Invoice, model.Face, policies.Seller]:
    found = q.get(model.Invoice, "invoice", invoice_id)
    return found, queries.face(q, invoice_id), q.policy(policies.Seller)


def issue_invoice(context: ports.JobContext, job: jobs.Job) -> None:
    """Have an invoice numbered, draw it, and record both, or why it was refused.

    One that is accepted and never answered is refused in the end: finance sends it again.
    Raises: ports.NotYet while the service works on it.
    """
    _number(context, job, "issue_invoice", lambda face, seller: _issue(context, face, seller))


def reverse_invoice(context: ports.JobContext, job: jobs.Job) -> None:
    """Have a red letter numbered, draw it, and record both, or why it was refused.

    Raises: ports.NotYet while the service works on it.
    """
    _number(context, job, "reverse_invoice", lambda face, seller: _reverse(context, face, seller))


def _number(
    context: ports.JobContext,
    job: jobs.Job,
    name: str,
    ask: Callable[[model.Face, policies.Seller], ports.TaxOutcome],
) -> None:
    system = actors.System(job=name)
    found, face, seller = context.engine.ask(_wanted, system, job.subject)
    if found.status is not model.InvoiceStatus.APPLIED:
        return
    problem, outcome = "", None
    try:
        outcome = ask(face, seller)
    except errors.ProviderUnavailable:
        # After the last wait nobody is asked any more: it is refused, and finance sends it again.
        if not job.is_last_attempt:
            raise
        problem = "tax.unreachable"
    if outcome is not None and outcome.status == "accepted":
        _wait(context, job, outcome)
        outcome, problem = None, "tax.no_answer"
    if outcome is not None:
        problem = _problem(face, outcome)
    if outcome is None or problem:
        context.engine.perform(
            actions.record_refused,
            {"invoice_id": found.id, "problem": problem},
            actor=system,
            key=job.key,
        )
        return
    _record(context, job, system, face, seller, outcome)


def _wait(context: ports.JobContext, job: jobs.Job, outcome: ports.TaxOutcome) -> None:
    """Ask again later, as long as the rules wait: from when the service was reached."""
    now = context.engine.now()
    reached = job.created_at + job.postponed_ms
    until = reached + _answered_within(context) * clock.HOUR
    if now < until:
        pause = max(_ASK_AGAIN_MS, (now - reached) // _MORE_RARELY)
        raise ports.NotYet(min(until, max(outcome.ready_at, now + pause)))


def _answered_within(context: ports.JobContext) -> int:
    """Hours that an accepted application is waited for."""

    def asked(q: Reader) -> int:
        return q.policy(policies.InvoiceRules).answer_hours

    return context.engine.ask(asked, actors.System(job="issue_invoice"))


def _problem(face: model.Face, outcome: ports.TaxOutcome) -> str:
    """Why an outcome cannot be recorded as a number, as a code; none where it can."""
    if outcome.status == "refused":
        return f"tax.{outcome.problem or 'refused'}"
    if outcome.status != "issued" or outcome.invoice_id != face.invoice_id:
        return "tax.answer_wrong"
    if not _NUMBER.fullmatch(outcome.number) or outcome.total_fen != face.total_fen:
        return "tax.answer_wrong"
    return ""


def _record(
    context: ports.JobContext,
    job: jobs.Job,
    system: actors.System,
    face: model.Face,
    seller: policies.Seller,
    outcome: ports.TaxOutcome,
) -> None:
    context.engine.perform(
        actions.record_invoice,
        {
            "invoice_id": face.invoice_id,
            "number": outcome.number,
            "document": drawing.draw(face, seller, outcome.number, outcome.issued_at),
            "issued_at": outcome.issued_at,
        },
        actor=system,
        key=job.key,
    )


def _issue(
    context: ports.JobContext, face: model.Face, seller: policies.Seller
) -> ports.TaxOutcome:
    return context.ports.tax.issue(
        ports.InvoiceRequest(
            invoice_id=face.invoice_id,
            kind=face.kind,
            seller=_seller(seller),
            buyer=_buyer(face),
            lines=_lines(face),
            net_fen=face.amount_fen,
            tax_fen=face.tax_fen,
            total_fen=face.total_fen,
            drawer=seller.drawer,
            remarks="\n".join(drawing.remarks(face, seller)),
        )
    )


def _reverse(
    context: ports.JobContext, face: model.Face, seller: policies.Seller
) -> ports.TaxOutcome:
    return context.ports.tax.reverse(
        ports.RedRequest(
            invoice_id=face.invoice_id,
            blue_number=face.reverses_number,
            reason=face.reason,
            applicant="1" if face.asked_by == "buyer" else "0",
            # It does not get here before its buyer has confirmed, where that is asked for.
            confirmed=True,
            kind=face.kind,
            seller=_seller(seller),
            buyer=_buyer(face),
            lines=_lines(face),
            net_fen=face.amount_fen,
            tax_fen=face.tax_fen,
            total_fen=face.total_fen,
            drawer=seller.drawer,
        )
    )


def _seller(seller: policies.Seller) -> ports.TaxParty:
    return ports.TaxParty(
        name=seller.name, code=seller.code, address=seller.address, bank=seller.bank
    )


def _buyer(face: model.Face) -> ports.TaxParty:
    said = face.buyer
    return ports.TaxParty(
        name=said.name,
        code=said.code if face.title_kind == "company" else "",
        address=said.address,
        phone=said.phone,
        bank=said.bank,
        bank_account=said.bank_account,
    )


def _lines(face: model.Face) -> tuple[ports.TaxLine, ...]:
    return tuple(
        ports.TaxLine(
            code=line.code,
            name=line.name,
            net_fen=line.amount_fen,
            tax_fen=line.tax_fen,
            rate_permille=line.permille,
            exempt=line.exempt,
            spec=line.spec,
            unit=line.unit if line.quantity else "",
            quantity=drawing.quantity(line),
            price=model.unit_price(line),
        )
        for line in face.lines
    )


def post_invoice(context: ports.JobContext, job: jobs.Job) -> None:
    """Have a numbered invoice printed on paper and give it to the courier; twice prints it once."""
    system = actors.System(job="post_invoice")
    found, shipment = context.engine.ask(posting.to_post, system, job.subject)
    if shipment is None or not found.number:
        return
    form = _printed(context, found, shipment.id)
    if form is None:
        # Tried again like what is not reached; after the last wait finance decides when.
        if not job.is_last_attempt:
            raise errors.ProviderUnavailable()
        context.engine.perform(
            posting.record_not_printed, {"shipment_id": shipment.id}, actor=system, key=job.key
        )
        return
    context.engine.perform(
        posting.record_print,
        {
            "invoice_id": found.id,
            "shipment_id": shipment.id,
            "paper_code": form.code,
            "paper_number": form.number,
            "document": _sheet(context, system, found, form),
        },
        actor=system,
        key=job.key,
    )


def _sheet(
    context: ports.JobContext, system: actors.System, found: model.Invoice, form: ports.PaperForm
) -> bytes:
    """The invoice as it stands on its sheet: with the sheet's own code and number."""
    _found, face, seller = context.engine.ask(_wanted, system, found.id)
    paper = (form.code, form.number)
    return drawing.draw(face, seller, found.number, found.issued_at or 0, paper=paper)


def _printed(
    context: ports.JobContext, found: model.Invoice, print_id: str
) -> ports.PaperForm | None:
    """The sheet that an invoice is on; None where nobody printed it, or what is told of it cannot be."""
    try:
        form = context.ports.tax.print_paper(found.id, print_id=print_id)
    except (errors.ProviderUnavailable, errors.NotFound):
        return None
    return form if _PAPER.fullmatch(f"{form.code} {form.number}") else None
