"""The SQL of addresses and shipments."""

from engine.delivering.store import addresses, shipments

UNLOGGED: dict[str, str] = {}
OWNED = (addresses.OWNED, *shipments.OWNED)

__all__ = ["OWNED", "UNLOGGED", "addresses", "shipments"]
