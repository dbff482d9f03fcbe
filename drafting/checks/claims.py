"""Conclusions in words and the computed facts that contradict them. Data with small predicates; English.

Each claim is a pattern of its phrasings; it stands unless it is `qualified` ("cannot conclude that", "except batch 7"). A claim about one attribute is held against that attribute's facts, any other against all of the section's.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from drafting.model import EvidencePack, Fact

Against = Callable[[EvidencePack, str], Iterator[Fact]]
ASSESSED = "all signals assessed"  # held against every section of a report: its conclusion holds no charts
CAPABLE = Decimal("1.00")  # below it, more than 0.27 % of a normal process lies outside


class Claim(NamedTuple):
    """A conclusion: its phrasings, and the facts of a pack that contradict it (of one attribute, or of all where "")."""

    says: re.Pattern[str]
    against: Against
    meaning: str


def number(fact: Fact) -> Decimal:
    """Return a fact's exact value as a number; zero where it is none."""
    try:
        return Decimal(fact.exact)
    except InvalidOperation:
        return Decimal(0)


def _named(*names: str) -> Against:
    def against(pack: EvidencePack, _: str) -> Iterator[Fact]:
        yield from (pack.facts[name] for name in names if name in pack.facts and number(pack.facts[name]) > 0)

    return against


def _of_attribute(stat: str, *others: str) -> Against:
    def against(pack: EvidencePack, attribute: str) -> Iterator[Fact]:
        for fact in pack.facts.values():
            owner, _, name = fact.id.rpartition(".")
            if name == stat and attribute in ("", owner) and number(fact) > 0:
                yield fact
        if not attribute:
            yield from _named(*others)(pack, "")

    return against


def _not_capable(pack: EvidencePack, attribute: str) -> Iterator[Fact]:
    """Yield each index below one, and each signal: while a process is unstable no index is valid."""
    for fact in pack.facts.values():
        owner, _, name = fact.id.rpartition(".")
        low = name in ("ppk", "cpk") and number(fact) < CAPABLE
        unstable = name == "signals" and number(fact) > 0
        if attribute in ("", owner) and (low or unstable):
            yield fact


def _not_all_released(pack: EvidencePack, _: str) -> Iterator[Fact]:
    yield from _named(
        "census.rejected", "rejected.count", "census.pending", "census.terminated", "census.without_disposition"
    )(pack, "")


def _open_groups(pack: EvidencePack, attribute: str) -> Iterator[Fact]:
    """Yield how many groups of signals nobody disposed of; of one attribute where a group that is open names it."""
    for fact in pack.facts.values():
        group, _, name = fact.id.rpartition(".")
        if name != "groups_open" or number(fact) == 0:
            continue
        named = [f for key, f in pack.facts.items() if key.startswith(f"{group}.group_") and f.inputs.get("open")]
        if not attribute or any(attribute in f.inputs["attributes"] for f in named):
            yield fact


def _shifted(pack: EvidencePack, attribute: str) -> Iterator[Fact]:
    for fact in pack.facts.values():
        owner, _, name = fact.id.rpartition(".")
        if name in ("shift", "shifted", "shift_signals") and attribute in ("", owner) and number(fact) != 0:
            yield fact


_OUTSIDE = _of_attribute("outside", "oos.recomputed", "oos.count", "results.outside")
_THINGS = r"(?:results?|batch(?:es)?|lots?|values?|tests?|attributes?|parameters?|units?|samples?|data)"
_SPEC = r"(?:(?:its|their|the|all|registered|approved|in-house|acceptance) )*(?:specifications?|limits?|acceptance criteria|requirements?)"
_WITHIN = rf"(?:(?:with)?in|inside) {_SPEC}|(?:met|meets?|meeting|complied with|comply with|complies with|conformed to|conforms? to|satisf(?:y|ied|ies)|in (?:compliance|conformance|conformity) with) {_SPEC}|in specification|conform(?:ed|ing)|complying|compliant|passed|passing|satisfactory"  # fmt: skip
_SIGNALS = r"(?:signals?|groups? of signals|signal groups?|out-of-control points?|points beyond (?:the |their )?(?:control )?limits)"
_DISPOSED = (
    r"(?:assessed|evaluated|disposed of|dispositioned|investigated|reviewed|explained|closed|addressed|assigned|resolved)"
)
_NO = r"(?:no|zero|none of the|not (?:a single|one|any)|neither|without(?: any)?|0)"
_ALL = r"(?:all|every|each|100 ?%(?: of)?)(?: of)?(?: the)?(?: \w+){0,3}?"
_OOS = (
    r"(?:OOS|out[- ]of[- ]specification|outside (?:of )?"
    + _SPEC
    + r"|nonconform\w*|non-conform\w*|(?:out(?:side)?) of limits?|failing)"
)


def _claims(*rows: tuple[str, Against, str]) -> tuple[Claim, ...]:
    return tuple(Claim(re.compile(says, re.IGNORECASE), against, meaning) for says, against, meaning in rows)


CLAIMS = _claims(
    (rf"\b{_NO}\s+(?:\w+ ){{0,3}}?(?:(?:was|were|is|are|lay|fell|found|had been)\s+)?{_OOS}(?!\s+record)", _OUTSIDE, "no result outside its specification"),
    (rf"\b{_ALL} {_THINGS}(?: \w+){{0,4}}? (?:(?:was|were|are|is|lay|remained|fell|found|all)\s+)*(?:{_WITHIN})", _OUTSIDE, "all results within their specification"),
    (rf"\b{_THINGS} (?:(?:was|were|are|is|all|lay|remained)\s+)*(?:{_WITHIN})\b[^.;]{{0,40}}\bwithout (?:any )?exceptions?", _OUTSIDE, "all results within their specification"),
    (rf"\bwithout (?:any )?exceptions?\b[^.;]{{0,60}}(?:{_WITHIN})", _OUTSIDE, "all results within their specification"),
    (rf"\b(?:the )?(?:product|batch(?:es)?|results?|lots?) (?:(?:consistently|always|were|was|are|is|have|has|again)\s+)*(?:{_WITHIN})(?! (?:except|with the exception))", _OUTSIDE, "results within their specification"),
    (rf"\b{_NO} (?:\w+ ){{0,2}}?{_THINGS} (?:\w+ ){{0,2}}?(?:failed|exceeded|violated|breached|missed)", _OUTSIDE, "no result outside its specification"),
    (r"\b(?:in|under) (?:a )?(?:state of )?(?:statistical )?control\b(?! (?:chart|limit|plan|strategy|of|group|number))|\b(?:statistically )?stable (?:process|and|over)|\bprocess (?:was|is|remained|remains) (?:statistically )?stable\b|\bno (?:special[- ]cause|out-of-control|rule violations?|signals?)\b", _of_attribute("signals"), "in statistical control"),
    (r"\b(?:process|method|test|it|which) (?:was|is|remains|remained|has been shown to be|shown to be|proved|proven)?\s?(?:highly |fully )?capable\b|\bindex (?:is|was|remains) valid\b|\bcapab(?:le process|ility (?:index )?(?:was|is|remains?) (?:good|adequate|sufficient|satisfactory|acceptable|demonstrated|confirmed|excellent|valid))", _not_capable, "capable"),
    (rf"\b(?:all|every|each)(?: of)?(?: the)? (?:\w+ ){{0,3}}?{_SIGNALS}[^.;]{{0,40}}?\b(?<!not ){_DISPOSED}\b|\b(?:no|none of the|not a single|zero|without(?: any)?|neither) (?:\w+ ){{0,3}}?{_SIGNALS}[^.;]{{0,40}}?\b(?:open|outstanding|unassessed|undecided|unexplained|uninvestigated|to be assessed|not (?:yet )?{_DISPOSED})\b|\bno (?:open|outstanding|unassessed|undecided|unexplained|uninvestigated) (?:\w+ )?{_SIGNALS}", _open_groups, ASSESSED),
    (r"\b(?:no|without(?: any| an)?) (?:\w+ ){0,2}?(?:trends?|shifts?|drifts?)\b", _of_attribute("signals", "oot.count"), "no trend"),
    (r"\b(?:comparable|similar|equivalent|consistent|in line|unchanged)\b[^.;]{0,30}\b(?:previous|last|prior|preceding|earlier) (?:year|review|period)|\bno (?:significant )?(?:change|difference|shift)\b[^.;]{0,40}\b(?:previous|last|prior|preceding) (?:year|review|period)", _shifted, "comparable to the previous period"),
    (rf"\b(?:{_ALL}|{_NO}) (?:batch(?:es)?|lots?)\b[^.;,]{{0,40}}?\breleased\b", _not_all_released, "all batches released"),
    (r"\b(?:no|none of the|not a single|zero) (?:batch(?:es)?|lots?)\b[^.;,]{0,30}?\b(?:rejected|failed)\b|\bno (?:batch )?rejections?\b|\bno rejected\b", _named("census.rejected", "rejected.count"), "no batch rejected"),
    (r"\b(?:no|none of the|not a single) (?:batch(?:es)?|lots?)\b[^.;,]{0,30}?\breworked\b|\bno rework", _named("census.reworked"), "no batch reworked"),
    (r"\b(?:no|none of the|not a single) (?:batch(?:es)?|lots?)\b[^.;,]{0,30}?\breprocessed\b|\bno reprocess", _named("census.reprocessed"), "no batch reprocessed"),
    (r"\bno critical (?:or major )?deviations?\b", _named("deviation.class.critical"), "no critical deviation"),
    (r"\bno (?:critical or )?major (?:or critical )?deviations?\b", _named("deviation.class.major"), "no major deviation"),
    (r"\b(?:no|zero|without(?: any)?|not a single) deviations?\b", _named("deviation.count"), "no deviation"),
    (r"\b(?:no|without(?: any)?) (?:recurring|recurrent|repeat(?:ed)?) (?:deviations?|events?)\b|\bno recurrences?\b|\b(?:none|no deviation)\b[^.;]{0,20}\brecur", _named("deviation.recurring"), "no recurrence"),
    (r"\b(?:all|every) (?:\w+ )?deviations?\b[^.;]{0,30}?(?<!not )\bclosed\b|\bno (?:open|overdue) deviations?\b", _named("deviation.open_at_end"), "all deviations closed"),
    (r"\bno (?:confirmed|justified|substantiated) complaints?\b|\b(?:none of the|no) complaints?\b[^.;]{0,25}?\bconfirmed\b", _named("complaint.confirmed.yes"), "no complaint confirmed"),
    (r"\b(?:no|zero|without(?: any)?|not a single) complaints?\b(?! (?:was|were|has been|have been|is|are) (?:confirmed|open|justified))", _named("complaint.count"), "no complaint"),
    (r"\b(?:no|zero|without(?: any)?|not a single) (?:product )?recalls?\b", _named("recall.count"), "no recall"),
    (r"\b(?:no|zero|without(?: any)?) returns\b|\bno returned\b", _named("return.count"), "no return"),
    (r"\bno (?:open|overdue) (?:CAPAs?|actions?)\b|\b(?:all|every) (?:\w+ )?(?:CAPAs?|actions?)\b[^.;]{0,40}?\b(?:on time|in time|completed|by their due dates?|as planned)\b|\b(?:none of the|no) CAPAs?\b[^.;]{0,20}?\b(?:overdue|late)\b", _named("capa.overdue"), "no CAPA overdue"),
    (r"\b(?:all|every) (?:\w+ )?(?:CAPAs?|actions?)\b[^.;]{0,30}?(?<!not )\b(?:found |proved |proven )?effective\b", _named("capa.not_effective", "capa.without_effectiveness_check"), "all CAPAs effective"),
    (r"\bno (?:OOT|out-of-trend)\b", _named("oot.count"), "no out-of-trend result"),
    (r"\b(?:no|none of the|not a single|zero) (?:\w+ ){0,2}?pulls?\b(?: \w+){0,3}? (?:missed|missing|absent)\b|\bno (?:missed|missing) pulls?\b|\b(?:all|every|each)(?: of)?(?: the)? (?:\w+ )?pulls?\b[^.;]{0,30}?\b(?:as planned|on time|pulled|made|tested|performed|carried out)\b", _named("pulls.missed", "pulls.absent"), "no pull missed"),
    (r"\bno changes?\b(?! (?:in|of|was|is) (?:trend|significan))", _named("change_control.count"), "no change"),
)  # fmt: skip
TRIGGER = re.compile(  # no claim goes without one of these
    r"\b(?:no|none|all|every|each|without|not (?:a|any|one)|zero|neither|0|100 ?%|control|stable|valid|capab\w+|comparable|similar|equivalent|consistent|in line|unchanged|met|meets?|meeting|"
    r"within|inside|in specification|conform\w*|compl(?:y|ies|ied|ying|iant)|compliance|pass(?:ed|ing)|satisf\w+)\b",
    re.IGNORECASE,
)
