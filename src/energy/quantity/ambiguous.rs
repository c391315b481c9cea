//! Names of units that mean different things to different writers, and what each writer would write instead.

/// Words that mean a thousand to some writers, who count in M and MM, and a million to others, who count in k and M.
pub fn ambiguous(name: &str) -> Option<&'static str> {
    match name {
        "mt" | "MT" => return Some("`mt` is a tonne to some and a million to others; write t or Mt"),
        "Mm3" | "Mm³" => return Some("`Mm3` is a thousand or a million cubic metres; write thousand m3 or mcm"),
        "Mb" | "MB" => return Some("`Mb` is a thousand or a million barrels; write kb or mb"),
        _ => {}
    }
    match name.to_ascii_lowercase().as_str() {
        "mcf" | "mcfd" | "mscf" => Some("`Mcf` is a thousand or a million cubic feet; write thousand ft3 or MMcf"),
        "mbbl" | "mbbls" => Some("`Mbbl` is a thousand or a million barrels; write kb or million bbl"),
        "mbpd" | "mbblpd" | "mbd" => {
            Some("`mbpd` is a thousand or a million barrels a day; write kb/d or million bbl/d")
        }
        "mboe" | "mboepd" | "mboed" => {
            Some("`mboe` is a thousand or a million barrels of oil equivalent; write kboe or MMboe")
        }
        "mbtu" => Some("`MBtu` is a thousand or a million Btu; write thousand Btu or MMBtu"),
        "mdth" => Some("`MDth` is a thousand or a million dekatherms; write BBtu or million MMBtu"),
        _ => None,
    }
}
