//! What is wrong with the settings, told by their names before anything is done. What it is not: the
//! settings; those are in `config`.

use std::net::ToSocketAddrs;

use clap::Command;
use clap::error::{ContextKind, ContextValue};

use crate::config::Config;
use crate::db::connect::Target;

/// Checks the values that have a form of their own.
///
/// # Errors
/// The name of the variable and what is wrong with it.
pub(super) fn check(config: &Config) -> Result<(), String> {
    Target::parse(&config.database_url).map_err(|error| error.to_string())?;
    tracing_subscriber::EnvFilter::try_new(&config.log)
        .map_err(|error| format!("LOG is wrong: {error}"))?;
    if !is_address(&config.listen) {
        return Err(format!(
            "LISTEN must be an address with a port, such as 127.0.0.1:8080, not {:?}",
            config.listen
        ));
    }
    crate::server::run::origins(&config.cors_origins).map_err(|error| error.to_string())?;
    Ok(())
}

/// Whether a text can be listened on, apart from whether its name is known: `host:port`.
fn is_address(text: &str) -> bool {
    match text.rsplit_once(':') {
        // A name is asked for when the service starts; here only its form is looked at.
        Some((host, port)) if host.chars().any(char::is_alphabetic) && !host.starts_with('[') => {
            port.parse::<u16>().is_ok()
        }
        _ => text.to_socket_addrs().is_ok(),
    }
}

/// The environment variable of the setting that the command line could not read, for the one who
/// set it there or in the file and has typed no flag.
pub(super) fn wrong(error: &clap::Error, command: &Command) -> Option<String> {
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let flag = shown.strip_prefix("--")?.split([' ', '=']).next()?;
    let argument = command
        .get_arguments()
        .find(|argument| argument.get_long() == Some(flag))?;
    Some(argument.get_env()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_has_a_port() {
        for (text, expected) in [
            ("127.0.0.1:0", true),
            ("0.0.0.0:8080", true),
            ("[::1]:8080", true),
            ("localhost:8080", true),
            ("api.example.org:80", true),
            ("127.0.0.1", false),
            ("127.0.0.1:80800", false),
            ("localhost", false),
            ("localhost:http", false),
            (":8080", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }
}
