//! The folder of file contents. A content is written once under its SHA-256 and never changed.
//! What it is not: records or access; those are the slice's.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::kernel::hash::sha256_hex;

/// Tells the drafts of this process apart.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// The folder that contents are kept in.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    /// A store in a folder, which is made when the first file comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps a content and tells its SHA-256. It is whole on the disk under its name, or not
    /// there: it is written beside and renamed.
    ///
    /// # Errors
    /// What the file system says.
    pub fn keep(&self, content: &[u8]) -> io::Result<String> {
        let hash = sha256_hex(content);
        let path = self.path(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        // The same content may come twice at once: each writes a draft of its own, and whoever is
        // second puts the same content in the place of the first.
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let draft = folder.join(format!(".{hash}.{}.{number}", std::process::id()));
        let mut file = fs::File::create_new(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(hash)
    }

    /// Reads a content and makes sure that it is the one of this hash.
    ///
    /// # Errors
    /// It is not there, cannot be read, or was changed.
    pub fn read(&self, hash: &str) -> io::Result<Vec<u8>> {
        let content = fs::read(self.path(hash))?;
        if sha256_hex(&content) == hash {
            Ok(content)
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the stored content was changed",
            ))
        }
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.folder
            .join(hash.get(..2).unwrap_or_default())
            .join(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_content_once_and_notices_changes() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::new(folder.path().to_owned());
        let hash = store.keep(b"minutes").unwrap();
        assert_eq!(store.keep(b"minutes").unwrap(), hash);
        assert_eq!(store.read(&hash).unwrap(), b"minutes");
        fs::write(store.path(&hash), b"altered").unwrap();
        assert!(store.read(&hash).is_err());
    }

    #[test]
    fn the_same_content_many_times_at_once_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::new(folder.path().to_owned());
        let content = vec![b'x'; 1024 * 1024];
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| store.keep(&content)))
                .collect();
            for one in running {
                assert_eq!(one.join().unwrap().unwrap(), sha256_hex(&content));
            }
        });
        let path = store.path(&sha256_hex(&content));
        let kept = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(kept, 1, "no draft is left");
        assert_eq!(store.read(&sha256_hex(&content)).unwrap(), content);
    }
}
