"""What a change of an enterprise's particulars means for its accounts at the platforms."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.mall import store


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """Each living account shows the new name, told before it is confirmed (ENT-4)."""
    if "name" not in changed:
        return []
    return [
        notes.Note(
            code="consequence.mall_account_renamed",
            subject=one.id,
            params={"platform": one.platform_id},
        )
        for one in store.living_of_enterprise(q, enterprise_id)
    ]
