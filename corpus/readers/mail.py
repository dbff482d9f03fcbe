"""Read messages (.eml): who wrote to whom, when and about what, then the body; attachments are told in the notes, not opened.

Promise: the body is the plain text where there is one, else the web page, whose tables are grids too. A message whose body
cannot be decoded exactly is refused, with the encoding named. The date is the literal of the header.
"""

from email import errors, policy
from email.message import EmailMessage
from email.parser import BytesParser

from audit.errors import Invalid
from corpus.readers import html
from corpus.readers.contents import Contents
from corpus.readers.narrative import Block, Narrative

LARGEST_FILE = 64 * 1024 * 1024
MOST_PARTS = 1_000
HEADERS = ("From", "To", "Cc", "Date", "Subject")
_UNREADABLE = (ValueError, IndexError, AttributeError, TypeError, OverflowError)  # what email raises on odd headers
_TOLD = 50  # attachments that the notes name
_BROKEN = (
    errors.StartBoundaryNotFoundDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64CharactersDefect,
    errors.CloseBoundaryNotFoundDefect,
)


def read(data: bytes, *, file: str) -> Contents:
    """Read a message as contents; raise Invalid with the reason where it is not one or cannot be decoded."""
    if len(data) > LARGEST_FILE:
        raise Invalid(f"{file}: larger than {LARGEST_FILE} bytes.", remedy="Save its attachments apart.")
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
    try:
        headers = [(name, " ".join(str(message[name]).split())) for name in HEADERS if message[name]]
    except _UNREADABLE as error:
        raise _unreadable(file, "a header that cannot be read") from error
    if not any(name in ("From", "Date", "Subject") for name, _ in headers):
        raise _unreadable(file, "no sender, date or subject, so it is no message")
    if sum(1 for _ in message.walk()) > MOST_PARTS:
        raise _unreadable(file, f"more than {MOST_PARTS} parts")
    body = message.get_body(("plain", "html"))
    inside = _body(body, file) if isinstance(body, EmailMessage) else Contents()
    broken = [d for part in message.walk() for d in part.defects if isinstance(d, _BROKEN)]
    if broken:
        raise _unreadable(file, f"cut or damaged ({type(broken[0]).__name__.removesuffix('Defect')})")
    blocks = [Block(name, f"{name}: {value}") for name, value in headers]
    blocks += inside.narrative.blocks if inside.narrative else ()
    subject = dict(headers).get("Subject")
    narrative = Narrative({"title": subject} if subject else {}, tuple(blocks))
    return Contents(inside.grids, narrative, (*_attachments(message, body), *inside.notes))


def _unreadable(file: str, why: str) -> Invalid:
    return Invalid(f"{file}: {why}.", remedy="Save the message again from its program.")


def _body(body: EmailMessage, file: str) -> Contents:
    try:
        text = body.get_content(errors="strict")
    except LookupError as error:
        raise _unreadable(file, f"its encoding {body.get_content_charset()} is not known") from error
    except (UnicodeError, ValueError) as error:
        raise _unreadable(file, f"its body is not readable as {body.get_content_charset('us-ascii')}") from error
    if "\x00" in text:
        raise _unreadable(file, "its body holds NUL characters")
    return html.read_page(text, file=file) if body.get_content_subtype() == "html" else _plain(text)


def _plain(text: str) -> Contents:
    """Return paragraphs with the numbers of their lines in the body."""
    blocks: list[Block] = []
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            blocks.append(Block(f"body line {number - len(lines)}", " ".join(lines)))
            lines = []
    return Contents(narrative=Narrative({}, tuple(blocks)) if blocks else None)


def _attachments(message: EmailMessage, body: object) -> list[str]:
    """Name what came with the message."""
    parts = [p for p in message.walk() if p is not body and not p.is_multipart() and _is_attached(p, body)]
    told = []
    for part in parts[:_TOLD]:
        payload = part.get_payload(decode=True)
        size = len(payload) if isinstance(payload, bytes) else 0
        told.append(
            f"attachment {part.get_filename() or 'without a name'} ({part.get_content_type()}, {size} bytes), not opened"
        )
    return told + ([f"and {len(parts) - _TOLD} attachments more"] if len(parts) > _TOLD else [])


def _is_attached(part: object, body: object) -> bool:
    """Tell whether a part is more than the body in its other form."""
    assert isinstance(part, EmailMessage)
    other = part.get_content_type() in ("text/plain", "text/html") and not part.is_attachment() and not part.get_filename()
    return not (other and body is not None and part is not body and part.get_content_type() != body.get_content_type())  # type: ignore[attr-defined]
