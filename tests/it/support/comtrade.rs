//! Made-up files in the forms of UN Comtrade: facts, and lists of codes.

use std::fmt::Write as _;

/// Enough codes to count as a full list, among them those of the tests.
pub fn made_up_list(edition: &str) -> String {
    let mut list = format!("id,text,parent,isLeaf,aggrlevel\nTOTAL,Total - All {edition} Commodities,#,0,0\n");
    for chapter in (1..=97).filter(|chapter| *chapter != 77) {
        let _ = writeln!(list, "{chapter:02},{chapter:02} - Chapter {chapter},TOTAL,0,2");
        for heading in 1..=12 {
            let _ = writeln!(list, "{chapter:02}{heading:02},{chapter:02}{heading:02} - Heading,{chapter:02},0,4");
            for leaf in ["10", "21", "90"] {
                let _ = writeln!(
                    list,
                    "{chapter:02}{heading:02}{leaf},{chapter:02}{heading:02}{leaf} - Leaf {leaf},{chapter:02}{heading:02},1,6"
                );
            }
        }
    }
    list
}

/// A correlation table of HS2022 and HS2017, from pairs of codes in that order.
pub fn correlation_csv(pairs: &[(&str, &str)]) -> String {
    let mut table = "code.after,code.before,Relationship,adjustment\n".to_owned();
    for (newer, older) in pairs {
        let _ = writeln!(table, "{newer},{older},1:1,2022 to 2017");
    }
    table
}

/// One record of the 47-column layout, with defaults that are totals.
#[derive(Clone, Debug)]
pub struct Record {
    pub period: &'static str,
    pub reporter: u16,
    pub flow: &'static str,
    pub partner: u16,
    pub partner2: u16,
    pub classification: &'static str,
    pub commodity: &'static str,
    pub procedure: &'static str,
    pub mode: u16,
    pub net_weight: &'static str,
    pub quantity: &'static str,
    pub value: String,
}

/// China's exports of natural gas to Russia in 2021, for want of anything else.
pub fn record(value: impl ToString) -> Record {
    Record {
        period: "2021",
        reporter: 156,
        flow: "X",
        partner: 643,
        partner2: 0,
        classification: "H5",
        commodity: "271121",
        procedure: "C00",
        mode: 0,
        net_weight: "10.5",
        quantity: "10.5",
        value: value.to_string(),
    }
}

pub const HEADER: &str = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,\
flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,\
classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,\
motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,\
netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,isReported,\
isAggregate";

/// A file of the 47-column layout.
pub fn comtrade_csv(records: &[Record]) -> String {
    let mut text = format!("{HEADER}\n");
    for r in records {
        let frequency = if r.period.len() == 4 { "A" } else { "M" };
        let year = &r.period[..4];
        let _ = writeln!(
            text,
            "C,{frequency},0,{year},52,{},{},,\"A, B\",{},,{},,,{},,,{},HS,true,{},\"Gas; natural\",6,true,{},,0,{},,8,kg,{},\
             false,-1,N/A,0.0,false,{},false,0.0,false,,{},{},0,true,false",
            r.period,
            r.reporter,
            r.flow,
            r.partner,
            r.partner2,
            r.classification,
            r.commodity,
            r.procedure,
            r.mode,
            r.quantity,
            r.net_weight,
            r.value,
            r.value,
        );
    }
    text
}
