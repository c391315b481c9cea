#!/usr/bin/env python3
"""Makes up a contract book, deliveries and price indexes for measuring: `make_energy.py FOLDER`.

10,000 contracts between 40 countries, 1,000,000 deliveries (100 months each), 5,000,000 observations (400 daily indexes of
12,500 days). Same files every time.
"""
import datetime
import random
import sys
from pathlib import Path

COUNTRIES = ("RUS CHN QAT USA AUS NOR DZA NGA MYS IDN OMN TTO EGY AGO GNQ PER BRN ARE IRN TKM "
             "KAZ UZB AZE DEU ITA FRA ESP TUR JPN KOR IND PAK BGD THA VNM SGP GBR NLD POL HUN").split()
FORMULA = ('{"sum":[{"product":[{"number":"0.1485"},{"index":{"index":"idx-%d","window":{"lagged":{"months":6,"lag":3,'
           '"validity":3}}}}]},{"index":{"index":"idx-%d","window":{"lagged":{"months":9,"lag":0,"validity":3}}}},'
           '{"number":"0.80"}]}')
HEADER = "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n"


def contracts(folder, chance, count=10_000):
    with open(folder / "contracts.csv", "w", encoding="utf-8") as out:
        out.write(HEADER)
        for number in range(count):
            # Every fiftieth is of the pair that the outlook is asked for.
            seller, buyer = ("RUS", "CHN") if number % 50 == 0 else chance.sample(COUNTRIES, 2)
            # Those with yearly deliveries all begin in one year, so that one request fits them.
            start = 2025 if number % 100 == 0 else chance.randint(2000, 2030)
            formula = (FORMULA % (number % 400, (number + 1) % 400)).replace('"', '""')
            rows = [
                ("seller", f"Seller {number % 300}", "", seller), ("buyer", f"Buyer {number % 500}", "", buyer),
                ("commodity", chance.choice(["pipeline_gas", "lng"]), "", ""), ("route", f"Route {number % 200}", "", ""),
                ("signed", f"{start - 2}-05-21", "", ""), ("start", f"{start}-01-01", "", ""),
                ("end", f"{start + 30}-12-31", "", ""), ("year_begins", "1", "", ""),
                ("take_or_pay_share", "85 %", "", ""), ("make_up_order", "after_acq", "", ""),
                ("make_up_years", "5", "", ""), ("carry_forward_cap", "10 %", "", ""),
                ("carry_forward_years", "3", "", ""), ("end_of_term", "forfeited", "", ""),
                ("deficiency_price", "fixed 5", "", ""), ("extension", "5 years", "", ""),
                ("price_formula", f'"{formula}"', "", ""),
            ]
            for field, value, unit, country in rows:
                out.write(f"B-{number:05},{field},{value},{unit},{country},,,,,made up,high,,\n")
            for step, share in enumerate((2, 5, 8)):
                out.write(f"B-{number:05},acq,{share},bcm/y@20C,,,,{start + step},{start + step},made up,high,,\n")
            out.write(f"B-{number:05},acq,10,bcm/y@20C,,,,{start + 3},,made up,high,,\n")
            out.write(f"B-{number:05},stage,sale_and_purchase_agreement,,,{start - 2},,,,made up,high,,\n")
            out.write(f"B-{number:05},legal_status,in_force,,,{start},,,,made up,high,,\n")
            out.write(f"B-{number:05},physical_state,flowing,,,{start},,,,made up,high,,\n")


def deliveries(folder, chance, count=10_000):
    with open(folder / "deliveries.csv", "w", encoding="utf-8") as out:
        out.write("subject,period_from,period_to,value,unit,source,confidence,note\n")
        for number in range(count):
            # Thirty years by year for every hundredth, so that a long ledger can be settled; else a hundred months.
            if number % 100 == 0:
                for year in range(1990, 2090):
                    out.write(f"B-{number:05},{year},,{chance.randint(6, 11)}.5,bcm@20C,made up,high,\n")
                continue
            for month in range(100):
                year, of_year = 2015 + month // 12, month % 12 + 1
                out.write(f"B-{number:05},{year}-{of_year:02},,0.{chance.randint(100, 999)},bcm@20C,made up,high,\n")


def indexes(folder, chance, count=400, days=12_500):
    first = datetime.date(2026, 10, 31) - datetime.timedelta(days=days - 1)
    texts = [(first + datetime.timedelta(days=day)).isoformat() for day in range(days)]
    with open(folder / "indexes.csv", "w", encoding="utf-8") as out:
        out.write("index,period,value,unit,title,source\n")
        for number in range(count):
            value = chance.randint(1_000, 9_000)
            for text in texts:
                value = max(100, value + chance.randint(-50, 50))
                out.write(f"idx-{number},{text},{value // 100}.{value % 100:02},$/bbl,Index {number},made up\n")


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(4)
    contracts(folder, chance)
    deliveries(folder, chance)
    indexes(folder, chance)


main()
