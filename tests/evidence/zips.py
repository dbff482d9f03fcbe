"""Zip files made by hand, for sizes that lie and bombs that cost nothing to make."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """A part of a package as its headers say it is, whatever it is."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int = 8  # deflated
    flags: int = 0


def member(name: str, content: bytes, *, size: int | None = None, crc: int | None = None, flags: int = 0) -> Member:
    """Return a part whose declared size or checksum may differ from what it is."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = squeeze.compress(content) + squeeze.flush()
    return Member(
        name, packed, len(content) if size is None else size, zlib.crc32(content) if crc is None else crc, flags=flags
    )


def zeros(name: str, mib: int, *, size: int | None = None) -> Member:
    """Return a part of so many MiB of NUL bytes: one flushed block, repeated."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(b"\x00" * MIB) + squeeze.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return Member(name, block * mib + end, mib * MIB if size is None else size, 0)


def raw_zip(members: Sequence[Member]) -> bytes:
    """Write the parts as they say they are."""
    body = bytearray()
    directory = bytearray()
    for one in members:
        name = one.name.encode()
        sizes = (one.method, 0, 0x21, one.crc, len(one.packed), one.size & 0xFFFFFFFF, len(name))
        directory += struct.pack("<IHHH", 0x02014B50, 20, 20, one.flags) + struct.pack("<HHHIIIH", *sizes)
        directory += struct.pack("<HHHHII", 0, 0, 0, 0, 0, len(body)) + name
        body += struct.pack("<IHH", 0x04034B50, 20, one.flags) + struct.pack("<HHHIIIH", *sizes) + struct.pack("<H", 0)
        body += name + one.packed
    count = len(members)
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(body), 0)
    return bytes(body + directory + tail)
