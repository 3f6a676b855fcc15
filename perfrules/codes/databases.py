"""PR45x: data that lives in a database."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

DATABASES: Mapping[str, Entry] = {
    "PR450": Entry(
        Label("打不开数据库", "A database cannot be opened"),
        Label(
            "地址不对，没有这个文件或服务器，或者用户名、密码不对；什么也没有核验。",
            "The address is wrong, there is no such file or server, or it does not take this user and password. Nothing was checked.",
        ),
        Label(
            "按提示改正地址；DuckDB 写 duckdb:///文件，PostgreSQL 写 postgresql://用户@主机/库名。",
            "Correct the address: duckdb:///FILE for DuckDB, postgresql://USER@HOST/NAME for PostgreSQL.",
        ),
        "perfrules check duckdb://data.duckdb -p my-pack",
        "perfrules check duckdb:///data.duckdb -p my-pack",
    ),
    "PR451": Entry(
        Label("数据库中途不再应答", "A database stopped answering"),
        Label(
            "核验途中服务器停了、表被删了或查询被取消；这次核验作废，什么也没有写入。",
            "While data were checked the server went down, a table was dropped, or a query was cancelled. The check is void, and nothing was written.",
        ),
        Label(
            "看数据库说了什么，处理之后重新核验。", "See what the database says, then check again."
        ),
    ),
    "PR452": Entry(
        Label("表读入内存核验", "A table is read into memory"),
        Label(
            "表中有的列不能在数据库里精确读出：数字以文字或浮点数存放，类型没有小数位数，等等。整张表读入内存，结论一样，只是慢些，占内存。",
            "A column of the table cannot be read exactly in the database: figures as text or floats, a numeric type without a scale, and the like. "
            "The whole table is read into memory; verdicts are the same, and it takes time and memory.",
        ),
        Label(
            "金额用 DECIMAL(位数, 小数位数) 或整数存放。",
            "Keep amounts as DECIMAL(digits, decimals) or as integers.",
        ),
        "amount DOUBLE PRECISION",
        "amount NUMERIC(18, 2)",
    ),
    "PR453": Entry(
        Label("数据库里没有这张表", "The database has no such table"),
        Label(
            "dataset.yaml 的 tables 写了一张数据库里没有的表，或规则包里没有的表。",
            "dataset.yaml names a table that the database or the pack does not have.",
        ),
        Label(
            "按数据库中的名称改正，必要时写上模式名。",
            "Correct the name; write the schema before it where it needs one.",
        ),
        "table: spending",
        "table: finance.spending",
    ),
    "PR454": Entry(
        Label("结果没有写入数据库", "Results were not written to the database"),
        Label(
            "写入在一个事务里，出错就全部撤销：没有权限，或者同名的表不是 perfrules 建的。",
            "Results are written in one transaction, and all of it is undone if it fails: no right to write, or a table of that name that perfrules did not make.",
        ),
        Label("换一个表名，或用有写入权限的用户。", "Give another name, or a user who may write."),
        "-o table=spending",
        "-o table=spending_results",
    ),
    "PR455": Entry(
        Label("规则不能在数据库里判断", "Rules that the database cannot judge"),
        Label(
            "这些规则没有数据库里的精确写法，要用的行取回来，在内存里判断：结论一样，只是慢些。",
            "These rules have no exact form in the database: the rows that they need are fetched and judged in memory. Verdicts are the same, and it takes longer.",
        ),
        Label(
            "数据少时不必理会；哪些写法能在数据库里判断，见 docs/databases.zh.md。",
            "Leave it where data are few; docs/databases.md says what databases can judge.",
        ),
    ),
    "PR456": Entry(
        Label("启动不了 Spark", "Spark cannot be started"),
        Label(
            "用 Spark 核验要有一个会话；没有现成的就在本机启动一个，或者连接环境变量 SPARK_REMOTE 指的服务器。本机没有 Java，或者服务器连不上；什么也没有核验。",
            "A check on Spark needs a session. Where there is none, one is started on this machine, or at the server that SPARK_REMOTE names. "
            "There is no Java here, or the server cannot be reached. Nothing was checked.",
        ),
        Label(
            "安装 Java 17 或更新的版本，或者把 JAVA_HOME 设为它的目录；用服务器的，看 SPARK_REMOTE 对不对。",
            "Install Java 17 or newer, or set JAVA_HOME to its folder; where it is a server, see whether SPARK_REMOTE is right.",
        ),
    ),
    "PR457": Entry(
        Label("只有 Spark 能写出全部结论", "Every verdict is written by Spark alone"),
        Label(
            "“-o verdicts=目录”把每条规则在每一行上的结论写成 Parquet，由 Spark 写；这次不是由 Spark 核验，或者有的表大得要分块读。什么也没有核验。",
            "-o verdicts=FOLDER writes the verdict of every rule on every row as Parquet, which Spark does; these data were to be checked by something else, "
            "or some table is so large that it is read in blocks. Nothing was checked.",
        ),
        Label(
            "用 --engine spark 核验，数据用 Parquet；或者只写报告，例如 -o findings.parquet。",
            "Check with --engine spark, data as Parquet; or write the report alone, such as -o findings.parquet.",
        ),
        "perfrules check data -p my-pack -o verdicts=verdicts",
        "perfrules check data -p my-pack --engine spark -o verdicts=verdicts",
    ),
}
