//! An end of QUIC that echoes streams, for the interoperability checks of Sealwire. It is told what to do by one argument in
//! JSON, and prints a line for each thing that happens.

use quinn::crypto::rustls::{HandshakeData, QuicClientConfig, QuicServerConfig};
use quinn::{ClientConfig, Connection, Endpoint, ServerConfig};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{version::TLS13, RootCertStore};
use serde_json::{json, Value};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

type Failure = Box<dyn std::error::Error>;

struct Task(Value);

impl Task {
    fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    fn number(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap_or(0)
    }

    fn is(&self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or(false)
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        let mut provider = rustls::crypto::ring::default_provider();
        if let Some(groups) = self.0["groups"].as_array() {
            provider.kx_groups = groups
                .iter()
                .filter_map(Value::as_u64)
                .filter_map(|number| {
                    let known = rustls::crypto::ring::ALL_KX_GROUPS.iter();
                    known
                        .copied()
                        .find(|group| u64::from(u16::from(group.name())) == number)
                })
                .collect();
        }
        Arc::new(provider)
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, Failure> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(self.text("caFile").unwrap_or_default())? {
            roots.add(certificate?)?;
        }
        Ok(Arc::new(roots))
    }

    fn identity(
        &self,
    ) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, Failure> {
        let (Some(chain), Some(key)) = (self.text("certFile"), self.text("keyFile")) else {
            return Ok(None);
        };
        let chain = CertificateDer::pem_file_iter(chain)?.collect::<Result<_, _>>()?;
        Ok(Some((chain, PrivateKeyDer::from_pem_file(key)?)))
    }

    fn client(&self) -> Result<ClientConfig, Failure> {
        let builder = rustls::ClientConfig::builder_with_provider(self.provider())
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(self.roots()?);
        let mut config = match self.identity()? {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.enable_early_data = true;
        Ok(ClientConfig::new(Arc::new(QuicClientConfig::try_from(
            config,
        )?)))
    }

    fn server(&self) -> Result<ServerConfig, Failure> {
        let provider = self.provider();
        let builder = rustls::ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&TLS13])?;
        let builder = if self.is("requireClient") {
            let verifier =
                WebPkiClientVerifier::builder_with_provider(self.roots()?, provider).build()?;
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let (chain, key) = self.identity()?.ok_or("a server needs a certificate")?;
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.max_early_data_size = u32::MAX;
        Ok(ServerConfig::with_crypto(Arc::new(
            QuicServerConfig::try_from(config)?,
        )))
    }
}

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(Failure::from).and_then(|runtime| {
        let task = Task(serde_json::from_str(&argument)?);
        runtime.block_on(async {
            if task.text("role") == Some("server") {
                serve(&task).await
            } else {
                dial(&task).await
            }
        })
    });
    if let Err(error) = outcome {
        println!("error {error}");
        std::process::exit(1);
    }
}

async fn serve(task: &Task) -> Result<(), Failure> {
    let endpoint = Endpoint::server(task.server()?, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    println!("listens on {}", endpoint.local_addr()?.port());
    while let Some(incoming) = endpoint.accept().await {
        tokio::spawn(async move {
            if let Err(error) = answer(incoming).await {
                println!("ended: {error}");
            }
        });
    }
    Ok(())
}

async fn answer(incoming: quinn::Incoming) -> Result<(), Failure> {
    let connection = incoming.await?;
    loop {
        let (mut sending, mut receiving) = connection.accept_bi().await?;
        let bytes = receiving.read_to_end(LIMIT).await?;
        sending.write_all(&bytes).await?;
        sending.finish()?;
        report(&connection, false);
    }
}

/// One connection after the other, with the sessions of those before.
async fn dial(task: &Task) -> Result<(), Failure> {
    let config = task.client()?;
    for _ in 0..task.number("connections") {
        // A socket of its own for each: the other side tells connections by ports.
        let endpoint = Endpoint::client(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, task.number("port") as u16));
        let connecting = endpoint.connect_with(config.clone(), server, "localhost")?;
        let (connection, early) = match connecting.into_0rtt() {
            Ok((connection, accepted)) => (connection, Some(accepted)),
            Err(connecting) => (connecting.await?, None),
        };
        let bytes = b"0123456789abcdef".repeat(task.number("bytes") as usize / 16);
        echo(&connection, &bytes).await?;
        if task.is("updates") {
            connection.force_key_update();
            echo(&connection, &bytes).await?;
        }
        let was_early = match early {
            Some(accepted) => accepted.await,
            None => false,
        };
        report(&connection, was_early);
        // A ticket may still be on its way.
        tokio::time::sleep(Duration::from_millis(100)).await;
        connection.close(0u32.into(), b"done");
        // Time for the close to leave; to wait for the endpoint to be idle would take seconds.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn echo(connection: &Connection, bytes: &[u8]) -> Result<(), Failure> {
    let (mut sending, mut receiving) = connection.open_bi().await?;
    let send = async {
        sending.write_all(bytes).await?;
        sending.finish()?;
        Ok::<(), Failure>(())
    };
    let receive = async { Ok::<Vec<u8>, Failure>(receiving.read_to_end(LIMIT).await?) };
    let (_, received) = tokio::try_join!(send, receive)?;
    if received != bytes {
        return Err("other bytes came back".into());
    }
    println!("echoed {}", received.len());
    Ok(())
}

fn report(connection: &Connection, was_early: bool) {
    let alpn = connection
        .handshake_data()
        .and_then(|data| data.downcast::<HandshakeData>().ok())
        .and_then(|data| data.protocol.clone())
        .map(|protocol| String::from_utf8_lossy(&protocol).into_owned());
    let certificates = connection
        .peer_identity()
        .and_then(|identity| identity.downcast::<Vec<CertificateDer>>().ok())
        .map_or(0, |chain| chain.len());
    let facts = json!({ "alpn": alpn, "certificates": certificates, "early": was_early });
    println!("facts {facts}");
}

const PROTOCOL: &[u8] = b"echo/1";
const LIMIT: usize = 1 << 20;
