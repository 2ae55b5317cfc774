// quic-go-peer is an end of QUIC that echoes streams, for the interoperability checks of Sealwire. It is told what to do by
// one argument in JSON, and prints a line for each thing that happens.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
)

type task struct {
	Role string `json:"role"`
	// Of a client: where to.
	Port     int           `json:"port"`
	Groups   []tls.CurveID `json:"groups"`
	CaFile   string        `json:"caFile"`
	CertFile string        `json:"certFile"`
	KeyFile  string        `json:"keyFile"`
	// Of a server.
	RequireClient bool `json:"requireClient"`
	// Of a client: how many connections, one after the other, with the sessions of those before.
	Connections int `json:"connections"`
	Bytes       int `json:"bytes"`
}

func main() {
	var t task
	if err := json.Unmarshal([]byte(os.Args[1]), &t); err != nil {
		fail(err)
	}
	config, err := tlsConfig(t)
	if err != nil {
		fail(err)
	}
	if t.Role == "server" {
		err = serve(t, config)
	} else {
		err = dial(t, config)
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Println("error", err)
	os.Exit(1)
}

func tlsConfig(t task) (*tls.Config, error) {
	pem, err := os.ReadFile(t.CaFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	config := &tls.Config{
		NextProtos:         []string{"echo/1"},
		CurvePreferences:   t.Groups,
		RootCAs:            pool,
		ClientCAs:          pool,
		ServerName:         "localhost",
		ClientSessionCache: tls.NewLRUClientSessionCache(8),
	}
	if t.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	if t.RequireClient {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}

func report(connection *quic.Conn) {
	state := connection.ConnectionState()
	facts, _ := json.Marshal(map[string]any{
		"resumed":      state.TLS.DidResume,
		"early":        state.Used0RTT,
		"alpn":         state.TLS.NegotiatedProtocol,
		"suite":        state.TLS.CipherSuite,
		"group":        state.TLS.CurveID,
		"retried":      state.TLS.HelloRetryRequest,
		"certificates": len(state.TLS.PeerCertificates),
		"version":      uint32(state.Version),
	})
	fmt.Printf("facts %s\n", facts)
}

func serve(t task, config *tls.Config) error {
	listener, err := quic.ListenAddrEarly("127.0.0.1:0", config, &quic.Config{Allow0RTT: true})
	if err != nil {
		return err
	}
	fmt.Println("listens on", listener.Addr().(*net.UDPAddr).Port)
	for {
		connection, err := listener.Accept(context.Background())
		if err != nil {
			return err
		}
		go func() {
			for {
				stream, err := connection.AcceptStream(context.Background())
				if err != nil {
					fmt.Println("ended:", strings.ReplaceAll(err.Error(), "\n", " "))
					return
				}
				go func() {
					_, _ = io.Copy(stream, stream)
					_ = stream.Close()
					<-connection.HandshakeComplete()
					report(connection)
				}()
			}
		}()
	}
}

func dial(t task, config *tls.Config) error {
	address := fmt.Sprintf("127.0.0.1:%d", t.Port)
	for i := 0; i < t.Connections; i++ {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		connection, err := quic.DialAddrEarly(ctx, address, config, &quic.Config{})
		if err != nil {
			cancel()
			return err
		}
		if err := echo(ctx, connection, t.Bytes); err != nil {
			cancel()
			return err
		}
		<-connection.HandshakeComplete()
		report(connection)
		// A ticket may still be on its way.
		time.Sleep(100 * time.Millisecond)
		_ = connection.CloseWithError(0, "done")
		cancel()
	}
	return nil
}

func echo(ctx context.Context, connection *quic.Conn, size int) error {
	stream, err := connection.OpenStreamSync(ctx)
	if err != nil {
		return err
	}
	sent := strings.Repeat("0123456789abcdef", size/16)
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		_, _ = io.WriteString(stream, sent)
		_ = stream.Close()
	}()
	received, err := io.ReadAll(stream)
	group.Wait()
	if err != nil {
		return err
	}
	if string(received) != sent {
		return fmt.Errorf("%d other bytes came back than %d that left", len(received), len(sent))
	}
	fmt.Println("echoed", len(received))
	return nil
}
