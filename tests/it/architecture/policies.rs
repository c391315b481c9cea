//! Every method in the descriptors has a policy, and every policy has its method.

use std::collections::BTreeSet;

use entrepot::config::SCOPES;
use entrepot::proto::DESCRIPTOR_SET;
use entrepot::rpc::policy::{self, POLICIES, Span};
use prost_reflect::{DescriptorPool, MethodDescriptor};

fn methods() -> Vec<(String, MethodDescriptor)> {
    let pool = DescriptorPool::decode(DESCRIPTOR_SET).expect("the descriptors can be read");
    let services = pool.services().filter(|service| service.full_name().starts_with("entrepot."));
    services
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .map(|method| (format!("/{}/{}", method.parent_service().full_name(), method.name()), method))
        .collect()
}

#[test]
fn every_rpc_has_scope_span_and_limit() {
    let methods = methods();
    assert!(!methods.is_empty(), "there are methods");
    for (path, method) in &methods {
        let policy = policy::of(path).unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(policy.scope.is_some(), "{path} is open to everybody");
        assert!(policy.rows_max > 0, "{path} has no limit");
        assert_eq!(method.is_server_streaming(), policy.span == Span::Stream, "{path}");
        assert!(!method.is_client_streaming(), "{path} reads a stream, for which no policy is made");
    }
    // As many as there are, each once, and none of a method that is gone.
    let told: Vec<&str> =
        POLICIES.iter().map(|policy| policy.path).filter(|path| path.starts_with("/entrepot.")).collect();
    let known: BTreeSet<&str> = methods.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), known);
    assert_eq!(told.len(), methods.len(), "two policies of one method");
}

#[test]
fn every_scope_can_be_granted() {
    for scope in POLICIES.iter().filter_map(|policy| policy.scope) {
        assert!(SCOPES.contains(&scope), "{scope}");
    }
}
