// Package proof holds what is proved with the real program as a process: that it may be killed at any moment.
package proof
