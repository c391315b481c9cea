//! Made-up trade in the shapes of BACI and of UN Comtrade, for measuring with volumes that nobody may pass on.
//!
//! Owns the distribution and both layouts. Never opens a file, never touches the store. Everything is integer
//! arithmetic on hashes of the seed and the key, so the same parameters give the same bytes on every machine, and a
//! row's fate in a second release needs no memory of the first.
//!
//! How the rows come about: a year's rows are allotted to pairs of countries by the product of their zipf weights, up
//! to a cap; each pair then picks so many distinct codes, popular ones first. Codes are picked into a bit set, which
//! yields them in order: memory is one number a pair and one bit a code, however many rows there are.

use std::io::{self, Write};

use crate::reference::{Area, AreaKind};

/// Numbers from here on are our own, not Comtrade's.
const FIRST_OWN_NUMBER: u16 = 900;
/// Made-up codes: chapters 01 to 97 without 77, which the Harmonized System keeps free.
const CHAPTERS: usize = 96;
const CODES_A_HEADING: usize = 9;
const HEADINGS_A_CHAPTER: usize = 99;
/// So many codes can be made up; also what fits beside a key in 64 bits (see [`Generator::pick_many`]).
pub const MOST_PRODUCTS: usize = CHAPTERS * HEADINGS_A_CHAPTER * CODES_A_HEADING;
const PRODUCT_BITS: u32 = 17;
const MILLION: u64 = 1_000_000;
/// Changed and removed rows together must not be more than there are.
const MOST_CHANGE: u32 = 500_000;
/// Rows are handed on in pieces of about this size.
const PIECE: usize = 1 << 16;
/// Odd constant of splitmix64, which spreads consecutive numbers over all 64 bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Which publisher's file is imitated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// `t,i,j,k,v,q`, each flow once.
    Baci,
    /// 47 columns, annual; imports and exports as two reports that mostly, not wholly, mirror each other.
    Comtrade,
}

#[derive(Clone, Debug)]
pub struct Country {
    /// Comtrade's number.
    pub number: u16,
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Product {
    /// Six digits of HS 1992.
    pub code: String,
    pub title: String,
}

#[derive(Clone, Debug)]
pub struct Parameters {
    pub layout: Layout,
    pub countries: Vec<Country>,
    pub products: Vec<Product>,
    pub years: Vec<u16>,
    /// Rows of all years together.
    pub rows: u64,
    pub seed: u64,
    /// Share of rows with another value than the release without change, in millionths. Half as many are removed and
    /// half as many added.
    pub change: u32,
}

/// Why nothing can be generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("countries: {0} given; trade needs at least two")]
    TooFewCountries(usize),
    #[error("codes: {0} given; from 1 to {MOST_PRODUCTS} are possible")]
    Products(usize),
    #[error("years: none given")]
    NoYears,
    #[error("rows: {asked} asked, but so few countries, codes and years have room for {possible}")]
    TooManyRows { asked: u64, possible: u64 },
    #[error("change: at most 0.5 is possible, since rows are removed too")]
    TooMuchChange,
}

/// The first countries in the order of their codes; fewer when there are not so many.
pub fn countries(count: usize) -> Vec<Country> {
    Area::all()
        .iter()
        .filter(|facts| facts.kind == AreaKind::Country && facts.number < FIRST_OWN_NUMBER)
        .take(count)
        .map(|facts| Country { number: facts.number, code: facts.code.clone(), name: facts.name.clone() })
        .collect()
}

/// Codes by a fixed rule, spread evenly over the chapters, for when no list of real ones is at hand.
pub fn made_up_products(count: usize) -> Vec<Product> {
    const GOODS: [&str; 6] = [
        "Articles of a made-up material",
        "Machinery; made-up, for measuring only",
        "Preparations of made-up goods, whether or not packed for retail sale",
        "Goods; made-up, n.e.c. in this heading, fresh, chilled or frozen (excluding those of other headings)",
        "Made-up yarn and fabric, containing 85% or more by weight of fibres that no plant or animal has grown",
        "Parts and accessories; of made-up apparatus",
    ];
    let count = count.min(MOST_PRODUCTS);
    let product = |index: usize| {
        let chapter_index = index * CHAPTERS / count;
        let first_of_chapter = (chapter_index * count).div_ceil(CHAPTERS);
        let place = index - first_of_chapter;
        let chapter = if chapter_index < 76 { chapter_index + 1 } else { chapter_index + 2 };
        let (heading, ending) = (place / CODES_A_HEADING + 1, (place % CODES_A_HEADING + 1) * 10);
        let code = format!("{chapter:02}{heading:02}{ending:02}");
        let title = format!("{}, no. {code}", GOODS[index % GOODS.len()]);
        Product { code, title }
    };
    (0..count).map(product).collect()
}

/// CEPII's list of product codes, which BACI's importer reads beside the data.
pub fn write_product_codes(products: &[Product], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\"code\",\"description\"")?;
    for Product { code, title } in products {
        // CEPII's codes are numbers: without leading zeros.
        writeln!(out, "\"{}\",\"{}\"", code.trim_start_matches('0'), title.replace('"', "\"\""))?;
    }
    Ok(())
}

/// Comtrade's commodity list, so that made-up codes can be imported before the data that uses them.
pub fn write_commodity_list(products: &[Product], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "id,text,parent,isLeaf,aggrlevel,standardUnitAbbr,last_modified")?;
    writeln!(out, "TOTAL,Total - All H0 Commodities,#,0,0,n/a,2024-01-16")?;
    let (mut last_chapter, mut last_heading) = ("", "");
    for Product { code, title } in products {
        let (Some(chapter), Some(heading)) = (code.get(..2), code.get(..4)) else {
            continue;
        };
        if chapter != last_chapter {
            writeln!(out, "{chapter},{chapter} - Made-up chapter {chapter},TOTAL,0,2,n/a,2024-01-16")?;
        }
        if heading != last_heading {
            writeln!(out, "{heading},{heading} - Made-up heading {heading},{chapter},0,4,n/a,2024-01-16")?;
        }
        (last_chapter, last_heading) = (chapter, heading);
        writeln!(out, "{code},{},{heading},1,6,kg,2024-01-16", quoted(&format!("{code} - {title}")))?;
    }
    Ok(())
}

/// Makes the rows of one set of parameters.
pub struct Generator {
    parameters: Parameters,
    salt: u64,
    exporter_ranks: Vec<u64>,
    importer_ranks: Vec<u64>,
    popularity: Popularity,
    /// Price of each code's kilogram in US dollars, as a logarithm of base 2 in 65536ths.
    prices: Vec<i64>,
    release: Option<Release>,
    /// Each product's part of a Comtrade line; empty for BACI.
    product_parts: Vec<String>,
}

/// What differs from the release without change. Thresholds are of 32-bit hashes.
struct Release {
    salt: u64,
    removed_below: u64,
    changed_below: u64,
}

/// One report: a year of BACI, or a year of one side of Comtrade.
#[derive(Clone, Copy)]
struct Sheet {
    /// What is peculiar to the year.
    year_salt: u64,
    /// What is peculiar to the year and side.
    salt: u64,
    rows: u64,
}

#[derive(Clone, Copy)]
struct Trade {
    hash: u64,
    /// In US dollars, at least 1.
    value: u64,
    kilograms: Option<u64>,
}

impl Generator {
    pub fn new(mut parameters: Parameters) -> Result<Self, Error> {
        let (country_count, product_count) = (parameters.countries.len(), parameters.products.len());
        if country_count < 2 {
            return Err(Error::TooFewCountries(country_count));
        }
        if !(1..=MOST_PRODUCTS).contains(&product_count) {
            return Err(Error::Products(product_count));
        }
        parameters.years.sort_unstable();
        parameters.years.dedup();
        if parameters.years.is_empty() {
            return Err(Error::NoYears);
        }
        if parameters.change > MOST_CHANGE {
            return Err(Error::TooMuchChange);
        }
        let sheets = parameters.years.len() as u64 * sheets_a_year(parameters.layout);
        let room = (country_count * (country_count - 1) * product_count) as u64;
        let possible = room.saturating_mul(sheets);
        if parameters.rows > possible {
            return Err(Error::TooManyRows { asked: parameters.rows, possible });
        }
        parameters.countries.sort_by_key(|country| country.number);
        parameters.products.sort_by(|left, right| left.code.cmp(&right.code));

        let salt = mixed(parameters.seed ^ SPREAD);
        let (exporter_ranks, importer_ranks) = ranks(&parameters.countries, salt);
        let popularity = Popularity::new(product_count, salt);
        let prices = (0..product_count as u64).map(|product| price(mixed(salt ^ mixed(product)))).collect();
        let release = (parameters.change > 0).then(|| Release::new(parameters.change, salt));
        let product_parts = match parameters.layout {
            Layout::Baci => Vec::new(),
            Layout::Comtrade => parameters.products.iter().map(product_part).collect(),
        };
        Ok(Self { parameters, salt, exporter_ranks, importer_ranks, popularity, prices, release, product_parts })
    }

    /// In ascending order.
    pub fn years(&self) -> &[u16] {
        &self.parameters.years
    }

    /// In ascending order of the codes.
    pub fn products(&self) -> &[Product] {
        &self.parameters.products
    }

    pub fn write_header(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = match self.parameters.layout {
            Layout::Baci => "t,i,j,k,v,q\n",
            Layout::Comtrade => COMTRADE_HEADER,
        };
        out.write_all(header.as_bytes())
    }

    /// Writes the rows of the year at a place in [`Self::years`], sorted by exporter (reporter and flow), importer
    /// (partner) and code; returns how many. `on_rows` hears of rows as they come.
    pub fn write_year(&self, place: usize, out: &mut dyn Write, on_rows: &mut dyn FnMut(u64)) -> io::Result<u64> {
        let mut lines = Lines { buffer: Vec::with_capacity(2 * PIECE), out, rows: 0 };
        match self.parameters.layout {
            Layout::Baci => self.write_baci(place, &mut lines, on_rows)?,
            Layout::Comtrade => self.write_comtrade(place, &mut lines, on_rows)?,
        }
        lines.hand_on()?;
        Ok(lines.rows)
    }

    fn write_baci(&self, place: usize, lines: &mut Lines<'_>, on_rows: &mut dyn FnMut(u64)) -> io::Result<()> {
        let Parameters { countries, products, years, .. } = &self.parameters;
        let codes: Vec<&[u8]> =
            products.iter().map(|product| product.code.trim_start_matches('0').as_bytes()).collect();
        let sheet = self.sheet(place, 0);
        let allotment = self.allot(sheet);
        let mut selection = Selection::new(products.len());
        for (exporter, from) in countries.iter().enumerate() {
            for (importer, to) in countries.iter().enumerate() {
                let count = allotment[exporter * countries.len() + importer];
                if count == 0 {
                    continue;
                }
                let pair = self.pair_salt(exporter, importer);
                self.select(sheet, pair, count as usize, &mut selection);
                let start = format!("{},{},{},", years[place], from.number, to.number);
                let rows_before = lines.rows;
                for product in selection.chosen.iter() {
                    let trade = self.trade(sheet, pair, product);
                    let line = lines.begin()?;
                    line.extend_from_slice(start.as_bytes());
                    line.extend_from_slice(codes[product]);
                    line.push(b',');
                    push_thousandths(line, trade.value);
                    line.push(b',');
                    push_tonnes(line, trade.kilograms);
                    line.push(b'\n');
                }
                on_rows(lines.rows - rows_before);
            }
        }
        Ok(())
    }

    fn write_comtrade(&self, place: usize, lines: &mut Lines<'_>, on_rows: &mut dyn FnMut(u64)) -> io::Result<()> {
        let Parameters { countries, products, years, .. } = &self.parameters;
        let year = years[place];
        let partner_parts: Vec<String> = countries
            .iter()
            .map(|Country { number, code, name }| format!("{number},{code},{},0,W00,World,H0,HS,true,", quoted(name)))
            .collect();
        let sides = [("M,Import", self.sheet(place, 0)), ("X,Export", self.sheet(place, 1))];
        let allotments = sides.map(|(_, sheet)| self.allot(sheet));
        // Rows that one release owes are owed by its side.
        let mut selections = [Selection::new(products.len()), Selection::new(products.len())];
        for (reporter, Country { number, code, name }) in countries.iter().enumerate() {
            for (side, (flow, sheet)) in sides.into_iter().enumerate() {
                // 52 is Comtrade's month of a whole year.
                let reporter_part = format!("C,A,{year}0101,{year},52,{year},{number},{code},{},{flow},", quoted(name));
                for (partner, partner_part) in partner_parts.iter().enumerate() {
                    let is_import = side == 0;
                    let (exporter, importer) = if is_import { (partner, reporter) } else { (reporter, partner) };
                    let count = allotments[side][exporter * countries.len() + importer];
                    if count == 0 {
                        continue;
                    }
                    let pair = self.pair_salt(exporter, importer);
                    let selection = &mut selections[side];
                    self.select(sheet, pair, count as usize, selection);
                    let rows_before = lines.rows;
                    for product in selection.chosen.iter() {
                        let trade = self.trade(sheet, pair, product);
                        let line = lines.begin()?;
                        line.extend_from_slice(reporter_part.as_bytes());
                        line.extend_from_slice(partner_part.as_bytes());
                        line.extend_from_slice(self.product_parts[product].as_bytes());
                        push_amounts(line, trade, is_import);
                    }
                    on_rows(lines.rows - rows_before);
                }
            }
        }
        Ok(())
    }

    fn sheet(&self, place: usize, side: u64) -> Sheet {
        let sides = sheets_a_year(self.parameters.layout);
        let year = u64::from(self.parameters.years[place]);
        let (index, sheets) = (place as u64 * sides + side, self.parameters.years.len() as u64 * sides);
        let (whole, rest) = (self.parameters.rows / sheets, self.parameters.rows % sheets);
        let year_salt = mixed(self.salt ^ year);
        Sheet { year_salt, salt: mixed(year_salt ^ (side + 1)), rows: whole + u64::from(index < rest) }
    }

    fn pair_salt(&self, exporter: usize, importer: usize) -> u64 {
        let countries = &self.parameters.countries;
        mixed(self.salt ^ (u64::from(countries[exporter].number) << 16 | u64::from(countries[importer].number)))
    }

    /// Rows of each pair, exporter by exporter; together exactly those of the sheet.
    ///
    /// A pair has the product of both countries' zipf weights, times a scale, up to a cap: even the largest pair does
    /// not trade every good. The scale that fits is found by bisection.
    fn allot(&self, sheet: Sheet) -> Vec<u32> {
        let country_count = self.parameters.countries.len();
        let product_count = self.parameters.products.len() as u64;
        let room = (country_count * (country_count - 1)) as u64 * product_count;
        let cap = if sheet.rows <= room / 2 { (product_count * 9 / 10).max(1) } else { product_count };

        let mut weights = vec![0_u64; country_count * country_count];
        for exporter in 0..country_count {
            for importer in (0..country_count).filter(|importer| *importer != exporter) {
                let weight = (1 << 40) / (self.exporter_ranks[exporter] * self.importer_ranks[importer]);
                let pair = self.pair_salt(exporter, importer);
                // Some pairs are close and some are not, and each year differs a little from the last.
                let (closeness, year) = (512 + (pair & 0x3ff), 974 + (mixed(pair ^ sheet.salt) % 101));
                weights[exporter * country_count + importer] = (((weight * closeness) >> 10) * year) >> 10;
            }
        }
        // In 65536ths of a row.
        let amount = |weight: u64, scale: u64| {
            let uncapped = (u128::from(weight) * u128::from(scale)) >> 32;
            uncapped.min(u128::from(cap << 16)) as u64
        };
        let (mut low, mut high) = (0_u64, 1 << 48);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let sum: u64 = weights.iter().map(|weight| amount(*weight, middle)).sum();
            if sum <= sheet.rows << 16 { low = middle } else { high = middle }
        }

        let mut missing = sheet.rows;
        let mut carried = 0;
        let mut allotment = Vec::with_capacity(weights.len());
        for weight in &weights {
            carried += amount(*weight, low);
            let rows = if *weight == 0 { 0 } else { carried >> 16 };
            carried -= rows << 16;
            missing -= rows;
            allotment.push(rows as u32);
        }
        while missing > 0 {
            // What rounding has left; the room was checked, so there are pairs below the cap.
            for (rows, _) in allotment.iter_mut().zip(&weights).filter(|(_, weight)| **weight > 0) {
                if missing > 0 && u64::from(*rows) < cap {
                    *rows += 1;
                    missing -= 1;
                }
            }
        }
        allotment
    }

    /// Picks the codes that a pair trades, and does to them what the release does.
    fn select(&self, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        selection.chosen.clear();
        if count * 4 < self.parameters.products.len() {
            self.pick_few(sheet, pair, count, &mut selection.chosen);
        } else {
            self.pick_many(sheet, pair, count, selection);
        }
        if let Some(release) = &self.release {
            self.revise(release, sheet, pair, count, selection);
        }
    }

    /// Draws until there are enough. The draws are the pair's own but for one in eight, which are the sheet's: so most
    /// of what a pair trades it trades every year.
    fn pick_few(&self, sheet: Sheet, pair: u64, count: usize, chosen: &mut Bits) {
        let mut lasting = Random(pair);
        let mut passing = Random(mixed(pair ^ sheet.salt));
        let mut missing = count;
        while missing > 0 {
            let mut number = lasting.next();
            if number & 7 == 0 {
                number = passing.next();
            }
            missing -= usize::from(chosen.insert(self.popularity.draw(number)));
        }
    }

    /// The codes with the smallest hashes times ranks (Ohlsson's sequential Poisson sampling): drawing would mostly hit
    /// what has been drawn.
    fn pick_many(&self, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        let keys = &mut selection.keys;
        keys.clear();
        for (product, rank) in self.popularity.ranks.iter().enumerate() {
            let mut hash = key_hash(pair, product);
            if hash & 7 == 0 {
                hash = mixed(hash ^ sheet.salt);
            }
            keys.push((((hash >> 36) * rank) << PRODUCT_BITS) | product as u64);
        }
        if count < keys.len() {
            keys.select_nth_unstable(count);
        }
        for key in keys.iter().take(count) {
            selection.chosen.insert((key & ((1 << PRODUCT_BITS) - 1)) as usize);
        }
    }

    /// Removes rows by the hash of their key and adds as many that the pair did not have. What a full pair has no room
    /// for is added to a later one.
    fn revise(&self, release: &Release, sheet: Sheet, pair: u64, count: usize, selection: &mut Selection) {
        let Selection { chosen, taken, owed, .. } = selection;
        taken.copy_from(chosen);
        for product in taken.iter() {
            if release.hash(sheet, pair, product) < release.removed_below {
                chosen.remove(product);
                *owed += 1;
            }
        }
        let product_count = self.parameters.products.len();
        let added = (*owed).min(product_count - count);
        *owed -= added;
        let mut random = Random(mixed(pair ^ sheet.salt ^ release.salt));
        for _ in 0..added {
            let mut product = self.popularity.draw(random.next());
            let mut tries = 1;
            while taken.contains(product) {
                // A nearly full pair lacks only what is hardly ever drawn: from some point on, take the next.
                product = if tries < 32 { self.popularity.draw(random.next()) } else { (product + 1) % product_count };
                tries += 1;
            }
            taken.insert(product);
            chosen.insert(product);
        }
    }

    /// Value and weight of a flow: about log-normal, alike from year to year and on both sides.
    fn trade(&self, sheet: Sheet, pair: u64, product: usize) -> Trade {
        let lasting = key_hash(pair, product);
        let hash = mixed(lasting ^ sheet.year_salt);
        // The sum of eight bytes is nearly normal: mean 1020, standard deviation 209, here 4.5 binary digits.
        let deviation = (byte_sum(lasting) as i64 - 1020) * 1411;
        let year = (hash & 0x1_ffff) as i64 - 0x1_0000;
        let size = (13 << 16) + deviation + year;
        let mut value = power_of_two(size).max(1);
        let price = self.prices[product] + ((hash >> 17) & 0xffff) as i64;
        // 31 of 1024 are about 3 %.
        let kilograms = ((hash >> 33) & 0x3ff >= 31).then(|| power_of_two(size - price).clamp(1, 999_999_999_999));
        if let Some(release) = &self.release {
            let fate = release.hash(sheet, pair, product);
            if (release.removed_below..release.changed_below).contains(&fate) {
                value = revised(value, mixed(hash));
            }
        }
        Trade { hash, value, kilograms }
    }
}

impl Release {
    fn new(change: u32, salt: u64) -> Self {
        let change = u64::from(change);
        let threshold = |millionths: u64| (millionths << 32) / MILLION;
        Self {
            salt: mixed(salt ^ mixed(change)),
            removed_below: threshold(change / 2),
            changed_below: threshold(change / 2 + change),
        }
    }

    fn hash(&self, sheet: Sheet, pair: u64, product: usize) -> u64 {
        mixed(key_hash(pair, product) ^ sheet.salt ^ self.salt) >> 32
    }
}

/// What a pair of countries trades; the allocations are kept from pair to pair.
struct Selection {
    chosen: Bits,
    taken: Bits,
    keys: Vec<u64>,
    /// Rows removed and not yet made up for.
    owed: usize,
}

impl Selection {
    fn new(product_count: usize) -> Self {
        Self { chosen: Bits::new(product_count), taken: Bits::new(product_count), keys: Vec::new(), owed: 0 }
    }
}

struct Bits(Vec<u64>);

impl Bits {
    fn new(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }

    fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }

    fn contains(&self, place: usize) -> bool {
        self.0[place / 64] & (1 << (place % 64)) != 0
    }

    /// Whether it was not in yet.
    fn insert(&mut self, place: usize) -> bool {
        let is_new = !self.contains(place);
        self.0[place / 64] |= 1 << (place % 64);
        is_new
    }

    fn remove(&mut self, place: usize) {
        self.0[place / 64] &= !(1 << (place % 64));
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let place = (rest != 0).then(|| index * 64 + rest.trailing_zeros() as usize);
                rest &= rest.wrapping_sub(1);
                place
            })
        })
    }
}

/// The zipf distribution of the codes.
struct Popularity {
    /// The codes, the most popular first.
    by_rank: Vec<usize>,
    /// Each code's rank, from 1.
    ranks: Vec<u64>,
    /// Sums of the weights up to each rank.
    sums: Vec<u64>,
    /// Where to begin looking in `sums`, by a number's leading bits.
    starts: Vec<u32>,
    shift: u32,
}

impl Popularity {
    const START_BITS: u32 = 14;

    fn new(product_count: usize, salt: u64) -> Self {
        let mut by_rank: Vec<usize> = (0..product_count).collect();
        by_rank.sort_by_key(|product| mixed(key_hash(salt, *product)));
        let mut ranks = vec![0; product_count];
        let mut sums = Vec::with_capacity(product_count);
        let mut total = 0_u64;
        for (product, rank) in by_rank.iter().zip(1..) {
            ranks[*product] = rank;
            total += (1 << 32) / rank;
            sums.push(total);
        }
        let shift = (u64::BITS - total.leading_zeros()).saturating_sub(Self::START_BITS);
        let last_start = (total - 1) >> shift;
        let starts = (0..=last_start).map(|start| sums.partition_point(|sum| *sum <= start << shift) as u32).collect();
        Self { by_rank, ranks, sums, starts, shift }
    }

    fn draw(&self, random: u64) -> usize {
        let total = self.sums[self.sums.len() - 1];
        let number = ((u128::from(random) * u128::from(total)) >> 64) as u64;
        let mut place = self.starts[(number >> self.shift) as usize] as usize;
        while self.sums[place] <= number {
            place += 1;
        }
        self.by_rank[place]
    }
}

/// Lines on their way out, in pieces that are worth a call.
struct Lines<'a> {
    buffer: Vec<u8>,
    out: &'a mut dyn Write,
    rows: u64,
}

impl Lines<'_> {
    fn begin(&mut self) -> io::Result<&mut Vec<u8>> {
        if self.buffer.len() >= PIECE {
            self.hand_on()?;
        }
        self.rows += 1;
        Ok(&mut self.buffer)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

const COMTRADE_HEADER: &str = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,\
    reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,\
    classificationCode,classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,\
    customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,\
    altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,\
    legacyEstimationFlag,isReported,isAggregate\n";

fn product_part(product: &Product) -> String {
    format!("{},{},6,true,C00,TOTAL CPC,0,0,TOTAL MOT,", product.code, quoted(&product.title))
}

/// The end of a Comtrade line, from `qtyUnitCode` on.
fn push_amounts(line: &mut Vec<u8>, trade: Trade, is_import: bool) {
    let fob = trade.value * 1000 + (trade.hash >> 48) % 1000;
    match trade.kilograms {
        Some(kilograms) => {
            let grams = kilograms * 1000 + (trade.hash >> 43) % 1000;
            line.extend_from_slice(b"8,kg,");
            push_decimal(line, grams);
            line.extend_from_slice(b",false,-1,N/A,0.0,false,");
            push_decimal(line, grams);
            line.extend_from_slice(b",false,0.0,false,");
        }
        None => line.extend_from_slice(b"-1,N/A,,false,-1,N/A,,false,,false,,false,"),
    }
    if is_import {
        // Freight and insurance: up to a quarter on top.
        let cif = fob + fob / 1024 * ((trade.hash >> 56) & 0xff);
        push_decimal(line, cif);
        line.extend_from_slice(b",0.0,");
        push_decimal(line, cif);
    } else {
        line.extend_from_slice(b"0.0,");
        push_decimal(line, fob);
        line.push(b',');
        push_decimal(line, fob);
    }
    line.extend_from_slice(b",0,true,false\n");
}

fn sheets_a_year(layout: Layout) -> u64 {
    match layout {
        Layout::Baci => 1,
        Layout::Comtrade => 2,
    }
}

/// Ranks of the countries as exporters and as importers: who sells much buys much, though not in the same order.
fn ranks(countries: &[Country], salt: u64) -> (Vec<u64>, Vec<u64>) {
    let hash = |index: usize| mixed(salt ^ mixed(u64::from(countries[index].number)));
    let mut sellers: Vec<usize> = (0..countries.len()).collect();
    sellers.sort_by_key(|index| hash(*index));
    let exporter_ranks = places(&sellers);
    let mut buyers = sellers;
    buyers.sort_by_key(|index| exporter_ranks[*index] * 8 + mixed(hash(*index)) % 32);
    let importer_ranks = places(&buyers);
    (exporter_ranks, importer_ranks)
}

/// The place of each index in an order, from 1.
fn places(order: &[usize]) -> Vec<u64> {
    let mut places = vec![0; order.len()];
    for (index, place) in order.iter().zip(1..) {
        places[*index] = place;
    }
    places
}

/// From 25 cents to 64 dollars.
fn price(hash: u64) -> i64 {
    (hash & 0x7_ffff) as i64 - (2 << 16)
}

/// Another value, within a quarter.
fn revised(value: u64, hash: u64) -> u64 {
    let other = ((value * (768 + (hash & 0x1ff))) >> 10).max(1);
    if other == value { value + 1 } else { other }
}

/// 2 to the power of so many 65536ths, straight between whole powers; 0 below 1.
fn power_of_two(exponent: i64) -> u64 {
    if exponent < 0 {
        return 0;
    }
    let (whole, part) = (exponent >> 16, exponent & 0xffff);
    ((0x1_0000 + part as u64) << whole.min(46)) >> 16
}

fn byte_sum(number: u64) -> u64 {
    const EVEN_BYTES: u64 = 0x00ff_00ff_00ff_00ff;
    let sums = (number & EVEN_BYTES) + ((number >> 8) & EVEN_BYTES);
    sums.wrapping_mul(0x0001_0001_0001_0001) >> 48
}

/// Sebastiano Vigna's splitmix64: any state will do, which lets hashes be seeds.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(SPREAD);
        mixed(self.0)
    }
}

/// The finalizer of splitmix64.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn key_hash(pair: u64, product: usize) -> u64 {
    mixed(pair ^ (product as u64 + 1).wrapping_mul(SPREAD))
}

fn push_integer(line: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    line.extend_from_slice(&digits[start..]);
}

fn push_thousandths(line: &mut Vec<u8>, number: u64) {
    push_integer(line, number / 1000);
    let part = number % 1000;
    let digit = |place: u64| b'0' + (part / place % 10) as u8;
    line.extend_from_slice(&[b'.', digit(100), digit(10), digit(1)]);
}

/// As Comtrade writes numbers: no more decimals than needed, but one.
fn push_decimal(line: &mut Vec<u8>, thousandths: u64) {
    push_thousandths(line, thousandths);
    let unneeded = if thousandths.is_multiple_of(100) { 2 } else { usize::from(thousandths.is_multiple_of(10)) };
    line.truncate(line.len() - unneeded);
}

/// As CEPII writes quantities: quoted, padded to thirteen characters.
fn push_tonnes(line: &mut Vec<u8>, kilograms: Option<u64>) {
    const WIDTH: usize = 13;
    let Some(kilograms) = kilograms else {
        line.extend_from_slice(b"\"           NA\"");
        return;
    };
    let whole_digits = (kilograms / 1000).checked_ilog10().unwrap_or(0) as usize + 1;
    line.push(b'"');
    line.extend(std::iter::repeat_n(b' ', WIDTH.saturating_sub(whole_digits + 4)));
    push_thousandths(line, kilograms);
    line.push(b'"');
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::import::number::{Excess, parse};

    fn parameters(layout: Layout, rows: u64) -> Parameters {
        Parameters {
            layout,
            countries: countries(40),
            products: made_up_products(500),
            years: vec![2020, 2019],
            rows,
            seed: 1,
            change: 0,
        }
    }

    fn written(parameters: Parameters) -> String {
        let generator = Generator::new(parameters).unwrap();
        let mut bytes = Vec::new();
        generator.write_header(&mut bytes).unwrap();
        for place in 0..generator.years().len() {
            let mut heard = 0;
            let rows = generator.write_year(place, &mut bytes, &mut |rows| heard += rows).unwrap();
            assert_eq!(rows, heard);
        }
        String::from_utf8(bytes).unwrap()
    }

    type Key = [u32; 4];

    /// Value in thousandths and quantity in thousandths, by key, in the order of the file.
    fn baci_rows(text: &str) -> Vec<(Key, (i64, Option<i64>))> {
        let mut rows = Vec::new();
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            assert_eq!(record.len(), 6);
            let key = [0, 1, 2, 3].map(|column| record[column].parse().unwrap());
            let amount = |column: usize| parse(record[column].as_bytes(), 3, Excess::Refuse).unwrap();
            assert_eq!(record[5].len(), 13);
            let value = amount(4).unwrap().value;
            assert!(value > 0);
            rows.push((key, (value, amount(5).map(|quantity| quantity.value))));
        }
        rows
    }

    fn assert_close(count: usize, expected: usize, tolerance: f64) {
        let ratio = count as f64 / expected as f64;
        assert!((ratio - 1.0).abs() <= tolerance, "{count}, not {expected}");
    }

    #[test]
    fn baci_rows_are_unique_sorted_and_as_many_as_asked() {
        for rows in [0, 1, 999, 100_000, 1_200_000, 40 * 39 * 500 * 2] {
            let text = written(parameters(Layout::Baci, rows));
            let keys: Vec<Key> = baci_rows(&text).into_iter().map(|(key, _)| key).collect();
            assert!(keys.is_sorted_by(|left, right| left < right), "{rows} rows");
            assert_eq!(keys.len() as u64, rows);
            assert!(keys.iter().all(|[_, exporter, importer, _]| exporter != importer));
        }
        let error = Generator::new(parameters(Layout::Baci, 40 * 39 * 500 * 2 + 1)).err().unwrap();
        assert!(matches!(error, Error::TooManyRows { .. }), "{error}");
    }

    #[test]
    fn lines_look_like_cepii() {
        let text = written(parameters(Layout::Baci, 50_000));
        assert!(text.starts_with("t,i,j,k,v,q\n2019,4,8,"));
        let unknown = text.lines().filter(|line| line.ends_with(",\"           NA\"")).count();
        assert_close(unknown, 1_500, 0.15);
        let mut line = Vec::new();
        push_tonnes(&mut line, Some(13_235));
        assert_eq!(line, b"\"       13.235\"");
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        for layout in [Layout::Baci, Layout::Comtrade] {
            let first = written(parameters(layout, 20_000));
            assert!(first == written(parameters(layout, 20_000)));
            assert!(first != written(Parameters { seed: 2, ..parameters(layout, 20_000) }));
        }
    }

    #[test]
    fn a_second_release_changes_as_much_as_asked() {
        for rows in [100_000, 600_000] {
            let first: BTreeMap<_, _> = baci_rows(&written(parameters(Layout::Baci, rows))).into_iter().collect();
            let revised = Parameters { change: 20_000, ..parameters(Layout::Baci, rows) };
            let second = baci_rows(&written(revised));
            assert!(second.is_sorted_by(|(left, _), (right, _)| left < right));
            assert_close(second.len(), rows as usize, 0.001);

            let second: BTreeMap<_, _> = second.into_iter().collect();
            let removed = first.keys().filter(|key| !second.contains_key(*key)).count();
            let added = second.keys().filter(|key| !first.contains_key(*key)).count();
            let changed =
                first.iter().filter(|(key, amounts)| second.get(*key).is_some_and(|other| other != *amounts)).count();
            let expected = rows as usize / 50;
            assert_close(changed, expected, 0.1);
            assert_close(removed, expected / 2, 0.1);
            assert_close(added, expected / 2, 0.1);
        }
    }

    #[test]
    fn most_trade_goes_on_from_year_to_year() {
        let rows = baci_rows(&written(parameters(Layout::Baci, 100_000)));
        let first: BTreeMap<_, _> =
            rows.iter().filter(|(key, _)| key[0] == 2019).map(|(key, _)| (&key[1..], ())).collect();
        let kept = rows.iter().filter(|(key, _)| key[0] == 2020 && first.contains_key(&key[1..])).count();
        assert!((30_000..48_000).contains(&kept), "{kept} of 50000");
    }

    #[test]
    fn few_countries_and_codes_have_most_rows() {
        let rows = baci_rows(&written(parameters(Layout::Baci, 100_000)));
        for column in [1, 2, 3] {
            let mut counts = BTreeMap::new();
            for (key, _) in &rows {
                *counts.entry(key[column]).or_insert(0_usize) += 1;
            }
            let mut counts: Vec<usize> = counts.into_values().collect();
            counts.sort_unstable_by(|left, right| right.cmp(left));
            let top: usize = counts.iter().take(counts.len() / 5).sum();
            assert!(top > 45_000, "the first fifth of column {column} has {top} of 100000 rows");
        }
    }

    #[test]
    fn comtrade_rows_parse_and_are_unique() {
        let text = written(parameters(Layout::Comtrade, 60_000));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        assert_eq!(header.len(), 47);
        let column = |name: &str| header.iter().position(|other| other == name).unwrap();
        let mut last = None;
        let mut rows = 0;
        for record in reader.records() {
            let record = record.unwrap();
            let field = |name: &str| record[column(name)].to_owned();
            let number = |name: &str| field(name).parse::<u32>().unwrap();
            let key =
                (number("period"), number("reporterCode"), field("flowCode"), number("partnerCode"), field("cmdCode"));
            assert!(last.as_ref() < Some(&key), "{key:?}");
            last = Some(key);
            rows += 1;

            let amount = |name: &str| parse(field(name).as_bytes(), 3, Excess::Refuse).unwrap();
            let side = if field("flowCode") == "M" { "cifvalue" } else { "fobvalue" };
            assert!(amount("primaryValue").is_some_and(|value| value.value > 0));
            assert_eq!(amount("primaryValue"), amount(side));
            assert_eq!(field("qtyUnitCode") == "8", amount("netWgt").is_some());
            assert_eq!((field("isReported"), field("isAggregate")), ("true".into(), "false".into()));
        }
        assert_eq!(rows, 60_000);
    }

    #[test]
    fn made_up_codes_are_six_digits_and_differ() {
        for count in [1, 95, 97, 5000, MOST_PRODUCTS] {
            let products = made_up_products(count);
            assert_eq!(products.len(), count);
            assert!(products.is_sorted_by(|left, right| left.code < right.code));
            assert!(products.iter().all(|product| product.code.len() == 6 && !product.code.starts_with("77")));
        }
        assert_eq!(countries(200).len(), 200);
    }

    #[test]
    fn decimals_are_as_short_as_comtrade_writes_them() {
        for (thousandths, text) in [(950_000, "950.0"), (2_435_850, "2435.85"), (1, "0.001"), (0, "0.0"), (70, "0.07")]
        {
            let mut line = Vec::new();
            push_decimal(&mut line, thousandths);
            assert_eq!(String::from_utf8(line).unwrap(), text);
        }
    }
}
