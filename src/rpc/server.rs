//! Binding, serving, and stopping in good order.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::transport::Server;

use super::{health, layer::RequestLayer, listener};
use crate::config::Config;
use crate::proto::DESCRIPTOR_SET;
use crate::store::Store;

/// Why the server could not start or ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot listen on {address}: {source}")]
    Bind { address: SocketAddr, source: std::io::Error },
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    #[error("server: {0}")]
    Serve(#[from] tonic::transport::Error),
}

/// A server that is bound and not yet serving.
pub struct Bound {
    listener: TcpListener,
    pub address: SocketAddr,
}

impl Bound {
    pub async fn bind(address: SocketAddr) -> Result<Self, Error> {
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Bind { address, source })?;
        let address = listener.local_addr().map_err(|source| Error::Bind { address, source })?;
        Ok(Self { listener, address })
    }

    /// Serves until `stop` is ready; then tells health, takes no more connections, and lets requests in flight finish
    /// within the drain timeout.
    pub async fn serve(
        self,
        config: &Config,
        store: Store,
        services: Services,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let settings = &config.server;
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let (reporter, health_service) = tonic_health::server::health_reporter();
        let routes = services
            .routes
            .add_service(health_service)
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?);

        health::set_all(&reporter, &services.names, store.probe().await.is_ok()).await;
        let probe = tokio::spawn(health::probe(store, reporter.clone(), services.names.clone()));
        let connections = listener::incoming(
            self.listener,
            settings.max_connections,
            Duration::from_millis(settings.handshake_timeout_ms),
        );
        let (stopped, draining) = oneshot::channel();
        let names = services.names;
        let signal = async move {
            stop.await;
            probe.abort();
            health::set_all(&reporter, &names, false).await;
            let _ = stopped.send(());
        };
        let serving = Server::builder()
            .max_concurrent_streams(settings.max_concurrent_streams)
            // Unset, this disables hyper's guard against streams that are opened and reset (CVE-2023-44487).
            .http2_max_local_error_reset_streams(Some(1024))
            .http2_max_pending_accept_reset_streams(Some(64))
            .http2_max_header_list_size(16 * 1024)
            .http2_keepalive_interval(Some(Duration::from_millis(settings.keepalive_interval_ms)))
            .http2_keepalive_timeout(Some(Duration::from_millis(settings.keepalive_timeout_ms)))
            .initial_stream_window_size(Some(1 << 20))
            .initial_connection_window_size(Some(4 << 20))
            .layer(RequestLayer::new(config))
            .add_routes(routes)
            .serve_with_incoming_shutdown(connections, signal);

        let drain_timeout = Duration::from_millis(settings.drain_timeout_ms);
        let bound_on_draining = async move {
            // An error means that serving ended by itself: then there is nothing to bound.
            if draining.await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(drain_timeout).await;
        };
        tokio::select! {
            served = serving => served.map_err(Error::from),
            () = bound_on_draining => {
                tracing::warn!(seconds = drain_timeout.as_secs(), "some requests did not finish in time and were cut");
                Ok(())
            }
        }
    }
}

/// The subjects' services.
#[derive(Default)]
pub struct Services {
    routes: Routes,
    names: Vec<&'static str>,
}

impl Services {
    #[must_use]
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: tower::Service<
                http::Request<tonic::body::Body>,
                Response = http::Response<tonic::body::Body>,
                Error = std::convert::Infallible,
            > + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }
}
