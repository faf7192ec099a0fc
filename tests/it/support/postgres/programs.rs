//! Finds the installed PostgreSQL server programs. It does not run or install any.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folder of `initdb` and `postgres` on this machine, or `None`.
///
/// An error where `TEST_PG_BIN` names a folder without them: who asks for certain programs must not
/// get others.
pub fn installed() -> Result<Option<PathBuf>, String> {
    find(
        std::env::var_os("TEST_PG_BIN").as_deref(),
        std::env::var_os("PATH").as_deref(),
        Path::new("/usr/lib/postgresql"),
    )
}

fn find(
    asked: Option<&OsStr>,
    path: Option<&OsStr>,
    packaged: &Path,
) -> Result<Option<PathBuf>, String> {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        let folder = PathBuf::from(asked);
        return if has_programs(&folder) {
            Ok(Some(folder))
        } else {
            Err(format!(
                "TEST_PG_BIN: no initdb and postgres in {}",
                folder.display()
            ))
        };
    }
    let in_path = path
        .map(std::env::split_paths)
        .into_iter()
        .flatten()
        .find(|f| has_programs(f));
    Ok(in_path.or_else(|| newest(packaged)))
}

fn has_programs(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

/// The `bin` of the highest version among `<packaged>/<version>/bin`; 15 is newer than 9.
fn newest(packaged: &Path) -> Option<PathBuf> {
    std::fs::read_dir(packaged)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            has_programs(&folder).then_some((version, folder))
        })
        .max()
        .map(|(_, folder)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        for program in ["initdb", "postgres"] {
            std::fs::write(folder.join(program), "").unwrap();
        }
        folder.to_owned()
    }

    #[test]
    fn programs_are_taken_as_asked_then_from_path_then_the_newest() {
        let root = tempfile::tempdir().unwrap();
        let packaged = root.path().join("packaged");
        let empty = root.path().join("empty");
        let path = std::env::join_paths([&empty, &root.path().join("path")]).unwrap();
        assert_eq!(find(None, None, &packaged), Ok(None));

        put(&packaged.join("9/bin"));
        let newest = put(&packaged.join("15/bin"));
        std::fs::create_dir_all(packaged.join("17/bin")).unwrap();
        assert_eq!(
            find(None, Some(path.as_os_str()), &packaged),
            Ok(Some(newest))
        );

        let in_path = put(&root.path().join("path"));
        assert_eq!(
            find(None, Some(path.as_os_str()), &packaged),
            Ok(Some(in_path))
        );

        let asked = put(&root.path().join("asked"));
        let found = find(Some(asked.as_os_str()), Some(path.as_os_str()), &packaged);
        assert_eq!(found, Ok(Some(asked)));
        assert!(find(Some(empty.as_os_str()), Some(path.as_os_str()), &packaged).is_err());
    }
}
