//! One connection from its handshake to the end of both directions.

use crate::input::{read_input, read_socket, Event};
use crate::task::Task;
use crate::Failure;
use rustls::{CommonState, Connection, HandshakeKind};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender};

/// Standard input belongs to one connection after the other.
pub struct Talk<'a> {
    task: &'a Task,
    events: Receiver<Event>,
    sender: SyncSender<Event>,
    is_input_over: bool,
}

impl<'a> Talk<'a> {
    pub fn new(task: &'a Task) -> Self {
        let (sender, events) = sync_channel(64);
        read_input(task.has_commands, sender.clone());
        Self {
            task,
            events,
            sender,
            is_input_over: false,
        }
    }

    pub fn run(
        &mut self,
        connection: Connection,
        socket: TcpStream,
        number: u32,
    ) -> Result<(), Failure> {
        socket.set_nodelay(true)?;
        read_socket(socket.try_clone()?, number, self.sender.clone());
        let mut end = End {
            connection,
            socket,
            number,
            early_bytes: 0,
            is_reported: false,
            has_closed: false,
        };
        let outcome = self.converse(&mut end);
        // An alert may still be waiting.
        let _ = end.flush();
        let _ = end.socket.shutdown(Shutdown::Write);
        eprintln!("closed {number}");
        outcome
    }

    fn converse(&mut self, end: &mut End) -> Result<(), Failure> {
        end.begin(self.task)?;
        // What is to be sent before the handshake is complete.
        let mut held = Vec::new();
        loop {
            if !end.connection.is_handshaking() {
                end.report();
                for event in std::mem::take(&mut held) {
                    end.obey(event)?;
                }
                if self.is_input_over {
                    end.close()?;
                }
            }
            end.flush()?;
            match self.events.recv()? {
                Event::InputEnd => self.is_input_over = true,
                Event::Received(number, bytes) if number == end.number => {
                    if end.receive(&bytes, self.task)? {
                        return end.close();
                    }
                }
                Event::TransportEnd(number) if number == end.number => {
                    return match end.has_closed {
                        true => Ok(()),
                        false => Err("the transport ended without close_notify".into()),
                    };
                }
                Event::Received(..) | Event::TransportEnd(_) => {}
                event if end.connection.is_handshaking() => held.push(event),
                event => end.obey(event)?,
            }
        }
    }
}

struct End {
    connection: Connection,
    socket: TcpStream,
    number: u32,
    early_bytes: usize,
    is_reported: bool,
    has_closed: bool,
}

impl End {
    fn begin(&mut self, task: &Task) -> Result<(), Failure> {
        if let (Connection::Client(client), Some(text)) = (&mut self.connection, &task.early_data) {
            if let Some(mut early) = client.early_data() {
                self.early_bytes = early.write(text.as_bytes())?;
            }
        }
        self.flush()
    }

    fn obey(&mut self, event: Event) -> Result<(), Failure> {
        match event {
            Event::Input(bytes) => {
                for piece in bytes.chunks(16_384) {
                    self.connection.writer().write_all(piece)?;
                    self.flush()?;
                }
            }
            Event::Command(name) => match name.as_str() {
                "close" => self.close()?,
                "update" => self.connection.refresh_traffic_keys()?,
                _ => return Err(format!("there is no command {name}").into()),
            },
            _ => {}
        }
        self.flush()
    }

    /// True once the peer has closed.
    fn receive(&mut self, mut bytes: &[u8], task: &Task) -> Result<bool, Failure> {
        let mut is_over = false;
        while !bytes.is_empty() {
            self.connection.read_tls(&mut bytes)?;
            let state = self.connection.process_new_packets()?;
            is_over = state.peer_has_closed();
            self.take_early(task)?;
            self.print()?;
        }
        Ok(is_over)
    }

    fn take_early(&mut self, task: &Task) -> Result<(), Failure> {
        let Connection::Server(server) = &mut self.connection else {
            return Ok(());
        };
        if task.rejects_early_data && server.is_handshaking() {
            server.reject_early_data();
            return Ok(());
        }
        if let Some(mut early) = server.early_data() {
            let mut text = Vec::new();
            early.read_to_end(&mut text)?;
            self.early_bytes += text.len();
            print(&text)?;
        }
        Ok(())
    }

    fn print(&mut self) -> Result<(), Failure> {
        let mut buffer = [0; 16_384];
        loop {
            match self.connection.reader().read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(length) => print(&buffer[..length])?,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn close(&mut self) -> Result<(), Failure> {
        if !self.has_closed {
            self.has_closed = true;
            self.connection.send_close_notify();
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Failure> {
        while self.connection.wants_write() {
            self.connection.write_tls(&mut self.socket)?;
        }
        Ok(())
    }

    fn report(&mut self) {
        if std::mem::replace(&mut self.is_reported, true) {
            return;
        }
        let (ech, accepted, name) = match &self.connection {
            Connection::Client(client) => (
                format!("{:?}", client.ech_status()),
                client.is_early_data_accepted(),
                None,
            ),
            Connection::Server(server) => {
                (String::new(), self.early_bytes > 0, server.server_name())
            }
        };
        let state: &CommonState = &self.connection;
        let kind = state.handshake_kind();
        let facts = json!({
            "connection": self.number,
            "version": state.protocol_version().map(u16::from),
            "suite": state.negotiated_cipher_suite().map(|suite| u16::from(suite.suite())),
            "group": state.negotiated_key_exchange_group().map(|group| u16::from(group.name())),
            "resumed": kind == Some(HandshakeKind::Resumed),
            "retried": kind == Some(HandshakeKind::FullWithHelloRetryRequest),
            "alpn": state.alpn_protocol().map(String::from_utf8_lossy).unwrap_or_default(),
            "certificates": state.peer_certificates().map_or(0, <[_]>::len),
            "earlyBytes": self.early_bytes,
            "earlyAccepted": accepted,
            "echStatus": ech,
            "serverName": name.unwrap_or_default(),
        });
        eprintln!("facts {facts}");
    }
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    output.write_all(bytes)?;
    Ok(output.flush()?)
}
