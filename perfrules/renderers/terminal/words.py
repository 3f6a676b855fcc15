"""Words for severities and outcomes."""

from collections.abc import Mapping

from perfrules.locale import Message, message
from perfrules.model import Severity

SEVERITIES: Mapping[Severity, Message] = {
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
