"""Whether words only seem to claim something: denied, asked, excepted, conditional, required, or what others are said to have said. Pure."""

import re

_PART = re.compile(r"[.;](?:\s|$)")
_NUMBER = r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|some|several|a few"
_THING = rf"(?:{_NUMBER}|those|these|batch(?:es)?|lots?|results?|values?|units?|samples?|deviations?|events?|complaints?|recalls?|CAPAs?|OOS|[A-Z]{{2,6}}-[\w-]+|described|listed|mentioned|named)"
_DOUBLE = re.compile(
    r"\b(?:cannot|can not|could not|must not|should not) be (?:denied|doubted|disputed|contested)\b|\b(?:no|without) (?:reason to |room for )?doubt\b|\bnot only\b|\bnot in doubt\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|cannot|never|n't|whether|if|unless|until|in order to|to (?:show|ensure|verify|confirm|demonstrate|assess|check|establish)|should|must|shall|would|could|required|no evidence"
    r"|it is false|wrong to|doubtful|in case|provided(?: that)?|as long as|assuming|failed to|unable to)\b[^.;,]{0,50}$"
    r"|(?:^|,\s)had\s$|\b(?:hardly|scarcely|nearly|almost|not quite)\s(?:all\s|every\s|any\s)?$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:according to|in the (?:opinion|view|words) of)\b[^.;]*$"
    r"|\b(?:suppliers?|operators?|laborator(?:y|ies)|manufacturers?|customers?|vendors?|contractors?|wholesalers?|previous report|last report|inspectors?|patients?|they)\s+(?:\w+\s+){0,2}?"
    r"(?:states?|stated|said|reports?|reported|claims?|claimed|assumes?|assumed|believes?|believed|told|wrote|asserts?|asserted)\b[^.;]*$"
    r"|\b(?:claimed|alleged|asked|assumed|expected|planned|intended|hoped|foreseen)\s+(?:that|if|whether)\b[^.;]*$"
    r"|\b(?:requires?|demands?|prescribes?|aim|goal|target|objective|requirement|intention)\b(?: is| was)?(?: that)?\s[^.;,]{0,40}$",
    re.IGNORECASE,
)
_EXCEPTED = re.compile(
    rf"(?:\bexcept(?:ing)?|\b(?:with the|and one) exceptions? of|\bother than|\bapart from|\baside from|\bsave(?: for)?|\bexcluding|\bbesides|\bbar)\s+(?:for\s+)?(?:the\s+|an?\s+)?(?:[\w-]+\s+){{0,2}}?{_THING}(?![\w])"
    rf"|\b(?:all|every\w*) but (?:{_NUMBER})\b|\b(?:all|every) [\w ]{{1,40}}\bbut (?:{_NUMBER})\b|\bbut (?:{_NUMBER})\b(?! (?:was|were|had|is|are)\b)",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:may|must|shall|should|can|will|would|could|might)\b", re.IGNORECASE)


def is_denied(text: str, start: int) -> bool:
    """Tell whether the words before a place deny what is said there, ask for it, make it a condition or say it for others."""
    before = _DOUBLE.sub(" ", _PART.split(text[max(0, start - 150) : start])[-1])
    return _DENIED.search(before) is not None or _REPORTED.search(before) is not None


def is_qualified(text: str, start: int, end: int) -> bool:
    """Tell whether a claim is denied or only asked for, or names what it does not hold for."""
    begins = max([0, *(m.end() for m in _PART.finditer(text, 0, start))])
    ends = next((m.start() for m in _PART.finditer(text, end)), len(text))
    modal = _MODAL.search(text[start:end])
    return is_denied(text, start) or modal is not None or _EXCEPTED.search(text[begins:ends]) is not None
