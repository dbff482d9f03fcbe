"""Join a narrative's blocks into passages: one heading's text together, none longer than a reader takes in at once. Pure."""

from collections.abc import Iterable

from corpus.readers.narrative import Block

LONGEST = 900  # characters


def passages(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """Return (place, text) of each passage; a passage starts at its first block and carries the heading above it."""
    found: list[tuple[str, str]] = []
    heading, above, place, parts, size = "", "", "", list[str](), 0

    def close() -> None:
        if parts:
            text = " ".join(parts)
            found.append((place, f"{heading}: {text}" if heading else text))

    for block in blocks:
        if block.heading:
            close()
            heading = (
                f"{above}: {block.text}" if above and not parts else block.text
            )  # right below another: both are carried
            above, parts = block.text, []
            continue
        if parts and size + len(block.text) > LONGEST:
            close()
            parts = []
        if not parts:
            place, size = block.place, 0
        parts.append(block.text)
        size += len(block.text)
    close()
    if not found and heading:
        found.append((place or "heading", heading))
    return found
