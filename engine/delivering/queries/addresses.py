"""A person's addresses, opened for themselves alone (ADR-1)."""

from __future__ import annotations

from engine.delivering import model
from engine.delivering.store import addresses as store
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import queries as people


def opened(q: Reader, kept: model.KeptAddress) -> model.Address:
    """An address in the clear."""
    subject_id = people.account(q, kept.account_id).subject_id

    def text(column: str, sealed: bytes | None) -> str:
        place = f"delivery_address|{column}|{kept.id}"
        return "" if sealed is None else q.open(subject_id, place, sealed)

    region = text("region", kept.region)
    province, city, district = model.names(region)
    return model.Address(
        id=kept.id,
        account_id=kept.account_id,
        recipient=text("recipient", kept.recipient),
        phone=text("phone", kept.phone),
        region=region,
        province=province,
        city=city,
        district=district,
        detail=text("detail", kept.detail),
        label=text("label", kept.label),
        is_default=bool(kept.is_default),
        created_at=kept.created_at,
        changed_at=kept.changed_at,
    )


def own_address(q: Reader, address_id: str) -> model.KeptAddress:
    """One of the signed-in person's addresses as it is kept.

    Raises: NotFound, also for somebody else's.
    """
    me = people.person(q).account_id
    kept = q.get(model.KeptAddress, "delivery_address", address_id)
    if kept.account_id != me:
        raise errors.NotFound(what="delivery address")
    return kept


def addresses(q: Reader) -> list[model.Address]:
    """The signed-in person's addresses, the default first and then the newest (收件地址)."""
    return [opened(q, kept) for kept in store.of_account(q, people.person(q).account_id)]


def address(q: Reader, address_id: str) -> model.Address:
    """One of the signed-in person's addresses.

    Raises: NotFound.
    """
    return opened(q, own_address(q, address_id))


def default_address(q: Reader) -> model.Address | None:
    """The address that is taken for paper invoices without asking, or None."""
    kept = store.default_of(q, people.person(q).account_id)
    return None if kept is None else opened(q, kept)


def address_form(q: Reader) -> model.AddressForm:
    """What the form for an address needs to know."""
    rules = q.policy(policies.DeliveryRules)
    have = len(store.of_account(q, people.person(q).account_id))
    return model.AddressForm(
        labels=rules.labels,
        label_longest=rules.label_longest,
        recipient_longest=model.RECIPIENT_LONGEST,
        detail_longest=model.DETAIL_LONGEST,
        at_most=rules.addresses_at_most,
        left=max(0, rules.addresses_at_most - have),
    )


def regions(q: Reader, parent: str = "") -> list[model.Region]:
    """The places right below one (a province, a city), or the provinces.

    Raises: NotFound where nothing is below it.
    """
    found = list(model.children(parent))
    if not found:
        raise errors.NotFound(what="region")
    return found
