//! The running service of another process, and who sends requests to it. What it is not: the service
//! in the test's own process (`support/app.rs`).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::cli::place::PASSWORD;
use crate::support::actor::Answer;
use crate::support::http::{send, try_send};

/// How soon a started service answers: the promise of docs/OPERATIONS.md for a start after a crash.
pub const START_LIMIT: Duration = Duration::from_secs(5);

/// How long a first start may take that loads the demonstration; nobody was promised that.
pub const LOAD_LIMIT: Duration = Duration::from_mins(1);

/// How long a stopped service may take to end; longer than it gives running requests.
const STOP_LIMIT: Duration = Duration::from_secs(25);

/// The running service; killed, by its id, when it is dropped.
pub struct Service {
    process: Child,
    address: String,
    said: Arc<Mutex<String>>,
}

impl Service {
    #[track_caller]
    pub fn start(mut command: Command, limit: Duration) -> Self {
        let began = Instant::now();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(process.stdout.take().unwrap()),
            Box::new(process.stderr.take().unwrap()),
        ];
        for stream in streams {
            let said = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let mut said = said.lock().unwrap();
                    said.push_str(&line);
                    said.push('\n');
                }
            });
        }
        let mut service = Self {
            process,
            address: String::new(),
            said,
        };
        loop {
            let said = service.said();
            if let Some(line) = said
                .lines()
                .find_map(|line| line.strip_prefix("listening http://"))
            {
                line.clone_into(&mut service.address);
                let ready = try_send("GET", &service.url("/readyz"), &[], b"");
                if ready.is_ok_and(|reply| reply.status == 200) {
                    break;
                }
            }
            let ended = service.process.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}: {said}");
            assert!(began.elapsed() < limit, "not ready: {said}");
            std::thread::sleep(Duration::from_millis(10));
        }
        service
    }

    /// What it has printed on both streams, line by line.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client {
            base: self.url(""),
            token: None,
        }
    }

    /// A user by the address; the account has the password of the tests.
    #[track_caller]
    pub fn sign_in(&self, email: &str) -> Client {
        self.sign_in_with(email, PASSWORD)
    }

    /// A user by address and password.
    #[track_caller]
    pub fn sign_in_with(&self, email: &str, password: &str) -> Client {
        let body = json!({ "email": email, "password": password }).to_string();
        let headers = [("content-type", "application/json")];
        let reply = send(
            "POST",
            &self.url("/api/v1/session"),
            &headers,
            body.as_bytes(),
        );
        assert_eq!(reply.status, 200, "{}", reply.text());
        Client {
            base: self.url(""),
            token: Some(format!(
                "Bearer {}",
                reply.json()["accessToken"].as_str().unwrap()
            )),
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    #[track_caller]
    pub fn stop(self) -> ExitStatus {
        self.stop_by(Signal::TERM)
    }

    /// Sends a signal and waits for the end.
    #[track_caller]
    pub fn stop_by(mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < STOP_LIMIT, "does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed must not leave it running; where it has ended, this does nothing.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Who sends requests to a service of another process.
#[derive(Clone)]
pub struct Client {
    base: String,
    token: Option<String>,
}

impl Client {
    /// Asks GraphQL; an error when the connection was refused or cut.
    pub fn try_ask(
        &self,
        query: &str,
        variables: &Value,
        key: Option<&str>,
    ) -> Result<Answer, ureq::Error> {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        headers.extend(self.token.as_deref().map(|token| ("authorization", token)));
        let body = json!({ "query": query, "variables": variables }).to_string();
        let url = format!("{}/graphql", self.base);
        let reply = try_send("POST", &url, &headers, body.as_bytes())?;
        Ok(Answer {
            status: reply.status,
            body: reply.json(),
            reply,
        })
    }

    /// The same user at another service.
    pub fn through(&self, service: &Service) -> Self {
        Self {
            base: service.url(""),
            token: self.token.clone(),
        }
    }

    /// Asks GraphQL.
    #[track_caller]
    pub fn ask(&self, query: &str, variables: &Value, key: Option<&str>) -> Answer {
        self.try_ask(query, variables, key)
            .unwrap_or_else(|problem| panic!("{problem}"))
    }
}
