package main

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// Something to send, or a command.
type chunk struct {
	bytes   []byte
	command string
}

// Standard input, piece by piece; closed at its end. With commands it is read line by line.
func readInput(hasCommands bool) <-chan chunk {
	chunks := make(chan chunk)
	go func() {
		defer close(chunks)
		reader := bufio.NewReaderSize(os.Stdin, 65_536)
		for {
			piece, err := next(reader, hasCommands)
			if line, isCommand := strings.CutPrefix(string(piece), "!"); hasCommands && isCommand {
				chunks <- chunk{command: strings.TrimSpace(line)}
			} else if len(piece) > 0 {
				chunks <- chunk{bytes: piece}
			}
			if err != nil {
				return
			}
		}
	}()
	return chunks
}

func next(reader *bufio.Reader, isLine bool) ([]byte, error) {
	if isLine {
		return reader.ReadBytes('\n')
	}
	buffer := make([]byte, 65_536)
	length, err := reader.Read(buffer)
	if err == io.EOF {
		return nil, err
	}
	return buffer[:length], err
}
