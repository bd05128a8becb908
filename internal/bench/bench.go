// Package bench measures a whole desk beside what it is built on, in the same run on the same machine: `make bench`. The
// figures and the goals are in docs/performance.md. Nothing here decides whether a test passes.
package bench
