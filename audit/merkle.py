"""RFC 6962 Merkle tree over entry hashes: tree head, inclusion and consistency proofs. Pure.

Section 2.1 of RFC 6962: a leaf is SHA-256(0x00 || data), a node SHA-256(0x01 || left || right), and a tree
of n leaves splits at the largest power of two below n.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """Hash one entry's bytes as a leaf (32 bytes)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtree heads into their parent (32 bytes)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """Return the head of the tree over leaf hashes; the empty tree's head is SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:  # pairing upwards with the odd node carried equals the recursive split
        level = [node_hash(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf `index` (RFC 6962 section 2.1.1)."""
    if not 0 <= index < len(leaves):
        msg = f"leaf {index} is not among {len(leaves)}"
        raise IndexError(msg)
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_proof(leaves[:k], index), tree_head(leaves[k:])]
    return [*inclusion_proof(leaves[k:], index - k), tree_head(leaves[:k])]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the tree of `old_size` leaves is a prefix of this one (RFC 6962 section 2.1.2)."""
    if not 0 < old_size <= len(leaves):
        msg = f"a tree of {len(leaves)} leaves has no prefix of {old_size}"
        raise IndexError(msg)
    return _subproof(leaves, old_size, whole=True)


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [tree_head(leaves)]
    k = _split(len(leaves))
    if old <= k:
        return [*_subproof(leaves[:k], old, whole=whole), tree_head(leaves[k:])]
    return [*_subproof(leaves[k:], old - k, whole=False), tree_head(leaves[:k])]


def included(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Tell whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with `head`."""
    if not 0 <= index < size:
        return False
    sides: list[bool] = []  # True: the sibling stands on the left
    low, count = index, size
    while count > 1:
        k = _split(count)
        if low < k:
            sides.append(False)
            count = k
        else:
            sides.append(True)
            low, count = low - k, count - k
    if len(sides) != len(proof):
        return False
    value = leaf
    for sibling, left in zip(proof, reversed(sides), strict=True):
        value = node_hash(sibling, value) if left else node_hash(value, sibling)
    return value == head
