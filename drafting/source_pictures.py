"""Pictures of source pages, drawn from the kept file in a process that can be killed."""

from audit.errors import Failed
from corpus import records
from corpus.model import SourceDocument
from corpus.page_picture import PageJob, picture
from drafting.context import Context


def page_picture(ctx: Context, document: SourceDocument, place: str) -> bytes:
    """Return the page of a PDF document that a place names as PNG, the place marked; raise Failed where it cannot be drawn."""
    with ctx.database.read() as conn:
        data = records.document_bytes(conn, document)
    done = next(iter(ctx.workers.run(picture, [PageJob(data, document.name, place)])))
    if done.value is None:
        raise Failed(done.reason, remedy=done.remedy)
    return done.value
