"""Two reports compared, as JSON, version 1.

An object with these members, in this order: ``version`` (1); ``old`` and ``new``, what ran, as ``run`` in a report; ``across``, the columns
in which the keys of one verdict may differ, such as ``year``; ``remarks_zh`` and
``remarks_en``, what must be known to read the rest; ``totals``, the number of changes by state; ``changes``; ``stopped``.

A change has ``state`` (``new``, ``changed``, ``unchecked``, ``waived``, ``resolved``, ``still``), ``pack``, ``rule``, ``title_zh``, ``title_en``,
``severity``, ``key``, ``column``, ``why_zh`` and ``why_en`` (why it is no longer checked or is
waived, else empty), ``old`` and ``new``: the verdict in
each report with ``outcome``, ``reason``, ``left``, ``right``, ``difference``, ``slack``, ``unit``, ``message_zh`` and ``message_en``, with
figures as in a report; or null, where that report does not keep one. ``stopped`` has the rules that do not run any more: ``rule``,
``title_zh``, ``title_en``, ``severity``, ``why_zh``, ``why_en``.
"""

import json
from typing import Any

from perfrules.comparison import STATES, Change, Comparison
from perfrules.comparison.schema import VERSION
from perfrules.findings import Finding
from perfrules.locale import LANGUAGES, word
from perfrules.renderers.json_v1 import both, figures, run

SUFFIXES = (".json",)


def render(comparison: Comparison, language: str = "") -> str:  # noqa: ARG001  # it speaks both
    """The comparison as JSON; ends with a line break."""
    made = {
        "version": VERSION,
        "old": run(comparison.old.run),
        "new": run(comparison.new.run),
        "across": list(comparison.across),
        **{
            f"remarks_{language}": [word(remark, language) for remark in comparison.remarks]
            for language in LANGUAGES
        },
        "totals": {state: len(comparison.of(state)) for state in STATES},
        "changes": [_change(change) for change in comparison.changes],
        "stopped": [
            {
                "rule": one.count.rule,
                **both("title", one.count.title),
                "severity": one.count.severity,
                **both("why", one.why),
            }
            for one in comparison.stopped
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    finding = change.finding
    return {
        "state": change.state,
        "pack": finding.pack,
        "rule": finding.rule,
        **both("title", finding.title),
        "severity": finding.severity,
        "key": dict(finding.key),
        "column": finding.column,
        **both("why", change.why),
        "old": _verdict(change.old),
        "new": _verdict(change.new),
    }


def _verdict(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        "outcome": finding.outcome,
        "reason": finding.reason,
        **figures(finding),
        "unit": finding.unit,
        **both("message", finding.message),
    }
