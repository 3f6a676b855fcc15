from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.errors import PackError
from perfrules.loader import load_pack

PACK = """\
pack: p
tables:
  t:
    title: {zh: 支出表, en: Spending}
    key: [unit, year]
    columns:
      unit: {type: text}
      year: {type: year}
      total: {type: money, decimals: 2, title: {zh: 合计, en: Total}, aliases: [支出合计]}
      basic: {type: money, decimals: 2, title: 基本支出}
      项目: {type: money, decimals: 2, aliases: [小计（一）]}
      rate: {type: ratio, unit: '%'}
  o:
    key: [unit, year]
    columns: {unit: {type: text}, year: {type: year}, actual: {type: money}}
  d:
    key: [unit, year, name]
    columns: {unit: {type: text}, year: {type: year}, name: {type: text}, actual: {type: money}}
params:
  limit: {value: 20%}
  bands: {steps: [{le: 10%, score: 5}, {else: 0}]}
"""
HEAD = "table: t\nrules:\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a pack folder: ``write(rules, pack=…)``; texts or bytes; rules go under the head of a file."""

    def made(rules: str | bytes = "", pack: str | bytes = PACK, head: str = HEAD) -> Path:
        whole = head + rules if isinstance(rules, str) and rules else rules
        for name, text in (("pack.yaml", pack), ("a.rules.yaml", whole)):
            if text:
                (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return made


@pytest.fixture
def told(write: Write) -> Callable[..., tuple[str, ...]]:
    """The faults of a pack as lines, the first of which is ``refused`` or says which rules are faulty."""

    def lines(rules: str | bytes = "", **parts: str | bytes) -> tuple[str, ...]:
        folder = write(rules, **parts)
        try:
            pack = load_pack(folder)
            head, faults = " ".join(pack.faulty), pack.faults
        except PackError as error:
            head, faults = "refused", error.diagnostics
        return (head, *(str(fault).replace(f"{folder}/", "") for fault in faults))

    return lines


@pytest.fixture
def pack() -> str:
    """The text of a sound pack."""
    return PACK
