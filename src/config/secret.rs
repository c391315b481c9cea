//! How secrets are written: masked, always.
//!
//! It never hands out the secret itself, so whatever serializes a configuration is safe to print.

use secrecy::{ExposeSecret, SecretString};
use serde::Serializer;

/// Stands where a secret was left out.
pub(super) const HIDDEN: &str = "***";

pub(super) fn serialize_url<S: Serializer>(url: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&masked_url(url.expose_secret()))
}

pub(super) fn serialize_hidden<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(HIDDEN)
}

/// The url with its password replaced by `***`.
///
/// It must be safe for texts that are not proper URLs too (a password with an unescaped `/` or `@`),
/// so it rather hides too much: everything from the first `:` to the last `@` after the scheme.
pub(super) fn masked_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        let may_hold_password = url.contains('@') || url.contains("password");
        return if may_hold_password { HIDDEN.to_owned() } else { url.to_owned() };
    };
    let without_user_password = match rest.rsplit_once('@') {
        Some((user_info, host_on)) => {
            let user = user_info.split(':').next().unwrap_or_default();
            if user.len() == user_info.len() { rest.to_owned() } else { format!("{user}:{HIDDEN}@{host_on}") }
        }
        None => rest.to_owned(),
    };
    format!("{scheme}://{}", masked_parameters(&without_user_password))
}

/// Hides parameters such as `?password=...` and `&sslpassword=...`.
fn masked_parameters(text: &str) -> String {
    let Some((before, query)) = text.split_once('?') else {
        return text.to_owned();
    };
    let mut parameters = Vec::new();
    for parameter in query.split('&') {
        let masked = match parameter.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                format!("{name}={HIDDEN}")
            }
            _ => parameter.to_owned(),
        };
        parameters.push(masked);
    }
    format!("{before}?{}", parameters.join("&"))
}

#[cfg(test)]
mod tests {
    use super::masked_url;

    #[test]
    fn passwords_are_masked_and_nothing_else() {
        let cases = [
            ("sqlite://entrepot.db", "sqlite://entrepot.db"),
            ("sqlite:///var/lib/a.db?mode=rwc", "sqlite:///var/lib/a.db?mode=rwc"),
            ("postgres://u@h:5432/d", "postgres://u@h:5432/d"),
            ("postgres://h:5432/d", "postgres://h:5432/d"),
            ("postgres://u:p@h:5432/d", "postgres://u:***@h:5432/d"),
            ("postgres://u:p@ss/w:rd@h/d", "postgres://u:***@h/d"),
            ("postgres://u:a?b#c@h/d", "postgres://u:***@h/d"),
            ("postgres://h/d?user=u&password=p&sslmode=require", "postgres://h/d?user=u&password=***&sslmode=require"),
            ("postgres:u:p@h/d", "***"),
            ("entrepot.db", "entrepot.db"),
        ];
        for (url, masked) in cases {
            assert_eq!(masked_url(url), masked, "{url}");
        }
    }
}
