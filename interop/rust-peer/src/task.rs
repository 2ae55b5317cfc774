//! What one run does; the suite's TypeScript has the same shape (src/peers/program.ts).

use crate::Failure;
use serde_json::Value;

pub struct Task {
    pub is_server: bool,
    /// 0: any, which is then printed.
    pub port: u16,
    /// Numbers of the registry; a client's first is the one it sends a share of.
    pub suites: Vec<u16>,
    pub groups: Vec<u16>,
    /// On connections after the first; empty: the same.
    pub later_groups: Vec<u16>,
    pub ca_file: String,
    pub cert_file: Option<String>,
    pub key_file: Option<String>,
    pub alpn: Vec<String>,
    /// Of a server: `request` or `require`.
    pub client_auth: Option<String>,
    pub ocsp_file: Option<String>,
    /// Lines of standard input that begin with "!" are commands: `!close`, `!update`.
    pub has_commands: bool,
    /// How many connections a client makes, one after the other; with more than one it keeps sessions.
    pub connections: u32,
    /// Of a server: how many tickets it sends.
    pub tickets: usize,
    /// Of a server: sealed tickets in place of a table of sessions.
    pub is_stateless: bool,
    /// Of a client: sent as early data where the session allows.
    pub early_data: Option<String>,
    /// Of a server: bytes of early data that its tickets allow.
    pub max_early_data: u32,
    /// Of a server: refuses early data that it could take.
    pub rejects_early_data: bool,
    /// Names of RFC 8879: `zlib`, `brotli`.
    pub compression: Vec<String>,
    /// DER SubjectPublicKeyInfo, own and expected: raw public keys in place of certificates (RFC 7250).
    pub own_raw_key_file: Option<String>,
    pub peer_raw_key_file: Option<String>,
    /// Of a client: an ECHConfigList (RFC 9849 §4).
    pub ech_config_list_file: Option<String>,
    /// Most bytes of a record.
    pub max_fragment_bytes: Option<usize>,
}

impl Task {
    pub fn parse(text: &str) -> Result<Task, Failure> {
        let value: Value = serde_json::from_str(text)?;
        let word = |name: &str| value[name].as_str().map(String::from);
        let number = |name: &str| value[name].as_u64();
        let is = |name: &str| value[name].as_bool().unwrap_or(false);
        let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
        let numbers = |name: &str| -> Vec<u16> {
            list(name)
                .iter()
                .filter_map(|each| u16::try_from(each.as_u64()?).ok())
                .collect()
        };
        let words = |name: &str| -> Vec<String> {
            list(name)
                .iter()
                .filter_map(|each| each.as_str().map(String::from))
                .collect()
        };
        Ok(Task {
            is_server: word("role").as_deref() == Some("server"),
            port: u16::try_from(number("port").unwrap_or(0))?,
            suites: numbers("suites"),
            groups: numbers("groups"),
            later_groups: numbers("laterGroups"),
            ca_file: word("caFile").ok_or("the task has no caFile")?,
            cert_file: word("certFile"),
            key_file: word("keyFile"),
            alpn: words("alpn"),
            client_auth: word("clientAuth"),
            ocsp_file: word("ocspFile"),
            has_commands: is("commands"),
            connections: u32::try_from(number("connections").unwrap_or(1))?,
            tickets: usize::try_from(number("tickets").unwrap_or(2))?,
            is_stateless: is("stateless"),
            early_data: word("earlyData"),
            max_early_data: u32::try_from(number("maxEarlyData").unwrap_or(0))?,
            rejects_early_data: is("rejectsEarlyData"),
            compression: words("compression"),
            own_raw_key_file: word("ownRawKeyFile"),
            peer_raw_key_file: word("peerRawKeyFile"),
            ech_config_list_file: word("echConfigListFile"),
            max_fragment_bytes: number("maxFragmentBytes")
                .map(usize::try_from)
                .transpose()?,
        })
    }
}
