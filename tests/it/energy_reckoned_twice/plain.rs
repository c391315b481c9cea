//! A calendar and fractions of our own.

/// Year, month and day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(pub i64, pub i64, pub i64);

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    pub fn next(self) -> Self {
        let Self(year, month, day) = self;
        match (day < days_of_month(year, month), month < 12) {
            (true, _) => Self(year, month, day + 1),
            (false, true) => Self(year, month + 1, 1),
            (false, false) => Self(year + 1, 1, 1),
        }
    }

    pub fn before(self) -> Self {
        let Self(year, month, day) = self;
        match (day > 1, month > 1) {
            (true, _) => Self(year, month, day - 1),
            (false, true) => Self(year, month - 1, days_of_month(year, month - 1)),
            (false, false) => Self(year - 1, 12, 31),
        }
    }

    /// The same day some years later; the 28th where there is no 29 February.
    pub fn years_later(self, years: i64) -> Self {
        Self(self.0 + years, self.1, self.2.min(days_of_month(self.0 + years, self.1)))
    }

    /// The calendar year in which the contract year of the day begins.
    pub fn contract_year(self, begins: i64) -> i64 {
        if self.1 >= begins { self.0 } else { self.0 - 1 }
    }

    pub fn text(self) -> String {
        format!("{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }

    pub fn to(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |day| Some(day.next())).take_while(move |day| *day <= last)
    }
}

/// Days of a contract year.
pub fn length(year: i64, begins: i64) -> i64 {
    let first = Day(year, begins, 1);
    let last = Day(year + 1, begins, 1).before();
    i64::try_from(first.to(last).count()).unwrap()
}

/// A fraction that is added and rounded once.
#[derive(Clone, Copy, Debug)]
pub struct Fraction(pub i128, pub i128);

impl Fraction {
    pub const ZERO: Self = Self(0, 1);

    pub fn plus(self, other: Self) -> Self {
        let (above, below) = (self.0 * other.1 + other.0 * self.1, self.1 * other.1);
        let divisor = divisor(above.unsigned_abs(), below.unsigned_abs());
        Self(above / divisor, below / divisor)
    }

    /// In units of 10^-digits, a half to the even neighbour.
    pub fn rounded(self, digits: u32) -> i128 {
        let scaled = self.0 * 10_i128.pow(digits);
        let (quotient, rest) = (scaled.div_euclid(self.1), scaled.rem_euclid(self.1));
        match (2 * rest).cmp(&self.1) {
            std::cmp::Ordering::Less => quotient,
            std::cmp::Ordering::Greater => quotient + 1,
            std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
        }
    }
}

fn divisor(left: u128, right: u128) -> i128 {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    i128::try_from(left.max(1)).unwrap()
}

/// Decimal text in units of 10^-digits; more digits than that fail.
pub fn read(text: &str, digits: usize) -> i128 {
    let (sign, plain) = text.strip_prefix('-').map_or((1, text), |plain| (-1, plain));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let fraction = fraction.trim_end_matches('0');
    assert!(fraction.len() <= digits, "`{text}` has more than {digits} digits after the point");
    sign * format!("{whole}{fraction:0<digits$}").parse::<i128>().unwrap()
}

/// Thousandths as decimal text.
pub fn shown(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}
