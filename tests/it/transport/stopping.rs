//! The real program from its start to its end: slow clients, and a stop that finishes what runs.
//! What it is not: its commands.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::app::TestApp;
use crate::support::http::{send, try_send};

const QUESTION: &str = "{\"query\":\"{ __typename }\"}";

struct Program {
    process: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_intercultural-cities"))
            .args([
                "serve",
                "--database-url",
                "sqlite://network.db",
                "--listen",
                "127.0.0.1:0",
                "--log",
                "error",
            ])
            .env_remove("CONFIG")
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let line = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .next()
            .unwrap()
            .unwrap();
        let address = line
            .strip_prefix("listening http://")
            .unwrap()
            .parse()
            .unwrap();
        Self {
            process,
            address,
            _folder: folder,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn terminate(&self) {
        let pid = Pid::from_child(&self.process);
        kill_process(pid, Signal::TERM).unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed must not leave it running; where it has ended, this does nothing.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends the head of a question and the first bytes of its body.
fn begin(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{}",
        QUESTION.len(),
        &QUESTION[..5]
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn read_to_end(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_stop_is_announced_and_finishes_what_runs() {
    let mut program = Program::start();
    assert_eq!(send("GET", &program.url("/readyz"), &[], b"").status, 200);
    let mut running = begin(program.address);
    // A connection that lies idle must not hold the stop up.
    let idle = TcpStream::connect(program.address).unwrap();
    std::thread::sleep(Duration::from_millis(200));

    program.terminate();
    let began = Instant::now();
    loop {
        let ready = try_send("GET", &program.url("/readyz"), &[], b"")
            .expect("probes are answered for a moment");
        if ready.status == 503 {
            assert_eq!(ready.header("connection"), Some("close"));
            break;
        }
        assert!(began.elapsed() < Duration::from_millis(500), "still ready");
    }
    std::thread::sleep(Duration::from_secs(2));
    assert!(
        try_send("GET", &program.url("/healthz"), &[], b"").is_err(),
        "still accepts connections"
    );
    assert!(
        program.process.try_wait().unwrap().is_none(),
        "ended with a request running"
    );
    running.write_all(&QUESTION.as_bytes()[5..]).unwrap();
    let answer = read_to_end(running);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("{\"__typename\":\"Query\"}"), "{answer}");

    while program.process.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(6), "does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(program.process.wait().unwrap().success());
    drop(idle);
}

#[test]
fn slow_heads_and_bodies_are_cut() {
    let app = TestApp::sqlite();
    let mut head = TcpStream::connect(app.address).unwrap();
    head.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    head.write_all(b"POST /graphql HTTP/1.1\r\nhost: a\r\n")
        .unwrap();
    let body = begin(app.address);
    let began = Instant::now();
    let answer = read_to_end(body);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(
        (9..13).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
    let answer = read_to_end(head);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(app.anonymous().get("/healthz").status, 200);
}
