#!/usr/bin/env python3
"""Writes a file in the layout of OFAC's SDN_ADVANCED.XML with made-up parties, for measuring.

    python3 benches/make_ofac_advanced.py sdn_advanced.xml
    python3 benches/make_ofac_advanced.py --megabytes 20 --seed 7 small.xml

The same size and seed give the same file. 122 MB hold about 18,000 parties, as the real list does. Memory stays small:
the sections are written to temporary files while the parties are made up, and joined at the end.
"""

import argparse
import random
import shutil
import tempfile
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML" Version="3">
  <DateOfIssue CalendarTypeID="1">
    <Year>2025</Year>
    <Month>3</Month>
    <Day>28</Day>
  </DateOfIssue>
  <ReferenceValueSets>
"""

COUNTRIES = ["Russia", "Iran", "Cuba", "Panama", "Cyprus", "China", "Turkey", "Syria", "Lebanon", "Mexico", "Colombia",
             "Venezuela", "Belarus", "Pakistan", "United Arab Emirates", "Hong Kong", "Iraq", "Libya", "Somalia", "Mali"]
ISO2 = ["RU", "IR", "CU", "PA", "CY", "CN", "TR", "SY", "LB", "MX", "CO", "VE", "BY", "PK", "AE", "HK", "IQ", "LY", "SO",
        "ML"]
FEATURES = ["Birthdate", "Place of Birth", "Nationality Country", "Citizenship Country", "Location", "Gender", "Title",
            "Website", "Email Address", "Phone Number", "SWIFT/BIC", "Vessel Call Sign", "VESSEL TYPE", "Vessel Flag",
            "Vessel Owner", "Vessel Tonnage", "Secondary sanctions risk:", "Organization Established Date",
            "Organization Type:", "Digital Currency Address - XBT", "Digital Currency Address - ETH", "D-U-N-S Number",
            "Additional Sanctions Information -"]
DOCUMENTS = ["Passport", "Tax ID No.", "Registration Number", "National ID No.", "Identification Number",
             "Vessel Registration Identification", "MMSI", "Unified Social Credit Code (USCC)",
             "Business Registration Number", "Legal Entity Number"]
PROGRAMMES = [("RUSSIA-EO14024", "Executive Order 14024 (Russia)"), ("SDGT", "Executive Order 13224 (Terrorism)"),
              ("IRAN-EO13902", "Executive Order 13902 (Iran)"), ("SDNTK", "Foreign Narcotics Kingpin Designation Act"),
              ("GLOMAG", "Executive Order 13818 (Global Magnitsky)"), ("NPWMD", "Executive Order 13382 (Proliferators)"),
              ("CYBER2", "Executive Order 13757 (Cyber)"), ("SYRIA", "Executive Order 13582 (Syria)")]
RELATIONS = ["Owned or Controlled By", "Acting for or on behalf of", "Providing support to", "Family member of",
             "Leader or official of", "Associate Of"]
SETS = {
    "AliasType": ["A.K.A.", "F.K.A.", "N.K.A.", "Name"],
    "CalendarType": ["Gregorian"],
    "CountryRelevance": ["PRIMARY"],
    "DetailReference": ["Male", "Female", "Crude Oil Tanker", "General Cargo"],
    "DetailType": ["DATE", "LOOKUP", "TEXT", "COUNTRY", "LOCATION"],
    "DocNameStatus": ["Primary Latin", "Others"],
    "EntryEventType": ["Created"],
    "FeatureType": FEATURES,
    "IDRegDocDateType": ["Issue Date", "Expiration Date"],
    "IDRegDocType": DOCUMENTS,
    "List": ["SDN List"],
    "LocPartType": ["Unknown", "REGION", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE"],
    "NamePartType": ["Last Name", "First Name", "Middle Name", "Patronymic", "Entity Name", "Vessel Name"],
    "PartyType": ["Individual", "Entity", "Location", "Transport"],
    "RelationQuality": ["Unknown"],
    "RelationType": RELATIONS,
    "Reliability": ["Unknown"],
    "SanctionsType": ["Program", "Block"],
    "ScriptStatus": ["Unknown"],
    "Validity": ["Valid", "Fraudulent"],
}
SCRIPTS = [("Latin", "Latin"), ("Cyrl", "Cyrillic"), ("Arab", "Arabic"), ("Hans", "Chinese Simplified")]

LATIN = "ba be bi bo da di do ga go ka ki ko la le li lo ma me mi na ne ni no pa ra ri ro sa se shi ta te ti va ve vi za".split()
CYRILLIC = "ба бе би бо да ди до га го ка ки ко ла ле ли ло ма ме ми на не ни но па ра ри ро са се ши та те ти ва ве ви за".split()
ARABIC = "با بي دا دي كا كي لا لي ما مي نا ني را ري سا سي تا تي وا زا".split()
HAN = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗")
STREETS = ["Lesnaya Street", "Avenida Central", "Port Road", "Building 5, Free Zone", "Tower B, Business Bay"]
CITIES = ["Moscow", "Tehran", "Havana", "Limassol", "Dubai", "Shenzhen", "Istanbul", "Damascus", "Culiacan", "Minsk"]
RISK = "Ukraine-/Russia-Related Sanctions Regulations, 31 CFR 589.201 and/or 589.209"


class Section:
    """A part of the file, indented as the real one."""

    def __init__(self):
        self.file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")
        self.bytes = 0

    def line(self, depth, text):
        line = "  " * depth + text + "\n"
        self.bytes += len(line.encode())
        self.file.write(line)

    def copy_to(self, target):
        self.file.seek(0)
        shutil.copyfileobj(self.file, target)


def number(values, name):
    return values.index(name) + 1


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.locations, self.documents, self.parties = Section(), Section(), Section()
        self.relationships, self.entries = Section(), Section()
        self.sections = [self.locations, self.documents, self.parties, self.relationships, self.entries]
        self.ids = 1000
        self.count = 0
        for country in COUNTRIES:
            self.country_location(country)

    def id(self):
        self.ids += 1
        return self.ids

    def word(self, syllables, low=2, high=4):
        return "".join(self.random.choice(syllables) for _ in range(self.random.randint(low, high)))

    def digits(self, length):
        return str(self.random.randint(10 ** (length - 1), 10**length - 1))

    # Locations: the first twenty are the countries themselves, which nationalities share.

    def country_location(self, country):
        out = self.locations
        out.line(2, f'<Location ID="{number(COUNTRIES, country)}">')
        self.location_part("Unknown", country)
        out.line(2, "</Location>")

    def location_part(self, kind, value):
        out = self.locations
        out.line(3, f'<LocationPart LocPartTypeID="{number(SETS["LocPartType"], kind)}">')
        out.line(4, '<LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1">')
        out.line(5, "<Comment />")
        out.line(5, f"<Value>{escape(value)}</Value>")
        out.line(4, "</LocationPartValue>")
        out.line(3, "</LocationPart>")

    def address(self, version):
        place, country = self.id(), self.random.randrange(len(COUNTRIES)) + 1
        out = self.locations
        out.line(2, f'<Location ID="{place}">')
        out.line(3, f'<LocationAreaCode AreaCodeID="{country}" />')
        out.line(3, f'<LocationCountry CountryID="{country}" CountryRelevanceID="1" />')
        self.location_part("ADDRESS1", f"{self.random.randint(1, 200)} {self.random.choice(STREETS)}")
        self.location_part("CITY", self.random.choice(CITIES))
        if self.random.random() < 0.5:
            self.location_part("POSTAL CODE", self.digits(6))
        out.line(3, f'<FeatureVersionReference FeatureVersionID="{version}" />')
        out.line(2, "</Location>")
        return place

    def point(self, out, depth, name, day):
        year, month, of_month = day
        out.line(depth, f"<{name}>")
        out.line(depth + 1, f"<Year>{year}</Year>")
        out.line(depth + 1, f"<Month>{month}</Month>")
        out.line(depth + 1, f"<Day>{of_month}</Day>")
        out.line(depth, f"</{name}>")

    def period(self, out, depth, first, last, about="false"):
        fixed = 'YearFixed="false" MonthFixed="false" DayFixed="false"'
        out.line(depth, f'<DatePeriod CalendarTypeID="1" {fixed}>')
        for name, day in (("Start", first), ("End", last)):
            out.line(depth + 1, f'<{name} Approximate="{about}" {fixed}>')
            self.point(out, depth + 2, "From", day)
            self.point(out, depth + 2, "To", day)
            out.line(depth + 1, f"</{name}>")
        out.line(depth, "</DatePeriod>")

    def day(self, low, high):
        return self.random.randint(low, high), self.random.randint(1, 12), self.random.randint(1, 28)

    def document(self, identity, name, kind, value, dated=False):
        out = self.documents
        issued = f' IssuedBy-CountryID="{self.random.randrange(len(COUNTRIES)) + 1}"' if self.random.random() < 0.8 else ""
        kind = number(DOCUMENTS, kind)
        out.line(2, f'<IDRegDocument ID="{self.id()}" IDRegDocTypeID="{kind}" IdentityID="{identity}"{issued} ValidityID="1">')
        out.line(3, "<Comment />")
        out.line(3, f"<IDRegistrationNo>{value}</IDRegistrationNo>")
        out.line(3, "<IssuingAuthority />")
        if dated:
            for kind, years in ((1, (2005, 2015)), (2, (2016, 2030))):
                day = self.day(*years)
                out.line(3, f'<DocumentDate IDRegDocDateTypeID="{kind}">')
                self.period(out, 4, day, day)
                out.line(3, "</DocumentDate>")
        out.line(3, f'<DocumentedNameReference DocumentedNameID="{name}" />')
        out.line(2, "</IDRegDocument>")

    # Names.

    def name_in(self, kind, script):
        """Parts of a name: their type and text."""
        if script == "Latin":
            syllables, change = LATIN, (str.upper, str.title)
        elif script == "Cyrl":
            syllables, change = CYRILLIC, (str.upper, str.title)
        else:
            syllables, change = (ARABIC, HAN)[script == "Hans"], (str, str)
        lengths = (1, 1) if script == "Hans" else (2, 4)
        if kind == "Individual":
            parts = [("Last Name", change[0](self.word(syllables, *lengths))),
                     ("First Name", change[1](self.word(syllables, *lengths)))]
            if script in ("Latin", "Cyrl") and self.random.random() < 0.4:
                parts.append(("Patronymic", change[1](self.word(syllables))))
            return parts
        if kind == "Vessel":
            return [("Vessel Name", change[0](self.word(syllables)))]
        words = " ".join(change[0](self.word(syllables)) for _ in range(self.random.randint(2, 4)))
        return [("Entity Name", f"{words} LLC" if script == "Latin" else words)]

    def alias(self, fixed_ref, kind, alias_type, primary, weak, groups):
        out = self.parties
        type_id = number(SETS["AliasType"], alias_type)
        flags = f'Primary="{str(primary).lower()}" LowQuality="{str(weak).lower()}"'
        out.line(5, f'<Alias FixedRef="{fixed_ref}" AliasTypeID="{type_id}" {flags}>')
        scripts = ["Latin"]
        if self.random.random() < (0.5 if primary else 0.1):
            scripts.append(self.random.choice(["Cyrl", "Arab", "Hans"]))
        first = None
        for script in scripts:
            name = self.id()
            first = first or name
            status = 1 if primary and script == "Latin" else 2
            out.line(6, f'<DocumentedName ID="{name}" FixedRef="{fixed_ref}" DocNameStatusID="{status}">')
            for part, text in self.name_in(kind, script):
                group = self.id()
                groups.append((group, part))
                script_id = [code for code, _ in SCRIPTS].index(script) + 1
                out.line(7, "<DocumentedNamePart>")
                out.line(8, f'<NamePartValue NamePartGroupID="{group}" ScriptID="{script_id}" ScriptStatusID="1" '
                            f'Acronym="false">{escape(text)}</NamePartValue>')
                out.line(7, "</DocumentedNamePart>")
            out.line(6, "</DocumentedName>")
        out.line(5, "</Alias>")
        return first

    # Features.

    def feature(self, identity, label, text=None, lookup=None, country=None, period=None, address=False):
        out = self.parties
        version = self.id()
        out.line(4, f'<Feature ID="{self.id()}" FeatureTypeID="{number(FEATURES, label)}">')
        out.line(5, f'<FeatureVersion ID="{version}" ReliabilityID="1">')
        out.line(6, "<Comment />")
        if period:
            self.period(out, 6, *period)
            out.line(6, '<VersionDetail DetailTypeID="1" />')
        elif lookup:
            reference = number(SETS["DetailReference"], lookup)
            out.line(6, f'<VersionDetail DetailTypeID="2" DetailReferenceID="{reference}" />')
        elif country:
            out.line(6, '<VersionDetail DetailTypeID="4" />')
            out.line(6, f'<VersionLocation LocationID="{number(COUNTRIES, country)}" />')
        elif address:
            out.line(6, f'<VersionLocation LocationID="{self.address(version)}" />')
        else:
            out.line(6, f'<VersionDetail DetailTypeID="3">{escape(text)}</VersionDetail>')
        out.line(5, "</FeatureVersion>")
        out.line(5, f'<IdentityReference IdentityID="{identity}" IdentityFeatureLinkTypeID="1" />')
        out.line(4, "</Feature>")

    def chance(self, share):
        return self.random.random() < share

    def features_of_a_person(self, identity, name):
        low = self.day(1940, 1995)
        year = low[0]
        periods = [((year, 1, 1), (year, 12, 31), "true"), ((year, 1, 1), (year, 12, 31)), ((year, 1, 1), (year + 2, 12, 31))]
        period = (low, low) if self.chance(0.75) else self.random.choice(periods)
        self.feature(identity, "Birthdate", period=period)
        self.feature(identity, "Gender", lookup=self.random.choice(["Male", "Female"]))
        if self.chance(0.6):
            self.feature(identity, "Place of Birth", f"{self.random.choice(CITIES)}, {self.random.choice(COUNTRIES)}")
        if self.chance(0.8):
            self.feature(identity, "Nationality Country", country=self.random.choice(COUNTRIES))
        if self.chance(0.2):
            self.feature(identity, "Citizenship Country", country=self.random.choice(COUNTRIES))
        if self.chance(0.4):
            self.feature(identity, "Title", "Member of the Board of Directors")
        if self.chance(0.6):
            self.document(identity, name, "Passport", self.digits(9), self.chance(0.5))
        if self.chance(0.5):
            self.document(identity, name, "National ID No.", self.digits(11))
        if self.chance(0.3):
            self.document(identity, name, "Tax ID No.", self.digits(12))

    def features_of_an_entity(self, identity, name):
        site = self.word(LATIN)
        if self.chance(0.5):
            self.feature(identity, "Website", f"www.{site}.example")
        if self.chance(0.5):
            self.feature(identity, "Email Address", f"info@{site}.example")
        if self.chance(0.2):
            self.feature(identity, "Phone Number", self.digits(11))
        if self.chance(0.1):
            self.feature(identity, "SWIFT/BIC", "".join(self.random.choice("ABCDEFGHKLMN") for _ in range(8)))
        if self.chance(0.4):
            day = self.day(1980, 2022)
            self.feature(identity, "Organization Established Date", period=(day, day))
        if self.chance(0.4):
            self.feature(identity, "Organization Type:", "Activities of holding companies")
        for kind, length, share in (("Tax ID No.", 10, 0.6), ("Registration Number", 13, 0.6),
                                    ("Business Registration Number", 8, 0.2)):
            if self.chance(share):
                self.document(identity, name, kind, self.digits(length))

    def features_of_a_vessel(self, identity, name):
        self.feature(identity, "VESSEL TYPE", lookup=self.random.choice(["Crude Oil Tanker", "General Cargo"]))
        self.feature(identity, "Vessel Flag", self.random.choice(COUNTRIES))
        self.feature(identity, "Vessel Call Sign", self.digits(5))
        self.feature(identity, "Vessel Tonnage", self.digits(6))
        self.document(identity, name, "Vessel Registration Identification", f"IMO {self.digits(7)}")
        self.document(identity, name, "MMSI", self.digits(9))

    def party(self):
        self.count += 1
        ref, identity, out = self.count + 36, self.id(), self.parties
        kind = self.random.choices(["Individual", "Entity", "Vessel"], [40, 53, 7])[0]
        subtype = {"Vessel": 1, "Entity": 2, "Individual": 3}[kind]
        out.line(2, f'<DistinctParty FixedRef="{ref}">')
        out.line(3, "<Comment />")
        out.line(3, f'<Profile ID="{ref}" PartySubTypeID="{subtype}">')
        out.line(4, f'<Identity ID="{identity}" FixedRef="{ref}" Primary="true" False="false">')
        groups = []
        name = self.alias(ref, kind, "Name", True, False, groups)
        for _ in range(min(int(self.random.expovariate(0.65)), 12)):
            alias_type = self.random.choices(["A.K.A.", "F.K.A.", "N.K.A."], [90, 9, 1])[0]
            self.alias(ref, kind, alias_type, False, self.chance(0.1), groups)
        out.line(5, "<NamePartGroups>")
        for group, part in groups:
            out.line(6, "<MasterNamePartGroup>")
            out.line(7, f'<NamePartGroup ID="{group}" NamePartTypeID="{number(SETS["NamePartType"], part)}" />')
            out.line(6, "</MasterNamePartGroup>")
        out.line(5, "</NamePartGroups>")
        out.line(4, "</Identity>")
        {"Individual": self.features_of_a_person, "Entity": self.features_of_an_entity,
         "Vessel": self.features_of_a_vessel}[kind](identity, name)
        for _ in range(self.random.choices([0, 1, 2, 3], [20, 55, 15, 10])[0]):
            self.feature(identity, "Location", address=True)
        if self.chance(0.6):
            self.feature(identity, "Secondary sanctions risk:", RISK)
        if self.chance(0.01):
            for _ in range(self.random.randint(1, 20)):
                address = "".join(self.random.choice("0123456789abcdef") for _ in range(40))
                self.feature(identity, "Digital Currency Address - ETH", f"0x{address}")
        out.line(3, "</Profile>")
        out.line(2, "</DistinctParty>")
        self.entry(ref)
        if self.count > 1 and self.chance(0.5):
            self.relationship(ref)

    def entry(self, ref):
        out = self.entries
        programmes = self.random.sample(PROGRAMMES, self.random.choices([1, 2, 3], [75, 20, 5])[0])
        out.line(2, f'<SanctionsEntry ID="{ref}" ProfileID="{ref}" ListID="1">')
        for programme in programmes:
            out.line(3, f'<EntryEvent ID="{self.id()}" EntryEventTypeID="1" LegalBasisID="{PROGRAMMES.index(programme) + 2}">')
            out.line(4, "<Comment />")
            out.line(4, '<Date CalendarTypeID="1">')
            for name, value in zip(("Year", "Month", "Day"), self.day(1999, 2024)):
                out.line(5, f"<{name}>{value}</{name}>")
            out.line(4, "</Date>")
            out.line(3, "</EntryEvent>")
        for kind, comment in [(2, None)] + [(1, code) for code, _ in programmes]:
            out.line(3, f'<SanctionsMeasure ID="{self.id()}" SanctionsTypeID="{kind}">')
            if comment:
                out.line(4, f"<Comment>{comment}</Comment>")
            out.line(4, '<DatePeriod CalendarTypeID="1" YearFixed="true" MonthFixed="true" DayFixed="true" />')
            out.line(3, "</SanctionsMeasure>")
        out.line(2, "</SanctionsEntry>")

    def relationship(self, ref):
        other, kind = self.random.randint(37, ref - 1), self.random.randrange(len(RELATIONS)) + 1
        out = self.relationships
        out.line(2, f'<ProfileRelationship ID="{self.id()}" From-ProfileID="{ref}" To-ProfileID="{other}" '
                    f'RelationTypeID="{kind}" RelationQualityID="1" Former="false" SanctionsEntryID="{ref}">')
        out.line(3, "<Comment />")
        out.line(2, "</ProfileRelationship>")

    def size(self):
        return sum(section.bytes for section in self.sections)

    def write(self, path):
        with open(path, "w", encoding="utf-8", newline="\n") as target:
            target.write(HEAD)
            write_references(target)
            target.write("  </ReferenceValueSets>\n")
            names = ["Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships", "SanctionsEntries"]
            for name, section in zip(names, self.sections):
                target.write(f"  <{name}>\n")
                section.copy_to(target)
                target.write(f"  </{name}>\n")
            target.write("  <SanctionsEntryLinks />\n</Sanctions>\n")


def write_references(target):
    def values(name, lines):
        target.write(f"    <{name}Values>\n")
        for line in lines:
            target.write(f"      {line}\n")
        target.write(f"    </{name}Values>\n")

    for name, texts in SETS.items():
        values(name, [f'<{name} ID="{place + 1}">{escape(text)}</{name}>' for place, text in enumerate(texts)])
    pairs = list(enumerate(zip(COUNTRIES, ISO2), 1))
    values("Country", [f'<Country ID="{place}" ISO2="{code}">{name}</Country>' for place, (name, code) in pairs])
    values("AreaCode", [f'<AreaCode ID="{place}" CountryID="{place}" Description="{name}" AreaCodeTypeID="1">{code}</AreaCode>'
                        for place, (name, code) in pairs])
    values("Script", [f'<Script ID="{place}" ScriptCode="{code}">{name}</Script>' for place, (code, name) in enumerate(SCRIPTS, 1)])
    bases = ["Unknown"] + [basis for _, basis in PROGRAMMES]
    values("LegalBasis", [f'<LegalBasis ID="{place}" LegalBasisShortRef="{basis}" LegalBasisTypeID="1" SanctionsProgramID="1">'
                          f"{basis}</LegalBasis>" for place, basis in enumerate(bases, 1)])
    values("PartySubType", ['<PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>',
                            '<PartySubType ID="2" PartyTypeID="2">Unknown</PartySubType>',
                            '<PartySubType ID="3" PartyTypeID="1">Unknown</PartySubType>'])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--megabytes", type=int, default=122)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    maker = Maker(arguments.seed)
    while maker.size() < arguments.megabytes * 1_000_000:
        maker.party()
    maker.write(arguments.output)
    print(f"{arguments.output}: {maker.count} parties, {maker.size() / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
