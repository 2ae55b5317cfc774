// A TLS peer for the interoperability suite: a client or server on Go's crypto/tls. Its one argument is a Task in
// JSON. What it knows goes to standard error, line by line: `listens on <port>`, `facts <JSON>` of each connection
// as soon as its handshake is complete, `error <text>`. Standard input is sent to the peer; what the peer sends goes
// to standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

// Task is what one run does; the suite's TypeScript has the same shape (src/peers/program.ts).
type Task struct {
	Role string `json:"role"` // client or server
	Port int    `json:"port"` // 0: any, which is then printed
	// Groups allowed, as numbers of the registry; the order is Go's own.
	Groups   []uint16 `json:"groups"`
	CAFile   string   `json:"caFile"`
	CertFile string   `json:"certFile"`
	KeyFile  string   `json:"keyFile"`
	ALPN     []string `json:"alpn"`
	// ClientAuth of a server: "", "request" or "require".
	ClientAuth string `json:"clientAuth"`
	OCSPFile   string `json:"ocspFile"`
	// Commands makes lines of standard input that begin with "!" commands: "!close".
	Commands bool `json:"commands"`
	// Connections that a client makes, one after the other, with one session cache. A server takes any number.
	Connections int `json:"connections"`
	// Later, a client of several connections allows these groups on those after the first.
	LaterGroups []uint16 `json:"laterGroups"`
	// ECHConfigListFile of a client: an ECHConfigList (RFC 9849 §4).
	ECHConfigListFile string `json:"echConfigListFile"`
	// ECHConfigFile and ECHKeyFile of a server: one ECHConfig, and the private key of its KEM.
	ECHConfigFile string `json:"echConfigFile"`
	ECHKeyFile    string `json:"echKeyFile"`
	KeyLogFile    string `json:"keyLogFile"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println(runtime.Version())
		return
	}
	var task Task
	if len(os.Args) != 2 {
		fail("usage: go-peer <task as JSON>")
	}
	if err := json.Unmarshal([]byte(os.Args[1]), &task); err != nil {
		fail("the task does not parse: %v", err)
	}
	var err error
	if task.Role == "server" {
		err = serve(&task)
	} else {
		err = dial(&task)
	}
	if err != nil {
		fail("%v", err)
	}
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func fail(format string, args ...any) {
	say("error "+format, args...)
	os.Exit(1)
}
