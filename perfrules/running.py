"""Where a check runs: in memory, in DuckDB or Spark over the same frames, or where the data is: in a database, in Spark."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import field
from pathlib import Path
from typing import Any, Literal, Protocol, cast, get_args

from perfrules.dataset import Dataset
from perfrules.dataset.shown import Shown, first
from perfrules.errors import Diagnostic, UsageError
from perfrules.evaluate import engines
from perfrules.evaluate.blocks import parted
from perfrules.findings import Finding, explain
from perfrules.findings.blocks import BlockVerdicts, refused, told
from perfrules.locale import message
from perfrules.manifest import DatasetFile
from perfrules.notices import Notice
from perfrules.plan import Columns, Gone, Plan, Sheet, columns_of, gone_from
from perfrules.report import Report
from perfrules.tables import Table
from perfrules.values import frozen, mutable
from perfrules.verdicts import OUTCOMES

Engine = Literal["polars", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
"""The engines that check data in memory."""
Progress = Callable[[int, int, int, int], None]
"""Called with the number of rules evaluated so far and of all, and likewise of rows, which count for each grain of the rules."""
AnyVerdicts = engines.SheetVerdicts | BlockVerdicts
_LIBRARIES = frozenset({"duckdb", "ibis", "narwhals", "psycopg", "pyarrow", "sqlglot"})
_OF_SPARK = frozenset({"grpc", "pandas", "py4j", "pyspark"})


def silent(_rules: int, _all_rules: int, _rows: int, _all_rows: int) -> None:
    """Tell nobody how far a check has come."""


class _Ticker:
    """Tells how far a check has come."""

    def __init__(
        self, sheets: Sequence[Sheet], heights: Mapping[str, int], progress: Progress
    ) -> None:
        self._rules = sum(len(sheet.rules) for sheet in sheets)
        self._rows = sum(heights[table] for sheet in sheets for table in sheet.base)
        self._done = self._seen = 0
        self._progress = progress
        self.tell(0, 0)

    def tell(self, rules: int, rows: int) -> None:
        """So many more rules and rows are done; where tables share keys, or are read twice, there are fewer or more than thought."""
        self._done += rules
        self._seen = min(self._seen + rows, self._rows)
        self._progress(self._done, self._rules, self._seen, self._rows)


@frozen
class Found:
    """What an evaluation found.

    Attributes:
        sheets: The verdicts of sheets, with what is needed to explain them.
        read: What was remarked when the data was read.
        blocks: The verdicts of sheets over tables that are read in blocks, in words already.
        refused: On rules that could not be evaluated there.
    """

    sheets: tuple[engines.SheetVerdicts, ...]
    read: tuple[Notice, ...]
    blocks: tuple[BlockVerdicts, ...] = ()
    refused: tuple[Notice, ...] = ()

    @property
    def verdicts(self) -> tuple[AnyVerdicts, ...]:
        """The verdicts of all sheets."""
        return (*self.sheets, *self.blocks)

    @property
    def details(self) -> tuple[Finding, ...]:
        """The kept verdicts in words."""
        return (*explain(self.sheets), *(said for sheet in self.blocks for said in sheet.details))


@mutable
class Shelves:
    """What is kept ready for the next run.

    Attributes:
        memory: Sheets that are judged in memory.
        remote: Sheets that are judged in a database; None before the first.
        queries: What is asked of tables before they are judged.
    """

    memory: engines.Shelf = field(default_factory=engines.Shelf)
    remote: Any = None  # its module imports libraries that are an extra
    queries: dict[str, Any] = field(default_factory=dict)

    def of_databases(self) -> Any:
        """The sheets that are judged in databases."""
        if self.remote is None:
            from perfrules.evaluate.remote import Shelf  # noqa: PLC0415  # an extra

            self.remote = Shelf()
        return self.remote


class Place(Protocol):
    """Where a check runs, and what it knows of the data."""

    @property
    def engine(self) -> str:
        """What reports call it."""

    @property
    def name(self) -> str:
        """The name of the data."""

    @property
    def columns(self) -> Columns:
        """The columns of the tables, by table."""

    @property
    def heights(self) -> Mapping[str, int]:
        """The number of rows, by table."""

    @property
    def gone(self) -> Gone:
        """Finds keys that are due and absent."""

    @property
    def hashes(self) -> Mapping[str, str]:
        """The SHA-256 of the files that were read, by name."""

    @property
    def shown(self) -> Shown:
        """The first rows of its tables, as far as they are in memory."""

    def evaluate(
        self, plan: Plan, limit: int, progress: Progress, shelves: Shelves, unit: str = ""
    ) -> Found:
        """Evaluate a plan."""


@frozen
class InMemory:
    """A dataset in memory, checked by one of :data:`ENGINES`."""

    dataset: Dataset
    engine: Engine = "polars"

    @property
    def name(self) -> str:
        """The name of the data."""
        return self.dataset.name

    @property
    def columns(self) -> Columns:
        """The columns of the tables, by table."""
        return columns_of(self.dataset)

    @property
    def heights(self) -> Mapping[str, int]:
        """The number of rows, by table."""
        held = {name: table.frame.height for name, table in self.dataset.tables.items()}
        return held | {name: table.rows for name, table in self.dataset.bulk.items()}

    @property
    def gone(self) -> Gone:
        """Finds keys that are due and absent."""
        return gone_from(self.dataset)

    @property
    def hashes(self) -> Mapping[str, str]:
        """The SHA-256 of the files that were read, by name."""
        return self.dataset.hashes

    @property
    def shown(self) -> Shown:
        """The first rows of the tables."""
        return {name: first(table) for name, table in self.dataset.tables.items()}

    def evaluate(
        self, plan: Plan, limit: int, progress: Progress, shelves: Shelves, unit: str = ""
    ) -> Found:
        """Evaluate a plan; tables that are read in blocks are always judged by polars."""
        parts = parted(plan, self.dataset)
        blocks = [sheet for sheets in parts.blocks.values() for sheet in sheets]
        ticker = _Ticker([*parts.whole.sheets, *blocks], self.heights, progress)
        sheets = self._sheets(parts.whole, limit, ticker, shelves, unit)
        bulk = told(parts, self.dataset, limit, ticker.tell)
        notices = {name: table.notices for name, table in self.dataset.tables.items()}
        notices |= bulk.notices
        read = (notice for table in plan.pack.tables for notice in notices.get(table, ()))
        return Found(
            sheets, (*self.dataset.notices, *read), tuple(bulk.sheets), tuple(refused(parts))
        )

    def _sheets(
        self, plan: Plan, limit: int, ticker: _Ticker, shelves: Shelves, unit: str
    ) -> tuple[engines.SheetVerdicts, ...]:
        if self.engine == "polars":
            return engines.evaluate(plan, self.dataset, limit, ticker.tell, shelves.memory, unit)
        with extra(), self.store() as store:
            from perfrules.databases.registered import register  # noqa: PLC0415  # an extra
            from perfrules.evaluate import remote  # noqa: PLC0415  # likewise

            data = register(self.dataset, store)
            return remote.evaluate(plan, data, limit, ticker.tell, shelves.of_databases())

    @contextmanager
    def store(self) -> Iterator[Any]:
        """A database that the tables can be put into."""
        if self.engine == "spark":
            from perfrules.databases.sessions import asked  # noqa: PLC0415  # an extra

            with asked() as session:
                yield session
            return
        from perfrules.databases.duckdb import DuckDB  # noqa: PLC0415  # likewise

        with closing(DuckDB.in_memory()) as database:
            yield database


@frozen
class InDatabase:
    """Data that lives in a database, and is judged there."""

    data: Any  # its module imports libraries that are an extra

    @property
    def engine(self) -> str:
        """What reports call it."""
        return str(self.data.database.name)

    @property
    def name(self) -> str:
        """The name of the data."""
        return str(self.data.name)

    @property
    def columns(self) -> Columns:
        """The columns of the tables, by table."""
        return cast("Columns", self.data.columns)

    @property
    def heights(self) -> Mapping[str, int]:
        """The number of rows, by table."""
        return cast("Mapping[str, int]", self.data.heights)

    @property
    def gone(self) -> Gone:
        """Finds keys that are due and absent."""
        return cast("Gone", self.data.gone)

    @property
    def hashes(self) -> Mapping[str, str]:
        """None: nothing was read from files."""
        return {}

    @property
    def shown(self) -> Shown:
        """Nothing: the rows stay in the database."""
        return {}

    def evaluate(
        self,
        plan: Plan,
        limit: int,
        progress: Progress,
        shelves: Shelves,
        unit: str = "",  # noqa: ARG002  # a database does not count by unit yet
    ) -> Found:
        """Evaluate a plan."""
        from perfrules.evaluate import remote  # noqa: PLC0415  # an extra

        ticker = _Ticker(plan.sheets, self.heights, progress)
        sheets = remote.evaluate(plan, self.data, limit, ticker.tell, shelves.of_databases())
        return Found(sheets, tuple(self.data.notices))


@contextmanager
def in_database(
    address: str,
    specs: Mapping[str, Table],
    manifest: DatasetFile,
    folder: Path | None = None,
    unit_of_measure: str | None = None,
    shelves: Shelves | None = None,
) -> Iterator[InDatabase]:
    """Open a database and look at the tables of a pack in it.

    Raises:
        DataError: It cannot be opened, or has none of them.
        UsageError: What databases need is not installed.
    """
    with extra():
        from perfrules.databases.addresses import opened  # noqa: PLC0415  # an extra
        from perfrules.databases.resident import open_resident  # noqa: PLC0415  # likewise

        server = opened(address, folder)
        try:
            kept = None if shelves is None else shelves.queries
            yield InDatabase(open_resident(server, specs, manifest, unit_of_measure, kept))
        finally:
            server.close()


def is_native(frame: object) -> bool:
    """Whether a frame is one of Spark."""
    return type(frame).__module__.startswith("pyspark.sql.")


@contextmanager
def in_spark(
    data: Mapping[str, object],
    specs: Mapping[str, Table],
    manifest: DatasetFile,
    name: str = "Spark",
    unit_of_measure: str | None = None,
    shelves: Shelves | None = None,
) -> Iterator[InDatabase]:
    """Look at frames of Spark and at Parquet files or folders of them, by name; they are judged in a session.

    Raises:
        DataError: None of them is a table of the pack, or no session can be started.
        UsageError: What Spark needs is not installed.
    """
    with extra():
        from perfrules.databases.resident import open_resident  # noqa: PLC0415  # an extra
        from perfrules.databases.sessions import asked  # noqa: PLC0415  # likewise

        with asked(data, name) as session:
            kept = None if shelves is None else shelves.queries
            yield InDatabase(open_resident(session, specs, manifest, unit_of_measure, kept))


def write(place: Place, plan: Plan, path: Path, shelves: Shelves) -> None:
    """Write every verdict to a folder of Parquet; ``place`` is one that :func:`can_write` says yes of.

    Raises:
        DataError: They could not be written; then nothing is.
    """
    with extra():
        from perfrules.databases import verdicts  # noqa: PLC0415  # an extra
        from perfrules.evaluate.remote.every import every  # noqa: PLC0415  # likewise

        with _held(place) as data:
            parts = every(plan, data, shelves.of_databases())
            verdicts.write(data.database, parts, OUTCOMES, path)


def can_write(place: Place) -> bool:
    """Whether every verdict can be written where a check runs: in Spark, over tables that are no larger than it takes."""
    return place.engine == "spark" and not (isinstance(place, InMemory) and place.dataset.bulk)


@contextmanager
def _held(place: Place) -> Iterator[Any]:
    if isinstance(place, InMemory):
        from perfrules.databases.registered import register  # noqa: PLC0415  # an extra

        with place.store() as store:
            yield register(place.dataset, store)
    elif isinstance(place, InDatabase):
        yield place.data


def store(report: Report, address: str, folder: Path | None, name: str) -> None:
    """Write counts and findings to two tables of a database: ``name`` and ``name_counts``.

    Raises:
        DataError: They could not be written; then nothing is.
        UsageError: What databases need is not installed.
    """
    with extra():
        from perfrules import results  # noqa: PLC0415  # for databases only
        from perfrules.databases.writing import write  # noqa: PLC0415  # an extra

        write(address, folder, results.tables_of(report, name))


@contextmanager
def extra() -> Iterator[None]:
    """Say what to install where an import finds a library of the extras ``sql`` and ``spark`` missing.

    Raises:
        UsageError: A library of the extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as absent:
        if absent.name not in _LIBRARIES | _OF_SPARK:
            raise
        kind = "spark" if absent.name in _OF_SPARK else "sql"
        told = message("{library} is not installed; databases need it", library=absent.name)
        what = message("install it: {command}", command=f'pip install "perfrules[{kind}]"')
        raise UsageError([Diagnostic("PR519", told, None, what)]) from None
