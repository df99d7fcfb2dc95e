"""The Merkle tree is that of RFC 9162: the vectors of Certificate Transparency (AU-5), any size (AU-2)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import merkle
from engine.evidence.verifier.tree import EMPTY, Frontier, grew, joined, leaf, root_of

INPUTS = (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# Of (index, size), as the reference implementation publishes them.
PATHS = {
    (0, 1): (),
    (0, 2): ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",),
    (1, 2): ("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
# Of (first, second), by the same.
GROWTHS = {
    (1, 1): (),
    (1, 8): PATHS[0, 8],
    (2, 5): PATHS[1, 5][1:],
    (6, 8): ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", *PATHS[5, 8][1:]),
}
LEAVES = [leaf(bytes.fromhex(one)) for one in INPUTS]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 9162 2.1.1 writes it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return joined(by_definition(leaves[:middle]), by_definition(leaves[middle:]))


def some(count: int) -> list[bytes]:
    return [leaf(str(number).encode()) for number in range(count)]


@pytest.mark.row("AUD-1")
def test_the_roots_are_those_of_certificate_transparency() -> None:
    for size, root in enumerate(ROOTS, start=1):
        frontier = Frontier()
        frontier.extend(LEAVES[:size])
        assert merkle.Tree.of(LEAVES[:size]).root().hex() == root
        assert merkle.Tree.of(LEAVES).root(size).hex() == root
        assert frontier.root().hex() == root
    assert merkle.Tree.of([]).root() == Frontier().root() == EMPTY


@pytest.mark.row("AUD-1")
def test_all_36_inclusion_proofs_lead_to_those_roots_and_nowhere_else() -> None:
    tree, found = merkle.Tree.of(LEAVES), 0
    for size in range(1, 9):
        for index in range(size):
            path, found = tree.path(index, size), found + 1
            if (index, size) in PATHS:
                assert tuple(node.hex() for node in path) == PATHS[index, size]
            assert root_of(LEAVES[index], index, size, path).hex() == ROOTS[size - 1]
            for other in set(range(size)) - {index}:
                assert root_of(LEAVES[index], other, size, path).hex() != ROOTS[size - 1]
            assert root_of(LEAVES[index], index, size, [*path, LEAVES[0]]) == b""
            assert path == [] or root_of(LEAVES[index], index, size, path[:-1]) == b""
    assert found == 36


@pytest.mark.row("AUD-1")
def test_consistency_proofs_are_those_of_certificate_transparency() -> None:
    tree = merkle.Tree.of(LEAVES)
    for (first, second), told in GROWTHS.items():
        assert tuple(one.hex() for one in tree.consistency(first, second)) == told
    for second in range(1, 9):
        for first in range(1, second + 1):
            roots = bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1])
            path = tree.consistency(first, second)
            assert grew(first, roots[0], second, roots[1], path)
            assert not grew(first, roots[0], second, roots[1], [*path, LEAVES[0]])
            if first != second:
                assert not grew(first, roots[1], second, roots[1], path)
                assert not grew(first, roots[0], second, roots[0], path)
                assert not grew(second, roots[1], first, roots[0], path)


@pytest.mark.row("AUD-1")
@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_a_tree_grown_by_parts_is_the_one_by_definition(sizes: list[int]) -> None:
    leaves, tree, frontier, at = some(sum(sizes)), merkle.Tree.of([]), Frontier(), 0
    for size in sizes:
        tree.extend(leaves[at : at + size])
        frontier.extend(leaves[at : at + size])
        at += size
        assert tree.root() == frontier.root() == by_definition(leaves[:at])


@pytest.mark.row("AUD-1")
@given(second=st.integers(1, 300), data=st.data())
def test_growth_is_shown_between_any_two_sizes_and_of_no_other_tree(
    second: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, second))
    leaves = some(second)
    tree = merkle.Tree.of(leaves)
    path = tree.consistency(first, second)
    assert grew(first, by_definition(leaves[:first]), second, tree.root(), path)
    other = data.draw(st.integers(0, first - 1))
    forged = [*leaves[:other], leaf(b"forged"), *leaves[other + 1 :]]
    assert not grew(first, by_definition(forged[:first]), second, tree.root(), path)
    assert not grew(first, by_definition(leaves[:first]), second, by_definition(forged), path)


@pytest.mark.row("AUD-1")
@given(size=st.integers(1, 300), data=st.data())
def test_any_leaf_of_any_tree_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = merkle.Tree.of(some(size))
    path = tree.path(index)
    assert root_of(some(size)[index], index, size, path) == tree.root()
    assert root_of(leaf(b"forged"), index, size, path) != tree.root()
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        spoilt = [*path[:place], leaf(b"forged"), *path[place + 1 :]]
        assert root_of(some(size)[index], index, size, spoilt) != tree.root()


def test_a_tree_in_files_is_the_same_and_outlives_its_process(tmp_path: Path) -> None:
    leaves = some(150)
    for begin, end in ((0, 1), (1, 64), (64, 65), (65, 150)):
        merkle.Tree(merkle.Files(tmp_path), begin).extend(leaves[begin:end])
        again = merkle.Tree(merkle.Files(tmp_path), end)
        assert again.root() == by_definition(leaves[:end])
    whole = merkle.Tree.of(leaves)
    again = merkle.Tree(merkle.Files(tmp_path), 150)
    assert [again.path(n) for n in range(150)] == [whole.path(n) for n in range(150)]
    assert [again.consistency(n) for n in range(150)] == [whole.consistency(n) for n in range(150)]
    assert merkle.Files(tmp_path).leaves(10, 20) == leaves[10:20]


def test_growing_costs_what_is_new_and_not_what_is_there() -> None:
    class Counted(merkle.Kept):
        def __init__(self) -> None:
            super().__init__()
            self.read_nodes = self.written = 0

        def read(self, level: int, place: int) -> bytes:
            self.read_nodes += 1
            return super().read(level, place)

        def write(self, level: int, place: int, nodes: object) -> None:
            assert isinstance(nodes, list)
            self.written += len(nodes)
            super().write(level, place, nodes)

    nodes = Counted()
    tree = merkle.Tree(nodes)
    tree.extend(some(20_000))
    nodes.read_nodes = nodes.written = 0
    tree.extend(some(10))
    tree.root()
    assert nodes.written <= 10 * 2 + 15
    assert nodes.read_nodes <= 40
