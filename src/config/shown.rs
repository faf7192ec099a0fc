//! The settings as `doctor --settings` prints them: values, origins, secrets masked. What it is not:
//! their meaning.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::config::SettingsFile;

/// Settings whose values are never shown.
const SECRET: [&str; 3] = ["database_url", "smtp_url", "demo_password"];

/// A setting as `doctor --settings` prints it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shown {
    /// The environment variable.
    pub name: String,
    /// The value, masked where it is a secret.
    pub value: String,
    /// `flag`, `environment`, `file` or `default`.
    pub origin: &'static str,
}

/// Every setting with its value and origin, for `doctor --settings`.
#[must_use]
pub fn shown(command: &Command, matches: &ArgMatches, file: &SettingsFile) -> Vec<Shown> {
    command
        .get_arguments()
        .filter_map(|argument| {
            let name = argument.get_id().as_str();
            let variable = argument.get_env()?.to_string_lossy().into_owned();
            let values: Vec<String> = matches
                .try_get_raw(name)
                .ok()
                .flatten()
                .map(|values| {
                    values
                        .map(|value| value.to_string_lossy().into_owned())
                        .collect()
                })
                .unwrap_or_default();
            let value = values.join(",");
            let origin = match matches.value_source(name) {
                Some(ValueSource::CommandLine) => "flag",
                Some(ValueSource::EnvVariable) => "environment",
                _ if file.has(name) => "file",
                _ => "default",
            };
            let value = if SECRET.contains(&name) {
                masked(&value)
            } else {
                value
            };
            Some(Shown {
                name: variable,
                value,
                origin,
            })
        })
        .collect()
}

/// A secret with its user and password, or all of it, hidden.
fn masked(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    match url::Url::parse(value) {
        Ok(mut url) if url.has_host() || url.scheme() == "sqlite" => {
            let hidden = url.password().is_none() || url.set_password(Some("***")).is_ok();
            // Parameters may carry a password too.
            if hidden && !value.contains("password=") {
                url.to_string()
            } else {
                "***".to_owned()
            }
        }
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_secrets() {
        assert_eq!(
            masked("postgres://network:s3cret@db/network"),
            "postgres://network:***@db/network"
        );
        assert_eq!(masked("postgres://db/network?password=s3cret"), "***");
        assert_eq!(masked("sqlite://var/network.db"), "sqlite://var/network.db");
        assert_eq!(masked("intercultural-2010"), "***");
        assert_eq!(masked(""), "");
    }
}
