"""``dataset.yaml`` and mapping files of long facts, as strict models (read by the loader, used by the readers)."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from perfrules.locale import message
from perfrules.tables import Identifier, Model, WrittenError


class TableSource(Model):
    """Where a table comes from.

    Attributes:
        file: File name inside the dataset's folder.
        table: Name of a table of the dataset's database, with its schema before a point where it needs one.
        sheet: Sheet of a workbook; the first visible one if left out.
        header: Row that holds the headings, counted from 1; rows above it are skipped.
        encoding: Encoding of a text file, where it must not be detected.
        unit_of_measure: Unit of the table's money, over that of the dataset.
        units: Unit by column, over that of the table.
        columns: Column id by printed heading, where the pack does not know the heading.
        origin: Section of the document that the table was taken from.
        quotes: CSV file with one column per column of the table, holding the words around each figure, row by row.
        constants: Values of columns that the file does not print, such as the unit and the year.
    """

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["file"]}, {"required": ["table"]}]}
    )

    file: str = ""
    table: str | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1)] = 1
    encoding: str | None = None
    unit_of_measure: str | None = None
    units: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    origin: str = ""
    quotes: str | None = None
    constants: dict[Identifier, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if bool(self.file) == (self.table is not None):
            raise WrittenError(
                message(
                    "a table comes from one {file}, or from one {table} of the database",
                    file="file",
                    table="table",
                )
            )
        return self


class FactsSource(Model):
    """One long file of figures, and the file that says which of them is which cell."""

    file: str
    map: str
    encoding: str | None = None


class Due(Model):
    """Whose figures are due, so that a report can say who is missing.

    Attributes:
        column: The column of keys that names them; ``unit`` or the first text of every key if left out.
        units: Their names.
        file: A file inside the dataset's folder that lists them: its column of that name, or else its first.
        every_year: Whether each is due in every year of the data.
    """

    column: Identifier | None = None
    units: tuple[str, ...] = ()
    file: str = ""
    every_year: bool = False


class DatasetFile(Model):
    """A ``dataset.yaml`` file.

    Attributes:
        database: The address of the database that its tables are in.
        waivers: Files of waivers inside the dataset's folder.
        due: Whose figures are due.
    """

    pack: str | None = None
    title: str = ""
    database: str | None = None
    unit_of_measure: str | None = None
    tables: dict[str, TableSource] = Field(default_factory=dict)
    facts: FactsSource | None = None
    waivers: str | list[str] = Field(default_factory=list)
    due: Due | None = None

    @property
    def waiver_files(self) -> tuple[str, ...]:
        """The files of waivers, one or several."""
        return (self.waivers,) if isinstance(self.waivers, str) else tuple(self.waivers)


class FactRow(Model):
    """A row of a table that facts make: its key, and for each column which fact stands there.

    A fact is named by its place, item and measure, in this order, or by ``fact_id`` alone.
    """

    key: dict[Identifier, str]
    cells: dict[Identifier, list[str] | str]


class FactsMap(Model):
    """A mapping file: which (place, item, measure) is which cell of which table.

    Attributes:
        columns: Which columns of the facts file hold what; the values are headings.
        tables: Rows by table. Key columns that are not named in a row (unit, year) are taken from the facts.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    tables: dict[str, list[FactRow]]

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = {"place", "item", "measure", "value", "unit", "decimals", "quote", "fact_id"}
        for name in self.columns:
            if name not in known:
                raise WrittenError(
                    message(
                        "{name} is not one of {allowed}", name=name, allowed=tuple(sorted(known))
                    ),
                    "columns",
                )
        return self
