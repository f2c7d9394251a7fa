//! The least HTTP/1.1 that a writer needs: one connection kept open, one JSON body there, one answer back.

use crate::Outcome;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer may take before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to one server, in the name of one session.
pub struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    /// Connects to `host` (address and port).
    pub fn open(host: &str, path: &str, token: &str) -> Outcome<Connection> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: setaside={token}\r\ncontent-type: application/json\r\ncontent-length: "
        );
        Ok(Connection { stream: BufReader::new(stream), head })
    }

    /// Sends a body; gives status and body of the answer.
    pub fn post(&mut self, body: &str) -> Outcome<(u16, String)> {
        let request = format!("{}{}\r\n\r\n{body}", self.head, body.len());
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?.split(' ').nth(1).unwrap_or_default().parse()?;
        let mut length = None;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        let mut body = Vec::new();
        if let Some(length) = length {
            body.resize(length, 0);
            self.stream.read_exact(&mut body)?;
        } else {
            self.chunks(&mut body)?;
        }
        Ok((status, String::from_utf8(body)?))
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Outcome<()> {
        loop {
            let length = usize::from_str_radix(&self.line()?, 16)?;
            let start = body.len();
            body.resize(start + length, 0);
            self.stream.read_exact(&mut body[start..])?;
            self.line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err("the server has closed the connection".into());
        }
        Ok(line.trim_end().to_owned())
    }
}
