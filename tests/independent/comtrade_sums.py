"""Sums of primaryValue by reporter, year and flow, computed with Python's decimal module from the file, beside those of a
running server: a second tool that shares no code with the first.

    python3 tests/independent/comtrade_sums.py http://127.0.0.1:50551 FILE.csv.gz... [--entrepot target/release/entrepot]

The server's store must hold the same files as dataset un-comtrade. Exits 1 when a sum or a row count differs.
"""

import argparse
import collections
import csv
import decimal
import gzip
import json
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("server")
parser.add_argument("files", nargs="+")
parser.add_argument("--entrepot", default="target/release/entrepot")
arguments = parser.parse_args()

decimal.getcontext().prec = 60
sums = collections.defaultdict(decimal.Decimal)
counts = collections.Counter()
for name in arguments.files:
    opener = gzip.open if name.endswith(".gz") else open
    with opener(name, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["reporterISO"], row["refYear"], row["flowCode"])
            sums[key] += decimal.Decimal(row["primaryValue"])
            counts[key] += 1

different = 0
for exact_from_facts in (False, True):
    request = {
        "filter": {"dataset": "datasets/un-comtrade", "flows": sorted({flow for _, _, flow in sums})},
        "group_by": ["DIMENSION_REPORTER", "DIMENSION_YEAR", "DIMENSION_FLOW"],
        "include_quantities": exact_from_facts,
    }
    command = [arguments.entrepot, "call", "--server", arguments.server, "trade.SummarizeFlows", json.dumps(request)]
    answer = json.loads(subprocess.check_output(command))
    found = {
        (row["reporter"], row["period"], row["flow"]): (decimal.Decimal(row["value_usd"]["value"]), int(row["row_count"]))
        for row in answer["rows"]
    }
    expected = {key: (sums[key], counts[key]) for key in sums}
    wrong = {key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}
    different += len(wrong)
    source = "facts" if exact_from_facts else "rollups"
    print(f"{source}: {len(expected)} sums of {sum(counts.values())} rows, {len(wrong)} differ, total {sum(sums.values())}")
    for key in sorted(wrong)[:10]:
        print("  ", key, "file", expected.get(key), "server", found.get(key))
sys.exit(1 if different else 0)
