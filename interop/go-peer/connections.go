package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
)

// Facts of a connection whose handshake is complete.
type Facts struct {
	Connection   int    `json:"connection"`
	Version      uint16 `json:"version"`
	Suite        uint16 `json:"suite"`
	Group        uint16 `json:"group"`
	Resumed      bool   `json:"resumed"`
	ALPN         string `json:"alpn"`
	Certificates int    `json:"certificates"`
	Stapled      int    `json:"stapled"`
	ECHAccepted  bool   `json:"echAccepted"`
	ServerName   string `json:"serverName"`
}

func dial(task *Task) error {
	config, err := clientConfig(task)
	if err != nil {
		return err
	}
	input := readInput(task.Commands)
	for number := 1; number <= max(task.Connections, 1); number++ {
		if number > 1 && len(task.LaterGroups) > 0 {
			config = config.Clone()
			config.CurvePreferences = curves(task.LaterGroups)
		}
		socket, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", task.Port))
		if err != nil {
			return err
		}
		if err := talk(tls.Client(socket, config), socket, number, input); err != nil {
			return err
		}
	}
	return nil
}

func serve(task *Task) error {
	config, err := serverConfig(task)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", task.Port))
	if err != nil {
		return err
	}
	say("listens on %d", listener.Addr().(*net.TCPAddr).Port)
	input := readInput(task.Commands)
	for number := 1; ; number++ {
		socket, err := listener.Accept()
		if err != nil {
			return err
		}
		// One connection at a time, as standard input belongs to one. What goes wrong in one is not the end.
		if err := talk(tls.Server(socket, config), socket, number, input); err != nil {
			say("error %v", err)
		}
	}
}

// To the end of both directions.
func talk(conn *tls.Conn, socket net.Conn, number int, input <-chan chunk) error {
	defer socket.Close()
	if err := conn.Handshake(); err != nil {
		return err
	}
	report(conn, number)
	received := make(chan error, 1)
	go func() {
		_, err := io.Copy(os.Stdout, conn)
		received <- err
	}()
	for {
		select {
		case piece, isOpen := <-input:
			if !isOpen {
				input = nil
				if err := conn.CloseWrite(); err != nil {
					return err
				}
				continue
			}
			if piece.command == "close" {
				if err := conn.CloseWrite(); err != nil {
					return err
				}
			} else if _, err := conn.Write(piece.bytes); err != nil {
				return err
			}
		case err := <-received:
			if err == nil {
				// The peer has closed; so do we, if we have not yet.
				err = conn.Close()
			}
			say("closed %d", number)
			return err
		}
	}
}

func report(conn *tls.Conn, number int) {
	state := conn.ConnectionState()
	facts, err := json.Marshal(Facts{
		Connection:   number,
		Version:      state.Version,
		Suite:        state.CipherSuite,
		Group:        uint16(state.CurveID),
		Resumed:      state.DidResume,
		ALPN:         state.NegotiatedProtocol,
		Certificates: len(state.PeerCertificates),
		Stapled:      len(state.OCSPResponse),
		ECHAccepted:  state.ECHAccepted,
		ServerName:   state.ServerName,
	})
	if err != nil {
		fail("%v", err)
	}
	say("facts %s", facts)
}
