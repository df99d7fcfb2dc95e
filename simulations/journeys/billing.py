"""Invoices over what somebody paid: titles, paper, refusals, red letters, lost post (INV-1 to 3, ADR-1).

What somebody does is drawn up front from a stream of their own. It goes on beside the rest of their way:
an invoice takes as long as the desk, the tax service and the courier take.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from engine.http.doors import NotSignedIn
from engine.kernel import clock
from simulations.environment import Steps, journey
from simulations.journeys.way import Way
from simulations.shares import Invoices

_MOVING = ("in_review", "applied")
_LATER, _ROUNDS, _PHONES, _PAYERS = 6 * 60 * 60, 60, 3, 2


def billing(way: Way) -> None:
    """Have what was paid invoiced, beside everything else that this person does from now on."""
    rules = way.rules.invoices
    if rules is None:
        return
    names = list(Invoices.model_fields)
    draws = way.stage.stream("invoices", way.persona.index).random(len(names)).tolist()
    does = {name for name, draw in zip(names, draws, strict=True) if draw < getattr(rules, name)}
    way.stage.env.process(journey(way.stage, _beside(way, does)))


def _beside(way: Way, does: set[str]) -> Steps:
    """With a phone that is lost in between, it goes on once somebody has signed in on another one."""
    for _ in range(_PHONES):
        try:
            yield from _billed(way, does)
        except NotSignedIn:
            way.stage.log("invoices left until the next phone")
            yield way.stage.wait(_LATER * 4)
        else:
            return


def _billed(way: Way, does: set[str]) -> Steps:
    person = way.person
    if "prefers" in does and person.prefer_own_title():
        way.stage.log("default title chosen")
    for order_kind in person.order_kinds():
        # One's own orders are in another invoice than the enterprise's.
        for _ in range(_PAYERS):
            order_ids = person.to_tick(order_kind)
            if not order_ids:
                break
            yield way.stage.wait(90)
            yield from _of_kind(way, does, order_kind, order_ids)
    if "tidies" in does and person.tidy_titles():
        way.stage.log("titles deleted")
    if "deducts" in does:
        yield from _confirmed(way)


def _of_kind(way: Way, does: set[str], order_kind: str, order_ids: list[str]) -> Steps:
    """One application, and what becomes of it."""
    chosen = _chosen(way, does, order_kind, order_ids)
    applied = way.person.apply_for_invoice(order_kind, order_ids, **chosen)
    way.stage.log("invoice applied for")
    invoice_id = str(applied["id"])
    if not (yield from _issued(way, invoice_id)):
        return
    way.stage.log(f"invoice issued, {chosen['medium']}")
    if chosen["kind"] == "special" and "deducts" in does:
        way.person.declare_deducted(invoice_id)
        way.stage.log("invoice deducted")
    if chosen["medium"] == "paper":
        yield from _arrived(way, invoice_id)
    if "wrong_title" in does and chosen["title"] is not None:
        # What one paid for oneself is made out to oneself once more; there is no title to take by itself.
        own = chosen["title"] if chosen["title"]["kind"] == "personal" else None
        yield from _made_out_anew(way, invoice_id, order_kind, order_ids, own)


def _chosen(way: Way, does: set[str], order_kind: str, order_ids: list[str]) -> dict[str, Any]:
    """Type, medium and title; without a title the one that is there is taken."""
    person, identity = way.person, way.person.identity
    medium = "paper" if "paper" in does else "electronic"
    if medium == "paper":
        person.keep_address()
    shown = person.invoice_preview(order_kind, order_ids, medium=medium)
    if medium == "paper" and not shown["paper_offered"]:
        medium = "electronic"
        shown = person.invoice_preview(order_kind, order_ids)
    title: dict[str, Any] | None = None
    own = shown["title"]
    if own is None or person.of_oneself(order_kind, order_ids[0]):
        # Something of one's own is made out to oneself.
        own = None
        title = {"kind": "personal", "name": identity.name, "save_title": True}
    elif "wrong_title" in does:
        title = {"kind": "company", "name": f"{identity.enterprise}（分部）", "code": identity.uscc}
    elif "other_title" in does:
        title = {
            "kind": "company",
            "name": f"{identity.enterprise}工会",
            "code": identity.uscc,
            "save_title": True,
        }
    company = own is not None or (title is not None and title["kind"] == "company")
    special = "special" in does and company
    return {"medium": medium, "kind": "special" if special else "ordinary", "title": title}


def _issued(way: Way, invoice_id: str) -> Generator[simpy.Event, Any, bool]:
    """Whether an application comes to its number; one that the tax service refused is sent again once."""
    person = way.person
    yield from way.until(lambda: person.invoice_status(invoice_id) not in _MOVING)
    if person.invoice_status(invoice_id) == "failed":
        way.stage.log("invoice refused")
        if way.choice < 0.5:
            yield way.pause()
            if person.invoice_status(invoice_id) == "failed":
                person.send_invoice_again(invoice_id)
        # Everybody else leaves it to finance.
        yield from way.until(lambda: person.invoice_status(invoice_id) not in (*_MOVING, "failed"))
    if person.invoice_status(invoice_id) == "rejected":
        way.stage.log("invoice rejected")
    return person.invoice_status(invoice_id) in ("issued", "partly_reversed", "reversed")


def _made_out_anew(
    way: Way, invoice_id: str, order_kind: str, order_ids: list[str], title: dict[str, Any] | None
) -> Steps:
    """The title was wrong: a red letter takes it back, and a right one is applied for."""
    person = way.person
    yield way.pause()
    if person.invoice_status(invoice_id) != "issued":
        return
    red_id = person.ask_red_letter(invoice_id, "01")
    way.stage.log("red letter asked for")
    ended = ("issued", "rejected", "withdrawn")
    yield from way.until(lambda: person.invoice_status(red_id) in ended)
    if person.invoice_status(red_id) != "issued":
        return
    way.stage.log("red letter issued")
    again = [one for one in person.to_tick(order_kind) if one in order_ids]
    if again:
        applied = person.apply_for_invoice(order_kind, again, title=title)
        if (yield from _issued(way, str(applied["id"]))):
            way.stage.log("invoice made out anew")


def _arrived(way: Way, invoice_id: str) -> Steps:
    """Look for the post; who waits in vain says so, as soon as that is possible."""
    for _ in range(_ROUNDS):
        parcel = way.person.parcel(invoice_id)
        if parcel is None or parcel["status"] in ("cancelled",):
            return
        if parcel["status"] == "delivered":
            way.stage.log("paper invoice arrived")
            return
        overdue = parcel["created_at"] + 8 * clock.DAY < way.stage.now_ms
        if overdue and "report_lost" in parcel["can"]:
            way.person.report_lost_post(invoice_id)
            way.stage.log("lost post reported")
        yield way.stage.wait(_LATER)


def _confirmed(way: Way) -> Steps:
    """A red letter of a deducted invoice waits for its buyer, who looks once a day and confirms."""
    for _ in range(_ROUNDS):
        if way.person.confirm_red_letters():
            way.stage.log("red letter confirmed")
        yield way.stage.wait(_LATER * 4)
