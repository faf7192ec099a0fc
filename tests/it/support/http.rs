//! A small blocking HTTP client for tests: one connection a request, nothing added, nothing
//! followed, every status an answer. It is not the GraphQL client, which is built on it.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use ureq::Agent;
use ureq::config::AutoHeaderValue;
use ureq::http::{HeaderMap, Request};

/// The longest that any request of a test may take; longer than every time limit of the server, so
/// that it is the server's that is seen.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// The largest answer that is read, in bytes.
const SIZE_LIMIT: u64 = 256 * 1024 * 1024;

/// How long [`raw`] waits for the first byte of an answer.
const FIRST_BYTE_LIMIT: Duration = Duration::from_secs(20);

/// How long [`raw`] waits for more of an answer that has begun, on a connection left open.
const SILENCE_LIMIT: Duration = Duration::from_secs(2);

/// What a server answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON. Panics with the body where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|problem| panic!("{problem}: {} {}", self.status, self.lossy()))
    }

    /// The body as text. Panics where it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body)
            .unwrap_or_else(|problem| panic!("{problem}: {} {}", self.status, self.lossy()))
    }

    /// The first header of that name, in any case. Panics where its value is not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| {
            value
                .to_str()
                .unwrap_or_else(|problem| panic!("{name}: {problem}: {value:?}"))
        })
    }

    fn lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// Sends a request and returns the answer, whatever its status. Panics where there is none.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    try_send(method, url, headers, body)
        .unwrap_or_else(|problem| panic!("{method} {url}: {problem}"))
}

/// Like [`send`], for a test in which the server may be away: an error is a connection refused, cut
/// or silent for too long, never a status. An empty body is sent as none.
pub fn try_send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Reply, ureq::Error> {
    // A connection kept from before a restart of the server would fail a request for no reason of
    // the server's; and what the client adds by itself would hide what the server does without it.
    static AGENT: LazyLock<Agent> = LazyLock::new(|| {
        Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .proxy(None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .user_agent(AutoHeaderValue::None)
            .timeout_global(Some(TIME_LIMIT))
            .build()
            .new_agent()
    });
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = if body.is_empty() {
        AGENT.run(request.body(())?)?
    } else {
        // The body goes with any method, a GET too: what a server makes of that is worth a test.
        AGENT.run(request.body(body)?)?
    };
    let (head, mut content) = response.into_parts();
    let body = content.with_config().limit(SIZE_LIMIT).read_to_vec()?;
    Ok(Reply {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}

/// Sends bytes as they are over a new connection and returns all that comes back until the server
/// closes it, or until it has been silent for a while. For what no client would send.
pub fn raw(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    exchange(address, bytes).unwrap_or_else(|problem| panic!("{address}: {problem}"))
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, FIRST_BYTE_LIMIT)?;
    stream.set_write_timeout(Some(FIRST_BYTE_LIMIT))?;
    stream.set_read_timeout(Some(FIRST_BYTE_LIMIT))?;
    // A server may answer and close before it has read everything; its answer can still be read.
    if let Err(problem) = stream.write_all(bytes)
        && !is_cut(problem.kind())
    {
        return Err(problem);
    }
    let mut answer = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Ok(answer),
            Ok(length) => {
                answer.extend(part.iter().take(length));
                stream.set_read_timeout(Some(SILENCE_LIMIT))?;
            }
            Err(problem) if problem.kind() == ErrorKind::Interrupted => {}
            Err(problem) if is_cut(problem.kind()) => return Ok(answer),
            Err(problem) if is_silence(problem.kind()) && !answer.is_empty() => return Ok(answer),
            Err(problem) => return Err(problem),
        }
    }
}

fn is_cut(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}

fn is_silence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// Answers one connection and returns what it read: the head, and `length` bytes after it.
    fn answering(answer: &'static str, length: usize) -> (SocketAddr, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut read = Vec::new();
            let mut byte = [0];
            while !read.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                read.extend(byte);
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            read.extend(body);
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(read).unwrap()
        });
        (address, served)
    }

    #[test]
    fn a_refusal_is_a_reply_and_nothing_is_added_to_the_request() {
        let (address, served) = answering(
            "HTTP/1.1 422 Unprocessable Content\r\nX-Request-Id: 7\r\ncontent-length: 8\r\n\r\n{\"a\": 1}",
            2,
        );
        let reply = send(
            "POST",
            &format!("http://{address}/x"),
            &[("X-A", "b")],
            b"{}",
        );
        assert_eq!(reply.status, 422);
        assert_eq!(reply.header("x-request-id"), Some("7"));
        assert_eq!(reply.header("etag"), None);
        assert_eq!(reply.text(), "{\"a\": 1}");
        assert_eq!(reply.json(), serde_json::json!({"a": 1}));
        let request = served.join().unwrap().to_lowercase();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut lines: Vec<&str> = head.lines().collect();
        lines.sort_unstable();
        let host = format!("host: {address}");
        assert_eq!(
            lines,
            [
                "content-length: 2",
                host.as_str(),
                "post /x http/1.1",
                "x-a: b"
            ]
        );
        assert_eq!(body, "{}");
    }

    #[test]
    fn any_method_goes_out_and_a_redirect_is_not_followed() {
        for (method, body) in [
            ("GET", ""),
            ("POST", ""),
            ("PUT", ""),
            ("GET", "body"),
            ("DELETE", "body"),
            ("PATCH", ""),
            ("OPTIONS", ""),
            ("TRACE", ""),
            ("QUERY", "body"),
        ] {
            let (address, served) = answering(
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
                body.len(),
            );
            let reply = send(method, &format!("http://{address}/"), &[], body.as_bytes());
            assert_eq!(reply.status, 302, "{method}");
            let request = served.join().unwrap();
            assert!(
                request.starts_with(&format!("{method} / HTTP/1.1\r\n")),
                "{request}"
            );
            assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
        }
    }

    #[test]
    fn a_server_that_is_away_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(try_send("GET", &format!("http://{address}/"), &[], b"").is_err());
    }

    #[test]
    fn raw_sends_bytes_as_they_are() {
        let (address, served) = answering("HTTP/1.1 400 Bad Request\r\n\r\n", 0);
        assert_eq!(
            raw(address, b"\x01 nonsense\r\n\r\n"),
            b"HTTP/1.1 400 Bad Request\r\n\r\n"
        );
        assert_eq!(served.join().unwrap(), "\u{1} nonsense\r\n\r\n");
    }
}
