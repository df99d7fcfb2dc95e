"""Who acts in the mall for the same enterprises as somebody."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.mall import store
from engine.registration import queries as people


def fellow_accounts(q: Reader, account_ids: frozenset[str]) -> frozenset[str]:
    """The mall's accounts of the enterprises that these people belong to, as actors.

    Staff neither see nor decide the contracts of their own enterprise (`security.md` 3.4).
    """
    enterprises = sorted(
        {one.id for account_id in account_ids for one in people.enterprises_of(q, account_id)}
    )
    return frozenset(f"mall:{one}" for one in store.of_enterprises(q, enterprises))
