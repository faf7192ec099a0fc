//! The files that hold signing keys: who may read them, and how a new one comes to be.
//!
//! What a key is and does is in `keys.rs`; here a key is a text.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::secrets::random_bytes;

/// The text of a key file and the rights on it, taken from one open file so that they belong
/// together.
pub(super) struct KeyFile<'a> {
    path: &'a Path,
    pub(super) text: String,
    mode: u32,
}

/// A PEM key has a few hundred bytes; a wrong path must not fill the memory.
const MAX_KEY_FILE_BYTES: u64 = 16 * 1024;

impl<'a> KeyFile<'a> {
    pub(super) fn read(path: &'a Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::Read {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
        let mut text = String::new();
        file.take(MAX_KEY_FILE_BYTES)
            .read_to_string(&mut text)
            .map_err(failed)?;
        Ok(Self { path, text, mode })
    }

    /// The rule for files with a private key: the owner alone may read or write.
    pub(super) fn refuse_if_open_to_others(&self) -> Result<(), KeyError> {
        let rights_of_others = self.mode & 0o077;
        if rights_of_others != 0 {
            return Err(KeyError::Permissions {
                path: self.path.to_owned(),
                mode: self.mode,
            });
        }
        Ok(())
    }
}

/// Writes a new key file with mode 0600; `false` when the name is taken, and then that file stays
/// as it is. Of two starts at once one makes the file and both then read the same key: the content
/// is complete before the name exists, and the name is never replaced.
///
/// # Errors
/// [`KeyError::Create`] when the folder cannot be written or its file system has no hard links.
pub(super) fn write_new(path: &Path, pem: &str) -> Result<bool, KeyError> {
    let failed = |source| KeyError::Create {
        path: path.to_owned(),
        source,
    };
    let draft = draft_path(path)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .map_err(failed)?;
    let named = file
        .write_all(pem.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| link_unless_taken(&draft, path));
    // Whatever happened, no second copy of a private key may stay behind.
    let removed = fs::remove_file(&draft);
    let made = named.map_err(failed)?;
    removed.map_err(failed)?;
    if made {
        sync_folder_of(path).map_err(failed)?;
    }
    Ok(made)
}

/// A hard link is the one way in the standard library to name a finished file atomically without
/// replacing another.
fn link_unless_taken(draft: &Path, path: &Path) -> io::Result<bool> {
    match fs::hard_link(draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// The name is durable only when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

fn draft_path(path: &Path) -> Result<PathBuf, KeyError> {
    let name = path.file_name().ok_or_else(|| KeyError::Create {
        path: path.to_owned(),
        source: io::Error::from(io::ErrorKind::InvalidInput),
    })?;
    let mark = random_bytes::<8>().map_err(|_| KeyError::Generation)?;
    let mut draft = OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}", hex::encode(mark)));
    Ok(path.with_file_name(draft))
}

/// Why keys could not be made or read. The texts are for the operator: they name files, never
/// their content.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is missing or may not be read.
    #[error("the signing key file {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("the signing key file {} cannot be made: {source}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others than the owner may read or write the file.
    #[error(
        "the signing key file {} is open to its group or to others (mode {mode:04o}); \
         run: chmod 600 {}", path.display(), path.display()
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
    },
    /// The file has something else in it.
    #[error("{} holds no Ed25519 private key in PKCS#8 PEM", path.display())]
    NotAPrivateKey {
        /// The file.
        path: PathBuf,
    },
    /// The file of an earlier key has something else in it.
    #[error("{} holds no Ed25519 key in PEM (PKCS#8, or the public key)", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The same key is listed twice.
    #[error("{} holds a key that is already in use; each key may be listed once", path.display())]
    Repeated {
        /// The file.
        path: PathBuf,
    },
    /// The cryptographic library made none.
    #[error("no Ed25519 key could be generated")]
    Generation,
    /// The cryptographic library failed.
    #[error("the message could not be signed")]
    Signing,
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_file_is_for_its_owner_and_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.pem");
        assert!(write_new(&path, "first").unwrap());
        let file = KeyFile::read(&path).unwrap();
        assert_eq!((file.text.as_str(), file.mode), ("first", 0o600));
        let names: Vec<OsString> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["signing.pem"]);
    }

    #[test]
    fn a_taken_name_keeps_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.pem");
        fs::write(&path, "older").unwrap();
        assert!(!write_new(&path, "newer").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "older");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_many_starts_at_once_one_makes_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.pem");
        let made: Vec<(String, bool)> = thread::scope(|scope| {
            let starts: Vec<_> = (0..16)
                .map(|number| {
                    let path = &path;
                    scope.spawn(move || {
                        let text = number.to_string().repeat(1000);
                        let made = write_new(path, &text).unwrap();
                        // Complete as soon as it can be seen, whoever made it.
                        assert!(fs::read_to_string(path).unwrap().len() >= 1000);
                        (text, made)
                    })
                })
                .collect();
            starts
                .into_iter()
                .map(|start| start.join().unwrap())
                .collect()
        });
        let makers: Vec<&String> = made
            .iter()
            .filter_map(|(text, made)| made.then_some(text))
            .collect();
        assert_eq!(makers, [&fs::read_to_string(&path).unwrap()]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_the_owner_may_have_rights() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.pem");
        fs::write(&path, "key").unwrap();
        let cases = [
            (0o600, true),
            (0o400, true),
            (0o700, true),
            (0o640, false),
            (0o620, false),
            (0o604, false),
            (0o602, false),
            (0o644, false),
        ];
        for (mode, accepted) in cases {
            set_mode(&path, mode);
            let file = KeyFile::read(&path).unwrap();
            assert_eq!(
                file.refuse_if_open_to_others().is_ok(),
                accepted,
                "{mode:o}"
            );
        }
        let refusal = KeyFile::read(&path).unwrap().refuse_if_open_to_others();
        let text = refusal.unwrap_err().to_string();
        assert!(
            text.contains("mode 0644") && text.contains("chmod 600"),
            "{text}"
        );
    }

    #[test]
    fn what_cannot_be_made_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [
            folder.path().join("missing/signing.pem"),
            PathBuf::from("/"),
        ];
        for path in paths {
            let error = write_new(&path, "key").unwrap_err();
            assert!(matches!(error, KeyError::Create { .. }), "{error}");
        }
        let error = KeyFile::read(&folder.path().join("missing")).err().unwrap();
        assert!(matches!(error, KeyError::Read { .. }), "{error}");
    }
}
