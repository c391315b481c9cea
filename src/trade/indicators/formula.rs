//! The formulas of the indicators, each with its source.

/// A formula that an answer names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Formula {
    /// Field that it is of.
    pub indicator: &'static str,
    pub expression: &'static str,
    pub source: &'static str,
    /// Goes up by one when the way of reckoning changes.
    pub version: i32,
}

const fn formula(indicator: &'static str, expression: &'static str, source: &'static str) -> Formula {
    Formula { indicator, expression, source, version: 1 }
}

const UN: &str = "Mikić and Gilbert, Trade Statistics in Policymaking: A Handbook of Commonly Used Trade Indices and Indicators, \
                  UNESCAP (2009)";
const UNCTAD: &str = "UNCTADstat, Merchandise: product concentration and diversification indices";
const PRICES: &str = "IMF, Export and Import Price Index Manual (2009)";
const PLAIN: &str = "definition";

pub const BALANCE: &[Formula] = &[
    formula("balance", "X - M", UN),
    formula("coverage_ratio", "X / M", UN),
    formula("normalized_balance", "(X - M) / (X + M)", UN),
];

pub const GROWTH: &[Formula] = &[
    formula("growth_on_year", "(v[t] - v[t-1y]) / v[t-1y]", UN),
    formula("growth_on_previous", "(v[t] - v[t-1]) / v[t-1]", UN),
    formula("year_to_date", "sum of v from the first period of the year to t", PLAIN),
    formula("rolling_year", "sum of v over the twelve months that end with t", PLAIN),
    formula("index", "100 v[t] / v[base]", UN),
    formula("compound_annual_growth", "(v[last] / v[first])^(1 / years) - 1", UN),
    formula(
        "least_squares_growth",
        "exp(b · periods a year) - 1, where ln v[t] = a + b t by ordinary least squares over all periods between",
        "World Bank, World Development Indicators, Statistical methods: growth rates",
    ),
];

pub const RANK: &[Formula] = &[
    formula("share", "v / sum of v over all that are ranked in the period", UN),
    formula("share_of_whole", "v / value without the filter on what is ranked", UN),
    formula("rank", "1 + how many have a larger value in the period", UN),
];

pub const DEPENDENCE: &[Formula] = &[
    formula("share_of_identified", "v[p] / sum of v over single partners", UN),
    formula("share_of_world", "v[p] / v[World] as reported", UN),
];

pub const CONCENTRATION: &[Formula] = &[
    formula("herfindahl", "H = sum of (v[i] / sum of v)^2", "Hirschman, American Economic Review 54 (1964) 761"),
    formula("normalized_herfindahl", "(H - 1/n) / (1 - 1/n)", UN),
    formula("concentration_index", "(sqrt(H) - sqrt(1/n)) / (1 - sqrt(1/n))", UNCTAD),
    formula("effective_number", "1 / H", "Adelman, Review of Economics and Statistics 51 (1969) 99"),
    formula("herfindahl_low", "sum of v[i]^2 / World^2", "bound: the rest of World is spread thinly"),
    formula(
        "herfindahl_high",
        "(sum of v[i]^2 - largest^2 + (largest + rest)^2) / World^2",
        "bound: the rest of World belongs to the largest member",
    ),
];

pub const ADVANTAGE: &[Formula] = &[
    formula("advantage", "(x[i,k] / X[i]) / (x[w,k] / X[w])", "Balassa, The Manchester School 33 (1965) 99"),
    formula("symmetric_advantage", "(RCA - 1) / (RCA + 1)", "Laursen, Eurasian Business Review 5 (2015) 99"),
];

pub const INTENSITY: &[Formula] = &[formula("intensity", "(x[i,j] / X[i]) / (x[w,j] / X[w])", UN)];

pub const COMPLEMENTARITY: &[Formula] = &[formula(
    "complementarity",
    "100 (1 - sum over k of |m[k,j] / M[j] - x[k,i] / X[i]| / 2)",
    "Michaely, Trade Preferential Agreements in Latin America, World Bank (1996); UNESCAP handbook (2009)",
)];

pub const INTRA_INDUSTRY: &[Formula] = &[
    formula(
        "grubel_lloyd",
        "1 - sum over k of |X[k] - M[k]| / sum over k of (X[k] + M[k])",
        "Grubel and Lloyd, Intra-Industry Trade (1975)",
    ),
    formula(
        "marginal",
        "1 - sum over k of |dX[k] - dM[k]| / sum over k of (|dX[k]| + |dM[k]|)",
        "Brülhart, Weltwirtschaftliches Archiv 130 (1994) 600",
    ),
];

pub const SIMILARITY: &[Formula] = &[formula(
    "similarity",
    "sum over k of min(x[a,k] / X[a], x[b,k] / X[b])",
    "Finger and Kreinin, The Economic Journal 89 (1979) 905",
)];

pub const MARGIN: &[Formula] = &[
    formula("new_share", "value of new products / value", UN),
    formula("vanished_share", "base value of vanished products / base value", UN),
];

pub const UNIT_VALUE: &[Formula] = &[
    formula("unit_value", "sum of v / sum of kg over the facts that have both", PRICES),
    formula(
        "outlier",
        "below Q1 - k (Q3 - Q1) or above Q3 + k (Q3 - Q1); quartiles interpolated linearly at (n - 1) q",
        "Tukey, Exploratory Data Analysis (1977); Hyndman and Fan, The American Statistician 50 (1996) 361, type 7",
    ),
];

pub const DECOMPOSITION: &[Formula] = &[
    formula(
        "price",
        "sum of (q0 + q1) (p1 - p0) / 2",
        "Bennet, Journal of the Royal Statistical Society 83 (1920) 455",
    ),
    formula(
        "quantity",
        "sum of (p0 + p1) (q1 - q0) / 2",
        "Bennet, Journal of the Royal Statistical Society 83 (1920) 455",
    ),
    formula("laspeyres", "sum p1 q0 / sum p0 q0", PRICES),
    formula("paasche", "sum p1 q1 / sum p0 q1", PRICES),
    formula("fisher", "sqrt(Laspeyres · Paasche)", PRICES),
];

pub const MOVERS: &[Formula] = &[
    formula("contribution", "dv / sum of dv over all", UN),
    formula("contribution_to_growth", "dv / sum of base values over all", UN),
];
