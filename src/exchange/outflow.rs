//! The way of an export from a database worker into the body of an answer: pieces over a short queue,
//! so that a file of any size takes no more memory than the queue. What it is not: the writing of rows
//! (`sheet`), or their reading (`exports`).
//!
//! The worker waits for whoever reads too slowly, but only until its time is over. A file that breaks
//! off ends the connection instead of the body: half a file never looks like a whole one.

use std::future::Future;
use std::io::{self, ErrorKind, Write};
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the reader.
const WAITING: usize = 4;
/// How often a full queue is looked at again.
const PAUSE: Duration = Duration::from_millis(5);

/// Where the worker writes to.
#[derive(Debug)]
pub(super) struct Outflow {
    piece: Vec<u8>,
    queue: Sender<Bytes>,
    until: Instant,
}

/// The two ends: what is written must be read within `time`.
#[must_use]
pub(super) fn pieces(time: Duration) -> (Outflow, Receiver<Bytes>) {
    let (queue, read) = mpsc::channel(WAITING);
    let outflow = Outflow {
        piece: Vec::with_capacity(PIECE),
        queue,
        until: Instant::now() + time,
    };
    (outflow, read)
}

impl Outflow {
    fn send(&mut self) -> io::Result<()> {
        let mut piece = Bytes::from(std::mem::replace(
            &mut self.piece,
            Vec::with_capacity(PIECE),
        ));
        loop {
            match self.queue.try_send(piece) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Closed(_)) => {
                    return Err(io::Error::new(
                        ErrorKind::BrokenPipe,
                        "nobody reads any more",
                    ));
                }
                Err(TrySendError::Full(_)) if Instant::now() >= self.until => {
                    return Err(io::Error::new(ErrorKind::TimedOut, "it is read too slowly"));
                }
                Err(TrySendError::Full(back)) => piece = back,
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Write for Outflow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        self.send()
    }
}

/// The body: what was read of it already, what comes, and an error at its end unless `work`, which
/// writes it, says that it is whole.
pub(super) fn body<W>(
    first: Bytes,
    rest: Receiver<Bytes>,
    work: W,
) -> impl Stream<Item = io::Result<Bytes>> + use<W>
where
    W: Future<Output = bool> + Unpin,
{
    stream::unfold(
        (Some(first), rest, Some(work)),
        |(first, mut rest, work)| async move {
            if let Some(first) = first {
                return Some((Ok(first), (None, rest, work)));
            }
            if let Some(piece) = rest.recv().await {
                return Some((Ok(piece), (None, rest, work)));
            }
            if work?.await {
                return None;
            }
            let broken = io::Error::other("the file broke off");
            Some((Err(broken), (None, rest, None)))
        },
    )
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn read(
        first: &'static [u8],
        rest: Receiver<Bytes>,
        whole: bool,
    ) -> Vec<Result<Vec<u8>, String>> {
        let read = body(Bytes::from_static(first), rest, std::future::ready(whole));
        futures_executor::block_on(
            read.map(|piece| {
                piece
                    .map(|bytes| bytes.to_vec())
                    .map_err(|error| error.to_string())
            })
            .collect(),
        )
    }

    #[test]
    fn what_is_written_arrives_in_pieces_and_in_order() {
        let (mut out, mut pieces) = pieces(LONG);
        let row = [b"0123456789".repeat(100), b"\n".to_vec()].concat();
        let writing = std::thread::spawn(move || {
            for _ in 0..1000 {
                out.write_all(&row).unwrap();
            }
            out.flush().unwrap();
            row.len() * 1000
        });
        let (mut length, mut largest) = (0, 0);
        while let Some(piece) = futures_executor::block_on(pieces.recv()) {
            length += piece.len();
            largest = largest.max(piece.len());
        }
        assert_eq!(length, writing.join().unwrap());
        assert!(largest < 2 * PIECE, "{largest}");
    }

    #[test]
    fn nothing_is_kept_for_a_reader_who_is_slow_or_gone() {
        let piece = vec![b'x'; PIECE];
        let (mut slow, unread) = pieces(Duration::from_millis(50));
        for _ in 0..WAITING {
            slow.write_all(&piece).unwrap();
        }
        assert_eq!(
            slow.write_all(&piece).unwrap_err().kind(),
            ErrorKind::TimedOut
        );
        let (mut gone, read) = pieces(LONG);
        drop((unread, read));
        assert_eq!(
            gone.write_all(&piece).unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
    }

    #[test]
    fn a_file_that_breaks_off_is_no_whole_file() {
        for (whole, end) in [
            (true, vec![Ok(b"a".to_vec()), Ok(b"b".to_vec())]),
            (
                false,
                vec![
                    Ok(b"a".to_vec()),
                    Ok(b"b".to_vec()),
                    Err("the file broke off".to_owned()),
                ],
            ),
        ] {
            let (mut out, pieces) = pieces(LONG);
            out.write_all(b"b").unwrap();
            out.flush().unwrap();
            drop(out);
            assert_eq!(read(b"a", pieces, whole), end);
        }
    }
}
