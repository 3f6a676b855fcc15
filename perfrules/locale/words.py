"""Words of the model as people read them: severities, outcomes, types."""

from collections.abc import Mapping

from perfrules.locale import Message, message

SEVERITIES: Mapping[str, Message] = {
    "error": message("error"),
    "warning": message("warning"),
    "info": message("information"),
}
OUTCOMES: Mapping[str, Message] = {
    "pass": message("pass"),
    "rounding": message("rounding"),
    "fail": message("fail"),
    "unknown": message("unknown"),
    "not-applicable": message("not applicable"),
}
TYPES: Mapping[str, Message] = {
    "money": message("money"),
    "ratio": message("ratio"),
    "points": message("percentage points"),
    "count": message("count"),
    "number": message("number"),
    "text": message("text"),
    "code": message("code"),
    "year": message("year"),
    "date": message("date"),
    "flag": message("yes or no"),
}
STATUS: Mapping[str, Message] = {
    "stable": message("stable"),
    "test": message("on trial"),
    "deprecated": message("deprecated"),
}
CERTAINTY: Mapping[str, Message] = {
    "certain": message("certain"),
    "unverified": message("unverified"),
}
TOLERANCES: Mapping[str, Message] = {
    "rounding": message("the rounding of what is printed"),
    "exact": message("none: exact"),
}
ABSENT: Mapping[str, Message] = {
    "complete": message("none may be absent; one above others is told"),
    "skip-if-no-parent": message("one above others may be; a sum that lacks it is not checked"),
    "children-le-parent": message("some below others may be; their sum is at most what is above"),
}
KINDS: Mapping[str, Message] = {
    "case": message("case"),
    "possible": message("possible"),
    "property": message("property"),
    "mutants": message("mutants"),
}
