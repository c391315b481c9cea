//! Code generated from `proto/`. Owns nothing else.

#![allow(clippy::all, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/entrepot.rs"));

/// The descriptor set of every proto, for reflection and for the tests that walk it.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/entrepot_descriptor.bin"));
