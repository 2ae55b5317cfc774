package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

func clientConfig(task *Task) (*tls.Config, error) {
	config, err := sharedConfig(task)
	if err != nil {
		return nil, err
	}
	config.ServerName = "localhost"
	config.RootCAs, err = roots(task)
	if err != nil {
		return nil, err
	}
	if task.Connections > 1 {
		config.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	}
	if task.ECHConfigListFile != "" {
		config.EncryptedClientHelloConfigList, err = os.ReadFile(task.ECHConfigListFile)
	}
	return config, err
}

func serverConfig(task *Task) (*tls.Config, error) {
	config, err := sharedConfig(task)
	if err != nil {
		return nil, err
	}
	switch task.ClientAuth {
	case "request":
		config.ClientAuth = tls.VerifyClientCertIfGiven
	case "require":
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	config.ClientCAs, err = roots(task)
	if err != nil {
		return nil, err
	}
	if task.ECHConfigFile != "" {
		key := tls.EncryptedClientHelloKey{SendAsRetry: true}
		var noConfig, noKey error
		key.Config, noConfig = os.ReadFile(task.ECHConfigFile)
		key.PrivateKey, noKey = os.ReadFile(task.ECHKeyFile)
		config.EncryptedClientHelloKeys = []tls.EncryptedClientHelloKey{key}
		err = errors.Join(noConfig, noKey)
	}
	return config, err
}

// TLS 1.3 alone. Its cipher suites cannot be configured.
func sharedConfig(task *Task) (*tls.Config, error) {
	config := &tls.Config{
		MinVersion:       tls.VersionTLS13,
		CurvePreferences: curves(task.Groups),
		NextProtos:       task.ALPN,
	}
	if task.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(task.CertFile, task.KeyFile)
		if err != nil {
			return nil, err
		}
		if task.OCSPFile != "" {
			certificate.OCSPStaple, err = os.ReadFile(task.OCSPFile)
			if err != nil {
				return nil, err
			}
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	if task.KeyLogFile != "" {
		file, err := os.OpenFile(task.KeyLogFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		config.KeyLogWriter = file
	}
	return config, nil
}

func roots(task *Task) (*x509.CertPool, error) {
	pem, err := os.ReadFile(task.CAFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", task.CAFile)
	}
	return pool, nil
}

func curves(groups []uint16) []tls.CurveID {
	ids := make([]tls.CurveID, len(groups))
	for i, group := range groups {
		ids[i] = tls.CurveID(group)
	}
	return ids
}
