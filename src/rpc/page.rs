//! Pages of lists and parts of streams: where they go on, how long they are, and which release they are pinned to.
//!
//! A token is opaque, versioned, bound to the request, and carries the release that the list began on, so that paging
//! neither skips nor repeats a row while imports go on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Error, policy};

const VERSION: u8 = 2;
/// Room for the store's id, by which a token of another store will be told apart.
const STORE_ID: [u8; 16] = [0; 16];

/// A request for a page: what the token binds is everything but these two.
pub trait Paged: Message + Clone {
    fn page_token(&mut self) -> &mut String;
    fn page_size(&mut self) -> &mut i32;
}

/// Implements [`Paged`] for messages with the fields `page_token` and `page_size`.
macro_rules! paged {
    ($($request:ty),+ $(,)?) => {
        $(impl $crate::rpc::page::Paged for $request {
            fn page_token(&mut self) -> &mut String {
                &mut self.page_token
            }

            fn page_size(&mut self) -> &mut i32 {
                &mut self.page_size
            }
        })+
    };
}
pub(crate) use paged;

/// Where a list or stream goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token<Position> {
    /// Release that the list is pinned to.
    pub release: i64,
    /// The last item that was given.
    pub after: Position,
}

/// What a token is good for: one method with one request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binding([u8; 8]);

impl Binding {
    /// `request` without its token and size.
    pub fn new(method: &str, request: &impl Message) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(method);
        hasher.update(request.encode_to_vec());
        let digest = hasher.finalize();
        let mut print = [0; 8];
        print.copy_from_slice(&digest[..8]);
        Self(print)
    }

    pub fn encode<Position: Serialize>(self, token: &Token<Position>) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&STORE_ID);
        bytes.extend_from_slice(&self.0);
        bytes.extend_from_slice(&token.release.to_le_bytes());
        // Positions are numbers, texts and tuples of them: they have a JSON text.
        bytes.extend(serde_json::to_vec(&token.after).unwrap_or_default());
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` for an empty token. Errs when it is not one of ours, was given for another request, or holds no position
    /// of this list.
    pub fn decode<Position: DeserializeOwned>(
        self,
        field: &str,
        token: &str,
    ) -> Result<Option<Token<Position>>, Error> {
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
        let (_store, body) = body.split_first_chunk::<16>().ok_or_else(broken)?;
        let (binding, body) = body.split_first_chunk::<8>().ok_or_else(broken)?;
        if *binding != self.0 {
            return Err(Error::invalid(
                field,
                "was given for another request; everything but it and the size must stay",
            ));
        }
        let (release, position) = body.split_first_chunk::<8>().ok_or_else(broken)?;
        let after = serde_json::from_slice(position).map_err(|_| broken())?;
        Ok(Some(Token { release: i64::from_le_bytes(*release), after }))
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<Position> {
    /// Most items that it may have.
    pub size: usize,
    /// Where it goes on; absent on the first page.
    pub token: Option<Token<Position>>,
    binding: Binding,
}

impl<Position: Serialize + DeserializeOwned> Page<Position> {
    /// The page that a request asks for. The method's policy says how long it may be at most.
    pub fn of(method: &str, request: &impl Paged, default: usize) -> Result<Self, Error> {
        let mut bare = request.clone();
        let size = size(std::mem::take(bare.page_size()), default, policy::rows_max(method));
        let token = std::mem::take(bare.page_token());
        let binding = Binding::new(method, &bare);
        Ok(Self { size, token: binding.decode("page_token", &token)?, binding })
    }

    /// The release that the list is pinned to; `newest` on the first page.
    pub fn release(&self, newest: i64) -> i64 {
        self.token.as_ref().map_or(newest, |token| token.release)
    }

    pub fn after(&self) -> Option<&Position> {
        self.token.as_ref().map(|token| &token.after)
    }

    pub fn is_first(&self) -> bool {
        self.token.is_none()
    }

    /// How many items to read to know whether there is a next page.
    pub fn limit(&self) -> usize {
        self.size + 1
    }

    /// The token of the page after an item.
    pub fn token_after(&self, release: i64, after: Position) -> String {
        self.binding.encode(&Token { release, after })
    }

    /// Cuts what was read with [`Page::limit`] down to the page; returns the token of the next one, or an empty text.
    pub fn cut<T>(&self, release: i64, items: &mut Vec<T>, position: impl Fn(&T) -> Position) -> String {
        if items.len() <= self.size {
            return String::new();
        }
        items.truncate(self.size);
        items.last().map_or_else(String::new, |last| self.token_after(release, position(last)))
    }
}

/// AIP-158: 0 is the default, above the maximum is the maximum. A rule of the protos refuses what is negative.
pub fn size(asked: i32, default: usize, maximum: usize) -> usize {
    match usize::try_from(asked) {
        Ok(0) | Err(_) => default,
        Ok(size) => size.min(maximum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::entrepot::r#type::v1::Decimal;

    #[test]
    fn token_comes_back_for_its_own_request_only() {
        let binding = |method: &str, value: &str| Binding::new(method, &Decimal { value: value.into() });
        let own = binding("List", "1");
        let token = Token { release: 7, after: ("CHN".to_owned(), 3_i64) };
        let text = own.encode(&token);
        type Position = (String, i64);
        assert_eq!(own.decode::<Position>("page_token", &text).unwrap(), Some(token));
        assert!(binding("List", "2").decode::<Position>("page_token", &text).is_err());
        assert!(binding("Other", "1").decode::<Position>("page_token", &text).is_err());
        let mut broken = text.clone();
        broken.replace_range(3..4, if &text[3..4] == "A" { "B" } else { "A" });
        assert!(own.decode::<Position>("page_token", &broken).is_err());
        assert_eq!(own.decode::<Position>("page_token", "").unwrap(), None);
    }

    #[test]
    fn a_position_of_another_kind_is_refused() {
        let own = Binding::new("List", &Decimal::default());
        let text = own.encode(&Token { release: 7, after: "CHN" });
        assert!(own.decode::<i64>("page_token", &text).is_err());
    }

    #[test]
    fn sizes_follow_aip_158() {
        assert_eq!(size(0, 100, 1000), 100);
        assert_eq!(size(5000, 100, 1000), 1000);
    }
}
