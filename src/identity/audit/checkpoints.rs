//! The file of signed checkpoints: one JSON object a line, appended and never changed, meant to be
//! kept where those who can write to the database cannot write. What it is not: the chain.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::identity::audit::problem::Problem;
use crate::identity::detached::DetachedSignature;
use crate::identity::keys::{KeyError, SigningKeys};
use crate::kernel::instant::Instant;

/// After so many seals a checkpoint is due.
pub const INTERVAL: i64 = 1000;

/// What was true of the chain at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many seals there were.
    pub count: i64,
    /// The chain hash of the last one.
    pub chain_hash: String,
    /// When.
    pub at: Instant,
}

impl Checkpoint {
    /// What is signed.
    fn message(&self) -> Vec<u8> {
        format!(
            "audit checkpoint\n{}\n{}\n{}",
            self.count,
            self.chain_hash,
            self.at.rfc3339()
        )
        .into_bytes()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    count: i64,
    chain_hash: String,
    at: Instant,
    key_id: String,
    signature: String,
}

/// Why a checkpoint could not be appended.
#[derive(Debug, thiserror::Error)]
pub enum NotAppended {
    /// The file cannot be written.
    #[error("the file of audit checkpoints cannot be written: {0}")]
    File(#[from] io::Error),
    /// The checkpoint cannot be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Signs a checkpoint and appends it; it is on the disk when this returns. The folder and the file
/// are made with the first one.
///
/// # Errors
/// The file cannot be written, or the checkpoint not be signed.
pub fn append(path: &Path, keys: &SigningKeys, checkpoint: &Checkpoint) -> Result<(), NotAppended> {
    let DetachedSignature { key_id, signature } = keys.sign_detached(&checkpoint.message())?;
    let line = Line {
        count: checkpoint.count,
        chain_hash: checkpoint.chain_hash.clone(),
        at: checkpoint.at,
        key_id,
        signature,
    };
    let mut line = serde_json::to_vec(&line).map_err(io::Error::from)?;
    line.push(b'\n');
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    let end = end_of_whole_lines(&mut file)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(&line)?;
    file.sync_all()?;
    Ok(())
}

/// The checkpoints of a file in the order of their counts, each held against its signature, and
/// what is wrong with lines that are none. A last line without an end is none: the process that
/// wrote it was killed, and the next checkpoint takes its place.
///
/// # Errors
/// The file cannot be read; `NotFound` when there is none.
pub fn read(path: &Path, keys: &SigningKeys) -> io::Result<(Vec<Checkpoint>, Vec<Problem>)> {
    let text = String::from_utf8_lossy(&fs::read(path)?).into_owned();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut checkpoints = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in whole.lines().enumerate() {
        match checked(line, keys) {
            Ok(checkpoint) => checkpoints.push(checkpoint),
            Err(why) => problems.push(Problem::CheckpointWrong {
                line: index.saturating_add(1),
                why,
            }),
        }
    }
    checkpoints.sort_by_key(|checkpoint| checkpoint.count);
    Ok((checkpoints, problems))
}

/// The count of the last checkpoint of a file, 0 where there is none. Signatures are not looked at.
///
/// # Errors
/// The file is there and cannot be read.
pub fn last_count(path: &Path) -> io::Result<i64> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        .map(|line| line.count)
        .max()
        .unwrap_or(0))
}

fn checked(line: &str, keys: &SigningKeys) -> Result<Checkpoint, String> {
    let line: Line =
        serde_json::from_str(line).map_err(|error| format!("not readable: {error}"))?;
    let checkpoint = Checkpoint {
        count: line.count,
        chain_hash: line.chain_hash,
        at: line.at,
    };
    let signature = DetachedSignature {
        key_id: line.key_id,
        signature: line.signature,
    };
    keys.verify_detached(&checkpoint.message(), &signature)
        .map_err(|error| error.to_string())?;
    Ok(checkpoint)
}

/// Where the last whole line ends: behind it stands at most what a killed process left.
fn end_of_whole_lines(file: &mut File) -> io::Result<u64> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(file, &mut bytes)?;
    let end = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |place| place.saturating_add(1));
    Ok(u64::try_from(end).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> SigningKeys {
        SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap()
    }

    fn checkpoint(count: i64) -> Checkpoint {
        Checkpoint {
            count,
            chain_hash: format!("hash {count}"),
            at: Instant::parse("2026-11-22T12:00:00.5Z").unwrap(),
        }
    }

    #[test]
    fn checkpoints_are_read_back_and_forged_ones_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/audit.jsonl");
        let keys = keys();
        assert_eq!(last_count(&path).unwrap(), 0);
        assert_eq!(
            read(&path, &keys).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        for count in [1000, 2000] {
            append(&path, &keys, &checkpoint(count)).unwrap();
        }
        assert_eq!(
            read(&path, &keys).unwrap(),
            (vec![checkpoint(1000), checkpoint(2000)], vec![])
        );
        assert_eq!(last_count(&path).unwrap(), 2000);

        // A killed process leaves half a line, which the next checkpoint replaces.
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{whole}{{\"count\":30")).unwrap();
        assert_eq!(read(&path, &keys).unwrap().0.len(), 2);
        append(&path, &keys, &checkpoint(3000)).unwrap();
        assert_eq!(read(&path, &keys).unwrap().0.len(), 3);
        assert_eq!(read(&path, &keys).unwrap().1, []);

        let forged =
            fs::read_to_string(&path)
                .unwrap()
                .replacen("\"count\":2000", "\"count\":2001", 1);
        fs::write(&path, format!("{forged}word\n")).unwrap();
        let (left, problems) = read(&path, &keys).unwrap();
        assert_eq!(left, [checkpoint(1000), checkpoint(3000)]);
        let lines: Vec<usize> = problems
            .iter()
            .map(|problem| match problem {
                Problem::CheckpointWrong { line, .. } => *line,
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(lines, [2, 4]);
        assert_eq!(read(&path, &super::tests::keys()).unwrap().0, []);
    }
}
