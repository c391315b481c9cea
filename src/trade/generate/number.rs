//! Hashes, random numbers and digits, all in integers.
//!
//! Owns what makes the bytes the same on every machine. Never uses floating point, and never knows what a number stands
//! for.

/// Odd constant of splitmix64, which spreads consecutive numbers over all 64 bits.
pub(super) const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Sebastiano Vigna's splitmix64: any state will do, which lets hashes be seeds.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(SPREAD);
        mixed(self.0)
    }
}

/// The finalizer of splitmix64.
pub(super) fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

pub(super) fn byte_sum(number: u64) -> u64 {
    const EVEN_BYTES: u64 = 0x00ff_00ff_00ff_00ff;
    let sums = (number & EVEN_BYTES) + ((number >> 8) & EVEN_BYTES);
    sums.wrapping_mul(0x0001_0001_0001_0001) >> 48
}

/// 2 to the power of so many 65536ths, straight between whole powers; 0 below 1.
pub(super) fn power_of_two(exponent: i64) -> u64 {
    if exponent < 0 {
        return 0;
    }
    let (whole, part) = (exponent >> 16, exponent & 0xffff);
    ((0x1_0000 + part as u64) << whole.min(46)) >> 16
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

pub(super) fn push_thousandths(line: &mut Vec<u8>, number: u64) {
    push_integer(line, number / 1000);
    let part = number % 1000;
    let digit = |place: u64| b'0' + (part / place % 10) as u8;
    line.extend_from_slice(&[b'.', digit(100), digit(10), digit(1)]);
}
