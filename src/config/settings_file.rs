//! The TOML file with settings: where it is, and how its values come under flags and environment. What
//! it is not: the settings themselves.

use std::path::{Path, PathBuf};

use clap::Command;

/// Why the settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a setting that does not exist.
    #[error("the settings file {path} is wrong: {problem}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// The names and values of the settings file.
#[derive(Debug, Clone, Default)]
pub struct SettingsFile(Vec<(String, String)>);

impl SettingsFile {
    /// Reads the file that `CONFIG` or `--config` names among the arguments, if any.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or names a setting that does not exist.
    #[expect(
        clippy::disallowed_methods,
        reason = "the settings are the one place that reads the environment"
    )]
    pub fn find(arguments: &[String], command: &Command) -> Result<Self, ConfigError> {
        let mut from_flag = None;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--config" {
                from_flag = rest.next().cloned();
            } else if let Some(path) = argument.strip_prefix("--config=") {
                from_flag = Some(path.to_owned());
            }
        }
        match from_flag.or_else(|| std::env::var("CONFIG").ok()) {
            Some(path) => Self::read(Path::new(&path), command),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path, command: &Command) -> Result<Self, ConfigError> {
        let wrong = |problem: String| ConfigError::Wrong {
            path: path.to_owned(),
            problem,
        };
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let mut values = Vec::new();
        for (name, value) in table {
            let known = command
                .get_arguments()
                .any(|argument| argument.get_id() == name.as_str() && argument.get_env().is_some());
            if !known || name == "config" {
                return Err(wrong(format!("there is no setting {name:?}")));
            }
            values.push((
                name.clone(),
                plain(&value).ok_or_else(|| {
                    wrong(format!(
                        "{name} must be a text, a number or a list of texts"
                    ))
                })?,
            ));
        }
        Ok(Self(values))
    }

    /// Puts the file's values under the flags and the environment, above the defaults.
    #[must_use]
    pub fn under(&self, mut command: Command) -> Command {
        for (name, value) in &self.0 {
            let value = value.clone();
            command = command.mut_arg(name, |argument| argument.default_value(value));
        }
        command
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(items) => items
            .iter()
            .map(plain)
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
