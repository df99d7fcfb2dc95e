"""The SQL of addresses and shipments."""

from engine.delivering.store import addresses

UNLOGGED: dict[str, str] = {}
OWNED = (addresses.OWNED,)

__all__ = ["OWNED", "UNLOGGED", "addresses"]
