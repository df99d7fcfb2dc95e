"""Which platform and agency something belongs to is said of a record as its page says it."""

from __future__ import annotations

import re

import pytest

from engine.records import kinds
from engine.records.queries import belonging

pytestmark = pytest.mark.row("API-1", "OPS-6")


@pytest.mark.parametrize("kind", list(kinds.KINDS.values()), ids=lambda kind: kind.name)
def test_a_record_belongs_where_its_kind_says(kind: kinds.Kind) -> None:
    question = belonging._WHERE.get(kind.prefix)
    if not kind.scoped:
        assert question is None
        return
    assert question is not None
    chosen = re.fullmatch(r"SELECT (.+) FROM (\w+) WHERE id = \?", question)
    assert chosen is not None
    asked = [one for one in chosen[1].split(", ") if not one.startswith("NULL")]
    assert (tuple(asked), chosen[2]) == (kind.scoped, kind.table)


def test_what_says_so_itself_is_not_looked_up_by_its_record() -> None:
    """A delivery is of its own platform, whatever is sent in it."""
    both = belonging._WHERE.keys() & kinds.LEADS_TO.keys()
    assert both == {"shp", "sap", "bnd"}
