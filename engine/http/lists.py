"""Questions that are answered with a list: by what key the API pages each, or what bounds it.

A list that grows is paged by the key of its order, never by counting rows: what is added in between neither
repeats nor hides an item. A question that takes a `window` reads no more than the page; of the others the
page is cut from the whole list, which is one person's, one record's or one day's.
"""

from __future__ import annotations

import base64
import binascii
import functools
import inspect
import json
import operator
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, create_model

from engine.http import arguments
from engine.http.routing import Route
from engine.kernel import errors, paging

MOST = 200
USUAL = 50


class AfterInvalid(errors.InvalidInput):
    """A list goes on from what `next` of the page before said, and from nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The fields that order a list, the last of them unique; dots go into a field."""

    by: tuple[str, ...]
    newest_first: bool = True

    def key(self, item: Any) -> tuple[Any, ...]:
        """An item's place in the list."""
        return tuple(operator.attrgetter(name)(item) for name in self.by)


# How the names of those fields end that are numbers.
_NUMBERS = ("version", "line_number", "seq", "_at")
_ID = Keyed(by=("id",))
_OLDEST = Keyed(by=("id",), newest_first=False)
KEYED: Mapping[str, Keyed] = {
    **dict.fromkeys(
        (
            *("registration.my_claims", "registration.invitations", "registration.my_invitations"),
            *("registration.my_applications", "registration.my_changes", "messaging.mine"),
            *("ordering.mine", "ordering.my_payments", "issuing.mine", "issuing.delegated"),
            *("issuing.my_recoveries", "binding.of_phone", "sealing.of_enterprise"),
            *("sealing.applications_of", "sealing.my_seals", "sealing.my_applications"),
            *("sealing.delegations", "sealing.delegated_to_me", "sealing.uses", "sealing.filing"),
            *("mall.my_orders", "delivering.shipments", "subscribing.mine", "invoicing.mine"),
            *("invoicing.candidates", "invoicing.titles", "asking.questions", "reviewing.views"),
            *("incidents.incidents", "incidents.about", "incidents.past_stops"),
            *("invoicing.listed", "records.reveals"),
        ),
        _ID,
    ),
    **dict.fromkeys(
        (
            *("reviewing.notes", "reviewing.received", "signing.signatures"),
            *("signing.versions", "signing.voiding", "signing.attachments"),
        ),
        _OLDEST,
    ),
    "calls.my_calls": _ID,
    "delivering.in_states": _OLDEST,
    "bulk.listed": Keyed(by=("bulk.id",)),
    "enveloping.rows": Keyed(by=("file.id",)),
    "incidents.items_to_do": Keyed(by=("due_on", "id"), newest_first=False),
    "integrating.deliveries": Keyed(by=("seq", "id")),
    "invoicing.waiting": _OLDEST,
    "mall.suppliers_here": _OLDEST,
    "ordering.money_cases": Keyed(by=("case.id",), newest_first=False),
    "ordering.money_days": Keyed(by=("statement.business_date",)),
    "ordering.settled_money_cases": Keyed(by=("case.settled_at", "case.id")),
    "ordering.statement_lines": Keyed(by=("line_number", "id"), newest_first=False),
    "policies.history": Keyed(by=("version", "id")),
    "policies.pending": Keyed(by=("version.id",), newest_first=False),
    "reconciling.tax_days": Keyed(by=("listed.business_date",)),
    "reconciling.tax_lines": Keyed(by=("line_number", "id"), newest_first=False),
    "reviewing.differences": Keyed(by=("opened_at", "id"), newest_first=False),
    "registration.archives": Keyed(by=("archive.id",)),
    "registration.join_requests": Keyed(by=("invitation_id",)),
    "registration.members": Keyed(by=("membership_id",), newest_first=False),
    "signing.rows": Keyed(by=("contract.id",)),
    "staffing.history": Keyed(by=("seq",)),
}
_SETTINGS = "what the settings in force list"
_OWN = "one's own, of which a rule or a screen's size allows a few"
_ONE = "parts of one record, all made with it"
_FEW = "at most twenty, or as many as the query itself allows: a longer text finds fewer"
_PAGED = "a page already, with a key of its own to go on from"
_NUMBERED = "a numbered page of a screen; the paged question beside it gives everything"
BOUNDED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("registration.papers_for", "home.services", "messaging.announcements", "mall.zones"),
            *("issuing.revocation_reasons", "sealing.kinds", "signing.templates"),
            *("delivering.regions", "subscribing.catalogue", "invoicing.order_kinds"),
            *("reviewing.kinds_seen", "reviewing.colleagues", "staffing.listed"),
            *("rehearsing.in_force", "integrating.scopes", "integrating.clients"),
            *("integrating.event_kinds", "integrating.endpoints", "integrating.attention"),
            *("incidents.owners", "incidents.lifters"),
            *(
                "incidents.kinds",
                "incidents.agencies",
                "bulk.offered",
                "invoicing.standing",
                "reviewing.agreement",
            ),
            *("registration.ways", "mall.platforms"),
            *("mall.find_platforms", "messaging.summary", "signing.tab_counts", "ordering.chart"),
            *("registration.reasons_of", "reviewing.reasons_for", "reviewing.hold_reasons_for"),
            *("ordering.ledger_balances", "incidents.stops"),
        ),
        _SETTINGS,
    ),
    **dict.fromkeys(
        (
            *("registration.my_enterprises", "registration.my_transfers", "mall.my_zones"),
            *("registration.authorizations_asked", "mall.browser_sessions", "signing.sent_to_me"),
            *("signing.my_drafts", "delivering.addresses", "staffing.my_sessions"),
            "issuing.my_waiting",
            *("staffing.sessions_of", "staffing.links", "reviewing.lookers", "records.views"),
        ),
        _OWN,
    ),
    **dict.fromkeys(
        (
            *("ordering.rejection", "ordering.to_correct", "issuing.pair", "signing.to_be_signed"),
            *("signing.asked_to_sign", "signing.form_of", "signing.contract_parties"),
            *("signing.page_sizes", "signing.marks", "signing.history", "enveloping.to_be_opened"),
            *(
                "integrating.attempts",
                "evidence.my_receipts",
                "records.held",
                "enveloping.only_with",
                "invoicing.history",
                "ordering.ledger_posting",
            ),
        ),
        _ONE,
    ),
    **dict.fromkeys(
        (
            *("registration.find_enterprises", "signing.possible_parties", "records.find"),
            "enveloping.recipients",
        ),
        _FEW,
    ),
    **dict.fromkeys(("ordering.listed", "reviewing.page", "ordering.ledger_lines"), _PAGED),
    "evidence.tree_heads": "as many of the newest as are asked for: all are in an export",
    **dict.fromkeys(("signing.contracts_page", "mall.orders_page"), _NUMBERED),
}


def keyed(route: Route) -> Keyed | None:
    """How the API pages a question's answer; None where it is no list, or a bounded one."""
    return None if route.changes else KEYED.get(route.name)


def written(key: Sequence[Any]) -> str:
    """A key as a page's `next` tells it."""
    text = json.dumps(list(key), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(text: str, kinds: Sequence[type]) -> tuple[str | int, ...]:
    """The key that a page's `next` told; `kinds` are the types of its values.

    Raises: AfterInvalid.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as problem:
        raise AfterInvalid(field="after") from problem
    # An id or a number of ours, and no other: it goes into a question to the database.
    told = found if isinstance(found, list) else []
    if [type(one) for one in told] != list(kinds) or not all(map(_plausible, told)):
        raise AfterInvalid(field="after")
    return tuple(found)


def _plausible(value: str | int) -> bool:
    return value.isprintable() if isinstance(value, str) else 0 <= value < 2**63


_LIMIT = Annotated[int, Field(ge=1, le=MOST, description="How many at most")]
_AFTER = Annotated[str | None, Field(description="What `next` of the page before said")]
_WANTED: arguments.Fields = (("limit", _LIMIT, USUAL), ("after", _AFTER, None))


def wanted(route: Route) -> arguments.Fields:
    """What the API takes beside a question's own arguments: the page that is wanted, of a paged one."""
    return _WANTED if keyed(route) else ()


@functools.cache
def page_type(function: Callable[..., Any]) -> Any:
    """The type of a page of a paged question's answer."""
    words = (function.__module__.split(".")[1], *function.__name__.split("_"), "page")
    name = "".join(word.capitalize() for word in words)
    item: Any = typing.get_args(typing.get_type_hints(function)["return"])[0]
    fields: dict[str, Any] = {"items": (list[item], ...), "next": (str | None, ...)}
    return create_model(name, **fields)


def takes_window(function: Callable[..., Any]) -> bool:
    """Whether a question reads no more than the page that is wanted."""
    return "window" in inspect.signature(function).parameters


def page(
    how: Keyed,
    ask: Callable[[Mapping[str, paging.Window]], Sequence[Any]],
    function: Callable[..., Any],
    *,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """One page of a list: its items, and where to go on from (None at its end).

    Raises: AfterInvalid, and what the question raises.
    """
    kinds = [int if name.endswith(_NUMBERS) else str for name in how.by]
    start = None if after is None else read(after, kinds)
    if takes_window(function):
        found = list(ask({"window": paging.Window(limit=limit + 1, after=start)}))
    else:
        whole = sorted(ask({}), key=how.key, reverse=how.newest_first)
        found = [one for one in whole if start is None or _beyond(how, one, start)]
    shown = found[:limit]
    more = len(found) > limit
    return {"items": shown, "next": written(how.key(shown[-1])) if more else None}


def _beyond(how: Keyed, item: Any, start: tuple[Any, ...]) -> bool:
    key = how.key(item)
    return key < start if how.newest_first else key > start
