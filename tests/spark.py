"""A session of Spark for tests: one for all of them, on this machine, with nothing to be seen from outside."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NO_JAVA = not (
    shutil.which("java") or Path(os.environ.get("JAVA_HOME", "/nowhere"), "bin", "java").exists()
)

UNTESTED = "SPARK IS NOT TESTED: there is no Java here; install Java 17"


@contextmanager
def running() -> Iterator[Any]:
    """Start a session, and stop it in the end."""
    from pyspark.sql import SparkSession

    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # nothing runs long enough to be worth more
        "spark.driver.memory": "3g",  # plans of hundreds of rules are large
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # our tables are so small that making code takes longer than it saves
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()
