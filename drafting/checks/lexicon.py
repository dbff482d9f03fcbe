"""What words say a reference is: the statistic, the counted thing, the field of a record. Data; English.

A figure that is right by itself is wrong for its sentence where the words beside it name something else. Only words that are
listed here are held against a reference; words that are not listed say nothing for or against it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

GAP = "§"  # stands for a reference where a sentence is read without what its references print


class Words(NamedTuple):
    """A pattern of words and the references that it fits, as a pattern of fact ids or field names."""

    fits: re.Pattern[str]
    words: re.Pattern[str]


def _table(*rows: tuple[str, str]) -> tuple[Words, ...]:
    return tuple(Words(re.compile(fits), re.compile(words, re.IGNORECASE)) for fits, words in rows)


STATISTICS = _table(  # the nearest one before a figure names its statistic
    (r"mean(?:_error)?|moved", r"\b(?:mean|average|averaged)\b(?! moving)"), (r"sd(?:_error)?", r"(?<!relative )\bstandard deviation\b|\bSD\b"),
    (r"rsd", r"\bRSD\b|\brelative standard deviation\b|\bcoefficient of variation\b"), (r"median", r"\bmedian\b"),
    (r"min", r"\b(?:minimum|lowest|smallest)\b|\brang(?:ed|es?|ing)(?: from)?\b|\bbetween\b"),
    (r"max", rf"\b(?:maximum|highest|largest)\b|(?:\brang(?:ed|es?|ing)(?: from)?|\bbetween) {GAP}[^;]{{0,60}}? (?:to|and)\b"),
    (r".*longest.*", r"\b(?:longest|oldest|slowest)\b"),
    (r"ppk(?:_\w+)?", r"\bPpk\b"), (r"rmse", r"\broot mean square(?: error)?\b"), (r"cpk", r"\bCpk\b"), (r"pp", r"\bPp\b"), (r"cp", r"\bCp\b"), (r"difference|moved", rf"{GAP} by\b|\b(?:chang|mov|shift|differ|increas|decreas|dropp)(?:ed|s) by\b|\b(?:rose|fell|up|down) by\b"), (r"normality_p|strata_p", r"\(p\b"),
    (r".+_low", r"\binterval\b(?: from)?"), (r".+_high", rf"\binterval\b(?: from)? {GAP} (?:to|and)\b"),
)  # fmt: skip

KINDS = _table(  # what a count counts: the words directly behind it, or before its colon
    (r".+\.n|census\.(?:made|.*disposition)|extent\..+|rejected\.count|history\.batches", r"\bbatch(?:es)?\b(?! (?:was|were) (?:released|rejected))"),
    (r".+\.n|.+\.lots\.count|(?:oos|results)\.judged|stability_result\.count", r"\b(?:results?|values?|measurements?)\b"),
    (r"oos\.(?:count|unrecorded)|linked\.oos", r"\b(?:OOS|out-of-specification)\b(?! result)"),
    (r"oot\.count", r"\b(?:OOT|out-of-trend)\b"),
    (r"deviation\.(?:count|recurring|open_at_end)|history\.(?:hits|own)", r"\bdeviations?\b"),
    (r"capa\.(?:count|overdue|without_effectiveness_check|not_effective)|linked\.capa", r"\bCAPAs?\b|\b(?:corrective|preventive) actions?\b"),
    (r"complaint\.count", r"\bcomplaints?\b"),
    (r"recall\.count", r"\brecalls?\b"),
    (r"change_control\.count", r"\bchanges?\b(?! of)"),
    (r"return\.count", r"\breturns\b"),
    (r"material_lot\.count", r"\blots?\b"),
    (r"equipment\.count", r"\bitems? of equipment\b"),
    (r"utility\.count", r"\butility\b"),
    (r"effect\.(?:compared|beyond)", r"\bcomparisons?\b"),
    (r"inspection_run\.count", r"\binspection runs?\b"),
    (r"model_prediction\.count|twin\..+", r"\bpredictions?\b"),
    (r"stability_result\.count", r"\bstability results?\b"),
    (r"event_log\.count", r"\bentr(?:y|ies)\b"),
    (r"variation\.count", r"\bvariations?\b"),
    (r".+\.(?:n|(?:baseline_)?signals)", r"\bpoints?\b"),
    (r".+\.(?:charted|frozen|compared|stratified|signalling|frozen_signalling|shifted|shifted_within|strata_differing|contradictory|correlated|correlation_tested|attributes)", r"\battributes\b"),
)  # fmt: skip
STATES = _table(  # in which state what is counted is
    (r".+\.signals", r"\bsignals?\b|\bpoints?\b"),
    (r".+\.outside|oos\.(?:recomputed|count)", r"\boutside\b|\bout of specification\b|\bfail(?:ed|ures?)?\b|\bexceed(?:ed|s)?\b|\bdid not (?:meet|comply|conform)|\bmissed (?:the|its|their) (?:limit|specification)"),
    (r"within", r"\b(?:inside|within)\b(?! (?:the |this )?(?:review )?(?:period|year))|\b(?:met|complied|conform(?:ed|ing)?|passed)\b"),
    (r"excursions\.alert", r"\balert (?:level|limit)"), (r"excursions\.action", r"\baction (?:level|limit)"),
    (r"oos\.unrecorded", r"\black(?:ed|s)?\b|\bwithout (?:an |any )?(?:OOS )?record|\bnot recorded\b|\bno (?:OOS )?record\b|\bunrecorded\b"),
    (r"deviation\.recurring", r"\brecur(?:red|ring|rences?)?\b|\brepeat(?:ed|s)?\b"),
    (r"(?:deviation|capa|complaint)\.closed", r"(?<!not )(?<!not yet )\bclosed\b(?! without)"),
    (r"deviation\.open_at_end|capa\.count", r"\bnot (?:yet )?closed\b|\b(?:still|remain(?:ed|s)?|were|was) open\b|\bopen at\b"),
    (r"capa\.overdue", r"\boverdue\b|\bpast (?:its|their|the) due\b|\blate\b"),
    (r"capa\.on_time", r"\b(?:before|by|within) (?:its|their|the) due\b|\b(?:on|in) time\b"),
    (r"capa\.without_effectiveness_check", r"\bwithout (?:an? )?effectiveness\b|\bno effectiveness\b|\beffectiveness (?:was )?not checked\b"),
    (r"capa\.not_effective", r"\bnot effective\b|\bineffective\b"),
    (r"capa\.effective", r"(?<!not )\beffective\b"),
    (r"census\.released|.*disposition\.released", r"\breleased\b"),
    (r"(?:census\.)?rejected(?:\.count)?|.*disposition\.rejected", r"\brejected\b"),
    (r"census\.pending|.*disposition\.pending", r"\bpending\b|\bon hold\b|\bawait"),
    (r"census\.terminated|rejected\.count|.*disposition\.terminated", r"\bterminated\b|\babandoned\b"),
    (r"census\.reworked|.*\.reworked\..+", r"\breworked\b"),
    (r"census\.reprocessed|.*\.reprocessed\..+", r"\breprocessed\b"),
)  # fmt: skip
COUNTED = (*KINDS, *STATES)
DENIAL = re.compile(r"\b(?:not|never|neither|nor)\b(?! (?:more|less|later|earlier|only|exceed))|n't\b", re.IGNORECASE)

_UNDATED = r"(?!.*(?:_on|_at|_due|date|_from|_until)$).+"  # "closed 2020-08-26", but also "closed 5 of them"
FIELDS = _table(  # directly before a value: which field of a record it is
    (r"batch|batches|first_batch|.*_batch", r"\bbatch:?\s*$|(?<!all )\bbatches:?\s*$"), (r"first_batch", r"\bfirst batch:?\s*$"),
    (r"occurred_(?:at|on)", r"\boccurred(?: at| on)?\s*$"), (r"detected_(?:at|on)", r"\b(?:detected|discovered|noticed)(?: at| on)?\s*$"),
    (r"reported_(?:at|on)", r"\breported(?: at| on)\s*$"), (r"effective_on|effective_from", r"\b(?:effective|(?:took|takes) effect|c[ao]me into force)(?: on| from| since)?\s*$"),
    (r"opened_on", r"\bopened on\s*$"), (rf"opened_on|{_UNDATED}", r"\bopened\s*$"), (r"closed_on", r"\bclosed(?: on)\s*$"), (rf"closed_on|{_UNDATED}", r"\bclosed\s*$"), (r"received_on", r"\breceived on\s*$"), (rf"received_on|{_UNDATED}", r"\breceived\s*$"),
    (r"submitted_on|proposed_on", r"\b(?:filed|submitted)(?: it| them)? on\s*$"), (rf"submitted_on|proposed_on|{_UNDATED}", r"\b(?:filed|submitted)(?: it| them)?\s*$"),
    (r"proposed_on", r"\bproposed on\s*$"), (r"approved_on", r"\bapproved on\s*$"), (r"decided_on", r"\bdecided on\s*$"), (r"released_on|.*date", r"\breleased on\s*$"),
    (r"signed_on", rf"\bsigned(?: with {GAP})? on\s*$"), (r"(?:expires|expired|ends|ended|valid)_(?:on|until)|.*expir\w+|.*_to|.*_until|.*_end", r"\b(?:runs|valid|in force) until\s*$|\bexpires(?: on)?\s*$"),
    (r".*audit\w*|audited_on", r"\baudit(?:ed)?(?: took place| was (?:held|made|carried out))? on\s*$"), (r"effectiveness_due_on", r"\b(?:verified|checked) by\s*$"),
    (r"(?:.*_)?due_on|.*_due", r"\bdue(?: on| date)?\s*$"), (r"calibration_due", r"\bcalibration due\s*$|\bdue for calibration(?: on)?\s*$|\bcalibrated until\s*$"), (r"requalification_due", r"\brequalification due\s*$|\bdue for requalification(?: on)?\s*$"),
    (r"qualification_status", r"\bqualification status\s*$"), (r"mbr_version", r"\bmaster batch record\s*$"), (r"stage", r"\bat stage\s*$"),
    (r"lower_limit", r"\b(?:not less than|NLT|at least|lower limit(?: of)?)\s*$"), (r"upper_limit", r"\b(?:not more than|NMT|at most|upper limit(?: of)?)\s*$"),
    (r"outcome", r"\boutcome(?: as recorded)?:?\s*$"), (r"assignable_cause", r"\bassignable cause(?: as recorded)?:?\s*$"), (r"rule", r"\bby the rule\s*$"),
    (r"reason", r"\breason(?: as recorded)?:?\s*$"), (r"recurring_of|deviation", r"\b(?:recurrence|repeat) of\s*$"), (r"cause_status", r"\bstatus of the cause is recorded as\s*$"),
    (r"immediate_action", r"\bimmediate action as recorded:\s*$"), (r"sop", r"\brequirement is stated in\s*$"), (r"class|disposition", r"\bwas recorded as\s*$"),
    (r"limit_text", r"\bagainst(?: the limit)?\s*$"), (r".*period_from|history\.from|change_control|deviation|capa|oos|oot|complaint|from|.*\.min|opened_on|.*_at|.*_on|.*date|.*_limit|.*_low|supplier\w*|manufacturer|party|site|source|country|origin|batch", r"(?:^|[\s(])(?:from|beside)\s*$"),
    (r"result\..+|result", rf"\bbatch {GAP} (?:gave|showed|had|yielded)\s*$"),
    (r".+\.(?:shifted|strata_differing)", r"\bthe means of\s*$"),
    (r".*rejected(?:_units|\.count)?", r"\brejected\s*$"), (r".*released(?:_on|_at)?", r"\breleased\s*$"),
    (r"product", r"\bof product\s*$"), (r".*\.(?:attribute|mean|median|sd|ppk\w*|cpk\w*)|attribute|result", r"\b(?:mean|average|results?|chart|Ppk|Cpk) of\s*$"),
    (r".*\.rate|.*\.per_million", r"\bthat is\s*$"), (r".*_(?:at|on|date|due)|date|line|area|room|.+\..+", r"(?<!recorded )\bon\s*$"),
    (r"root_cause", rf"\broot cause of {GAP}:\s*$"), (r"title|name|description|text|reason", rf"^{GAP}:\s*$"), (r"name", rf"\bEquipment {GAP}:\s*$"),
    (r"description", rf"\bAs recorded in {GAP}:\s*$"), (r"supplier", r"\bsupplier\s*$"), (r"lot_id|.*lot|batch|.*_batch", r"\blot\s*$"),
)  # fmt: skip
PERIOD_END = re.compile(r"^\s*(?:to|until|through)\s*$")
NO_ATTRIBUTE = re.compile(r"(?:\b(?:was|is|from|to|over|with|found|shows|gave)|\bdeviation of|^Of)\s*$")
PERIOD_ENDS = re.compile(r".*period_to|history\.to|to|.*_limit|.*\.max|.*_high|.*_at|.*_on|.*date|census\.last_.*|.*_until")
LIMITS = re.compile(r"limits?\b|f[ae]ll(?:s|ing)? short of|short of|specification|against|not less than|not more than|\bNLT\b|\bNMT\b|acceptance|criteri\w+|requir\w+|allowed|permitted|at least|at most|specified", re.IGNORECASE)  # fmt: skip
RESULTS = re.compile(
    r"\b(?:results?|gave|measured|found|mean|average|averaged|ranged|obtained|yielded|values?|lowest|highest|minimum|maximum|smallest|largest|came to)\b",
    re.IGNORECASE,
)
WEAK = re.compile(r"\b(?:was|were|is|are)\b", re.IGNORECASE)  # speaks of a result where no limit is spoken of


@lru_cache(maxsize=2048)  # without what references print, sentences of one kind read the same
def nearest_statistic(before: str) -> tuple[int, Words] | None:
    """Return where the last word that names a statistic ends, and its row."""
    named = [(m.end(), row) for row in STATISTICS for m in row.words.finditer(before)]
    return max(named, key=lambda found: found[0]) if named else None


@lru_cache(maxsize=8192)  # as above
def said_in(table: tuple[Words, ...], text: str) -> tuple[Words, ...]:
    """Return the rows of a table that the words name."""
    return tuple(row for row in table if row.words.search(text))


def said_words(text: str, words: re.Pattern[str]) -> str:
    """Return the words of a row as they stand in a text, for a message."""
    found = [m[0] for m in words.finditer(text)]
    return (found[-1] if found else text).split(GAP)[0].strip()
