package testkit

// The steps of the life in which a second person decides: proposals, an appeal, reversals.

import (
	"slices"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
)

// secondSteps are a case that takes two people: proposed, challenged, proposed again, confirmed.
func secondSteps() []Step {
	to := func(who string) func(*Life) command.Handed {
		return func(l *Life) command.Handed { return command.Handed{To: l.Vars[who]} }
	}
	refusal := is(command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}})
	return slices.Concat(
		[]Step{step("start an institution's", "account:wang", command.Start, "institution", is(command.Beginning{Type: "institutional", Lang: "zh-Hans"}), "body=id")},
		pages("body", institutional.New(), institutional.Example()),
		[]Step{
			add("add the licence", "body", "licence", "licence", "", "licence"),
			add("add the representative's front", "body", "legal_id_front", "legal front", "", "legal front"),
			add("add the representative's back", "body", "legal_id_back", "legal back", "", "legal back"),
			add("add the authorisation", "body", "authorization", "authorisation", "", "authorisation"),
			step("submit the institution's", "account:wang", command.Submit, "body", is(command.Submission{Declared: true})),
			step("the institution's to chen", "staff:lead", command.Reassign, "body", to("chen")),
			step("propose", "staff:chen", command.Propose, "body", refusal),
			step("the proposal to li", "staff:lead", command.Reassign, "body", to("li")),
			step("challenge", "staff:li", command.Challenge, "body", is(command.Opinion{Comment: "再看看执照"})),
			step("propose again", "staff:chen", command.Propose, "body", refusal),
			step("a verdict voids it", "staff:chen", command.Verdict, "body", is(command.Judged{Item: "licence_valid", Value: flow.VerdictBad})),
			step("propose once more", "staff:chen", command.Propose, "body", refusal),
			step("the last proposal to li", "staff:lead", command.Reassign, "body", to("li")),
			step("confirm the proposal", "staff:li", command.Confirm, "body", is(command.Opinion{Comment: "同意"})),
			step("release the institution's", "desk", command.ReleaseResult, "body", nothing),
			step("appeal", "account:wang", command.Appeal, "body", is(command.Written{Text: "执照没有过期"})),
			step("name a deputy", "staff:lead", command.NameDeputy, "body", func(l *Life) command.Handed { return command.Handed{To: l.Vars["manager"], Why: "没有别人"} }),
			step("decide the appeal", "staff:manager", command.DecideAppeal, "body", is(flow.AppealAnswer{Outcome: flow.Upheld, Text: "又核对了一次，结果不变"})),
		})
}

// reversalSteps question the renewal's approval three times: nobody agrees; its holder answers; nothing is heard of the holder.
func reversalSteps() []Step {
	wrong, stands := is(flow.Reversal{Reasons: []string{"unreadable"}, Text: "照片不是本人"}), is(flow.ReversalAnswer{Outcome: flow.Upheld, Text: "核实过，是本人"})
	to := func(who string) func(*Life) command.Handed {
		return func(l *Life) command.Handed { return command.Handed{To: l.Vars[who]} }
	}
	// each second person joins when needed: whoever had the case has part in it
	return slices.Concat(joining("wu", "吴审核", "reviewer"), []Step{
		step("reverse", "staff:lead", command.Reverse, "late", wrong),
		step("the reversal to wu", "staff:lead", command.Reassign, "late", to("wu")),
		step("drop the reversal", "staff:wu", command.DropReversal, "late", is(command.Opinion{Comment: "是本人"})),
	}, joining("zheng", "郑审核", "reviewer"), []Step{
		step("reverse again", "staff:lead", command.Reverse, "late", wrong),
		step("the second reversal to zheng", "staff:lead", command.Reassign, "late", to("zheng")),
		step("agree to the reversal", "staff:zheng", command.AgreeReversal, "late", is(command.Opinion{Comment: "同意"})),
		move("some days of the hearing pass", 10),
		step("remind of the hearing", "desk", command.Remind, "late", nothing),
		deposit("answer in the hearing", "account:wang", command.AnswerHearing, "late", "case-", "my picture", func(_ *Life, s command.Stored) command.Written {
			return command.Written{Text: "是我本人", Files: []command.Stored{s}}
		}),
		step("the answer to zheng", "staff:lead", command.Reassign, "late", to("zheng")),
		step("uphold the approval", "staff:zheng", command.DecideReversal, "late", stands),
	}, joining("feng", "冯审核", "reviewer"), []Step{
		step("reverse once more", "staff:lead", command.Reverse, "late", wrong),
		step("the third reversal to feng", "staff:lead", command.Reassign, "late", to("feng")),
		step("agree once more", "staff:feng", command.AgreeReversal, "late", is(command.Opinion{})),
		move("the hearing is over", 30),
		step("end the hearing", "desk", command.EndHearing, "late", nothing),
		step("the silence to feng", "staff:lead", command.Reassign, "late", to("feng")),
		step("uphold it again", "staff:feng", command.DecideReversal, "late", stands),
	})
}
