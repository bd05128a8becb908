package sdk

import "embed"

// Source is the source of this module, for package source: go:embed reaches neither upwards nor into another module,
// so that only the root package can hold it. A plugin that does not use it does not carry it.
//
//go:embed *
var Source embed.FS
