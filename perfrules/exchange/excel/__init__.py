"""Workbooks of Excel: cells written row by row in bounded memory, whatever is in them; xlsxwriter has its home here.

No text becomes a formula, a link or a number. What a workbook cannot hold is cut or left out, and counted, so that whoever writes it
can say so in it.
"""

from perfrules.exchange.excel.book import Book, Left, Sheet
from perfrules.exchange.excel.cells import Cell, Number, Tone, Value, aligned
from perfrules.exchange.excel.lists import HEAD, LINE, Heading, Listing, lines, page

__all__ = [
    "HEAD", "LINE", "Book", "Cell", "Heading", "Left", "Listing", "Number", "Sheet", "Tone", "Value", "aligned", "lines", "page",
]  # fmt: skip
