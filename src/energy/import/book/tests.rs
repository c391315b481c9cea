use super::*;
use crate::energy::contract::FactState;
use crate::import::own_table::tests::read_text;

const HEADER: &str = "contract,field,value,unit,country,from,until,first_year,last_year,source,confidence,state,note\n";

fn import(rows: &str) -> (Vec<Contract>, Report, Vec<String>) {
    read_text(&format!("{HEADER}{rows}"), read).unwrap()
}

#[test]
fn a_book_comes_together() {
    let (book, report, rejects) = import(
        "POS1,seller,Gazprom,,Russia,,,,,press,high,,\n\
         POS1,buyer,CNPC,,CN,,,,,press,high,,\n\
         POS1,acq,5,bcm/y@20C,,,,2020,2020,press,medium,,\n\
         POS1,acq,38,bcm/y@20C,,,,2021,,press,high,,\n\
         POS1,take_or_pay_share,,,,,,,,press,,not_found,the clause is known and not its share\n\
         OMV,legal_status,in_force,,,2006,,,,press,high,,\n\
         OMV,legal_status,terminated,,,2024-12-11,,,,press,high,,\n",
    );
    assert_eq!((rejects.len(), book.len(), report.rows_read), (0, 2, 7));
    assert_eq!(book[1].title(), "Gazprom to CNPC");
    assert_eq!(book[1].facts[1].country, "CHN");
    assert_eq!(book[1].facts[4].state, FactState::NotFound);
}

#[test]
fn each_bad_row_is_named() {
    for (row, expected) in [
        ("A,acq,-1,bcm/y@20C,,,,,,s,,,", "2 value"),
        ("A,acq,1,furlong,,,,,,s,,,", "2 unit"),
        ("A,acq,1,,,,,,,s,,,", "2 unit"),
        ("A,acq,,bcm/y,,,,,,s,,,", "2 value"),
        ("A,colour,red,,,,,,,s,,,", "2 field"),
        ("A,take_or_pay_share,101 %,,,,,,,s,,,", "2 value"),
        ("A,take_or_pay_share,85,,,,,,,s,,,", "2 value"),
        ("A,legal_status,perhaps,,,,,,,s,,,", "2 value"),
        ("A,start,2020-02-31,,,,,,,s,,,", "2 value"),
        ("A,title,T,,,2025,2020,,,s,,,", "2 until"),
        ("A,title,T,,,,,,,,,,", "2 source"),
        ("A,title,T,,Atlantis,,,,,s,,,", "2 country"),
        ("A,title,T,,,,,,,s,sure,,", "2 confidence"),
        ("A,price_formula,\"{\"\"number\"\":1.5}\",,,,,,,s,,,", "2 value"),
        ("A B,title,T,,,,,,,s,,,", "2 contract"),
        ("A,amends,A,,,,,,,s,,,", "2 value"),
        ("A,title,T,,,,,,,s,,,\nA,title,T,,,,,,,s,,,", "3 contract"),
        ("A,start,2030,,,,,,,s,,,\nA,end,2020,,,,,,,s,,,", "3 value"),
        ("A,acq,1,bcm/y@20C,,,,2020,2022,s,,,\nA,acq,2,bcm/y@20C,,,,2022,,s,,,", "3 first_year"),
        ("A,acq,1,bcm/y@20C,,,,2020,2021,s,,,\nA,acq,2,bcm/y@20C,,,,2023,,s,,,", "3 first_year"),
        ("A,start,2020,,,,,,,s,,,\nA,end,2030,,,,,,,s,,,\nA,acq,1,bcm/y@20C,,,,2020,2025,s,,,", "4 last_year"),
        ("A,start,2020,,,,,,,s,,,\nA,end,2030,,,,,,,s,,,\nA,acq,1,bcm/y@20C,,,,2022,,s,,,", "4 last_year"),
        ("A,seasonal_profile,50 50,,,,,,,s,,,", "2 value"),
        ("A,price_formula,\"{\"\"named\"\":\"\"B\"\"}\",,,,,,,s,,,", "2 value"),
        ("A,price_formula,\"{\"\"named\"\":\"\"A\"\"}\",,,,,,,s,,,", "2 value"),
    ] {
        let (book, _, rejects) = import(&format!("{row}\n"));
        assert_eq!((book.len(), rejects), (0, vec![expected.to_owned()]), "{row}");
    }
}

#[test]
fn a_book_in_json_reads_the_same() {
    use std::io::Write as _;
    let mut file = tempfile::Builder::new().suffix(".jsonl").tempfile().unwrap();
    let lines = r#"{"id": "A", "facts": [{"field": "seller", "value": "Gazprom", "country": "Russia", "source": "press"}]}
{"id": "B", "facts": [{"field": "acq", "value": "-1", "unit": "bcm/y@20C", "source": "press"}]}
{"id": "C", "facts": [{"field": "title", "value": "T", "source": ""}, {"field": "title", "value": "U", "source": "s"}]}
"#;
    file.write_all(lines.as_bytes()).unwrap();
    let mut report = Report::default();
    let book = read(&[file.path().to_owned()], &Progress::silent(), &mut report).unwrap();
    let rejects: Vec<String> =
        report.rejects.iter().map(|reject| format!("{} {}", reject.line, reject.field)).collect();
    assert_eq!((rejects, report.rows_read), (vec!["2 value".to_owned(), "3 source".to_owned()], 4));
    assert_eq!((book.len(), book[0].facts[0].country.as_str()), (1, "RUS"));

    let mut broken = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    broken.write_all(b"{\"id\": \"A\"}\n").unwrap();
    let error = read(&[broken.path().to_owned()], &Progress::silent(), &mut Report::default()).unwrap_err().to_string();
    assert!(error.contains("line 1: is not a valid contract: missing field `facts`"), "{error}");
}

#[test]
fn amendments_of_one_contract_must_not_overlap() {
    let amendment = |id: &str, start: &str, end: &str| {
        format!(
            "{id},amends,A,,,,,,,s,,,\n{id},start,{start},,,,,,,s,,,\n{id},end,{end},,,,,,,s,,,\n\
             {id},acq,5,bcm/y@20C,,,,,,s,,,\n"
        )
    };
    let base = "A,title,T,,,,,,,s,,,\n";
    let (book, _, rejects) =
        import(&format!("{base}{}{}", amendment("B", "2020", "2025"), amendment("C", "2026", "2030")));
    assert_eq!((book.len(), rejects.len()), (3, 0));
    let both = format!("{base}{}{}", amendment("B", "2020", "2026"), amendment("C", "2026", "2030"));
    let (book, report, rejects) = import(&both);
    assert_eq!((book.len(), rejects), (2, vec!["7 value".to_owned()]));
    assert!(report.rejects[0].reason.starts_with("overlaps the amendment B"), "{:?}", report.rejects);
    let (book, _, rejects) = import(&format!("{both}C,supersedes,B,,,,,,,s,,,\n"));
    assert_eq!((book.len(), rejects.len()), (3, 0));
}

#[test]
fn a_contract_stands_in_one_file() {
    use std::io::Write as _;
    let files: Vec<tempfile::NamedTempFile> = (0..2)
        .map(|_| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(format!("{HEADER}A,title,T,,,,,,,s,,,\n").as_bytes()).unwrap();
            file
        })
        .collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
    let mut report = Report::default();
    let book = read(&paths, &Progress::silent(), &mut report).unwrap();
    assert_eq!((book.len(), report.rows_rejected), (0, 1));
    assert!(report.rejects[0].reason.contains("belong in one file"), "{:?}", report.rejects);
}
