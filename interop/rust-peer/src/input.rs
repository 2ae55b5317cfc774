//! Everything that happens, in one queue: what standard input says, and what sockets bring.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::sync::mpsc::SyncSender;
use std::thread;

pub enum Event {
    Input(Vec<u8>),
    Command(String),
    InputEnd,
    /// Of the connection with this number.
    Received(u32, Vec<u8>),
    TransportEnd(u32),
}

/// Reads standard input piece by piece, or line by line where lines may be commands.
pub fn read_input(has_commands: bool, events: SyncSender<Event>) {
    thread::spawn(move || {
        let mut input = BufReader::with_capacity(65_536, std::io::stdin());
        loop {
            let mut piece = Vec::new();
            let read = if has_commands {
                input.read_until(b'\n', &mut piece).map(|_| ())
            } else {
                input.fill_buf().map(|bytes| piece.extend_from_slice(bytes))
            };
            if !has_commands {
                input.consume(piece.len());
            }
            if read.is_err() || piece.is_empty() {
                let _ = events.send(Event::InputEnd);
                return;
            }
            let event = match piece.strip_prefix(b"!") {
                Some(command) if has_commands => {
                    Event::Command(String::from_utf8_lossy(command).trim().to_string())
                }
                _ => Event::Input(piece),
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
}

/// Reads a socket to its end.
pub fn read_socket(mut socket: TcpStream, number: u32, events: SyncSender<Event>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        loop {
            let event = match socket.read(&mut buffer) {
                Ok(0) | Err(_) => Event::TransportEnd(number),
                Ok(length) => Event::Received(number, buffer[..length].to_vec()),
            };
            let is_end = matches!(event, Event::TransportEnd(_));
            if events.send(event).is_err() || is_end {
                return;
            }
        }
    });
}
