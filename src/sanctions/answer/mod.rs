//! Answering questions about sanctions: what is needed from the store, handed to the plain functions.

pub mod commodity;
pub mod coverage;
pub mod owners;
pub mod provenance;
