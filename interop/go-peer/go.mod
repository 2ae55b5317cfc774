module sealwire.example/interop/go-peer

go 1.26
