package backup

import "github.com/certdesk/certdesk/internal/command"

// Peek opens what was put back, for looking.
func Peek(data, keys, root string) (*command.Desk, func(), error) {
	o, err := open(data, keys, root)
	if err != nil {
		return nil, nil, err
	}
	return o.desk, func() { o.close() }, nil
}
