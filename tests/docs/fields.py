"""What each member of the JSON report means, part by part; a member without a meaning fails the build of the documentation."""

from collections.abc import Mapping

_PACK = {"pack": "id of the pack", "rule": "id of the rule"}
_TITLES = {"title_zh": "the rule's title in Chinese", "title_en": "the same in English"}
_SEVERITY = {"severity": "the rule's severity"}

FIELDS: Mapping[str, Mapping[str, str]] = {
    "run": {
        "perfrules": "version of perfrules",
        "pack": "id of the pack",
        "pack_version": "its version",
        "pack_title_zh": "its title in Chinese",
        "pack_title_en": "the same in English",
        "dataset": "title of the dataset, or the name of its folder; empty for frames",
        "engine": "what evaluated the rules",
        "started": "when, ISO 8601 in UTC",
        "seconds": "how long it took",
        "tables": "number of rows, by table",
    },
    "summary": {
        **_PACK,
        **_TITLES,
        **_SEVERITY,
        "rows": "number of verdicts; the five below add up to it",
        "pass": "verdicts that are pass",
        "rounding": "verdicts that are rounding",
        "fail": "verdicts that are fail",
        "unknown": "verdicts that are unknown",
        "not_applicable": "verdicts that are not applicable",
    },
    "findings": {
        **_PACK,
        **_TITLES,
        **_SEVERITY,
        "outcome": "the outcome",
        "reason": "why it is unknown, as `--allow-unknown` names it; else empty",
        "key": "key of the row, by column",
        "column": "what `for` put in; else empty",
        "left": "left side of the comparison that decided",
        "right": "its right side",
        "difference": "left minus right",
        "slack": "how far rounding, or the tolerance, allows them to be apart",
        "unit": "unit of these four",
        "formula": "the assertion as written, with what `for` put in",
        "message_zh": "the finding in a Chinese sentence",
        "message_en": "the same in English",
        "notes_zh": "what else must be said: cut off, loosened, unlikely",
        "notes_en": "the same in English",
        "hint_zh": "what to do, by the rule",
        "hint_en": "the same in English",
        "cells": "the cells that the verdict rests on",
        "left_exact": "the fraction behind `left`, only if that does not end",
        "right_exact": "likewise",
        "difference_exact": "likewise",
        "slack_exact": "likewise",
    },
    "findings.cells": {
        "table": "id of the table",
        "key": "key of its row, by column",
        "column": "id of the column",
        "title_zh": "title of the column in Chinese",
        "title_en": "the same in English",
        "printed": "what is printed there, with its unit; empty for a blank cell",
        "origin": "where it is printed",
    },
    "findings.cells.origin": {
        "file": "file, or name of the frame",
        "section": "section of the document, or sheet",
        "row": "row of the file, counted from 1 with its heading",
        "column": "heading as printed",
        "quote": "the words around the figure",
    },
    "notices": {
        "code": "diagnostic code",
        "level": "`blocking` changes the exit code, `advice` does not",
        "message_zh": "what happened and what to do, in Chinese",
        "message_en": "the same in English",
        "rules": "ids of the rules that it is about",
        "table": "the table that it is about; else empty",
        "where": "file and place; else empty",
    },
}
