package testkit

// The last steps of the life: a copy put back, what people say of the desk, what leaves it, and what is erased.

import (
	"context"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// returnSteps put a copy back, while little waits: what waited to be sent is held, sent again one by one or set aside.
func returnSteps() []Step {
	return []Step{
		step("one more test mail", "staff:manager", command.SendTest, "desk", is(command.Test{Channel: "mail", To: "last@example.com"})),
		step("put a copy back", "desk", command.Restore, "desk", is(command.Return{Copy: "2026-11-26", Size: 7})),
		found[*records.Message]("a message that is held", "held", func(*Life) map[string]any { return map[string]any{"state": "held"} }),
		step("resend", "staff:manager", command.Resend, "held", nothing),
		step("one more", "staff:manager", command.SendTest, "desk", is(command.Test{Channel: "mail", To: "last@example.com"})),
		step("put it back again", "desk", command.Restore, "desk", is(command.Return{Copy: "2026-11-26", Size: 7})),
		step("set aside", "staff:manager", command.ReleaseHeld, "desk", is(command.HeldBack{})),
	}
}

func closingSteps() []Step {
	return []Step{
		step("complain", "guest", command.Complain, "desk", is(command.Complaining{Complaint: flow.Complaint{Kind: "delay", Toward: "reviewer", Name: "陈明", Text: "等了很久"}, Contact: "wang@example.com", Lang: "zh-Hans"})),
		found[*records.Conduct]("the complaint", "conduct", func(*Life) map[string]any { return map[string]any{"state": "open"} }),
		step("read the complaint", "staff:manager", command.ViewComplaint, "conduct", is(command.Seen{})),
		step("resolve the complaint", "staff:manager", command.ResolveConduct, "conduct", is(flow.Resolution{Finding: flow.Founded, Measure: "suspension", Rule: "廉洁承诺第二条", Note: "拖了三周", Reply: "您说得对"})),
		step("appeal against it", "staff:chen", command.AppealConduct, "conduct", is(command.Reasoned{Reason: "那三周我在请假"})),
		step("decide the conduct appeal", "staff:lead", command.DecideConductAppeal, "conduct", is(flow.AppealAnswer{Outcome: flow.AppealChanged, Text: "请假属实"})),
		step("suspend li", "staff:manager", command.SuspendReviewer, "li", is(command.Suspending{Why: "另一件事"})),
		step("look at a decision again", "staff:lead", command.LookAgain, "app", is(command.Looked{Right: true})),
		step("li works again", "staff:manager", command.EndSuspension, "li", is(command.Reasoned{Reason: "没有问题"})),
		step("feedback", "account:wang", command.GiveFeedback, "desk", is(command.Said{Page: "/", Score: 4, Text: "很好", Contact: "wang@example.com"})),
		found[*records.Feedback]("the feedback", "feedback", func(*Life) map[string]any { return map[string]any{"state": "new"} }),
		step("answer feedback", "staff:manager", command.AnswerFeedback, "feedback", is(command.Reply{Text: "谢谢"})),
		step("export the register", "staff:lead", command.ExportRegister, "desk", is(command.RegisterExport{As: "csv"})),
		step("import a register", "staff:manager", command.Import, "desk", is(command.ImportPart{Import: "importofthelife", File: "register.xlsx", Mark: "mark of the register", Rows: 2, First: true,
			Holder: []string{"importedholder1", "importedholder1"}, Fresh: []bool{true, false}, Lines: []flow.ImportLine{
				{Line: 2, Number: "BJ-2019-0042", Type: "pension", Name: "李样本", ID: "11010519491231002X", Phone: "+8613800138042", State: flow.Valid, From: "2026-01-01", Until: "2099-12-31"},
				{Line: 3, Number: "C-2024-000007", Type: "pension", Name: "李样本", ID: "11010519491231002X", State: flow.Revoked, From: "2024-01-01", Until: "2026-12-31"}}})),
		{"know a type", func(_ context.Context, l *Life) error { l.Vars["individual"] = "individual"; return nil }},
		step("adjust a type", "staff:manager", command.AdjustType, "individual", func(l *Life) command.Adjusting {
			return command.Adjusting{Terms: flow.Terms{ReviewDays: 4}, BecauseZh: "大家说等得太久", Feedback: []string{l.Vars["feedback"]}}
		}),
		{"checkpoint", func(ctx context.Context, l *Life) error { _, err := l.Desk.Checkpoint(ctx); return err }},
		step("hold the case", "staff:lead", command.LegalHold, "app", is(command.Reasoned{Reason: "法院来函"})),
		step("lift the hold", "staff:manager", command.LiftHold, "app", is(command.Reasoned{Reason: "案件已结"})),
		step("plan the erasure", "desk", command.PlanErasure, "app", nothing),
		step("plan that of the change", "desk", command.PlanErasure, "change", nothing),
		step("plan that of the renewal", "desk", command.PlanErasure, "late", nothing),
		step("take away the data", "account:wang", command.ExportAccount, "wang", nothing),
		step("close the account", "account:wang", command.CloseAccount, "wang", nothing),
		move("six years pass", 366*6),
		{"agree to erase", func(ctx context.Context, l *Life) error {
			today, err := l.Desk.Today(ctx)
			if err != nil {
				return err
			}
			r, err := command.Run(ctx, l.Desk, l.who("staff:manager"), command.AgreeErasure, command.At{ID: "desk", Key: "agree to erase"}, command.Agreed{Until: string(today), Cases: 3})
			return l.kept(r, err, nil)
		}},
		step("erase the change", "desk", command.Erase, "change", nothing), // it shows documents of the case, as the renewal does
		step("erase the renewal", "desk", command.Erase, "late", nothing),
		step("erase the case", "desk", command.Erase, "app", nothing),
		step("erase the father", "staff:manager", command.EraseHolder, "father", is(command.Erasing{Asked: "asked_holder"})),
	}
}
