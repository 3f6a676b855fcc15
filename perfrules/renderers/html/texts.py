"""What the page says of itself: headings, labels and the names of its keys."""

from collections.abc import Mapping

from perfrules.locale import Message, message

PAGE: Mapping[str, Message] = {
    "findings": message("Findings"),
    "rules": message("rules"),
    "rule": message("rule"),
    "severity": message("severity"),
    "outcome": message("outcome"),
    "standing": message("standing"),
    "outcomes": message("outcomes"),
    "unit": message("unit"),
    "table": message("table"),
    "notices": message("notices"),
    "why": message("why"),
    "coverage": message("coverage"),
    "idle": message("rules that did not run"),
    "summary": message("summary"),
    "filters": message("filters"),
    "search": message("search"),
    "search_hint": message("text, figure, rule, place"),
    "group": message("grouped by"),
    "all": message("all"),
    "reset": message("reset"),
    "unfold": message("unfold all"),
    "fold": message("fold all"),
    "dark": message("light or dark"),
    "keys": message("/ search · j k next, previous · Enter unfold · Esc leave"),
    "formula": message("formula"),
    "guard": message("applies where"),
    "worked": message("with figures"),
    "remark": message("remark"),
    "hint": message("what to do"),
    "basis": message("basis"),
    "cells": message("cells"),
    "prepared": message("prepared by"),
    "reviewed": message("reviewed by"),
    "date": message("date"),
    "skip": message("to the findings"),
    "dataset": message("data"),
    "pack": message("rule pack"),
    "checked": message("checked"),
    "engine": message("engine"),
    "more": message("more"),
    "rounding": message("within rounding"),
    "verdicts": message("verdicts"),
    "largest": message("largest difference"),
    "league": message("units"),
    "missing": message("due and missing"),
    "broken": message("broken by units"),
}
"""Texts of the template, by name."""
STANDING_OF: Mapping[str, Message] = {
    "open": message("open"),
    "waived": message("waived"),
    "known": message("known"),
}
"""How findings stand to waivers and baselines."""
SCRIPT: Mapping[str, Message] = {
    "shown": message("{shown} of {all}", shown="{shown}", all="{all}"),
    "groups": message("{count} groups", count="{count}"),
    "printed": message(
        "printed: {shown} of {all} findings; narrow the filters to print others",
        shown="{shown}",
        all="{all}",
    ),
    "old": message("this browser is too old to show all findings; the gravest are shown"),
    "nothing": message("no finding is like this"),
    "none": message("none"),
}
"""Texts of the script, which puts the numbers in."""
