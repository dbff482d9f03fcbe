"""A language model on any OpenAI-compatible endpoint as drafter: it answers in references, or its reply is refused and kept.

The only file that imports LangChain. The model gets the same evidence as the deterministic drafter and must answer in the same
form; a digit, date, number word or identifier of its own is a fault. A bad reply is never repaired: it is refused, kept as evidence,
asked for once more with the reason, and refused for good the second time.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from audit.canonical import canonical
from audit.errors import EndpointFailed, Invalid
from drafting.checks.engine import check_sentence
from drafting.model import Draft, EvidencePack, Origin, Sentence, Severity
from drafting.render import REFERENCE, known, render
from prompts.library import Prompt, load_prompt
from prompts.outline import SectionOutline

SCHEMA_VERSION = "2"
MOST_SENTENCES = 40
LONGEST_SENTENCE = 600
MOST_RECORDS = 200
MOST_EVIDENCE_CHARACTERS = 120_000
ATTEMPTS = 2
SEED = 20_261_124
MOST_SECONDS = 3600
AT_ONCE = 18  # calls: all machine sections of a report, so that a draft takes as long as its slowest section
_IMPORTING = threading.Lock()  # threads that import a package at the same time may see it half made


class _Refused(ValueError):  # noqa: N818 - the word kept with the reply
    """Why a reply cannot be used."""


class LanguageModelDrafter:
    """Draft through a chat endpoint; sections may be asked for at the same time, nothing is remembered between them."""

    at_once = AT_ONCE

    def __init__(self, *, model: str, base_url: str, api_key: str, prompt: Prompt, timeout_seconds: int = 120) -> None:
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._prompt = prompt
        self._timeout_seconds = timeout_seconds
        self._chat: Any = None

    @property
    def name(self) -> str:
        """Return the drafter's name, for the record."""
        return f"language model {self._model}"

    @property
    def configuration(self) -> dict[str, str]:
        """Return what shapes its drafts; no key is among it."""
        return {
            "drafter": "language model",
            "model": self._model,
            "endpoint": host_of(self._base_url),
            "prompt": f"{self._prompt.name}/{self._prompt.version}",
            "prompt_sha256": self._prompt.sha256,
            "temperature": "0",
            "seed": str(SEED),
            "schema": SCHEMA_VERSION,
        }

    def draft(self, section: SectionOutline, pack: EvidencePack) -> Draft:
        """Ask, at most twice; whatever was asked and answered is in the draft, also where no answer came."""
        asked = [self._ask_for(section, pack)]
        answered: list[str] = []
        for _ in range(ATTEMPTS):
            try:
                answered.append(self._complete(asked[-1]))
                sentences, insufficient = _read(answered[-1], pack)
            except EndpointFailed as problem:
                return replace(_kept(asked, answered), failed=problem.message)
            except _Refused as refusal:
                reason = str(refusal)
                asked.append(f"{asked[0]}\n\nYour previous answer was refused: {reason} Answer again by the rules.")
                continue
            return replace(_kept(asked, answered), sentences=sentences, insufficient=insufficient)
        return _kept(asked[:ATTEMPTS], answered, refused=f"The reply was refused: {reason}")

    def _ask_for(self, section: SectionOutline, pack: EvidencePack) -> str:
        evidence = _evidence(pack)
        marker = "=====" + hashlib.sha256(evidence.encode()).hexdigest()[:24] + "====="
        return self._prompt.render(
            title=section.title,
            report="report",
            most=str(MOST_SENTENCES),
            longest=str(LONGEST_SENTENCE),
            marker=marker,
            evidence=evidence,
        )

    def _complete(self, text: str) -> str:
        chat = self._opened()
        from langchain_core.messages import HumanMessage  # noqa: PLC0415 - over a second to import
        from openai import OpenAIError  # noqa: PLC0415

        try:
            answer = chat.invoke([HumanMessage(text)], config={"callbacks": []})
        except OpenAIError as error:
            raise EndpointFailed(
                f"The model endpoint {host_of(self._base_url)} did not answer: {_told(error)}.",
                remedy="Draft again later, or unset VERASCRIBE_MODEL to use the deterministic drafter.",
            ) from error
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise EndpointFailed(
                f"The model endpoint {host_of(self._base_url)} answered something that is no chat completion.",
                remedy="Check VERASCRIBE_BASE_URL.",
            ) from error
        return answer.content if isinstance(answer.content, str) else json.dumps(answer.content)

    def _opened(self) -> Any:
        with _IMPORTING:
            if self._chat is None:
                from langchain_openai import ChatOpenAI  # noqa: PLC0415
                from pydantic import SecretStr  # noqa: PLC0415

                self._chat = ChatOpenAI(
                    model=self._model,
                    base_url=self._base_url,
                    api_key=SecretStr(self._api_key),
                    temperature=0,
                    seed=SEED,
                    timeout=self._timeout_seconds,
                    max_retries=1,
                )
            return self._chat


def _kept(asked: list[str], answered: list[str], *, refused: str = "") -> Draft:
    """Return a draft that holds what was asked and, as far as there was any, what was answered."""
    return Draft((), refused=refused, request=canonical(asked), reply=canonical(answered) if answered else "")


def from_environment(environ: Mapping[str, str]) -> LanguageModelDrafter | None:
    """Return the drafter that VERASCRIBE_MODEL, VERASCRIBE_BASE_URL and VERASCRIBE_API_KEY ask for; None without a model.

    Records go nowhere that nobody named: without an endpoint there is no drafter, and no provider is assumed.
    """
    model, base_url = environ.get("VERASCRIBE_MODEL", ""), environ.get("VERASCRIBE_BASE_URL", "")
    if not model:
        return None
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise Invalid(
            "VERASCRIBE_MODEL is set, and VERASCRIBE_BASE_URL does not say where that model is: no record is sent to an address that nobody named.",
            remedy="Set VERASCRIBE_BASE_URL to the endpoint (https://api.openai.com/v1 for OpenAI's own), or unset VERASCRIBE_MODEL.",
        )
    seconds = environ.get("VERASCRIBE_MODEL_TIMEOUT_SECONDS", "120")
    if not (seconds.isdecimal() and 0 < int(seconds) <= MOST_SECONDS):
        raise Invalid(
            f"VERASCRIBE_MODEL_TIMEOUT_SECONDS is '{seconds[:20]}'.", remedy=f"Give whole seconds from 1 to {MOST_SECONDS}."
        )
    return LanguageModelDrafter(
        model=model,
        base_url=base_url,
        api_key=environ.get("VERASCRIBE_API_KEY") or environ.get("OPENAI_API_KEY") or "none",
        prompt=load_prompt("section_draft"),
        timeout_seconds=int(seconds),
    )


def host_of(url: str) -> str:
    """Return host and port of an endpoint, never the credentials that its address may hold."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _told(error: Exception) -> str:
    """Say what kind of failure an endpoint's client met, with the status where there is one."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__}, HTTP {status}" if status else type(error).__name__


def _evidence(pack: EvidencePack) -> str:
    """Write the pack as lines of data, cut off by whole items where it is too long."""
    lines = [f"fact:{f.id} = {f.printed} (n = {f.n})" for f in pack.facts.values()]
    for key, record in list(pack.records.items())[:MOST_RECORDS]:
        shown = "; ".join(f"#{name} {value}" for name, value in record.fields.items() if value)
        lines.append(f"record:{key} | {shown}")
    lines += [f"passage:{q.id} | {q.about or q.document_name}, {q.place} | {q.text}" for q in pack.passages.values()]
    kept: list[str] = []
    length = 0
    for number, line in enumerate(lines):
        length += len(line) + 1
        if length > MOST_EVIDENCE_CHARACTERS:
            kept.append(f"({len(lines) - number} further items are left out for length)")
            break
        kept.append(line.replace("\n", " "))
    return "\n".join(kept)


def _read(reply: str, pack: EvidencePack) -> tuple[tuple[Sentence, ...], str]:
    """Parse a reply strictly; raise _Refused with the reason."""
    try:
        tree = json.loads(reply)
    except ValueError as error:
        raise _Refused("it is not one JSON object.") from error
    if (
        not isinstance(tree, dict)
        or set(tree) - {"sentences", "insufficient"}
        or not isinstance(tree.get("sentences"), list)
    ):
        raise _Refused("it does not have the form asked for.")
    insufficient = tree.get("insufficient", "")
    if not isinstance(insufficient, str):
        raise _Refused("'insufficient' is not text.")
    if len(tree["sentences"]) > MOST_SENTENCES:
        raise _Refused("it has too many sentences.")
    sentences = tuple(_sentence(item, pack) for item in tree["sentences"])
    if not sentences and not insufficient:
        raise _Refused("it has no sentences and does not say why.")
    return sentences, "" if sentences else insufficient[:LONGEST_SENTENCE]


def _sentence(item: Any, pack: EvidencePack) -> Sentence:
    if not isinstance(item, dict) or set(item) - {"text", "cites"} or not isinstance(item.get("text"), str):
        raise _Refused("a sentence does not have the form asked for.")
    text, cites = item["text"].strip(), item.get("cites", [])
    if not isinstance(cites, list) or not all(isinstance(c, str) for c in cites):
        raise _Refused("'cites' is not a list of references.")
    if not text or len(text) > LONGEST_SENTENCE or "\n" in text:
        raise _Refused("a sentence is empty, too long or has several lines.")
    for ref in [m[1] for m in REFERENCE.finditer(text)] + cites:
        if not known(ref, pack):
            raise _Refused(f"the reference {ref[:80]} is not in the evidence.")
    if "{" in REFERENCE.sub("", text) or "}" in REFERENCE.sub("", text):
        raise _Refused("a reference is malformed.")
    sentence = render(text, pack, cites)
    for finding in check_sentence(sentence, pack, origin=Origin.MACHINE):
        if finding.severity is Severity.BLOCKS:
            raise _Refused(finding.message)
    return sentence
