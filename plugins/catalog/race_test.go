//go:build race

package catalog

// See sandbox_test.go.
const testSandbox = "off"
