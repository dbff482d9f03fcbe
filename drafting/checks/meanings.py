"""What each computed figure is of, as features that the words of a sentence name: kind, state, statistic, scope. Data; English.

A feature is `near` where it belongs to the figure beside it ("mean", "released"), and is otherwise shared by the figures of a sentence
("deviations", "previous year"). A figure has the features of all rows that its id fits; behind a question mark stand those that may go unsaid.
"""

import re
from functools import lru_cache
from typing import NamedTuple

GAP = "§"


class Feature(NamedTuple):
    """The words that name a feature, whether they belong to the nearest figure, and what kind of words they are."""

    words: re.Pattern[str]
    near: bool
    axis: str


def _features(axis: str, *rows: tuple[str, str], near: bool) -> dict[str, Feature]:
    return {name: Feature(re.compile(words, re.IGNORECASE), near, axis) for name, words in rows}


KINDS = _features(
    "kind",
    ("batch", r"\bbatch(?:es)?\b"), ("deviation", r"\bdeviations?\b(?<!standard deviation)(?<!standard deviations)|\bevents?\b"), ("oos", r"\bOOS\b|\bout-of-specification\b"),
    ("rejection", r"\breject\w*|\bloss(?:es)?\b"), ("oot", r"\bOOT\b|\bout-of-trend\b"), ("capa", r"\bCAPAs?\b|\bactions?\b(?! (?:level|limit))"), ("complaint", r"\bcomplaints?\b"), ("recall", r"\brecalls?\b"),
    ("change", r"\bchange controls?\b|\bchanges?\b(?! (?:of|in|by)\b)"), ("lot", r"\blots?\b"), ("equipment", r"\bequipment\b|\bitems?\b|\bregister\b"), ("utility", r"\butilit(?:y|ies)\b"),
    ("specification", r"\bspecifications?\b"), ("stability", r"\bstability\b|\btime points?\b"), ("pull", r"\bpulls?\b|\btrend\b|\bline\b"), ("log", r"\blog\b|\bentr(?:y|ies)\b"),
    ("prediction", r"\bpredictions?\b"), ("inspection", r"\binspection\b|\bmachines?\b|\bpeople\b|\bhuman\b|\bkits?\b"), ("attributes", r"\battributes\b"), ("result", r"\bresults?\b|\bvalues\b|\bmeasurements\b"),
    ("comparison", r"\bcomparisons?\b"), ("distributed", r"\bdistribut\w+|\bunits\b|\bsold\b|\bmarket\b"), ("group", r"\bgroups?\b|\bclusters?\b|\bruns?\b"),
    near=False,
)  # fmt: skip
SCOPES = _features(
    "scope",
    ("previous", r"\b(?:previous(?:ly)?|prior|preceding|last (?:year|period|review)|year before|period before|before it|batches before|beside|against the (?:period|year)|earlier|fr[eo]e?ze\w*|frozen|too few values)\b"),
    ("frozen", r"\b(?:frozen|fr[eo]e?ze\w*|baseline|phase I)\b|\b(?:last year's|previous|earlier|approved|existing) (?:control )?limits\b"), ("interval", r"\b(?:interval|confidence|true (?:rate|value|mean|share))\b|\bexclude"), ("shelf", r"\bshelf\b|\bsupports?\b|\bbound\b|\bdata\b|\bextrapolat\w+"),
    ("level", r"\blevel\b|(?P<at>§)(?= (?:confidence|interval)\b)"), ("history", r"\b(?:history|earlier|previous|look\w* back|window|past|search\w*)\b"), ("effect", r"\b(?:changes?|after|before|since|from the first batch)\b"),
    ("capability", r"\bcapab\w+|\b[PC]pk\b|\bind(?:ex|ices)\b"), ("twin", r"\b(?:models?|predict\w*|twins?|errors?|versions?)\b"), ("moving_range", r"\bmoving ranges?\b"), ("drift", r"\b(?:drift\w*|EWMA)\b"),
    near=False,
)  # fmt: skip
_FAIL = r"\boutside\b|\bout of (?:specification|limits?)\b|\bfail(?:ed|ures?|s|ing)?\b|\bexceed(?:ed|s|ing)?(?: the| its| their) (?:\w+ )?(?:limit|specification)\w*|\bdid not (?:meet|comply|conform)|\b(?:missed|breached|violated)\b(?! (?:its|their|the) (?:due|deadline|target date))|\bout of limits?\b|\bfailures?\b"
STATISTICS = _features(
    "statistic",
    ("mean", r"\bmeans?\b|\baverage[ds]?\b(?! moving)|(?P<at>§) ?±"), ("sd", r"(?<!relative )\bstandard deviations?\b|\bSD\b|± ?(?P<at>§)"), ("rsd", r"\bRSD\b|\brelative standard deviation\b|\bcoefficient of variation\b"),
    ("median", r"\bmedian\b|\bhalf of (?:them|these)\b"), ("min", r"\b(?:minim(?:um|al)|min\b|lowest|smallest|least|weakest|softest|thinnest|lightest|worst)\b|\bat least (?=§)"), ("max", r"\b(?:maxim(?:um|al)|max\b|highest|largest|greatest|hardest|thickest|heaviest|peak(?:ed)?|worst|best)\b|\b(?:never|not) exceeded\b|\bat most (?=§)|\bnot exceed\b|\bup to (?=§)"),
    ("longest", r"\b(?:longest|slowest|oldest)\b|\bat most (?=§)|\bno (?:later|longer|more) than (?=§)|\bup to (?=§)"), ("ppk", r"\bPpk\b"), ("cpk", r"\bCpk\b"), ("rmse", r"\broot mean square\b"),
    ("difference", rf"\b(?:by|altered by|lower by|higher by) (?={GAP})|\bdifferences?\b|\b(?:shift|change) (?:amounts|is|was|of)\b|\b(?:moved|rose|fell|increased|decreased|dropped|altered|declined|diminished|grew|shrank)\b(?!(?: \w+)? from §)"), ("p", r"\bp(?: ?[=<]| (?=§)| of)|\bp-value\b|\bnormal\w*\b"),
    ("lag", r"\b(?:auto)?correlat\w+\b|\bneighbour\w*"), ("rate", r"\brates?\b|\bper\b|\bcorrespond\w*|\bthat is\b"), ("ratio", r"\bratio\b|\btimes as\b|\bof what it (?:was|had been)\b"), ("share", r"\bshare\b|\bproportion\b"),
    ("supported", r"\bsupport(?:s|ed)\b|\bshelf li(?:fe|ves)\b|\bmeets the limit\b"), ("longest_data", r"\bdata (?:of|over|up to|from)\b"), ("extrapolation", r"\bextrapolat\w+"),
    ("away", r"\baway\b"),
    near=True,
)  # fmt: skip
COUNTED = _features(
    "counted", ("count_of", r"\bbatch(?:es)?\b|\bresults\b|\bvalues\b|\bpoints\b|\bmeasurements?\b|\bn ="), near=True
)
STATES = _features(
    "state",
    ("released", r"\breleased\b|\brelease\b(?! (?:was|were|is|had been) (?:refused|denied))|\bleft the site\b|\bshipped\b|\bmarketed\b"), ("rejected", r"\breject(?:ed|ions?)\b|\brefused\b|\bturned away\b|\bloss(?:es)?\b|\bc[ao]me to nothing\b"), ("pending", r"\bpending\b|\bon hold\b|\bawait\w*"), ("terminated", r"\bterminated\b|\babandoned\b"),
    ("reworked", r"\breworked\b"), ("reprocessed", r"\breprocessed\b"), ("without_disposition", r"\bwithout (?:a )?disposition\b|\bno disposition\b"),
    ("made", r"\b(?:made|manufactured|produced|in total|a total of)\b"), ("outside", _FAIL), ("signals", r"\bsignal(?:s|led)?\b(?! groups?\b)|\b(?:above|over|past) (?:the |their |its )(?:\w+ )?limits?\b|\bbeyond (?:the |their |its )?(?:\w+ )?limits?\b|\bout-of-control\b|\bpoints\b"),
    ("signalling", rf"\bsignal(?:led|ling|ing)\b|\bsignals?\b[^.;{GAP}]{{0,30}} (?:for|of|from|in|on) (?P<at>{GAP})|\b(?:gave|give|show(?:s|ed)?|had|have) signals\b"), ("charted", r"\bchart(?:s|ed)?\b|\bsignal\w*|\bcontrol limits\b"), ("contradictory", r"\bcontradict\w*"), ("shifted", r"\bshift(?:s|ed)?\b|\bmoved\b|\bmeans? of\b|\bchanged\b"),
    ("compared", r"\bcompar(?:ed|isons?)\b|\bshift(?:s|ed)?\b|\bmoved\b|\bbeyond chance\b"), ("correlated", r"\b(?:auto)?correlat\w+\b|\bneighbour\w*"), ("tested", r"\btested\b|\b(?:auto)?correlat\w+|\bneighbour\w*"), ("judged", r"\brecomput\w+|\brecalculat\w+|\bjudged\b|\bevaluated\b|\bhave a limit\b"),
    ("unrecorded", r"\black(?:ed|s)?\b|\bwithout (?:an |any )?(?:OOS )?record\b|\b(?:no|not) (?:OOS )?record(?:ed)?\b|\bno OOS record\b|\bhave no\b"), ("recurring", r"\brecur\w*|\brepeat\w*|\bagain\b|\bc[ao]me back\b|\breappear\w*|\bre-?occur\w*"), ("closed", r"\bclos(?:ed|ing|e)\b(?! without)"),
    ("open", r"\bawait\w*|\boutstanding\b|\bunresolved\b|\bnot (?:yet )?closed\b|\bopen\b|\bremain(?:ed|ing|s)?\b|\bunclosed\b"), ("overdue", r"\boverdue\b|\bpast (?:its|their|the) due\b|\blate\b|\bran out\b|\bexpired\b|\bdate up to the end\b|\bmissed (?:its|their|the) (?:due date|deadline|target date)\b|\bpast\b(?! (?:year|period))"),
    ("unchecked", r"\bwithout (?:an? )?(?:effectiveness|check)\b|\bno effectiveness\b|\beffectiveness (?:was )?not checked\b|(?:\beffectiveness )?\bcheck (?:was |is )?missing\b|\bmissing\b"), ("ineffective", r"\bnot effective\b|\bineffective\b"),
    ("not_due", r"\bnot (?:yet )?due\b|\bdue only after\b"), ("due_soon", r"\bsoon\b|\bfalls? due\b|\bbecomes? due\b|\bdue from then\b|\bdue until\b"), ("calibration", r"\bcalibrat\w+"), ("requalification", r"\brequalif\w+"), ("alert", r"\balert\b"), ("action", r"\baction (?:level|limit)"),
    ("missed", r"\bmissed\b"), ("beyond_chance", r"\bdiffer\w*|\bbeyond (?:\w+ )?chance\b|\bmore than chance\b"), ("gap", r"\bgaps?\b"), ("first_group", r"\blargest\b"), ("second_group", r"\b(?:next|second)\b"),
    ("own", r"\bconcern\w*|\b(?:same|this|that|own) product\b|\bof the product\b"), ("changed", r"\bchanged\b"), ("without_control", r"\bwithout\b"), ("unlocked", r"\bunlocked\b|\bnot locked\b|\block\w*"), ("failing", r"\bfail\w*|\boutside\b"),
    ("periods", r"\bover\b|\bquarters?\b|\bmonths?\b"), ("chart", r"\bchart\w*"), ("followed", r"\b(?:followed|measured|evaluated)\b"),
    ("third_group", r"\bthird\b"), ("human", r"\b(?:human|people|persons|inspectors?)\b"), ("kit", r"\bkits?\b|\btest sets?\b"), ("immaterial", r"\bby less\b|\bwithin\b"), ("disposed", r"\bdispos(?:ed|als?|itioned)\b"), ("spread", r"\bspread\w*|\bscatter\w*|\bdispersion\b|\bvariab\w+|\bstandard deviations?\b"), ("tail", r"\bchance\b|\bprobab\w+|\blies? as far out\b|\breach\w*"), ("changed_since", r"\bchanged\b|\bno longer\b"), ("named_by", r"\bnamed?\b|\binvolved\b|\bconcerned\b|\baffected\b|\bused\b|\bmentioned\b"), ("usual", r"\busual\w*|\bcustomary\b|\bnorm(?:al|ally)\b|\blonger than\b"), ("took", r"\btook\b|\btaken\b|\bwait\w*|\bopen\b|\blasted\b|\bneeded\b|\brequired\b"), ("tighter", r"\btighter\b|\bstricter\b|\bnarrower\b|\binternal\b"), ("no_index", r"\bindex\b|\bneed\w*|\btoo few\b"),
    ("inspected", r"\binspected\b"), ("false", r"\bfalse\w*|\bproved good\b"), ("good", r"\beffective\b"), ("approved", r"\bapproved\b"), ("received", r"\breceived\b"), ("unmeasured", r"\bunmeasured\b|\bwithout (?:a )?measure\w+|\bnot measured\b"),
    ("kept_to", r"\bkept\b|\bwithin\b"), ("unlinked", r"\bwithout\b|\bno CAPA\b"), ("linked", r"\blink\w*"), ("opened_later", r"\bopened (?:only )?(?:after|later)\b|\blater\b"), ("by_chance", r"\bby chance\b|\bwould\b|\bexpect\w*"), ("not_compared", r"\bnot (?:be )?compared\b"),
    ("censored", r"\b(?:less|more|below|above) (?:or more )?than a number\b|\bcensored\b|\bquantitation\b|\bwithout a number\b"), ("without_result", r"\bwithout (?:a |any )?results?\b|\bno results?\b|\bnot (?:tested|measured)\b"),
    ("within_limit", r"\bwithin\b|\b(?:met|complied|conform(?:ed|s|ing)?)\b"), ("without_row", r"\bwithout (?:a |any )?(?:row|record|entry|result)s?\b|\bno (?:row|record|entry|result)s?\b|\babsent\b|\bmissing\b"), ("looser", r"\blooser\b|\bwider\b"),
    ("not_approved", r"\bnot approved\b|\bunapproved\b"), ("without_cause", r"\bwithout (?:an? |any )?(?:assignable )?cause\b|\bno (?:assignable )?cause\b"),
    ("as_far", r"\bas far\b"), ("started", r"\bstarted\b"), ("current", r"\b(?:this (?:year|period|review)|now|current(?:ly)?)\b"),
    near=True,
)  # fmt: skip
DATES = _features(
    "date",
    ("month", r"\bmonths?\b|\bran\b|\bproduction\b|\bmanufacture (?:began|started|ended)\b|\bstarted in\b"), ("first", r"\bfirst\b"), ("last", r"\blast\b(?! (?:year|period|review))"),
    ("start", rf"\b(?:from|between) (?={GAP})|\b(?:starting|beginning|begins?|began|since)\b"), ("end", r"\b(?:until|through|end(?:s|ed|ing)?)\b"),
    near=True,
)  # fmt: skip
PSEUDO = _features(
    "end",
    ("low", rf"\bas low as (?={GAP})|\bbeginning at (?={GAP})"),
    (
        "high",
        rf"\bnot exclude\b|\b(?:up to|not more than|no more than|not over|at most) (?={GAP})|\bas high as (?={GAP})|\bending at (?={GAP})",
    ),
    ("whole", "(?!)"),
    ("part", "(?!)"),
    near=True,
)
FEATURES = {**KINDS, **SCOPES, **STATISTICS, **COUNTED, **STATES, **DATES, **PSEUDO}

OPPOSITES = {  # of a state or value that the words leave unnamed: words that deny it
    name: re.compile(words, re.IGNORECASE)
    for name, words in (
        ("ineffective", r"(?<!not )(?<!in)\beffective\b"), ("unchecked", r"\bwith an? effectiveness\b"), ("overdue", r"\bbefore (?:its|their|the) due\b|\b(?:in|on) time\b"),
        ("open", r"(?<!not )(?<!yet )\bclosed\b"), ("outside", r"\b(?:inside|met|meets?|complied|conform(?:s|ed))\b"), ("pending", r"\breleased\b"), ("released", r"\brejected\b"), ("rejected", r"\breleased\b"),
        ("value not confirmed", r"(?<!not )\bconfirmed\b"), ("value critical", r"\b(?:major|minor)\b"), ("value major", r"\b(?:critical|minor)\b"), ("value minor", r"\b(?:critical|major)\b"),
    )
}  # fmt: skip

_PLAIN = """
    about above query queries according across added after against also although among amounted another because been before being
    below between both came case cases check checks come comes concerning counted customer customers does done during
    each either every figure figures force found from gave give given gives handled have having held hence here into
    itself kept known least left less limit limits list listed lists located made manufacture many more most much
    namely none noted number numbered numbering numbers observed obtained occur occurred once only open opened other
    others over overall period periods present product products raised rated reached received record recorded records
    remained report reported respectively review reviewed same scope section seen sent several shall shown shows since
    site some starting still stood such table take taken takes than that their them then there these they this those
    through throughout thus time times together told took total totals under until upon used very were what when where
    whereas which while whole with within would year years comprise comprises form formed material materials affected
"""
_FUNCTION = """
    addition again almost already alone along altogether always another anyone anything apart around away back became become
    besides beyond briefly could cover covered covers despite down either else elsewhere enough even ever except fact few
    following further furthermore hardly hence however indeed instead just later likewise mainly may maybe meanwhile
    mere might moreover mostly must namely near nearly neither never nevertheless nor notably nothing now off often
    otherwise ought our ours out particularly per perhaps plus practically quite rather really regarding roughly sat shall
    should similarly simply somewhat soon stand stands still sure thereby therefore thereof though thus together too
    toward towards unless unlike upon usually via well went whatever whenever wherever whether whose why without would yet
"""  # of the closed classes of English: they tie words and say nothing of a figure
PLAIN = frozenset((_PLAIN + _FUNCTION).split())  # words of a report that say nothing of what a figure is

ROWS = tuple(
    (re.compile(fits), tuple(said.split()))
    for fits, said in (
        (r"report\.period_from", "start low? first?"), (r"report\.period_to", "end high? last?"), (r"before\.period_from", "previous start low?"), (r"before\.period_to", "previous end high?"),
        (r"history\.from", "history start low?"), (r"equipment\.soon_until", "equipment? due_soon end? high?"), (r"history\.to", "history end high?"), (r"census\.first_batch", "batch first"), (r"census\.last_batch", "batch last"), (r"census\.first_month", "month first low? start?"), (r"census\.last_month", "month last high? end?"),
        (r"census\.made", "batch made? whole? rate? count_of?"), (r"census\.released", "batch released part? count_of?"), (r"census\.rejected", "batch rejected part? count_of?"), (r"census\.pending", "batch pending part? count_of?"), (r"census\.terminated", "batch terminated part? count_of?"),
        (r"census\.reworked", "batch reworked part? count_of?"), (r"census\.reprocessed", "batch reprocessed part? count_of?"), (r"census\.without_disposition", "batch without_disposition part? count_of?"),
        (r"rejected\.count", "batch rejected terminated? part? count_of?"), (r"rejected\.(?!count).+", "rejection"), (r"deviation\..+", "deviation"), (r"oos\..+", "oos"), (r"oot\..+", "oot"), (r"capa\..+", "capa"), (r"complaint\..+", "complaint"),
        (r"recall\..+", "recall"), (r"change_control\..+", "change"), (r"material_lot\..+", "lot count_of?"), (r"equipment\..+", "equipment"), (r"utility\.count", "utility"), (r"specification\.count", "specification"),
        (r"stability_result\..+", "stability result? count_of?"), (r"pulls\..+", "pull"), (r"event_log\..+", "log"), (r"model_prediction\..+|model_versions\..+", "prediction?"), (r"inspection_run\..+|inspection\..+", "inspection"),
        (r"(?:deviation|oos|oot|complaint|capa|change_control|recall|material_lot|stability_result|equipment)\.count", "whole?"), (r"oos\.count", "outside?"),
        (r"\w+\.\w+\.(?!chart|close|signals|rate).+", "part?"), (r".+\.rate", "rate"), (r".+\.per_million", "rate"), (r".+\.(?:rate|per_million|human_share|kit_share)_low", "interval low"), (r".+\.(?:rate|per_million|human_share|kit_share)_high", "interval? high"),
        (r".+\.chart\.signals", "signals rate? chart?"), (r".+\.periods", "periods chart?"), (r".+\.closed", "closed part?"), (r".+\.close\.median", "median closed?"), (r".+\.close\.longest", "longest closed max?"),
        (r".+\.open_longest", "open longest max?"), (r"deviation\.recurring", "recurring part?"), (r".+\.open_at_end", "open part?"), (r"recurred\.count", "recurring capa? deviation?"),
        (r"capa\.overdue", "overdue part?"), (r"capa\.without_effectiveness_check", "unchecked closed? part?"), (r"capa\.check_not_yet_due", "not_due unchecked? part?"), (r"capa\.not_effective", "ineffective part?"),
        (r"\w+\.censored(?:_\w+)?", "censored result? part? count_of?"), (r"\w+\.censored_within", "within_limit"), (r"\w+\.censored_outside", "outside"), (r"\w+\.without_result", "without_result batch? part? count_of?"),
        (r"(?!(?:oos|results|materials|process|quality|twin)\.)\w+\.judged", "result? batch? whole? judged? count_of?"), (r"pulls\.absent", "without_row pull?"), (r"limits\.looser(?:_\d+\.\w+)?", "looser? result? stability? count_of?"), (r"limits\.looser_\d+\.outside", "outside part?"),
        (r"oos\.released_outside", "released outside batch?"), (r"oos\.released_\d+\.result", "result? released? outside?"), (r"oos\.without_cause", "without_cause oos? result? part?"),
        (r"lots\.rejected_used", "lot rejected part? count_of?"), (r"lots\.not_approved_used", "lot not_approved part? count_of?"), (r"lots\.used_\d+\.batches", "batch lot? whole? count_of?"), (r"lots\.used_\d+\.released", "released batch? lot? part? count_of?"),
        (r"\w+\.no_source", "word known"), (r"stability(?!\.no_source)\..+", "stability"), (r"stability\.judged", "result whole? judged? compared? count_of?"), (r"stability\.outside", "outside part? result? count_of?"), (r"stability\.unrecorded", "unrecorded part? outside?"), (r"oos\.judged", "judged result whole? count_of?"), (r"oos\.recomputed", "outside result? judged? part? count_of?"), (r"oos\.unrecorded", "unrecorded part? outside?"), (r"excursions\.alert", "alert"), (r"excursions\.action", "action"),
        (r"equipment\.overdue", "overdue part? calibration? requalification?"), (r"equipment\.calibration_overdue", "overdue calibration"), (r"equipment\.requalification_overdue", "overdue requalification"), (r"equipment\.due_soon", "due_soon part?"),
        (r"distribution\.units", "distributed rate?"), (r"pulls\.missed", "missed"), (r"pulls\.trend\.n", "result? whole? compared? judged? stability? count_of?"), (r"pulls\.trend\.outside", "outside part? result? stability? count_of?"), (r"event_log\.gaps", "gap"), (r"event_log\.longest_gap", "gap longest max?"),
        (r"\w+\.attributes", "attributes followed?"), (r"\w+\.charted", "attributes charted whole?"), (r"\w+\.spread", "attributes? spread part? compared? changed?"), (r".+\.tail_reached", "tail"), (r".+\.index_missing", "no_index result? count_of?"), (r"\w+\.baselines_changed", "frozen changed_since approved? attributes? part?"), (r"(?!materials\.approved$)\w+\.approved", "approved frozen? attributes? chart? part?"), (r"equipment\.named", "named_by equipment? whole? part?"), (r"late\.usual", "usual"), (r"late\.took_\d+", "took longest? max? deviation?"), (r"linked\.complaint", "complaint linked? part? whole?"), (r".+\.baseline_lower", "low"), (r".+\.baseline_upper", "high"), (r".+\.baseline_centre", "mean?"), (r"\w+\.signalling", "attributes signalling signals? part? charted?"), (r"\w+\.contradictory", "attributes contradictory part?"),
        (r"\w+\.shifted", "attributes shifted part? mean? compared?"), (r"(?!effect)\w+\.compared", "attributes compared whole?"), (r"\w+\.correlated", "attributes correlated part? lag? tested?"), (r"\w+\.correlation_tested", "attributes tested correlated? whole?"),
        (r"\w+\.all\.signals", "signals chart? count_of?"), (r"\w+\.frozen\..+|\w+\.frozen(?:_\w+)?|.+\.baseline_\w+", "frozen"), (r"\w+\.frozen(?:_\w+)?", "attributes?"), (r"\w+\.frozen\.signals|.+\.baseline_signals", "signals"), (r".+\.baseline_signals", "batch? result? count_of?"), (r"\w+\.groups", "group"), (r"\w+\.group_1", "group first_group max? signals? count_of?"), (r"\w+\.group_2", "group second_group signals? count_of?"),
        (r"\w+\.groups_open", "group open"), (r"\w+\.groups_tied", "group"), (r"deviation\.carried", "before? open? closed?"), (r"shelf_life\.\d+\.(?:censored|seldom)", "result? count_of?"), (r"\w+\.groups_disposed", "group disposed"), (r"\w+\.shifted_within", "attributes shifted immaterial difference? part?"), (r"lots\..*received", "lot received whole? count_of?"), (r"lots\..*rejected", "lot rejected part? count_of?"),
        (r"lots\..*share_high", "lot share interval? high?"), (r"linked\.without", "deviation unlinked capa? part?"), (r"linked\.(?:capa|oos)", "linked part?"), (r"deviation\.opened_later", "opened_later part?"), (r"recurred\.effective", "recurring good capa? part?"),
        (r"effect\.by_chance", "comparison by_chance"), (r"effect\.not_compared", "change not_compared"), (r".+\.(?:rate|per_million)_level", "level? interval"), (r"twin\.(?:.+\.)?unmeasured", "unmeasured"), (r"twin\..+\.within", "prediction kept_to part?"), (r"twin\..+\.judged", "prediction judged? whole?"),
        (r"inspection\..+\.inspected", "inspected whole?"), (r"inspection\..+\.rejected_units", "rejected part?"), (r"inspection\..+\.false_rejects", "false rejected? part?"), (r"inspection\..+\.false_rate", "false rate? share?"), (r"materials\.approved", "approved attributes? frozen?"),
        (r"\w+\.group_[3-9]", "group third_group"), (r"(?:materials|process|quality)\.judged", "attributes judged"), (r"(?:materials|process|quality)\.failing", "attributes failing"), (r"(?:materials|process|quality)\.results\.n", "result count_of whole? judged?"), (r"(?:materials|process|quality)\.results\.outside", "outside result? part? count_of?"),
        (r"results\.judged", "result count_of whole? judged?"), (r"results\.outside", "outside result? part? count_of?"), (r"history\.(?:hits|own)", "history deviation"), (r"history\.own", "own part?"), (r"history\.hits", "whole?"), (r"history\.batches", "batch started? history whole? count_of?"), (r"history\.rate.*", "history? rate"), (r"history\.rate_(?:low|high)", "interval? max?"),
        (r"capability\.least", "capability"), (r"capability\.capable", "capability"), (r"before\.level", "level"), (r"effect\.compared", "comparison compared? whole?"), (r"effect\.beyond", "comparison beyond_chance compared? part?"), (r"effect\.without", "comparison without_control"),
        (r"effect\..+\..+\.difference(?:_low|_high)?", "effect difference change?"), (r"shelf_life\.\d+\.supported", "shelf supported"), (r"shelf_life\.\d+\.\w+_p", "shelf p"), (r"shelf_life\.\d+\.tighter", "shelf? tighter supported?"), (r"shelf_life\.\d+\.longest", "shelf longest_data longest? max?"), (r"shelf_life\.\d+\.extrapolation_ends", "shelf extrapolation"), (r"shelf_life\.\d+\.results", "shelf result count_of?"),
        (r"recent\..+", "previous"), (r"recent\..+\.n", "batch"), (r"recent\..+\.as_far", "as_far"), (r"recent\..+\.away", "away sd?"), (r"model_versions\.changed", "changed"), (r"model_versions\.without_control", "without_control"), (r".+\.unlocked_versions", "unlocked"),
        (r"(?:(?!shelf_life|effect|inspection|history|oos|oot|rejected|deviation|complaint|before|capability|report)\w+|recent\..+)\.(?:mean|previous_mean)", "mean result?"), (r".+\.previous_\w+", "previous"), (r".+\.previous_n", "batch count_of?"),
        (r".+\.sd", "sd"), (r".+\.rsd", "rsd"), (r".+\.median", "median"), (r".+\.min", "min low? result? start? whole?"), (r".+\.max", "max high? result? end? longest? whole?"), (r".+\.ppk(?:_\w+)?", "ppk capability?"), (r".+\.cpk(?:_\w+)?", "cpk capability?"),
        (r".+\.(?:ppk|cpk|ppk_percentile|difference|sd_ratio|moved)_low", "interval low"), (r".+\.(?:ppk|cpk|ppk_percentile|difference|sd_ratio|moved)_high", "interval high"), (r".+\.(?:difference|moved)(?:_\w+)?", "difference shifted? previous?"), (r".+\.sd_ratio(?:_\w+)?", "ratio"),
        (r".+\.normality_p", "p"), (r".+\.lag_one", "lag correlated?"), (r"(?!.*\.(?:results|trend)\.)(?!shelf|history|inspection).+\.n", "count_of batch? result? whole? lot?"), (r"(?!\w+\.results)\w+\.outside", "outside part? batch? result? count_of?"), (r"(?!.*\.(?:all|frozen|chart|drift|lots|ranges)\.)[\w.-]+\.signals", "signals part? chart? batch? result? count_of?"), (r".+\.lots\.count", "lot whole? count_of?"), (r".+\.lots\.signals", "lot signals part? chart? count_of?"),
        (r".+\.ranges\..+|.+\.range_\w+", "moving_range"), (r".+\.ranges\.signals|.+\.range_signals", "signals"), (r".+\.ranges\.signalling", "attributes signalling signals? part?"), (r".+\.[cp]pk_lots.*", "lot"), (r".+\.[cp]pk_lots_low", "interval low"), (r".+\.[cp]pk_lots_high", "interval high"),
        (r".+\.drift\.signals", "drift signals"), (r".+\.(?:mean_error|sd_error)", "twin"), (r".+\.mean_error", "mean"), (r".+\.sd_error", "sd"), (r".+\.rmse", "rmse"), (r".+\.predictions", "prediction"), (r"result\..+", "result? count_of?"), (r".+\.human_.+", "human"), (r".+\.kit_.+|.+\.kits", "kit"), (r".+\.extrapolation_ends", "extrapolation"),
    )
)  # fmt: skip


_COUNTS = re.compile(
    r".+\.count|census\.made|.+\.n|history\.(?:hits|batches)|\w+\.attributes|\w+\.groups|effect\.compared|.+\.predictions|lots\..+|twin\..+\.judged|\w+\.results\.n|distribution\.units|result\..+|(?:\w+)\.(?:\w+)\.(?!chart|close)[^.]+|report\..+"
)


@lru_cache(maxsize=8192)
def features_of(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the features that the words must name for a figure, and those that they may; a figure of no row is named by the word of its id."""
    said = [feature for fits, features in ROWS if fits.fullmatch(name) for feature in features]
    if all(f.endswith("?") or (f in FEATURES and FEATURES[f].axis == "kind") for f in said) and not _COUNTS.fullmatch(name):
        said += [f"word {word}" for word in name.rpartition(".")[2].split("_")[:1] if not word.isdigit()]
    needed = frozenset(f for f in said if not f.endswith("?"))
    return needed, frozenset(f.rstrip("?") for f in said) - needed
