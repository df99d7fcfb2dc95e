"""The log as a file that the stand-alone verifier checks: its heads, and of every event the leaf's line.

Persons stay what they are in the log: pseudonyms, and ciphertext under keys that are not in it. So an
export tells nothing of anybody whose keys were destroyed, and still verifies.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from engine.evidence import packing, store
from engine.evidence.keeping import folder_of
from engine.evidence.verifier.log import LOG_FORMAT
from engine.evidence.verifier.tree import line
from engine.kernel import database
from engine.kernel.reader import Parts

# Of the levels the quickest: the log is exported whole, and packs well at any.
_LEVEL, _GZIP = 1, 31


def lines(parts: Parts, connection: database.Connection) -> Iterator[bytes]:
    """The export, whole lines at a time. The heads are read first: the log has all that they know."""
    key = packing.log_key(parts.keyring).hex()
    start = {"format": LOG_FORMAT, "world": parts.world_id, "key": key}
    yield json.dumps(start, ensure_ascii=False).encode() + b"\n"
    folder = folder_of(parts)
    for head in folder.every() if folder is not None else ():
        yield head.line() + b"\n"
    for block in store.log(connection):
        yield b"".join([line(columns) + b"\n" for columns in block])


def export(parts: Parts) -> Iterator[bytes]:
    """The export as the database has it now, gzipped as it comes."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    with parts.db.read() as connection:
        for one in lines(parts, connection):
            if made := packer.compress(one):
                yield made
    yield packer.flush()
