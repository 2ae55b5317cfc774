//! A TLS peer for the interoperability suite: a client or server on rustls. Its one argument is a task in JSON. What
//! it knows goes to standard error, line by line: `listens on <port>`, `facts <JSON>` of each connection as soon
//! as its handshake is complete, `error <text>`. Standard input is sent to the peer; what the peer sends goes to
//! standard output.

mod config;
mod input;
mod raw_keys;
mod talk;
mod task;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, Connection, ServerConnection};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use talk::Talk;
use task::Task;

pub type Failure = Box<dyn std::error::Error>;

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "--version" {
        println!("rustls {}", env!("RUSTLS_VERSION"));
        return;
    }
    let outcome = Task::parse(&argument).and_then(|task| {
        if task.is_server {
            serve(&task)
        } else {
            dial(&task)
        }
    });
    if let Err(error) = outcome {
        eprintln!("error {error}");
        std::process::exit(1);
    }
}

/// One connection after the other, all with one session store.
fn dial(task: &Task) -> Result<(), Failure> {
    let mut talk = Talk::new(task);
    let first = Arc::new(config::client(task, &task.groups)?);
    for number in 1..=task.connections {
        let mut config = (*first).clone();
        if number > 1 && !task.later_groups.is_empty() {
            config = config::client(task, &task.later_groups)?;
            config.resumption = first.resumption.clone();
        }
        let connection =
            ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?;
        let socket = TcpStream::connect(("127.0.0.1", task.port))?;
        talk.run(Connection::from(connection), socket, number)?;
    }
    Ok(())
}

/// One connection at a time, as standard input belongs to one. What goes wrong in one is not the end.
fn serve(task: &Task) -> Result<(), Failure> {
    let first = Arc::new(config::server(task, &task.groups)?);
    let mut later = (*first).clone();
    if !task.later_groups.is_empty() {
        later = config::server(task, &task.later_groups)?;
        later.session_storage = first.session_storage.clone();
        later.ticketer = first.ticketer.clone();
    }
    let later = Arc::new(later);
    let listener = TcpListener::bind(("127.0.0.1", task.port))?;
    eprintln!("listens on {}", listener.local_addr()?.port());
    let mut talk = Talk::new(task);
    for number in 1.. {
        let (socket, _) = listener.accept()?;
        let config = if number == 1 { &first } else { &later };
        let connection = Connection::from(ServerConnection::new(config.clone())?);
        if let Err(error) = talk.run(connection, socket, number) {
            eprintln!("error {error}");
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}
