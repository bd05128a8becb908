// Package wirev1 is the generated code of protocol version 1. Nobody outside the SDK sees it.
//
// Made with protoc 21.12, protoc-gen-go v1.36.12 and protoc-gen-go-grpc v1.6.2, all three found on the PATH.
package wirev1

//go:generate protoc -I ../../.. --go_out=../../.. --go_opt=paths=source_relative --go-grpc_out=../../.. --go-grpc_opt=paths=source_relative internal/wire/v1/certification.proto
