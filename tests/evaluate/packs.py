"""Packs written on the spot, and the verdicts of every engine on them."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from perfrules.dataset import Dataset
from perfrules.evaluate import engines, reference
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.readers import read_frames
from perfrules.verdicts import OUTCOMES

Cells = Sequence[Mapping[str, str | None]]


def loaded(tables: str, rules: str) -> Pack:
    """A pack of ``tables:`` and ``rules:`` as YAML; its faulty rules are left out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_text(f"pack: test\n{tables}", "utf-8")
        (folder / "all.rules.yaml").write_text(f"rules:\n{rules}", "utf-8")
        return load_pack(folder)


def pack_of(tables: str, rules: str) -> Pack:
    """A pack of ``tables:`` and ``rules:`` as YAML; every fault is an error of the test."""
    pack = loaded(tables, rules)
    assert not pack.faults, [str(fault) for fault in pack.faults]
    return pack


def data_of(pack: Pack, tables: Mapping[str, Cells]) -> Dataset:
    """A dataset of printed cells."""
    frames = {
        name: pl.DataFrame(list(rows), schema=dict.fromkeys(pack.tables[name].columns, pl.String))
        for name, rows in tables.items()
    }
    return read_frames(frames, pack.tables)


def by_reference(pack: Pack, dataset: Dataset) -> dict[tuple[str, int], str]:
    """Outcome by (rule, row), from the reference alone."""
    index = Index(dataset)
    found = {}
    for sheet in bind(pack, dataset).sheets:
        laid = lay(sheet, dataset)
        for bound in sheet.rules:
            for row in range(laid.keys.height):
                verdict = reference.evaluate(bound.rule, laid.row(index, row), bound.slack)
                found[bound.rule.id + bound.rule.column, row] = verdict.code.outcome
    return found


def by_polars(pack: Pack, dataset: Dataset) -> dict[tuple[str, int], str]:
    """Outcome by (rule, row), from the lowered code of every rule; asks the reference only where the engine does."""
    index = Index(dataset)
    found = {}
    for sheet in bind(pack, dataset).sheets:
        laid = lay(sheet, dataset)
        made = engines.schema_of(sheet, laid, index)
        for bound, check in zip(sheet.rules, made.rule_checks, strict=True):
            codes = check.codes(laid.frame.lazy()).collect()["code"]
            for row, code in enumerate(codes):
                found[bound.rule.id + bound.rule.column, row] = OUTCOMES[code]
    return found


def lowered(pack: Pack, dataset: Dataset) -> dict[str, bool]:
    """For each rule, whether it has a native form on polars."""
    return {
        bound.rule.id: engines.lowered_or_none(bound, lay(sheet, dataset).shapes) is not None
        for sheet in bind(pack, dataset).sheets
        for bound in sheet.rules
    }


def counts(outcomes: Mapping[tuple[str, int], str]) -> dict[str, dict[str, int]]:
    """Outcomes of each rule, counted."""
    totals: dict[str, dict[str, int]] = {}
    for (rule, _), outcome in outcomes.items():
        of_rule = totals.setdefault(rule, dict.fromkeys(OUTCOMES, 0))
        of_rule[outcome] += 1
    return totals


def batched_counts(pack: Pack, dataset: Dataset) -> dict[str, dict[str, int]]:
    """Outcomes of each rule as the batched pandera backend counts them."""
    totals: dict[str, dict[str, int]] = {}
    for found in engines.evaluate(bind(pack, dataset), dataset):
        for position, *numbers in found.verdicts.counts.select("rule", *OUTCOMES).iter_rows():
            rule = found.sheet.rules[position].rule
            totals[rule.id + rule.column] = dict(zip(OUTCOMES, numbers, strict=True))
    return totals
