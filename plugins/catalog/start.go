package catalog

// Starting a type: a bundled one is this binary again, one from outside is exactly the bytes that were pinned. Either
// is locked up before its first own instruction.

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/host"
	"github.com/certdesk/certdesk/plugins/sdk/serve"
)

// What a type may use.
const (
	maxMemory = 2 << 30 // address space: Go reserves 0.75 GiB before it uses any, and the launcher as much
	maxFiles  = 64
)

// childName is what a bundled type's process is called.
const childName = "certification-type"

// Child is the part of this binary that a bundled type runs as, for sandbox.Reentry.
func Child() sandbox.Child { return ChildOf(Bundled()) }

// ChildOf is Child for a desk with other bundled types.
func ChildOf(types map[string]func() sdk.Certification) sandbox.Child {
	return sandbox.Child{Name: childName, Main: func() int {
		if len(os.Args) != 2 || types[os.Args[1]] == nil {
			fmt.Fprintln(os.Stderr, "certification-type: no such type")
			return 2
		}
		serve.Serve(types[os.Args[1]]())
		return 0
	}}
}

func (c *Catalog) isBundled(ref Ref) bool {
	sum, err := ownDigest()
	return c.o.Bundled[ref.ID] != nil && err == nil && sum == ref.SHA256
}

// start starts the process of ref. Nothing is left behind on an error.
func (c *Catalog) start(ctx context.Context, ref Ref) (*host.Conn, error) {
	if c.isBundled(ref) {
		return c.connect(ctx, ref, sandbox.Spec{Child: childName, Args: []string{ref.ID}})
	}
	if c.o.Bundled[ref.ID] != nil {
		return nil, fail(Digest, ref.ID, fmt.Errorf("it is bundled with this desk, but not as %.12s…", ref.SHA256))
	}
	if c.o.Sandbox != "off" && !c.level.AtLeast(sandbox.Landlock) {
		return nil, fail(NoSandbox, ref.ID, errWeak)
	}
	pinned, err := c.folder.pin(ref)
	if err != nil {
		return nil, err
	}
	defer pinned.close()
	return c.connect(ctx, ref, pinned.spec())
}

func (c *Catalog) connect(ctx context.Context, ref Ref, spec sandbox.Spec) (*host.Conn, error) {
	spec.Memory, spec.Files, spec.Level = maxMemory, maxFiles, c.level
	return host.Connect(ctx, host.Options{
		Name: ref.ID, Log: c.o.Log, Deadline: c.o.Deadline, StartTimeout: c.o.Start,
		Start: sandbox.Start, Kill: sandbox.Kill,
		Command: func(env []string, dir string) (*exec.Cmd, error) {
			spec.Env, spec.ReadWrite = append(env, "GOMAXPROCS=2"), []string{dir}
			cmd, level, err := sandbox.Command(spec)
			if err == nil && level != c.level {
				err = fail(NoSandbox, ref.ID, fmt.Errorf("level %s instead of %s", level, c.level))
			}
			return cmd, err
		},
	})
}
