"""Check a text that was not written here against files given as evidence, where no references exist.

Each number, name and conclusion is tied to what its sentence says it is about (entity, attribute, period), looked up or recomputed, and found
supported, contradicted by a cell, or not found. What is contradicted blocks, and so does what stands nowhere in the evidence; what
stands somewhere in it, but not where the text says, is a warning. Positions are of the text; of a Word document, of its text as extracted:
its paragraphs and table rows, one a line.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit import trail
from audit.actions import Action
from audit.canonical import digest
from audit.chain import Actor
from audit.errors import Invalid
from corpus.formats import FORMATS, suffix_of
from corpus.profiles import ProfileSet
from corpus.readers import word
from corpus.sampling import contents_of
from corpus.workers import Workers
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon, read_lexicon
from drafting.checks.foreign.sentences import Outcome, Sentence, sentences_of
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.configuration import profiles_of
from drafting.context import Context
from drafting.model import Finding, Severity

TEXTS = (".txt", ".md", ".docx")
LARGEST_TEXT = 2_000_000  # characters
LEXICON = "lexicon.toml"
_RULES = {"name": "identifiers", "date": "dates", "word": "conclusions"}


@dataclass(frozen=True)
class ForeignText:
    """What was found in a stranger's text: every claim with its verdict, and the findings among them."""

    findings: tuple[Finding, ...]
    claims: tuple[Judged, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()
    sha256: str = ""  # of the text

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Return how many sentences came out as what."""
        return {str(o): sum(1 for s in self.sentences if s.outcome is o) for o in Outcome}

    @property
    def numbers_found(self) -> int:
        """Return how many quantities, dates and identifiers the text has."""
        return sum(1 for c in self.claims if c.kind != "word")

    @property
    def numbers_resolved(self) -> int:
        """Return how many of them the evidence supports."""
        return sum(1 for c in self.claims if c.kind != "word" and c.verdict is Verdict.SUPPORTED)


def check_foreign_text(
    ctx: Context, *, text: Path, evidence: Sequence[Path], profile: str | None, actor: Actor
) -> ForeignText:
    """Return the verdict on each claim of a text, and a finding for each that is contradicted or not found; the trail says so."""
    result = checked(text=text, evidence=evidence, profile=profile, profiles=profiles_of(ctx), workers=ctx.workers)
    ctx.database.write(
        lambda conn: trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.TEXT_CHECKED, object_kind="text",
            object_id=result.sha256, new={"name": text.name, "findings": len(result.findings), "numbers": result.numbers_found},
        )
    )  # fmt: skip
    return result


def checked(
    *, text: Path, evidence: Sequence[Path], profile: str | None, profiles: ProfileSet, workers: Workers
) -> ForeignText:
    """Return the verdict on each claim of a text; nothing is stored."""
    chosen = (profiles.named(profile),) if profile is not None else profiles.profiles
    body = text_of(text)
    held = evidence_of(workers, evidence, lambda sources, lexicon: assemble(sources, lexicon, chosen))
    claims = judge(body, held)
    findings = tuple(finding_of(c) for c in claims if c.verdict is not Verdict.SUPPORTED)
    counts = {str(v): sum(1 for c in claims if c.verdict is v) for v in Verdict}
    return ForeignText(findings, claims, counts, sentences_of(body, claims), digest(body))


def finding_of(claim: Judged) -> Finding:
    """Return what is shown of a claim that the evidence does not support: a number elsewhere in the evidence only warns."""
    blocks = claim.verdict is Verdict.CONTRADICTED or claim.nowhere
    rule = _RULES.get(claim.kind, "numbers")
    severity = Severity.BLOCKS if blocks else Severity.WARNS
    return Finding(rule, severity, claim.message, claim.start, claim.end, claim.quote, claim.evidence)


def text_of(path: Path) -> str:
    """Return the text to check."""
    if not path.is_file():
        raise Invalid(f"There is no text {path}.", remedy="Name a .txt, .md or .docx file.")
    if path.suffix.lower() not in TEXTS:
        raise Invalid(f"{path.name}: texts are .txt, .md or .docx.", remedy="Save it as one of these.")
    try:
        if path.suffix.lower() == ".docx":
            body = "\n".join(block.text for block in word.read_docx(path.read_bytes(), file=path.name).blocks)
        else:
            body = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path.name}: not UTF-8 text: {error}", remedy="Save it as UTF-8.") from error
    if len(body) > LARGEST_TEXT:
        raise Invalid(f"{path.name}: longer than {LARGEST_TEXT:,} characters.", remedy="Check its parts one by one.")
    if not body.strip():
        raise Invalid(f"{path.name}: the text holds nothing to check.", remedy="Name a text with sentences or tables.")
    return body


def evidence_of(workers: Workers, paths: Iterable[Path], made: Callable[[list[Source], Lexicon], Evidence]) -> Evidence:
    """Return the evidence of files and folders, read in processes that can be killed; a lexicon.toml among them says the field's words."""
    found = _files(paths)
    lexicons = [p for p in found if p.suffix == ".toml"]
    lexicon = read_lexicon(lexicons[0].read_bytes(), file=lexicons[0].name) if lexicons else Lexicon()
    sources = []
    files = [p for p in found if p.suffix != ".toml"]
    for path, done in zip(files, workers.run(contents_of, files), strict=True):
        if done.value is None:
            raise Invalid(done.reason, remedy=done.remedy or "Leave the file out of the evidence.")
        sources.append(Source(path.name, done.value))
    return made(sources, lexicon)


def _files(paths: Iterable[Path]) -> list[Path]:
    found = []
    for path in paths:
        if not path.exists():
            raise Invalid(f"There is no file or folder {path}.", remedy="Name the evidence as it stands on this machine.")
        inside = (
            (p for p in path.rglob("*") if suffix_of(p.name) in FORMATS or p.name == LEXICON) if path.is_dir() else (path,)
        )
        found += sorted(inside)
    if not any(p.suffix != ".toml" for p in found):
        raise Invalid("The evidence holds no readable file.", remedy=f"Give files of the types {', '.join(FORMATS)}.")
    return found
