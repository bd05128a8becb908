package catalog

// Whether an executable is static: one that needs a loader or libraries would bring in bytes that nobody has pinned,
// and cannot start in the sandbox anyway.

import (
	"encoding/binary"
	"errors"
	"io"
	"runtime"
)

// machines are the ELF numbers of the architectures that Go builds for.
var machines = map[string]uint16{"386": 3, "arm": 40, "amd64": 62, "arm64": 183, "riscv64": 243, "loong64": 258}

var errNotStatic = errors.New("it is not static: build it with CGO_ENABLED=0")

// static reads the headers of a little-endian ELF file by hand: the file is a stranger's, debug/elf is not made for those.
func static(r io.ReaderAt) error {
	var h [64]byte
	if _, err := r.ReadAt(h[:], 0); err != nil || string(h[:4]) != "\x7fELF" || h[5] != 1 || h[4] < 1 || h[4] > 2 {
		return errors.New("it is no executable of this system (ELF)")
	}
	le := binary.LittleEndian
	if want, ok := machines[runtime.GOARCH]; ok && le.Uint16(h[18:]) != want {
		return errors.New("it is built for another machine than " + runtime.GOARCH)
	}
	at, size, n := int64(le.Uint64(h[32:])), int64(le.Uint16(h[54:])), int(le.Uint16(h[56:]))
	if h[4] == 1 { // 32 bit
		at, size, n = int64(le.Uint32(h[28:])), int64(le.Uint16(h[42:])), int(le.Uint16(h[44:]))
	}
	if n == 0 || n > 128 || size < 4 || at <= 0 {
		return errors.New("its headers cannot be read")
	}
	const interpreter = 3
	for i := range int64(n) {
		var kind [4]byte
		if _, err := r.ReadAt(kind[:], at+i*size); err != nil {
			return errors.New("its headers cannot be read")
		}
		if le.Uint32(kind[:]) == interpreter {
			return errNotStatic
		}
	}
	return nil
}
