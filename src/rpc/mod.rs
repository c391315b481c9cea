//! What every service shares: status mapping, page tokens, validation, policy, layers, listener, health, reflection.
//!
//! Knows no subject.

pub mod health;
pub mod layer;
pub mod listener;
pub mod page;
pub mod policy;
pub mod refusal;
pub mod rules;
pub mod server;
pub mod status;
pub mod validate;
pub mod wire;

pub use page::Page;
pub use refusal::{Code, Refusal};
pub use status::Error;
pub use validate::Violations;

use crate::store::Deadline;

/// The deadline that the layer gave the request. A request that came past the layer (in a test, say) gets a short one.
pub fn deadline_of<T>(request: &tonic::Request<T>) -> Deadline {
    let given = request.extensions().get::<Deadline>().cloned();
    given.unwrap_or_else(|| Deadline::after(std::time::Duration::from_secs(30)))
}
