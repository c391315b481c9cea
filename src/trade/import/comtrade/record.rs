//! One record, whatever form it came in: fields as text, checked and made a row; and the CSV of the v1 API.

use std::borrow::Cow;

use csv::ByteRecord;

use crate::import::{Error, Input, TableReader};
use crate::reference::{Area, Classification, codes};
use crate::trade::import::{
    Refusal, Sink, amount, area, boolean, filler_is_unknown, flow, integer, period, quantity, unit,
};
use crate::trade::model::{Amounts, Flags, FlowKey, FlowRow, Variant};
use crate::value::Frequency;

/// The fields of a record, as text, whatever the form it came in. Empty is absent.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub type_code: &'a [u8],
    pub frequency: &'a [u8],
    pub period: &'a [u8],
    pub reporter: &'a [u8],
    pub flow: &'a [u8],
    pub partner: &'a [u8],
    pub second_partner: &'a [u8],
    pub classification: &'a [u8],
    pub original: &'a [u8],
    pub commodity: &'a [u8],
    pub procedure: &'a [u8],
    pub supply: &'a [u8],
    pub transport: &'a [u8],
    pub quantity_unit: &'a [u8],
    pub quantity: &'a [u8],
    pub quantity_estimated: &'a [u8],
    pub alt_unit: &'a [u8],
    pub alt_quantity: &'a [u8],
    pub alt_quantity_estimated: &'a [u8],
    pub net_weight: &'a [u8],
    pub net_weight_estimated: &'a [u8],
    pub gross_weight: &'a [u8],
    pub gross_weight_estimated: &'a [u8],
    pub cif_value: &'a [u8],
    pub fob_value: &'a [u8],
    pub value: &'a [u8],
    pub legacy_flag: &'a [u8],
    pub reported: &'a [u8],
    pub aggregate: &'a [u8],
}

/// Names of the record's fields, in the order of [`Fields::from_texts`].
pub(super) const NAMES: [&str; 29] = [
    "typeCode",
    "freqCode",
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "partner2Code",
    "classificationCode",
    "isOriginalClassification",
    "cmdCode",
    "customsCode",
    "mosCode",
    "motCode",
    "qtyUnitCode",
    "qty",
    "isQtyEstimated",
    "altQtyUnitCode",
    "altQty",
    "isAltQtyEstimated",
    "netWgt",
    "isNetWgtEstimated",
    "grossWgt",
    "isGrossWgtEstimated",
    "cifvalue",
    "fobvalue",
    "primaryValue",
    "legacyEstimationFlag",
    "isReported",
    "isAggregate",
];

/// The record's name of a field that is written in snake case; any other name as it is.
pub(super) fn canonical(name: String) -> String {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let wanted = plain(&name);
    NAMES.iter().find(|known| plain(known) == wanted).map_or(name, |known| (*known).to_owned())
}

/// A text without what table programs add: `NA` and the like are empty, and whole numbers lose the `.0` of a float.
fn tidied(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    if matches!(text, b"NA" | b"N/A" | b"NaN" | b"nan" | b"None" | b"null") {
        return b"";
    }
    match text.strip_suffix(b".0") {
        Some(whole) if whole.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') => whole,
        _ => text,
    }
}

/// An HS code has an even number of digits: one with an odd number has lost its leading zero, as numbers do.
fn with_leading_zero(classification: Classification, code: &[u8]) -> Cow<'_, [u8]> {
    let is_short = classification.is_hs() && code.len() % 2 == 1 && code.iter().all(u8::is_ascii_digit);
    if is_short { Cow::Owned([b"0", code].concat()) } else { Cow::Borrowed(code) }
}

impl<'a> Fields<'a> {
    pub fn from_texts(text: impl Fn(usize) -> &'a [u8]) -> Self {
        let text = |index: usize| tidied(text(index));
        Self {
            type_code: text(0),
            frequency: text(1),
            period: text(2),
            reporter: text(3),
            flow: text(4),
            partner: text(5),
            second_partner: text(6),
            classification: text(7),
            original: text(8),
            commodity: text(9),
            procedure: text(10),
            supply: text(11),
            transport: text(12),
            quantity_unit: text(13),
            quantity: text(14),
            quantity_estimated: text(15),
            alt_unit: text(16),
            alt_quantity: text(17),
            alt_quantity_estimated: text(18),
            net_weight: text(19),
            net_weight_estimated: text(20),
            gross_weight: text(21),
            gross_weight_estimated: text(22),
            cif_value: text(23),
            fob_value: text(24),
            value: text(25),
            legacy_flag: text(26),
            reported: text(27),
            aggregate: text(28),
        }
    }
}

pub(super) fn read_csv(input: &mut Input, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut table = TableReader::open_named(input, b',', &NAMES, canonical)?;
    table.allow_trailing_delimiter();
    let mut places = [0; NAMES.len()];
    for (place, name) in places.iter_mut().zip(NAMES) {
        *place = table.column(name)?;
    }
    let mut record = ByteRecord::new();
    while let Some(line) = table.read(&mut record)? {
        sink.read();
        let fields = Fields::from_texts(|index| record.get(places[index]).unwrap_or_default());
        take(&fields, line, sink)?;
    }
    Ok(())
}

/// Takes one record, or refuses it, or leaves it out.
pub(super) fn take(fields: &Fields<'_>, line: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
    if fields.type_code == b"S" {
        sink.skip("trade in services");
        return Ok(());
    }
    match row(fields, sink) {
        Ok(row) => sink.accept(row, line),
        Err(refusal) => sink.reject(line, refusal),
    }
}

fn row(fields: &Fields<'_>, sink: &Sink<'_>) -> Result<FlowRow, Refusal> {
    let period = period("period", fields.period)?;
    let frequency_fits = match fields.frequency {
        b"A" => period.frequency() == Frequency::Annual,
        b"M" => period.frequency() == Frequency::Monthly,
        b"Q" => period.frequency() == Frequency::Quarterly,
        b"" => true,
        _ => false,
    };
    if !frequency_fits {
        let reason = format!("does not fit the period {period} (A for a year, M for a month)");
        return Err(Refusal::new("freqCode", fields.frequency, reason));
    }
    let classification = std::str::from_utf8(fields.classification).ok().and_then(Classification::parse);
    let classification = classification.ok_or_else(|| {
        Refusal::new(
            "classificationCode",
            fields.classification,
            "is not a known classification (H0 to H6, S1 to S4, B4)",
        )
    })?;
    let variant = Variant::new(
        optional_area("partner2Code", fields.second_partner)?,
        procedure(fields.procedure)?,
        transport(fields.transport)?,
        supply(fields.supply)?,
    );
    let key = FlowKey::new(
        area("reporterCode", fields.reporter)?,
        flow("flowCode", fields.flow)?,
        period,
        area("partnerCode", fields.partner)?,
        sink.commodity(classification, &with_leading_zero(classification, fields.commodity))?,
        variant,
    );

    let value = amount("primaryValue", fields.value, 3)?;
    let (quantity_unit, quantity_amount) =
        quantity(unit("qtyUnitCode", fields.quantity_unit)?, amount("qty", fields.quantity, 3)?);
    let (alt_unit, alt_quantity) =
        quantity(unit("altQtyUnitCode", fields.alt_unit)?, amount("altQty", fields.alt_quantity, 3)?);
    let amounts = Amounts {
        value,
        net_weight: filler_is_unknown(amount("netWgt", fields.net_weight, 3)?, value),
        quantity: quantity_amount,
        cif_value: filler_is_unknown(amount("cifvalue", fields.cif_value, 3)?, value),
        fob_value: filler_is_unknown(amount("fobvalue", fields.fob_value, 3)?, value),
        gross_weight: filler_is_unknown(amount("grossWgt", fields.gross_weight, 3)?, value),
        alt_quantity,
    };
    Ok(FlowRow { key, amounts, quantity_unit, alt_unit, flags: flags(fields)? })
}

fn flags(fields: &Fields<'_>) -> Result<Flags, Refusal> {
    let mut flags = Flags::default();
    for (name, text, mark) in [
        ("isQtyEstimated", fields.quantity_estimated, Flags::QUANTITY_ESTIMATED),
        ("isAltQtyEstimated", fields.alt_quantity_estimated, Flags::ALT_QUANTITY_ESTIMATED),
        ("isNetWgtEstimated", fields.net_weight_estimated, Flags::NET_WEIGHT_ESTIMATED),
        ("isGrossWgtEstimated", fields.gross_weight_estimated, Flags::GROSS_WEIGHT_ESTIMATED),
    ] {
        flags.set(mark, boolean(name, text)?.unwrap_or(false));
    }
    for (name, text, mark, known) in [
        ("isReported", fields.reported, Flags::REPORTED, Flags::REPORTED_KNOWN),
        ("isAggregate", fields.aggregate, Flags::AGGREGATE, Flags::AGGREGATE_KNOWN),
        ("isOriginalClassification", fields.original, Flags::ORIGINAL, Flags::ORIGINAL_KNOWN),
    ] {
        let mark_set = boolean(name, text)?;
        flags.set(mark, mark_set.unwrap_or(false));
        flags.set(known, mark_set.is_some());
    }
    if !fields.legacy_flag.is_empty() {
        let flag = integer("legacyEstimationFlag", fields.legacy_flag)?;
        let flag = u8::try_from(flag).ok().filter(|flag| *flag < 15);
        let refuse = || Refusal::new("legacyEstimationFlag", fields.legacy_flag, "is not an estimation flag (0 to 14)");
        flags.set_legacy(flag.ok_or_else(refuse)?);
    }
    Ok(flags)
}

fn optional_area(field: &'static str, text: &[u8]) -> Result<Area, Refusal> {
    if text.is_empty() { Ok(Area::WORLD) } else { area(field, text) }
}

fn procedure(text: &[u8]) -> Result<u8, Refusal> {
    if text.is_empty() {
        return Ok(0);
    }
    std::str::from_utf8(text)
        .ok()
        .and_then(codes::procedure_number)
        .ok_or_else(|| Refusal::new("customsCode", text, "is not a customs procedure (C00 to C20)"))
}

fn transport(text: &[u8]) -> Result<u16, Refusal> {
    if text.is_empty() {
        return Ok(0);
    }
    let number = integer("motCode", text)?;
    u16::try_from(number)
        .ok()
        .filter(|mode| codes::is_mode(*mode))
        .ok_or_else(|| Refusal::new("motCode", text, "is not a mode of transport"))
}

fn supply(text: &[u8]) -> Result<u8, Refusal> {
    let digits = text.strip_prefix(b"Mode ").unwrap_or(text);
    if digits.is_empty() {
        return Ok(0);
    }
    let number = integer("mosCode", digits)?;
    u8::try_from(number)
        .ok()
        .filter(|mode| *mode <= 4)
        .ok_or_else(|| Refusal::new("mosCode", text, "is not a mode of supply (0 to 4)"))
}
