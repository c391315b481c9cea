//! `2021` or `2021-2024`.

/// Calendar years, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Years {
    pub first: i16,
    pub last: i16,
}

impl std::str::FromStr for Years {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let year = |text: &str| {
            let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<i16>().ok().filter(|_| is_year).ok_or_else(|| "write it as 2021 or 2021-2024".to_owned())
        };
        let years = Self { first: year(first)?, last: year(last)? };
        if years.first > years.last {
            return Err("the first year lies behind the last one".to_owned());
        }
        Ok(years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_one_or_a_range() {
        assert_eq!("2021".parse(), Ok(Years { first: 2021, last: 2021 }));
        assert_eq!("2021-2024".parse(), Ok(Years { first: 2021, last: 2024 }));
        for refused in ["21", "2024-2021", "2021-", "-2021", "2021-01-01", "2021 to 2024", "+021"] {
            assert!(refused.parse::<Years>().is_err(), "{refused}");
        }
    }
}
