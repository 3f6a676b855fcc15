"""Ledgers that were filled in, read back as waivers: one for every row in which a reason was chosen."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from perfrules.errors import DataError, Diagnostic
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import LANGUAGES, Message, message, word
from perfrules.readers import excel
from perfrules.renderers.ledger import INPUTS, MARKS
from perfrules.values import frozen
from perfrules.waivers import REASONS, Waiver, WaiverBlock, reason_of, waiver_of

_LOOKED = 20
"""Rows that are looked at for the headings."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_AGAIN = message(
    "write one with perfrules check -o ledger=PATH, and leave its headings and its last columns as they are"
)
_FIRST = date(1899, 12, 30)
"""The day that Excel counts from."""


def read(path: Path) -> tuple[Waiver, ...]:
    """The waivers of a ledger.

    Raises:
        DataError: It is no ledger, or a row that was filled in has a fault; with every fault.
    """
    found: list[Waiver] = []
    faults: list[Diagnostic] = []
    headed = False
    for name, rows in excel.grids(path).items():
        sheet = _headed(path, name, rows)
        if sheet is None:
            continue
        headed = True
        for row in range(sheet.head + 1, len(rows)):
            try:
                found += sheet.waiver(row)
            except DataError as error:
                faults += error.diagnostics
    if not headed:
        what = message(
            "{file} is no ledger: no sheet has the headings {names}", file=str(path), names=MARKS
        )
        raise DataError([Diagnostic("PR469", what, None, _AGAIN)])
    if faults:
        raise DataError(faults)
    return tuple(found)


def _headed(path: Path, name: str, rows: excel.Grid) -> "_Sheet | None":
    """A sheet with the headings of a ledger; None if it has none.

    Raises:
        DataError: Columns that are filled in are gone.
    """
    titles = {
        word(title, language): part for part, title in INPUTS.items() for language in LANGUAGES
    }
    titles |= {mark: mark.rpartition(":")[2] for mark in MARKS}
    for at, row in enumerate(rows[:_LOOKED]):
        texts = [str(cell).strip() for cell in row]
        if set(MARKS) <= set(texts):
            places = {titles[text]: place for place, text in enumerate(texts) if text in titles}
            gone = tuple(
                title for part, title in INPUTS.items() if part not in places and part != "status"
            )
            if gone:  # without its column a reason would be passed over
                what = message(
                    "{file} {cell}: the columns {names} are gone",
                    file=str(path),
                    cell=name,
                    names=gone,
                )
                raise DataError([Diagnostic("PR469", what, None, _AGAIN)])
            return _Sheet(path, name, rows, at, places)
    return None


@frozen
class _Sheet:
    """A sheet of a ledger.

    Attributes:
        path, name: The file, and the name of the sheet.
        rows: Its cells.
        head: The row of its headings.
        places: The column of each part of a waiver.
    """

    path: Path
    name: str
    rows: excel.Grid
    head: int
    places: Mapping[str, int]

    def waiver(self, row: int) -> Sequence[Waiver]:
        """The waiver of a row, if a reason was chosen.

        Raises:
            DataError: It has faults.
        """
        chosen = self.text(row, "reason")
        if not chosen:
            return ()
        faults = [*self._reason(row, chosen), *self._signed(row)]
        block, others = self._block(row, chosen)
        if faults or others or block is None:
            raise DataError(faults or others)
        where = f"{self.path}:{self.name}!{_letters(0)}{row + 1}"
        return (waiver_of(block, self.text(row, "pack"), where),)

    def text(self, row: int, part: str) -> str:
        """What a cell holds, as text."""
        value = self._value(row, part)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    def _value(self, row: int, part: str) -> excel.Value:
        at = self.places.get(part)
        cells = self.rows[row]
        return "" if at is None or at >= len(cells) else cells[at]

    # ---- its parts --------------------------------------------------------------------------------------------------------

    def _block(self, row: int, chosen: str) -> tuple[WaiverBlock | None, list[Diagnostic]]:
        """What the row says, as strictly as a block of a file of waivers."""
        told = {
            name: self.text(row, name)
            for name in ("rule", "column", "numbers", "text", "by", "approved_by", "evidence")
        }
        days = {name: self._day(row, name) for name in ("date", "expires")}
        try:
            key = json.loads(self.text(row, "key"))
            block = WaiverBlock.model_validate(
                told | days | {"key": key, "reason": reason_of(chosen)}
            )
        except json.JSONDecodeError:
            return None, [self._fault(row, "key", _ALTERED)]
        except ValidationError as error:
            parts = dict.fromkeys(
                str(one["loc"][0]) if one["loc"] else "rule" for one in error.errors()
            )
            return None, [self._fault(row, part, _ALTERED) for part in parts]
        return block, []

    def _reason(self, row: int, chosen: str) -> Iterator[Diagnostic]:
        if reason_of(chosen) is None:
            names = [name for label in REASONS.values() for name in (label.zh, label.en) if name]
            hint = meant_or_listed(chosen, names)
            yield self._fault(row, "reason", message("{text} is no reason", text=chosen), hint)
        elif reason_of(chosen) == "other" and not self.text(row, "text"):
            yield self._fault(row, "text", message("another reason is to be told in words"))

    def _signed(self, row: int) -> Iterator[Diagnostic]:
        """Who explained it, and when; and whether the days can be read."""
        if not self.text(row, "by"):
            yield self._fault(row, "by", message("who is responsible is not said"))
        for name in ("date", "expires"):
            text = self.text(row, name)
            if not text and name == "date":
                yield self._fault(row, name, message("the date is not said"))
            elif text and self._day(row, name) is None:
                yield self._fault(
                    row,
                    name,
                    message(
                        "{text} is not a date such as {example}", text=text, example="2026-06-30"
                    ),
                )

        begins, ends = self._day(row, "date"), self._day(row, "expires")
        if begins and ends and ends < begins:
            yield self._fault(row, "expires", message("it ends before the date of explanation"))

    def _day(self, row: int, part: str) -> date | None:
        """A date, whether it is held as one, as the number of a day, or as a text."""
        value = self._value(row, part)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            if isinstance(value, float) and 1 < value < 100_000:
                return _FIRST + timedelta(days=int(value))
            match = _DAY.fullmatch(str(value).strip())
            return date(*map(int, match.groups())) if match else None
        except ValueError:
            return None

    def _fault(self, row: int, part: str, what: Message, hint: Message | None = None) -> Diagnostic:
        at = f"{self.name}!{_letters(self.places.get(part, 0))}{row + 1}"
        return Diagnostic(
            "PR469",
            message("{file} {cell}: {what}", file=str(self.path), cell=at, what=what),
            None,
            hint,
        )


_ALTERED = message(
    "what perfrules wrote here was changed: take the row from the ledger as it was written"
)


def _letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
