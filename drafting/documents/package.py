"""Pack a document so that the same content has the same bytes: parts in one order, every time stamp the same."""

import io
import zipfile

FIRST = "[Content_Types].xml"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def repacked(data: bytes) -> bytes:
    """Return the archive with its parts sorted, the content types first, and no time of writing."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(made, "w") as written:
        for name in sorted(read.namelist(), key=lambda n: (n != FIRST, n)):
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o600 << 16
            written.writestr(part, read.read(name))
    return made.getvalue()
