//! What can be wrong with a file of reference data. Each error names the file, the item in it and the
//! fault, so that whoever edited the file can mend it. These errors are for the operator at start and are
//! not answers to users of the API.

use std::{io, path::PathBuf};

/// A file of reference data that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// What an item says is not allowed, or an item is missing or repeated.
    #[error("{file}: {item}: {problem}")]
    Invalid {
        /// The name of the file, without a folder.
        file: &'static str,
        /// The item of the file, in the words of the file: `step 3`, `cell HOUSING/ASSIMILATION`.
        item: String,
        /// What is wrong with the item.
        problem: String,
    },
    /// The file is not TOML, lacks a field, has an unknown one, or has a field of another type.
    #[error("{file}: line {line}: {problem}")]
    Malformed {
        /// The name of the file, without a folder.
        file: &'static str,
        /// The line the fault begins in, counted from 1.
        line: usize,
        /// What is wrong, in the words of the TOML reader.
        problem: String,
    },
    /// The folder, or a file in it, is there but cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why the operating system refused.
        source: io::Error,
    },
    /// The folder holds a TOML file that is not one of the files of reference data: most likely a
    /// misspelt name, whose content would otherwise be overlooked.
    #[error("{} is not the name of a file of reference data", path.display())]
    UnknownFile {
        /// The file.
        path: PathBuf,
    },
}
