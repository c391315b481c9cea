"""Wide questions about trade by DuckDB and by a plain loop in C, on the rows that `entrepot generate baci` wrote.

    pip install duckdb==2.0.1; python3 benches/wide_beside.py /tmp/bench/w20

Prints question, rows and the median of the times in ms, like `cargo bench --bench wide`, to be held beside it. Both use two
threads. DuckDB holds the rows in a table of its own in memory, sorted by exporter, year, importer and code; the loop goes over
sorted columns of the same rows.
"""

import ctypes
import glob
import os
import subprocess
import sys
import tempfile
import time

import duckdb

ROUNDS = 30
# Of the made-up rows these have the most: exporter and importer, partner, heading.
LBN, HTI = 422, 332

QUESTIONS = [
    ("a pair's series", f"SELECT t, sum(v) FROM f WHERE i={LBN} AND j={HTI} GROUP BY 1 ORDER BY 1"),
    (
        "top 20 partners of a heading, one year",
        f"SELECT j, sum(v) s FROM f WHERE i={LBN} AND t=2021 AND k BETWEEN 540700 AND 540799 GROUP BY 1 ORDER BY s DESC LIMIT 20",
    ),
    (
        "top 20 partners of a heading, all years",
        f"SELECT j, sum(v) s FROM f WHERE i={LBN} AND k BETWEEN 540700 AND 540799 GROUP BY 1 ORDER BY s DESC LIMIT 20",
    ),
    ("world by HS2 and year", "SELECT k//10000 c, t, sum(v), sum(q), count(*) FROM f GROUP BY 1, 2 ORDER BY 1, 2"),
    ("world by HS4 and year", "SELECT k//100 c, t, sum(v), sum(q), count(*) FROM f GROUP BY 1, 2 ORDER BY 1, 2"),
    ("HS6 rows of a pair and a year", f"SELECT k, v, q FROM f WHERE i={LBN} AND j={HTI} AND t=2021 ORDER BY 1"),
    ("all pairs of a year", "SELECT i, j, sum(v), sum(q), count(*) FROM f WHERE t=2021 GROUP BY 1, 2 ORDER BY 1, 2"),
    (
        "exporters of a heading over ten years",
        "SELECT i, t, sum(v), sum(q), count(*) FROM f WHERE k BETWEEN 540700 AND 540799 GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (
        "one country by HS2 and partner, one year",
        f"SELECT j, k//10000 c, sum(v), sum(q), count(*) FROM f WHERE i={LBN} AND t=2021 GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (
        "suppliers by HS6 of one importer, one year",
        f"SELECT i, k, sum(v), sum(q), count(*) FROM f WHERE j={LBN} AND t=2021 GROUP BY 1, 2 ORDER BY 1, 2",
    ),
]

LOOPS = r"""
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sums of value by group[code] and period, over all rows; two threads. */
struct part { const int32_t *code, *group, *period; const int64_t *value; int64_t *sums; long first, end; int groups; };

static void *add(void *argument) {
    struct part *p = argument;
    for (long i = p->first; i < p->end; i++)
        p->sums[(long)p->period[i] * p->groups + p->group[p->code[i]]] += p->value[i];
    return 0;
}

void by_group_and_period(const int32_t *code, const int32_t *group, const int32_t *period, const int64_t *value, long rows,
                         int groups, int periods, int64_t *sums) {
    long size = (long)groups * periods;
    int64_t *other = calloc(size, sizeof *other);
    struct part parts[2] = {{code, group, period, value, sums, 0, rows / 2, groups},
                            {code, group, period, value, other, rows / 2, rows, groups}};
    memset(sums, 0, size * sizeof *sums);
    pthread_t thread;
    pthread_create(&thread, 0, add, &parts[1]);
    add(&parts[0]);
    pthread_join(thread, 0);
    for (long i = 0; i < size; i++) sums[i] += other[i];
    free(other);
}
"""


def median(call):
    times = []
    for _ in range(ROUNDS + 3):
        began = time.perf_counter()
        rows = call()
        times.append((time.perf_counter() - began) * 1000)
    return rows, sorted(times[3:])[ROUNDS // 2], min(times[3:])


def main(folder):
    con = duckdb.connect()
    con.execute("SET threads = 2")
    files = sorted(glob.glob(os.path.join(folder, "BACI_*.csv")))
    con.execute(
        "CREATE TABLE f AS SELECT t::SMALLINT t, i::SMALLINT i, j::SMALLINT j, k::INTEGER k,"
        " (v * 1000)::DECIMAL(18, 0)::BIGINT v, (q * 1000)::DECIMAL(18, 0)::BIGINT q"
        " FROM (SELECT t, i, j, k, v, try_cast(trim(q) AS DECIMAL(18, 3)) q"
        " FROM read_csv(?, types={'v': 'DECIMAL(18,3)', 'q': 'VARCHAR', 'k': 'VARCHAR'}))"
        " ORDER BY i, t, j, k",
        [files],
    )
    print("question\trows\tp50 ms\tmin ms\tby")
    for name, sql in QUESTIONS:
        rows, p50, least = median(lambda sql=sql: len(con.execute(sql).fetchall()))
        print(f"{name}\t{rows}\t{p50:.2f}\t{least:.2f}\tDuckDB {duckdb.__version__}, rows fetched")
    loops(con)


def loops(con):
    import numpy

    columns = con.execute("SELECT k, t, v FROM f ORDER BY i, t, j, k").fetchnumpy()
    codes, code = numpy.unique(columns["k"], return_inverse=True)
    code = code.astype(numpy.int32)
    periods, period = numpy.unique(columns["t"], return_inverse=True)
    period = period.astype(numpy.int32)
    value = numpy.ascontiguousarray(columns["v"], dtype=numpy.int64)
    with tempfile.TemporaryDirectory() as scratch:
        source, library = os.path.join(scratch, "loops.c"), os.path.join(scratch, "loops.so")
        with open(source, "w") as file:
            file.write(LOOPS)
        subprocess.run(["cc", "-O3", "-march=native", "-shared", "-fPIC", "-pthread", "-o", library, source], check=True)
        loop = ctypes.CDLL(library)
        loop.by_group_and_period.argtypes = [ctypes.c_void_p] * 4 + [ctypes.c_long] + [ctypes.c_int] * 2 + [ctypes.c_void_p]
        for name, digits in [("world by HS2 and year", 10000), ("world by HS4 and year", 100)]:
            groups, group = numpy.unique(codes // digits, return_inverse=True)
            group = group.astype(numpy.int32)
            sums = numpy.zeros(len(groups) * len(periods), dtype=numpy.int64)
            pointers = [array.ctypes.data for array in (code, group, period, value)]

            def call():
                loop.by_group_and_period(*pointers, len(value), len(groups), len(periods), sums.ctypes.data)
                return int((sums != 0).sum())

            rows, p50, least = median(call)
            print(f"{name}\t{rows}\t{p50:.2f}\t{least:.2f}\tplain loop in C, value alone")


if __name__ == "__main__":
    main(sys.argv[1])
