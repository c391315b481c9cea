//! Page and resume tokens: opaque, versioned, bound to the request and to the release that the list began on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost::Message;
use sha2::{Digest as _, Sha256};

use super::Error;

const VERSION: u8 = 1;

/// Where a list goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageToken {
    /// Release that the list is pinned to.
    pub release: i64,
    /// The last item that was given, in a form that the list understands.
    pub position: Vec<u8>,
}

impl PageToken {
    /// Writes the token for a request, whose token and page size must have been cleared.
    pub fn encode(&self, method: &str, request: &impl Message) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&fingerprint(method, request));
        bytes.extend_from_slice(&self.release.to_le_bytes());
        bytes.extend_from_slice(&self.position);
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; `None` when there is none. Errs when it is not one of ours or was given for another request.
    pub fn decode(token: &str, field: &str, method: &str, request: &impl Message) -> Result<Option<Self>, Error> {
        if token.is_empty() {
            return Ok(None);
        }
        let broken = || Error::invalid(field, "is not a token of this service; begin without one");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| broken())?;
        let (body, checksum) = bytes.split_last_chunk::<4>().ok_or_else(broken)?;
        if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
            return Err(broken());
        }
        let (version, body) = body.split_first().ok_or_else(broken)?;
        if *version != VERSION {
            return Err(Error::invalid(field, "is of another version of this service; begin without one"));
        }
        let (print, body) = body.split_first_chunk::<8>().ok_or_else(broken)?;
        if *print != fingerprint(method, request) {
            return Err(Error::invalid(
                field,
                "was given for another request; everything but it and the size must stay",
            ));
        }
        let (release, position) = body.split_first_chunk::<8>().ok_or_else(broken)?;
        Ok(Some(Self { release: i64::from_le_bytes(*release), position: position.to_vec() }))
    }
}

fn fingerprint(method: &str, request: &impl Message) -> [u8; 8] {
    let mut hasher = Sha256::new();
    hasher.update(method);
    hasher.update(request.encode_to_vec());
    let digest = hasher.finalize();
    let mut print = [0; 8];
    print.copy_from_slice(&digest[..8]);
    print
}

/// AIP-158: 0 is the default, above the maximum is the maximum, negative is an error.
pub fn page_size(asked: i32, default: usize, maximum: usize) -> Result<usize, Error> {
    match usize::try_from(asked) {
        Err(_) => Err(Error::invalid("page_size", format!("{asked} is negative; 0 to {maximum} would be right"))),
        Ok(0) => Ok(default),
        Ok(size) => Ok(size.min(maximum)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::entrepot::r#type::v1::Decimal;

    #[test]
    fn token_comes_back_for_its_own_request_only() {
        let request = Decimal { value: "1".into() };
        let other = Decimal { value: "2".into() };
        let token = PageToken { release: 7, position: b"CHN".to_vec() };
        let text = token.encode("List", &request);
        assert_eq!(PageToken::decode(&text, "page_token", "List", &request).unwrap(), Some(token));
        assert!(PageToken::decode(&text, "page_token", "List", &other).is_err());
        assert!(PageToken::decode(&text, "page_token", "Other", &request).is_err());
        let mut broken = text.clone();
        broken.replace_range(3..4, if &text[3..4] == "A" { "B" } else { "A" });
        assert!(PageToken::decode(&broken, "page_token", "List", &request).is_err());
        assert_eq!(PageToken::decode("", "page_token", "List", &request).unwrap(), None);
    }

    #[test]
    fn sizes_follow_aip_158() {
        assert_eq!(page_size(0, 100, 1000).unwrap(), 100);
        assert_eq!(page_size(5000, 100, 1000).unwrap(), 1000);
        assert!(page_size(-1, 100, 1000).is_err());
    }
}
