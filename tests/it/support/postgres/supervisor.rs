//! One throwaway PostgreSQL cluster, seen from the test process. The work is done by
//! `supervisor.sh`, a process of its own, because only that outlives a test process that is killed
//! and can still end the cluster. Nothing here knows schemas or SQL.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What a supervisor can be told to do with its cluster.
#[derive(Clone, Copy)]
pub enum Order {
    Start,
    Stop,
    Pause,
    Resume,
}

/// Keeps a cluster while it lives. The cluster and its folder go when it is dropped, or when the
/// process ends in whatever way: the supervising process waits for the end of its standard input.
pub struct Supervisor {
    process: Child,
    /// `None` only while it is being dropped.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: String,
}

impl Supervisor {
    /// Makes a cluster with the programs in that folder and starts it. An error holds what initdb or
    /// postgres wrote.
    pub fn start(programs: &Path) -> Result<Self, String> {
        let mut command = Command::new("/bin/sh");
        // No setting meant for clients (PGPORT, PGDATA, …) reaches the server, and Ctrl-C in a
        // terminal does not reach the supervisor, which would then not clean up.
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        let parent = owner_and_parent(&mut command)?;
        let mut process = command
            .args(["-c", include_str!("supervisor.sh"), "supervisor.sh"])
            .arg(programs)
            .arg(parent)
            .current_dir("/")
            .env("LC_ALL", "C")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|problem| format!("/bin/sh: {problem}"))?;
        let (Some(orders), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the supervisor has no pipes".to_owned());
        };
        let mut supervisor = Self {
            process,
            orders: Some(orders),
            answers: BufReader::new(answers),
            folder: String::new(),
        };
        let answer = supervisor.answer()?;
        match answer.strip_prefix("made ") {
            Some(folder) => folder.clone_into(&mut supervisor.folder),
            None => return Err(format!("unexpected answer of the supervisor: {answer}")),
        }
        supervisor.order(Order::Start)?;
        Ok(supervisor)
    }

    /// The URL of the cluster's one database. The port is named because PGPORT would else change it.
    pub fn url(&self) -> String {
        // libpq takes a host that begins with an encoded slash for the folder of a socket.
        let host: String = self
            .folder
            .bytes()
            .map(|byte| match byte {
                b'.' | b'-' | b'_' => char::from(byte).to_string(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        format!("postgres://postgres@{host}:5432/postgres")
    }

    /// Gives an order and waits until it is carried out.
    pub fn order(&mut self, order: Order) -> Result<(), String> {
        let word = match order {
            Order::Start => "start",
            Order::Stop => "stop",
            Order::Pause => "pause",
            Order::Resume => "resume",
        };
        if let Some(orders) = &mut self.orders {
            writeln!(orders, "{word}").map_err(|problem| format!("{word}: {problem}"))?;
        }
        match self.answer()?.as_str() {
            "done" => Ok(()),
            answer => Err(format!(
                "{word}: unexpected answer of the supervisor: {answer}"
            )),
        }
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        match (read, line.trim_end()) {
            (Err(problem), _) => Err(problem.to_string()),
            (Ok(0), _) => Err("the supervisor ended without an answer".to_owned()),
            (Ok(_), "failed") => {
                let mut reason = Vec::new();
                self.answers
                    .read_to_end(&mut reason)
                    .map_err(|problem| problem.to_string())?;
                Err(String::from_utf8_lossy(&reason).into_owned())
            }
            (Ok(_), answer) => Ok(answer.to_owned()),
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.orders = None;
        // Nothing can be done here about a supervisor that cannot be waited for.
        let _ = self.process.wait();
    }
}

/// Settles whose processes and folder they will be, and returns where to make the folder. initdb
/// refuses root, so root starts the cluster as another user, in the one folder for temporary files
/// that is open to all: root's own `TMPDIR` may not be.
fn owner_and_parent(command: &mut Command) -> Result<PathBuf, String> {
    if !rustix::process::geteuid().is_root() {
        return Ok(std::env::temp_dir());
    }
    let accounts = std::fs::read_to_string("/etc/passwd")
        .map_err(|problem| format!("/etc/passwd: {problem}"))?;
    let (user, group) = unprivileged(&accounts).ok_or(
        "run as root, which initdb refuses, and /etc/passwd has neither postgres nor nobody",
    )?;
    command.uid(user).gid(group);
    Ok(PathBuf::from("/tmp"))
}

/// The user and group number of `postgres`, else of `nobody`, in the text of `/etc/passwd`.
fn unprivileged(accounts: &str) -> Option<(u32, u32)> {
    ["postgres", "nobody"].into_iter().find_map(|name| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next()? != name {
                return None;
            }
            let user = fields.nth(1)?.parse().ok()?;
            Some((user, fields.next()?.parse().ok()?))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprivileged_prefers_postgres() {
        let nobody = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:::/bin/false\n";
        let postgres =
            format!("{nobody}postgres:x:105:113:PostgreSQL:/var/lib/postgresql:/bin/sh\n");
        for (accounts, expected) in [
            (nobody, Some((65534, 65533))),
            (postgres.as_str(), Some((105, 113))),
            ("postgresql:x:1:1:::\nroot:x:0:0:root:/root:/bin/sh", None),
            ("nobody:x\n", None),
        ] {
            assert_eq!(unprivileged(accounts), expected, "{accounts}");
        }
    }
}
