//go:build linux || darwin

package hooks

import "syscall"

// room is how many bytes this process may still write to the disk of a folder.
func room(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
