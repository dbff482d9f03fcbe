"""Read XML files: the one place that decides which dialect a file is, by its root element; any other is read by its shape."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from corpus.readers import animl, b2mml
from corpus.readers.contents import Contents
from corpus.readers.xmlshape import by_shape
from corpus.readers.xmltree import parse

DIALECTS: tuple[tuple[Callable[[Element], bool], Callable[[Element], Contents]], ...] = (
    (b2mml.recognises, b2mml.contents),
    (animl.recognises, animl.contents),
)


def read(data: bytes, *, file: str) -> Contents:
    """Read an XML file by its dialect; raise Invalid where it is refused or holds nothing."""
    root = parse(data, file=file)
    for recognises, contents in DIALECTS:
        if recognises(root):
            return contents(root)
    return by_shape(root, file=file)
