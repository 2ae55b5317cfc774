"""
An end of QUIC that echoes streams, for the interoperability checks of Sealwire: aioquic. It is told what to do by one
argument in JSON, and prints a line for each thing that happens.
"""

import asyncio
import json
import sys

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted
from aioquic.tls import CipherSuite

task = json.loads(sys.argv[1])


def say(*words):
    print(*words, flush=True)


class Watched(QuicConnectionProtocol):
    """Says what becomes of its connection."""

    def quic_event_received(self, event):
        if isinstance(event, HandshakeCompleted):
            facts = {
                "resumed": event.session_resumed,
                "early": event.early_data_accepted,
                "alpn": event.alpn_protocol,
                "suite": int(self._quic.tls.key_schedule.cipher_suite),
                "certificates": 0 if self._quic.tls._peer_certificate is None else 1,
                "version": self._quic._version,
            }
            say("facts", json.dumps(facts))
        if isinstance(event, ConnectionTerminated):
            say("ended:", event.error_code, event.reason_phrase)
        super().quic_event_received(event)


def configuration(is_client):
    made = QuicConfiguration(is_client=is_client, alpn_protocols=["echo/1"])
    if "suites" in task:
        made.cipher_suites = [CipherSuite(suite) for suite in task["suites"]]
    if is_client:
        made.server_name = "localhost"
        made.load_verify_locations(cafile=task["caFile"])
    if "certFile" in task:
        made.load_cert_chain(task["certFile"], task["keyFile"])
    return made


async def echo(reader, writer):
    while True:
        received = await reader.read(4096)
        if not received:
            break
        writer.write(received)
    writer.write_eof()


async def run_server():
    tickets = {}
    server = await serve(
        "127.0.0.1",
        0,
        configuration=configuration(False),
        create_protocol=Watched,
        session_ticket_fetcher=lambda label: tickets.pop(label, None),
        session_ticket_handler=lambda ticket: tickets.update({ticket.ticket: ticket}),
        stream_handler=lambda reader, writer: asyncio.ensure_future(echo(reader, writer)),
    )
    say("listens on", server._transport.get_extra_info("sockname")[1])
    await asyncio.Future()


async def run_client():
    tickets = []
    for index in range(task["connections"]):
        made = configuration(True)
        if tickets:
            made.session_ticket = tickets.pop(0)
        async with connect(
            "127.0.0.1",
            task["port"],
            configuration=made,
            create_protocol=Watched,
            session_ticket_handler=tickets.append,
            wait_connected=not made.session_ticket,
        ) as client:
            sent = b"0123456789abcdef" * (task["bytes"] // 16)
            reader, writer = await client.create_stream()
            writer.write(sent)
            writer.write_eof()
            if task.get("updates"):
                await client.wait_connected()
                # Confirmed at the latest when the echo begins.
                head = await reader.readexactly(1)
                client.request_key_update()
                await client.ping()
                received = head + await reader.read()
                say("updated keys")
            else:
                received = await reader.read()
            if received != sent:
                raise SystemExit("other bytes came back")
            say("echoed", len(received))
            await asyncio.sleep(0.1)


asyncio.run(run_server() if task["role"] == "server" else run_client())
