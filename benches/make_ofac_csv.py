#!/usr/bin/env python3
"""Makes a CSV set in OFAC's layout: sdn.csv, alt.csv, add.csv in a folder. Everything in it is made up.

    make_ofac_csv.py FOLDER [--entries 18000] [--day 1]

The set of day 2 differs from that of day 1: one entry in a hundred has another remark, one in two hundred is gone, and as
many are new.
"""

import argparse
import pathlib
import random

PARTS = ["Bar", "Kol", "Tar", "Mir", "Sel", "Dan", "Vor", "Gul", "Nas", "Jin", "Wei", "Rud", "Zam", "Hal", "Ost", "Per"]
ENDS = ["ov", "sky", "zadeh", "enko", "ian", "ez", "ani", "shah", "ova", "li"]
TRADES = ["TRADING", "SHIPPING", "PETROCHEMICAL", "BANK", "INVESTMENT", "AVIATION", "ENERGY", "METALS", "LOGISTICS"]
FORMS = ["LLC", "LTD", "JSC", "CO", "S.A.", "FZE", "GMBH"]
COUNTRIES = ["Russia", "Iran", "China", "Syria", "Mexico", "Belarus", "United Arab Emirates", "Turkey", "Lebanon"]
PROGRAMS = ["SDGT", "RUSSIA-EO14024", "IRAN", "SDNTK", "NPWMD] [IFSR", "SYRIA", "CYBER2", "BELARUS-EO14038"]


def word(dice):
    return dice.choice(PARTS) + dice.choice(PARTS).lower() + dice.choice(ENDS)


def imo(dice):
    digits = [dice.randrange(10) for _ in range(6)]
    return "".join(map(str, digits)) + str(sum(d * w for d, w in zip(digits, range(7, 1, -1))) % 10)


def entry(number, day):
    dice = random.Random(number)
    kind = dice.choices(["individual", "-0- ", "vessel"], [45, 50, 5])[0]
    country = dice.choice(COUNTRIES)
    if kind == "individual":
        name = f"{word(dice).upper()}, {word(dice)} {word(dice)}"
        remarks = [f"DOB {dice.randrange(1, 29):02} Mar {dice.randrange(1940, 2000)}", f"POB {word(dice)}, {country}",
                   f"nationality {country}", "Gender Male", f"Passport {dice.choice('ABCDE')}{number:07} ({country})"]
    elif kind == "vessel":
        name = f"{word(dice).upper()} {dice.randrange(1, 90)}"
        remarks = [f"Vessel Registration Identification IMO {imo(dice)}", f"MMSI {dice.randrange(200000000, 700000000)}",
                   f"Linked To: {word(dice).upper()} SHIPPING CO"]
    else:
        name = f"{word(dice).upper()} {word(dice).upper()} {dice.choice(TRADES)} {dice.choice(FORMS)}"
        remarks = [f"Organization Established Date {dice.randrange(1980, 2024)}", f"Tax ID No. {number:010} ({country})",
                   f"Registration Number {number:09} ({country})", f"Website www.{word(dice).lower()}.com",
                   f"Linked To: {word(dice).upper()} {dice.choice(TRADES)}"]
    if day > 1 and number % 100 == 0:
        remarks.append(f"Phone Number 7{number:09}")
    quoted = '"individual"' if kind == "individual" else '"vessel"' if kind == "vessel" else kind
    row = (f'{number},"{name}",{quoted},"{dice.choice(PROGRAMS)}",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
           f'"{"; ".join(remarks)}."\r\n')
    aliases = "".join(f'{number},{number * 4 + n},"aka","{word(dice).upper()}, {word(dice)}",-0- \r\n'
                      for n in range(dice.randrange(3)))
    addresses = "".join(f'{number},{number * 4 + n},"{dice.randrange(1, 200)} {word(dice)} Street","{word(dice)}",'
                        f'"{country}",-0- \r\n' for n in range(dice.randrange(1, 3)))
    return row, aliases, addresses


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--entries", type=int, default=18000)
    arguments.add_argument("--day", type=int, default=1)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    numbers = list(range(1, given.entries + 1))
    if given.day > 1:
        numbers = [n for n in numbers if n % 200] + list(range(given.entries + 1, given.entries + 1 + given.entries // 200))
    parts = zip(*(entry(number, given.day) for number in numbers))
    for name, rows in zip(["sdn.csv", "alt.csv", "add.csv"], parts):
        (given.folder / name).write_bytes(("".join(rows) + "\x1a").encode())


main()
