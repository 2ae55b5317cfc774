//! From a task to the configurations of rustls.

use crate::raw_keys::RawKeyVerifier;
use crate::task::Task;
use crate::Failure;
use rustls::client::{AlwaysResolvesClientRawPublicKeys, EchConfig, EchMode, Resumption};
use rustls::compress::{
    CertCompressor, CertDecompressor, BROTLI_COMPRESSOR, BROTLI_DECOMPRESSOR, ZLIB_COMPRESSOR,
    ZLIB_DECOMPRESSOR,
};
use rustls::crypto::aws_lc_rs::{self, hpke::ALL_SUPPORTED_SUITES};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, EchConfigListBytes, PrivateKeyDer};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::sync::Arc;

pub fn client(task: &Task, groups: &[u16]) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(provider(task, groups));
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = match &task.ech_config_list_file {
        None => builder.with_protocol_versions(&[&TLS13])?,
        Some(file) => {
            let list = EchConfigListBytes::from(std::fs::read(file)?);
            builder.with_ech(EchMode::from(EchConfig::new(list, ALL_SUPPORTED_SUITES)?))?
        }
    };
    let builder = match &task.peer_raw_key_file {
        None => builder.with_root_certificates(roots(task)?),
        Some(file) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(RawKeyVerifier::new(file, &provider)?)),
    };
    let mut config = match certified_key(task, &provider)? {
        None => builder.with_no_client_auth(),
        Some(key) if task.own_raw_key_file.is_some() => {
            builder.with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(key)))
        }
        Some(key) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from((*key).clone())))
        }
    };
    config.alpn_protocols = protocols(task);
    config.resumption = match task.connections {
        1 => Resumption::disabled(),
        _ => Resumption::in_memory_sessions(8),
    };
    config.enable_early_data = task.early_data.is_some();
    config.max_fragment_size = task.max_fragment_bytes;
    (config.cert_compressors, config.cert_decompressors) = compression(task);
    Ok(config)
}

pub fn server(task: &Task, groups: &[u16]) -> Result<ServerConfig, Failure> {
    let provider = Arc::new(provider(task, groups));
    let builder =
        ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(&[&TLS13])?;
    let builder = match (&task.peer_raw_key_file, task.client_auth.as_deref()) {
        (_, None) => builder.with_no_client_auth(),
        (Some(file), _) => {
            builder.with_client_cert_verifier(Arc::new(RawKeyVerifier::new(file, &provider)?))
        }
        (None, Some(how)) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(
                Arc::new(roots(task)?),
                provider.clone(),
            );
            builder.with_client_cert_verifier(match how {
                "require" => verifier.build()?,
                _ => verifier.allow_unauthenticated().build()?,
            })
        }
    };
    let key = certified_key(task, &provider)?.ok_or("a server needs a key")?;
    let mut config = if task.own_raw_key_file.is_some() {
        builder.with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(key)))
    } else {
        builder.with_cert_resolver(Arc::new(SingleCertAndKey::from((*key).clone())))
    };
    config.alpn_protocols = protocols(task);
    config.send_tls13_tickets = task.tickets;
    if task.is_stateless {
        config.ticketer = aws_lc_rs::Ticketer::new()?;
    }
    config.max_early_data_size = task.max_early_data;
    config.max_fragment_size = task.max_fragment_bytes;
    (config.cert_compressors, config.cert_decompressors) = compression(task);
    Ok(config)
}

fn provider(task: &Task, groups: &[u16]) -> CryptoProvider {
    let all = aws_lc_rs::ALL_CIPHER_SUITES.iter().copied();
    CryptoProvider {
        cipher_suites: all
            .filter(|each| task.suites.contains(&u16::from(each.suite())))
            .collect(),
        kx_groups: groups
            .iter()
            .filter_map(|wanted| {
                aws_lc_rs::ALL_KX_GROUPS
                    .iter()
                    .copied()
                    .find(|each| u16::from(each.name()) == *wanted)
            })
            .collect(),
        ..aws_lc_rs::default_provider()
    }
}

fn roots(task: &Task) -> Result<RootCertStore, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&task.ca_file)? {
        roots.add(certificate?)?;
    }
    Ok(roots)
}

/// The own chain, or the own raw public key, with its private key.
fn certified_key(
    task: &Task,
    provider: &CryptoProvider,
) -> Result<Option<Arc<CertifiedKey>>, Failure> {
    let Some(key_file) = &task.key_file else {
        return Ok(None);
    };
    let chain = match (&task.own_raw_key_file, &task.cert_file) {
        (Some(file), _) => vec![CertificateDer::from(std::fs::read(file)?)],
        (None, Some(file)) => CertificateDer::pem_file_iter(file)?.collect::<Result<_, _>>()?,
        (None, None) => return Err("a key and no certificate".into()),
    };
    let private = PrivateKeyDer::from_pem_file(key_file)?;
    let mut key = CertifiedKey::new(chain, provider.key_provider.load_private_key(private)?);
    key.ocsp = task.ocsp_file.as_ref().map(std::fs::read).transpose()?;
    Ok(Some(Arc::new(key)))
}

fn protocols(task: &Task) -> Vec<Vec<u8>> {
    task.alpn
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect()
}

type Compression = (
    Vec<&'static dyn CertCompressor>,
    Vec<&'static dyn CertDecompressor>,
);

fn compression(task: &Task) -> Compression {
    let mut both: Compression = (vec![], vec![]);
    for name in &task.compression {
        match name.as_str() {
            "zlib" => {
                both.0.push(ZLIB_COMPRESSOR);
                both.1.push(ZLIB_DECOMPRESSOR);
            }
            "brotli" => {
                both.0.push(BROTLI_COMPRESSOR);
                both.1.push(BROTLI_DECOMPRESSOR);
            }
            _ => {}
        }
    }
    both
}
