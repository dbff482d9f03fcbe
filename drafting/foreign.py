"""Check a text that was not written here against files given as evidence, where no references exist.

Each quantity, date and identifier of the text is looked for in the evidence as a whole token as written: what stands nowhere in
it is a finding. A number that does stand somewhere is only that: it is counted as resolved, not as right, because half of all one-digit
errors equal another literal of a real product. Finding what a number is about is a later step of this check.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from audit import trail
from audit.actions import Action
from audit.canonical import digest
from audit.chain import Actor
from audit.errors import Invalid
from corpus.formats import FORMATS, suffix_of
from corpus.readers import word
from corpus.sampling import contents_of
from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.configuration import profiles_of
from drafting.context import Context
from drafting.examine import Examined
from drafting.model import Finding, Severity

TEXTS = (".txt", ".md", ".docx")
_UNITS = (" %", "%", " °C", " kN", " mm", " mg", " kg", " g", " N", " ml", " units", " tablets")


def check_foreign_text(ctx: Context, *, text: Path, evidence: Sequence[Path], profile: str | None, actor: Actor) -> Examined:
    """Return a finding for each quantity, date and identifier that stands nowhere in the evidence; positions are of the text."""
    if profile is not None:
        profiles_of(ctx).named(profile)  # a wrong name is told before anything is read
    body = _text(text)
    known = _known(ctx, evidence)
    tokens = [t for t in enumerate_tokens(body) if t.kind is not Token.WORD]
    missing = [t for t in tokens if not _stands(t, known)]
    findings = tuple(_finding(t) for t in missing)
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.TEXT_CHECKED, object_kind="text",
            object_id=digest(body), new={"name": text.name, "findings": len(findings), "numbers": len(tokens)},
        )
    )  # fmt: skip
    return Examined(findings, len(tokens), len(tokens) - len(missing))


def _finding(token: Found) -> Finding:
    rule = {Token.IDENTIFIER: "identifiers", Token.DATE: "dates", Token.TIME: "dates"}.get(token.kind, "numbers")
    message = f"The {token.kind} '{token.text}' stands nowhere in the evidence given."
    return Finding(rule, Severity.BLOCKS, message, token.start, token.end, token.text)


def _stands(token: Found, known: set[str]) -> bool:
    bare = token.text.strip().lstrip("+<>≤≥")
    for unit in _UNITS:
        if bare.endswith(unit):
            bare = bare[: -len(unit)]
            break
    return bare.strip() in known or token.text in known


def _files(paths: Iterable[Path]) -> list[Path]:
    found = []
    for path in paths:
        if not path.exists():
            raise Invalid(f"There is no file or folder {path}.", remedy="Name the evidence as it stands on this machine.")
        found += sorted(p for p in path.rglob("*") if suffix_of(p.name) in FORMATS) if path.is_dir() else [path]
    if not found:
        raise Invalid("The evidence holds no readable file.", remedy=f"Give files of the types {', '.join(FORMATS)}.")
    return found


def _text(path: Path) -> str:
    if not path.is_file():
        raise Invalid(f"There is no text {path}.", remedy="Name a .txt, .md or .docx file.")
    if path.suffix.lower() not in TEXTS:
        raise Invalid(f"{path.name}: texts are .txt, .md or .docx.", remedy="Save it as one of these.")
    if path.suffix.lower() == ".docx":
        return "\n".join(block.text for block in word.read_docx(path.read_bytes(), file=path.name).blocks)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name}: not UTF-8 text: {error}", remedy="Save it as UTF-8.") from error


def _known(ctx: Context, paths: Iterable[Path]) -> set[str]:
    """Return every literal and every token of the evidence, read in processes that can be killed."""
    known: set[str] = set()
    for done in ctx.workers.run(contents_of, _files(paths)):
        if done.value is None:
            raise Invalid(done.reason, remedy=done.remedy or "Leave the file out of the evidence.")
        cells = [cell for grid in done.value.grids for row in grid.rows for cell in row if cell.strip()]
        known.update(cell.strip() for cell in cells)
        texts = [block.text for block in done.value.narrative.blocks] if done.value.narrative else []
        for text in (*texts, *(cell for cell in cells if " " in cell)):
            for token in enumerate_tokens(text):
                known.update((token.text, token.text.split(" ")[0].rstrip("%")))
    return known
