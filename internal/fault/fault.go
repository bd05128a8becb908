// Package fault names the places where a disk, a power line or a partner can fail, so that a test can let them: before
// each write, sync, rename, key and send, and after what cannot be taken back. Built without the tag `faults`, At is
// empty and inlined: nothing of this is in the program that people run.
package fault

// Points lists every place, by what is about to happen there; a name in the past tense is passed after it happened and
// before anybody was told.
var Points = []string{
	"command.number",    // a number of a series
	"command.write",     // a row of an act
	"command.commit",    // the end of an act's transaction
	"command.committed", // it is on disk, the caller does not know yet
	"quiet.commit",      // the end of a change of rows that only serve the running
	"quiet.committed",
	"ledger.entry",
	"ledger.hashes",
	"ledger.rows",
	"ledger.checkpoint",
	"ledger.key.write", // the key that signs
	"ledger.key.sync",
	"ledger.key.rename",
	"ledger.key.folder",
	"keys.root.write", // the root key
	"keys.root.sync",
	"keys.root.rename",
	"keys.root.folder",
	"keys.create", // keys.db
	"keys.fill",
	"keys.rename",
	"keys.folder",
	"keys.bind",
	"keys.write", // the key of a case or a holder
	"keys.written",
	"keys.destroy",
	"keys.wipe",
	"blob.create", // a document
	"blob.sync",
	"blob.mkdir",
	"blob.folder",
	"blob.rename",
	"blob.renamed",
	"blob.delete",
	"queue.claim", // a message or a job
	"queue.settle",
	"queue.settled",
	"send.mail",
	"sent.mail",
	"send.sms",
	"sent.sms",
}
