"""A server on the BoringSSL that Debian ships for Android's tools, showing a delegated credential (RFC 9345).

Neither its tools nor any other of ours can do that, but its library can, and Python can call it. Takes paths: the
library's folder, certificate chain and key (PEM), the DelegatedCredential as on the wire, its key (PEM). Says its port
on the loopback address, then what became of one connection, and echoes one line.
"""

import ctypes
import os
import socket
import sys

folder, chain, key, credential, delegated_key = sys.argv[1:]
crypto = ctypes.CDLL(os.path.join(folder, "libcrypto.so.0"))
ssl = ctypes.CDLL(os.path.join(folder, "libssl.so.0"))


def call(library, name, *args, result=ctypes.c_void_p):
    function = getattr(library, name)
    function.restype = result
    answer = function(*args)
    if result is ctypes.c_void_p:
        if answer is None:
            sys.exit(name + " failed")
        return ctypes.c_void_p(answer)
    return answer


def must(library, name, *args):
    if call(library, name, *args, result=ctypes.c_int) != 1:
        sys.exit(name + " failed")


def read(path):
    with open(path, "rb") as file:
        return file.read()


PEM = 1
context = call(ssl, "SSL_CTX_new", call(ssl, "TLS_method"))
must(ssl, "SSL_CTX_use_certificate_chain_file", context, chain.encode())
must(ssl, "SSL_CTX_use_PrivateKey_file", context, key.encode(), PEM)

pem = read(delegated_key)
memory = call(crypto, "BIO_new_mem_buf", pem, ctypes.c_ssize_t(len(pem)))
private = call(crypto, "PEM_read_bio_PrivateKey", memory, None, None, None)
wire = read(credential)
buffer = call(crypto, "CRYPTO_BUFFER_new", wire, ctypes.c_size_t(len(wire)), None)

listener = socket.create_server(("127.0.0.1", 0))
print("listens on", listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
session = call(ssl, "SSL_new", context)
must(ssl, "SSL_set1_delegated_credential", session, buffer, private, None)
must(ssl, "SSL_set_fd", session, connection.fileno())
if call(ssl, "SSL_accept", session, result=ctypes.c_int) != 1:
    sys.exit("handshake failed")
used = call(ssl, "SSL_delegated_credential_used", session, result=ctypes.c_int)
print("delegated credential", "used" if used else "not used", flush=True)
line = ctypes.create_string_buffer(100)
length = call(ssl, "SSL_read", session, line, ctypes.c_int(100), result=ctypes.c_int)
call(ssl, "SSL_write", session, line, ctypes.c_int(max(length, 0)), result=ctypes.c_int)
call(ssl, "SSL_shutdown", session, result=ctypes.c_int)
