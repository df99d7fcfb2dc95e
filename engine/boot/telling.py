"""What stages tell of themselves to those that do not know them: literal tables, asked in that order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.binding import queries as binding_queries
from engine.binding import store as binding_store
from engine.binding import working as binding_working
from engine.calls import store as calls_store
from engine.delivering import queries as delivering_queries
from engine.delivering import store as delivering_store
from engine.enveloping import queries as enveloping_queries
from engine.enveloping import store as enveloping_store
from engine.enveloping import working as enveloping_working
from engine.invoicing import queries as invoicing_queries
from engine.invoicing import store as invoicing_store
from engine.issuing import queries as issuing_queries
from engine.issuing import store as issuing_store
from engine.issuing.queries import working as issuing_working
from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.mall import queries as mall_queries
from engine.mall import store as mall_store
from engine.mall import working as mall_working
from engine.ordering import queries as ordering_queries
from engine.ordering import store as ordering_store
from engine.ordering import working as ordering_working
from engine.registration import queries as registration_queries
from engine.scanning import working as scanning_working
from engine.sealing import queries as sealing_queries
from engine.sealing import store as sealing_store
from engine.sealing.queries import working as sealing_working
from engine.signing import queries as signing_queries
from engine.signing import store as signing_store
from engine.signing.queries import working as signing_working
from engine.subscribing import queries as subscribing_queries
from engine.subscribing import reactions as subscribing_reactions
from engine.subscribing import store as subscribing_store

# What follows from a change of an enterprise's particulars, as each stage tells it before it is confirmed.
CONSEQUENCES: Sequence[Callable[[Reader, str, frozenset[str]], Sequence[notes.Note]]] = (
    issuing_queries.consequences,
    binding_queries.consequences,
    sealing_queries.consequences,
    mall_queries.consequences,
)

# Whose cases staff with these accounts as a customer neither see nor decide, beside their own.
CONFLICTS: Sequence[Callable[[Reader, frozenset[str]], frozenset[str]]] = (
    registration_queries.fellow_members,
    mall_queries.fellow_accounts,
)

# What works now or is under way: what an act would stop is what it takes away from these.
WORKING: Sequence[Callable[[Reader, notes.Within], Sequence[notes.Note]]] = (
    issuing_working.working,
    ordering_working.working,
    mall_working.working,
    scanning_working.working,
    binding_working.working,
    sealing_working.working,
    signing_working.working,
    enveloping_working.working,
)

# What could not be opened any more once a certificate has given way to another: files encrypted for it.
STRANDED: Sequence[Callable[[Reader, str], Sequence[notes.Note]]] = (enveloping_queries.stranded,)

# How the stages above orders take the payments of theirs: the prefix of such an order's id → how.
PAYABLES: Mapping[str, notes.Payable] = {
    subscribing_reactions.PREFIX: subscribing_reactions.PAYABLE,
}

# What keeps an account from being closed, as the stages above people know it.
BLOCKERS: Sequence[Callable[[Reader, str], Sequence[notes.Note]]] = (
    ordering_queries.blockers,
    issuing_queries.blockers,
    sealing_queries.blockers,
    signing_queries.blockers,
    subscribing_queries.blockers,
    delivering_queries.blockers,
    invoicing_queries.blockers,
)
# What the law has kept beyond an account.
KEPT: Sequence[Callable[[Reader, str], Sequence[notes.Kept]]] = (issuing_queries.kept,)
# Whose rows they are: what a person takes along is read from these, beside their own stage's.
OWNED: Sequence[notes.Owned] = (
    *mall_store.OWNED,
    *ordering_store.OWNED,
    *issuing_store.OWNED,
    *binding_store.OWNED,
    *sealing_store.OWNED,
    *signing_store.OWNED,
    *enveloping_store.OWNED,
    *subscribing_store.OWNED,
    *delivering_store.OWNED,
    *invoicing_store.OWNED,
    *calls_store.OWNED,
)
