"""Parse XML safely: no document type, no entities, no network, and bounded in size, depth and number of elements."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from audit.errors import Invalid

LARGEST_FILE = 256 * 1024 * 1024
MOST_ELEMENTS = 2_000_000
DEEPEST = 200  # a batch record is nested 20 deep
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class _TooMuch(Exception):  # noqa: N818 - becomes the reason of a refusal
    """The document is beyond a bound."""


class _Bounded(TreeBuilder):
    """Builds the tree until a bound is passed."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise _TooMuch(f"elements are nested more than {DEEPEST} deep")
        if self._count > MOST_ELEMENTS:
            raise _TooMuch(f"more than {MOST_ELEMENTS} elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Any:
        self._depth -= 1
        return super().end(tag)


def parse(data: bytes, *, file: str) -> Element:
    """Return the root element; raise Invalid with the reason why the file is refused."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Split the file.")
    if not data.strip():
        raise Invalid(f"{file}: the file is empty.", remedy="Export it again from the source system.")
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Invalid(
            f"{file}: it declares a document type (DTD), which may fetch or multiply content.", remedy="Export it without."
        ) from error
    except _TooMuch as error:
        raise Invalid(f"{file}: {error}.", remedy="Split the file.") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Invalid(f"{file}: not well-formed XML: {error}.", remedy="Export it again from the source system.") from error
    return root


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return the namespace of an element, "" where it has none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def text_of(element: Element) -> str:
    """Return an element's own text before its first child, without the white space around it."""
    return (element.text or "").strip()


def attributes_of(element: Element) -> dict[str, str]:
    """Return its attributes by local name, without those that only instruct a schema's reader."""
    return {local(name): value for name, value in element.attrib.items() if not name.startswith(_INSTANCE)}


def walk(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Give every element in document order with its XPath ("/a/b[2]") and its path without numbers ("/a/b"); local names."""
    stack = [(root, f"/{local(root.tag)}", f"/{local(root.tag)}")]
    while stack:
        element, xpath, path = stack.pop()
        yield element, xpath, path
        names = [local(child.tag) for child in element]
        total = Counter(names)
        seen: dict[str, int] = {}
        children = []
        for child, name in zip(element, names, strict=True):
            seen[name] = seen.get(name, 0) + 1
            step = f"{name}[{seen[name]}]" if total[name] > 1 else name
            children.append((child, f"{xpath}/{step}", f"{path}/{name}"))
        stack.extend(reversed(children))
