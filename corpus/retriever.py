"""The search as a LangChain retriever, for chains that ask Verascribe's corpus. The only file of corpus that builds on langchain_core.

Promise: it answers what `corpus.search.search` answers, in its order; each document carries the place it came from.
"""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from audit.database import Database
from corpus.index import SearchIndex
from corpus.scope import Scope
from corpus.search import Hit, search


class CorpusRetriever(BaseRetriever):
    """Ask the corpus within a scope; `k` hits at the most."""

    database: Any
    index: Any = None
    scope: Scope = Scope()
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        scope = self.scope
        hits = search(
            self.database, self.index, text=query, k=self.k, product=scope.product, kind=scope.kind, since=scope.since,
            until=scope.until, batch=scope.batch,
        )  # fmt: skip
        return [document_of(hit) for hit in hits]


def retriever(database: Database, index: SearchIndex | None, scope: Scope, *, k: int = 10) -> CorpusRetriever:
    """Return a retriever over an open database."""
    return CorpusRetriever(database=database, index=index, scope=scope, k=k)


def document_of(hit: Hit) -> Document:
    """Return a hit as LangChain has documents: its text, its id, and where it came from."""
    about = {
        "document": hit.document, "sha256": hit.locator.document, "place": hit.locator.place, "kind": hit.kind,
        "record": hit.record_identifier, "synthetic": hit.synthetic, "score": hit.score,
    }  # fmt: skip
    return Document(id=hit.id, page_content=hit.text, metadata=about)
