"""Invoices over service orders in a test, and a tax service whose list of a day is what a test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from engine.boot import World
from engine.invoicing import actions, model
from engine.kernel import actors, ports
from tests.support import moneys, parties, registering, services, worlds

STRANGE = "26652000000000099999"
List = Callable[[Sequence[ports.TaxEntry]], Sequence[ports.TaxEntry]]


def person(world: World, phone: str = "13800138000", sequence: str = "002") -> actors.Person:
    """Somebody whose name is proven."""
    made = registering.sign_up(world, phone)
    registering.prove(world, made, registering.resident_id(sequence=sequence))
    return made


def applied(
    world: World, who: actors.Person, order_id: str, *, name: str = registering.NAME
) -> str:
    """Apply for an electronic invoice with a personal title; its id."""
    given = {
        "order_kind": "information",
        "order_ids": (order_id,),
        "title": model.GivenTitle(kind="personal", name=name),
    }
    return str(world.engine.perform(actions.apply_for_invoice, given, actor=who).id)


def invoiced(world: World, who: actors.Person, **chosen: Any) -> tuple[str, str]:
    """A paid service order and its issued invoice: both ids."""
    name = chosen.pop("name", registering.NAME)
    found = services.paid(world, who, **chosen)
    invoice_id = applied(world, who, found.id, name=name)
    parties.settle(world)
    return found.id, invoice_id


def row(world: World, invoice_id: str) -> dict[str, Any]:
    """An invoice as it is kept."""
    return dict(worlds.rows(world, "SELECT * FROM invoice WHERE id = ?", invoice_id)[0])


class OtherList:
    """A tax service whose list of a day is changed by a test."""

    def __init__(self, inner: Any, change: List) -> None:
        self._inner, self._change = inner, change

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def list_of(self, business_date: str) -> Sequence[ports.TaxEntry]:
        """The list."""
        return self._change(self._inner.list_of(business_date))


def with_list(world: World, change: List) -> World:
    """The world with another list."""
    other = OtherList(world.ports.tax, change)
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, tax=other))


def strange(entry: ports.TaxEntry) -> ports.TaxEntry:
    """An invoice that nobody here knows of."""
    return dataclasses.replace(entry, number=STRANGE, invoice_id="inv_strange")


def cases(world: World) -> list[tuple[str, str, str]]:
    """Kind, subject and state of every case about an invoice."""
    found = moneys.cases(world)
    return [
        (one["kind"], one["subject"], one["status"])
        for one in found
        if one["kind"].startswith("invoice_")
    ]
