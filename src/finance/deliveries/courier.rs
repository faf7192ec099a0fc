//! The way of electronic documents out of the service: an access point over HTTP, or a folder where none
//! is set. What it is not: a queue; a failed sending is an error, and its job runs again.

use std::fmt;
use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use url::{Host, Url};

use crate::finance::deliveries::model::DeliveryTransport;
use crate::kernel::ids::{DeliveryId, Id};

/// The longest wait for an access point, well below the lease of a job.
const PATIENCE: Duration = Duration::from_secs(45);
/// The most that is read of its answer.
const LONGEST_ANSWER: u64 = 16 * 1024;

/// Where electronic documents go.
pub struct Courier {
    way: Way,
}

enum Way {
    Folder(PathBuf),
    AccessPoint {
        agent: Box<Agent>,
        url: Url,
        token: String,
    },
}

/// A setting of the delivery cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongDeliverySetting {
    /// The address of the access point.
    #[error("ACCESS_POINT_URL must be https://…; http:// is for an access point on this machine")]
    Url,
    /// An access point without its token.
    #[error("ACCESS_POINT_TOKEN_FILE is needed beside ACCESS_POINT_URL: a file with the token")]
    TokenMissing,
    /// The file with the token.
    #[error("ACCESS_POINT_TOKEN_FILE cannot be read, is empty, or holds more than a token: {0}")]
    Token(String),
}

/// A document to carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parcel<'a> {
    /// The delivery.
    pub(super) id: DeliveryId,
    /// The document's number.
    pub(super) number: &'a str,
    /// The electronic document.
    pub(super) xml: &'a [u8],
    /// The same for readers.
    pub(super) pdf: &'a [u8],
}

/// What became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Carried {
    /// It was taken.
    Taken(DeliveryTransport),
    /// It was turned away for what it says, and would be again.
    TurnedAway(String),
}

impl Courier {
    /// To the access point of an address if there is one, else into a folder, which is made with the
    /// first document.
    ///
    /// # Errors
    /// The address or its token cannot be used.
    pub fn new(
        url: Option<&str>,
        token_file: Option<&Path>,
        folder: PathBuf,
    ) -> Result<Self, WrongDeliverySetting> {
        let Some(url) = url else {
            return Ok(Self {
                way: Way::Folder(folder),
            });
        };
        let url = Url::parse(url).map_err(|_| WrongDeliverySetting::Url)?;
        if !may_be_called(&url) {
            return Err(WrongDeliverySetting::Url);
        }
        let file = token_file.ok_or(WrongDeliverySetting::TokenMissing)?;
        let token = fs::read_to_string(file)
            .map_err(|error| WrongDeliverySetting::Token(error.to_string()))?;
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            let file = file.display().to_string();
            return Err(WrongDeliverySetting::Token(file));
        }
        Ok(Self {
            way: Way::AccessPoint {
                agent: Box::new(agent()),
                url,
                token: token.to_owned(),
            },
        })
    }

    /// Carries a document. Doing it again does no harm: it has the same id and, in a folder, the same
    /// name.
    ///
    /// # Errors
    /// The folder cannot be written, the access point cannot be reached, or it refuses whom it is called
    /// by; that may pass.
    pub(super) fn carry(&self, parcel: Parcel<'_>) -> anyhow::Result<Carried> {
        match &self.way {
            Way::Folder(folder) => {
                let name = file_name(parcel.number);
                write(folder, &format!("{name}.pdf"), parcel.pdf)?;
                // Whoever empties the folder by the electronic documents finds the pages beside them.
                write(folder, &format!("{name}.xml"), parcel.xml)?;
                Ok(Carried::Taken(DeliveryTransport::File))
            }
            Way::AccessPoint { agent, url, token } => post(agent, url, token, parcel),
        }
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &self.way {
            Way::Folder(folder) => folder.display().to_string(),
            // The token is nobody's business.
            Way::AccessPoint { url, .. } => url.origin().ascii_serialization(),
        };
        formatter.debug_tuple("Courier").field(&way).finish()
    }
}

/// Invoices and the token go over encrypted connections only, except on this machine.
fn may_be_called(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return false,
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    !has_credentials && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback))
}

fn agent() -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let roots: Vec<Certificate<'static>> = rustls_native_certs::load_native_certs()
        .certs
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("intercultural-cities")
        .build()
        .into()
}

/// Hands a document to an access point. `Idempotency-Key` is the id of the delivery, the same each time,
/// so that a repetition is recognised; 409 says that it was.
fn post(agent: &Agent, url: &Url, token: &str, parcel: Parcel<'_>) -> anyhow::Result<Carried> {
    let mut answer = agent
        .post(url.as_str())
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/xml")
        .header("idempotency-key", parcel.id.uuid().to_string())
        .header("x-document-number", parcel.number)
        .send(parcel.xml)
        .map_err(|error| anyhow::anyhow!("the access point cannot be reached: {error}"))?;
    let status = answer.status().as_u16();
    match status {
        200..=299 | 409 => Ok(Carried::Taken(DeliveryTransport::AccessPoint)),
        400 | 413 | 415 | 422 => {
            let body = answer.body_mut().with_config().limit(LONGEST_ANSWER);
            let text = body.read_to_string().unwrap_or_default();
            let text: String = text.chars().filter(|one| !one.is_control()).collect();
            Ok(Carried::TurnedAway(format!(
                "The access point answered {status}: {}",
                text.trim()
            )))
        }
        other => anyhow::bail!("the access point answered {other}"),
    }
}

/// A number as the name of a file.
fn file_name(number: &str) -> String {
    let fit = |character: char| match character {
        '-' | '0'..='9' | 'A'..='Z' | 'a'..='z' => character,
        _ => '_',
    };
    number.chars().map(fit).collect()
}

/// Writes a file beside and renames it, so that a reader of the folder sees whole files only.
fn write(folder: &Path, name: &str, content: &[u8]) -> anyhow::Result<()> {
    fs::create_dir_all(folder).context("the folder of documents cannot be made")?;
    let draft = folder.join(format!(".{name}.draft"));
    let mut file = fs::File::create(&draft).context("a document cannot be written")?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, folder.join(name)))
        .and_then(|()| fs::File::open(folder)?.sync_all())
        .context("a document cannot be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_would_leak_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (token, empty) = (folder.path().join("token"), folder.path().join("empty"));
        fs::write(&token, "secret-1\n").unwrap();
        fs::write(&empty, " \n").unwrap();
        let new = |url: &str, file: Option<&Path>| {
            Courier::new(Some(url), file, PathBuf::new()).map(|courier| format!("{courier:?}"))
        };
        for url in [
            "http://ap.example.org/send",
            "ftp://ap.example.org",
            "https://user:word@ap.example.org",
            "http://localhost.example.org",
            "ap.example.org",
        ] {
            assert_eq!(
                new(url, Some(&token)),
                Err(WrongDeliverySetting::Url),
                "{url}"
            );
        }
        for url in [
            "https://ap.example.org/send",
            "http://127.0.0.1:9/",
            "http://localhost:9/",
            "http://[::1]:9/",
        ] {
            let shown = new(url, Some(&token)).unwrap();
            assert!(!shown.contains("secret"), "{shown}");
        }
        let url = "https://ap.example.org";
        assert_eq!(new(url, None), Err(WrongDeliverySetting::TokenMissing));
        for file in [empty, folder.path().join("none")] {
            let refused = new(url, Some(&file));
            assert!(
                matches!(refused, Err(WrongDeliverySetting::Token(_))),
                "{refused:?}"
            );
        }
        assert_eq!(file_name("F2026-000001"), "F2026-000001");
        assert_eq!(file_name("../a b"), "___a_b");
    }
}
