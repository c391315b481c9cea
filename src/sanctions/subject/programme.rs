//! What a programme, a directive or a list implies, where an entry does not name its measure.
//!
//! A programme implies a measure only where all whom the authority lists under it are under that measure: OFAC's
//! `RUSSIA-EO14024` stands on blocked persons and on banks that are under a directive alone, so that it implies nothing by
//! itself.

use super::model::MeasureKind;

/// A measure that follows from a programme or a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Implied {
    pub kind: MeasureKind,
    /// What implies it, and its source.
    pub because: &'static str,
}

/// Tags of OFAC's SDN list under which all are blocked. Source: OFAC, "Program Tag Definitions for OFAC Sanctions Lists";
/// each stands on an entry of an SDN list of 2021 to 2023 or of August 2026, and none but SDGT on the consolidated list of
/// the others, where two members of the Palestinian Legislative Council have it beside their own tag.
const OFAC_BLOCKING: [&str; 71] = [
    "BALKANS",
    "BALKANS-EO14033",
    "BELARUS",
    "BELARUS-EO14038",
    "BURUNDI",
    "CAATSA - IRAN",
    "CAR",
    "CUBA",
    "CUBA-EO14404",
    "CYBER2",
    "CYBER3",
    "CYBER4",
    "DARFUR",
    "DPRK",
    "DPRK-NKSPEA",
    "DPRK2",
    "DPRK3",
    "DPRK4",
    "DRCONGO",
    "ELECTION-EO13848",
    "ETHIOPIA-EO14046",
    "FTO",
    "GLOMAG",
    "HIFPAA",
    "HK-EO13936",
    "HOSTAGES-EO14078",
    "HRIT-IR",
    "HRIT-SY",
    "ICC-EO14203",
    "IFCA",
    "IFSR",
    "IRAN",
    "IRAN-EO13846",
    "IRAN-EO13871",
    "IRAN-EO13876",
    "IRAN-EO13902",
    "IRAN-HR",
    "IRAN-TRA",
    "IRAQ2",
    "IRAQ3",
    "IRGC",
    "LEBANON",
    "LIBYA2",
    "LIBYA3",
    "MAGNIT",
    "MALI-EO13882",
    "NICARAGUA",
    "NICARAGUA-NHRAA",
    "NPWMD",
    "PAARSSR-EO13894",
    "PAIPA",
    "PEESA-EO14039",
    "RUSSIA-EO14065",
    "SDGT",
    "SDNT",
    "SDNTK",
    "SOMALIA",
    "SOUTH SUDAN",
    "SSIDES",
    "SUDAN-EO14098",
    "SYRIA",
    "SYRIA-EO13894",
    "TCO",
    "UHRPA",
    "UKRAINE-EO13660",
    "UKRAINE-EO13661",
    "UKRAINE-EO13685",
    "VENEZUELA",
    "VENEZUELA-EO13884",
    "YEMEN",
    "ZIMBABWE",
];
const BLOCKING_TAG: &str = "a tag of OFAC's SDN list alone (OFAC, Program Tag Definitions for OFAC Sanctions Lists)";

/// Tags of OFAC's other lists that stand for one measure. Members of the Palestinian Legislative Council are not blocked:
/// transactions are rejected (31 CFR 594.520); dealings with foreign sanctions evaders are prohibited (Executive Order
/// 13608), and their property is not blocked.
const OFAC_OTHER: [(&str, MeasureKind, &str); 5] = [
    ("CMIC-EO13959", MeasureKind::Investment, "Executive Order 13959 as amended by 14032: dealings in securities"),
    ("561-Related", MeasureKind::CorrespondentAccount, "the CAPTA list, 31 CFR part 561"),
    ("FSE-IR", MeasureKind::Dealings, "Executive Order 13608: dealings are prohibited, property is not blocked"),
    ("FSE-SY", MeasureKind::Dealings, "Executive Order 13608: dealings are prohibited, property is not blocked"),
    ("NS-PLC", MeasureKind::Dealings, "OFAC's NS-PLC list: transactions are rejected, property is not blocked"),
];

/// Programmes of the EU's financial sanctions by the codes of the consolidated list, with the regulation whose annexes
/// freeze the assets of those who are listed.
const EU_FREEZING: [(&str, &str); 33] = [
    ("AFG", "Regulation (EU) 753/2011"),
    ("BDI", "Regulation (EU) 2015/1755"),
    ("BLR", "Regulation (EC) 765/2006"),
    ("CAF", "Regulation (EU) 224/2014"),
    ("CHEM", "Regulation (EU) 2018/1542"),
    ("COD", "Regulation (EC) 1183/2005"),
    ("CYB", "Regulation (EU) 2019/796"),
    ("EUAQ", "Regulation (EU) 2016/1686"),
    ("GIN", "Regulation (EU) 1284/2009"),
    ("GNB", "Regulation (EU) 377/2012"),
    ("GTM", "Regulation (EU) 2024/287"),
    ("HR", "Regulation (EU) 2020/1998"),
    ("HTI", "Regulation (EU) 2022/2309"),
    ("IRN", "Regulation (EU) 267/2012"),
    ("LBN", "Regulation (EU) 2021/1275"),
    ("LBY", "Regulation (EU) 2016/44"),
    ("MDA", "Regulation (EU) 2023/888"),
    ("MLI", "Regulation (EU) 2017/1770"),
    ("MMR", "Regulation (EU) 401/2013"),
    ("NIC", "Regulation (EU) 2019/1716"),
    ("PRK", "Regulation (EU) 2017/1509"),
    ("RUSDA", "Regulation (EU) 2024/1485"),
    ("SDNZ", "Regulation (EU) 2023/2147"),
    ("SOM", "Regulation (EU) 356/2010"),
    ("SSD", "Regulation (EU) 2015/735"),
    ("SYR", "Regulation (EU) 36/2012"),
    ("TAQA", "Regulation (EC) 881/2002"),
    ("TERR", "Regulation (EC) 2580/2001"),
    ("TUN", "Regulation (EU) 101/2011"),
    ("TUR", "Regulation (EU) 2019/1890"),
    ("UKR", "Regulation (EU) 269/2014 or 208/2014"),
    ("VEN", "Regulation (EU) 2017/2063"),
    ("YEM", "Regulation (EU) 1352/2014"),
];

/// The measure that a programme of the authority stands for, if it stands for one alone.
pub fn implied(authority: &str, code: &str) -> Option<Implied> {
    match authority {
        "OFAC" if OFAC_BLOCKING.contains(&code) => {
            Some(Implied { kind: MeasureKind::AssetFreeze, because: BLOCKING_TAG })
        }
        "OFAC" => {
            let known = OFAC_OTHER.iter().find(|(tag, ..)| *tag == code);
            known.map(|(_, kind, because)| Implied { kind: *kind, because })
        }
        "EU" => {
            let code = code.strip_prefix("EU-").unwrap_or(code);
            let known = EU_FREEZING.iter().find(|(programme, _)| *programme == code);
            known.map(|(_, because)| Implied { kind: MeasureKind::AssetFreeze, because })
        }
        _ => None,
    }
}

/// A published list, by the name that OpenSanctions gives it, all of whose entries are under one measure of its authority.
const LISTS: [(&str, &str, Implied); 4] = [
    (
        "us_ofac_sdn",
        "OFAC",
        Implied {
            kind: MeasureKind::AssetFreeze,
            because: "OFAC's Specially Designated Nationals and Blocked Persons List",
        },
    ),
    (
        "eu_fsf",
        "EU",
        Implied {
            kind: MeasureKind::AssetFreeze,
            because: "the EU's consolidated list of persons, groups and entities subject to financial sanctions",
        },
    ),
    (
        "gb_hmt_sanctions",
        "UK",
        Implied { kind: MeasureKind::AssetFreeze, because: "OFSI's consolidated list of financial sanctions targets" },
    ),
    ("us_bis_denied", "BIS", Implied { kind: MeasureKind::ExportRestriction, because: "BIS's Denied Persons List" }),
];

/// The measure of all who stand on a list of the authority.
pub fn implied_by_list(authority: &str, list: &str) -> Option<Implied> {
    let known = LISTS.iter().find(|(name, whose, _)| *name == list && *whose == authority);
    known.map(|(_, _, implied)| *implied)
}

/// Whether a text is nothing but the name of a programme, as lists also write them among their provisions.
pub fn is_name(text: &str) -> bool {
    // `RUSSIA-EO14024`, `561-Related`.
    let is_order = text.split_once("-EO").is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    is_order || ["OFAC", "EU"].iter().any(|authority| implied(authority, text).is_some())
}

/// The directive that a measure's text names, `EO 13662 Directive 1`: OFAC writes `Executive Order 13662 Directive
/// Determination -: Subject to Directive 1` and `EO 14024 Directive 1a`.
pub fn directive(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.len() <= 3 && word.starts_with(|c: char| c.is_ascii_digit());
    let numbered = |pair: &&[&str]| pair[0].eq_ignore_ascii_case("directive") && is_number(pair[1]);
    let number = words.windows(2).find(numbered)?[1].to_ascii_lowercase();
    let order = words.iter().find(|word| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit()));
    Some(order.map_or_else(|| format!("Directive {number}"), |order| format!("EO {order} Directive {number}")))
}

/// What a directive does: Directive 2 under Executive Order 14024 closes correspondent and payable-through accounts; the
/// others limit debt, equity and services.
pub fn directive_kind(text: &str) -> MeasureKind {
    match directive(text) {
        Some(directive) if directive == "EO 14024 Directive 2" => MeasureKind::CorrespondentAccount,
        _ => MeasureKind::Sectoral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programme_implies_a_measure_where_it_stands_for_one_alone() {
        for (authority, code, kind) in [
            ("OFAC", "SDGT", Some(MeasureKind::AssetFreeze)),
            ("OFAC", "UKRAINE-EO13661", Some(MeasureKind::AssetFreeze)),
            // On blocked persons and under directives.
            ("OFAC", "RUSSIA-EO14024", None),
            ("OFAC", "UKRAINE-EO13662", None),
            ("OFAC", "CMIC-EO13959", Some(MeasureKind::Investment)),
            ("OFAC", "NS-PLC", Some(MeasureKind::Dealings)),
            ("EU", "UKR", Some(MeasureKind::AssetFreeze)),
            ("EU", "EU-BLR", Some(MeasureKind::AssetFreeze)),
            // Regulation 833/2014 has bans of many kinds.
            ("EU", "EU-RUS", None),
            ("UK", "Russia", None),
        ] {
            assert_eq!(implied(authority, code).map(|implied| implied.kind), kind, "{authority} {code}");
        }
        assert!(implied_by_list("OFAC", "us_ofac_sdn").is_some() && implied_by_list("EU", "us_ofac_sdn").is_none());
        assert!(is_name("RUSSIA-EO14024") && is_name("SDGT") && !is_name("Block") && !is_name("Asset freeze"));
    }

    #[test]
    fn directives_have_one_name() {
        for (text, name) in [
            ("Executive Order 13662 Directive Determination -: Subject to Directive 4", "EO 13662 Directive 4"),
            ("EO 14024 Directive 1a", "EO 14024 Directive 1a"),
            ("Subject to Directive 2", "Directive 2"),
            (
                "Executive Order 14024 Directive Information: Subject to Directive 3 - All transactions",
                "EO 14024 Directive 3",
            ),
        ] {
            assert_eq!(directive(text).as_deref(), Some(name));
        }
        assert_eq!(directive("Executive Order 14024 Directive Information: see the directives"), None);
    }
}
