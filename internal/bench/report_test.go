package bench

// What was measured, beside what is wanted: one table at the end, with the median and the range of the runs.

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
)

// figures are those of docs/performance.md, in its order. Of a ratio more is better, of anything else less, unless the goal says so.
var figures = []*figure{
	{name: "submit ÷ bare create", goal: "≥ 0.7, floor 0.5"},
	{name: "submit ÷ bare create, time on the processor", goal: "reported"},
	{name: "submit, ms"},
	{name: "bare create, ms"},
	{name: "verification ÷ health", goal: "≥ 0.8"},
	{name: "verification, ms"},
	{name: "health, ms"},
	{name: "queue mine, large ÷ 1,000", goal: "≤ 1.5"},
	{name: "queue mine, large, ms", goal: "≤ 10"},
	{name: "queue all, large ÷ 1,000", goal: "≤ 1.5"},
	{name: "queue all, large, ms", goal: "≤ 10"},
	{name: "queue closed, large ÷ 1,000", goal: "≤ 1.5"},
	{name: "queue closed, large, ms", goal: "≤ 10"},
	{name: "queue case, large ÷ 1,000", goal: "≤ 1.5"},
	{name: "queue case, large, ms", goal: "≤ 10"},
	{name: "queue search, large ÷ 1,000", goal: "≤ 1.5"},
	{name: "queue search, large, ms", goal: "≤ 10"},
	{name: "sweep, due found, ms", goal: "≤ 50"},
	{name: "sweep, 10,000 acted on, s", goal: "≤ 20"},
	{name: "sweep, heap at its peak, MB more", goal: "flat"},
	{name: "verify, entries/s", goal: "≥ 200,000"},
	{name: "verify with a row for each, entries/s", goal: "reported"},
	{name: "cold start, ms", goal: "≤ 1500"},
	{name: "cold start, MB PSS", goal: "≤ 100"},
	{name: "portal page landing, ms", goal: "≤ 5"},
	{name: "portal page type, ms", goal: "≤ 5"},
	{name: "portal page me, ms", goal: "≤ 5"},
	{name: "portal page question, ms", goal: "≤ 5"},
	{name: "portal page check, ms", goal: "≤ 5"},
	{name: "portal page status, ms", goal: "≤ 5"},
	{name: "upload of 5 MB until its picture is seen, ms", goal: "reported"},
}

type figure struct {
	name, goal string
	runs       []float64
}

// note keeps the figure of one run. One that is not in the table is a mistake.
func note(name string, value float64) {
	for _, f := range figures {
		if f.name == name {
			f.runs = append(f.runs, value)
			return
		}
	}
	panic("no such figure: " + name)
}

// summary prints the table; nothing if nothing was measured.
func summary() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	some := false
	for _, f := range figures {
		if len(f.runs) == 0 {
			continue
		}
		if !some {
			fmt.Printf("\n%d processors, %s/%s\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
			fmt.Fprintln(w, "figure\tgoal\tmedian\tlowest\thighest\truns")
			some = true
		}
		slices.Sort(f.runs)
		last := len(f.runs) - 1
		fmt.Fprintf(w, "%s\t%s\t%.3g\t%.3g\t%.3g\t%d\n", f.name, f.goal, f.runs[len(f.runs)/2], f.runs[0], f.runs[last], len(f.runs))
	}
	w.Flush()
}
