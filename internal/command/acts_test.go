package command_test

// Every act there is, with an input that it takes: the table behind the tests of states, and the proof that no act of
// flow's table is without a command and no command without a test.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// doing is one command that can be run on a planted row.
type doing struct {
	name string // the variable of package command
	noun flow.Noun
	act  flow.Act
	run  func(w *world, by command.Caller, id string) error
	// never says that on a planted row the rule refuses always; another test shows it done.
	never bool
}

func does[R records.Target, In any](name string, act command.Act[R, In], in func(w *world, id string) In) doing {
	var zero R
	return doing{name: name, noun: zero.Noun(), act: act.Name, run: func(w *world, by command.Caller, id string) error {
		return try(w, by, act, id, in(w, id))
	}}
}

// with is an input that is the same for every row.
func with[In any](in In) func(*world, string) In { return func(*world, string) In { return in } }

func (d doing) refusing() doing { d.never = true; return d }

var nothing = struct{}{}

// doings lists every act of package command.
func doings() []doing {
	return slices.Concat(deskDoings(), accountDoings(), staffDoings(), applicationDoings(), certificateDoings())
}

func deskDoings() []doing {
	return []doing{
		does("SetUp", command.SetUp, func(w *world, _ string) command.Opening {
			return command.Opening{Settings: w.settings(), Manager: "新经理", Email: records.NewID() + "@example.com", Demo: true}
		}),
		does("Adjust", command.Adjust, func(w *world, _ string) command.Settings { return w.settings() }),
		does("Register", command.Register, func(w *world, _ string) command.NewAccount {
			return command.NewAccount{Channel: "mail", Contact: records.NewID() + "@example.com", Lang: "en"}
		}),
		does("Take", command.Take, with(command.Taking{Type: "pension", Name: "李样本", How: "counter", Agreed: true})),
		does("Invite", command.Invite, func(w *world, _ string) command.Invitation {
			return command.Invitation{Name: "孙新来", Email: records.NewID() + "@example.com", Roles: []string{"reviewer"}, Lang: "en"}
		}),
		does("ReviewProcess", command.ReviewProcess, with(command.Reviewed{Note: "看过"})),
		does("AdjustType", command.AdjustType, with(command.Adjusting{BecauseZh: "为了试"})).refusing(), // nothing changes: TestAdjust
		does("SendTest", command.SendTest, with(command.Test{Channel: "mail", To: "test@example.com"})),
		does("GiveFeedback", command.GiveFeedback, with(command.Said{Page: "/", Score: 4, Text: "很好"})),
		does("PauseClock", command.PauseClock, with(schedule.Jump{Cause: schedule.Jumped})),
		does("ResumeClock", command.ResumeClock, with(nothing)),
		does("MoveClock", command.MoveClock, with(command.Moved{Seconds: 60})),
		does("FindType", command.FindType, func(w *world, _ string) command.FoundType { return command.FoundType{ID: records.NewID()} }),
		does("SearchRecord", command.SearchRecord, with(command.Search{Kind: "ref"})),
		does("SwitchType", command.SwitchType, func(w *world, id string) command.Switching {
			return command.Switching{On: true, SHA256: "00", Digest: "digest-" + id, Body: "{}", NameZh: "类型", NameEn: "Type", Ver: "1.0.0"}
		}),
		does("StopRecheck", command.StopRecheck, with(command.Stopped{})),
		does("ResumeRecheck", command.ResumeRecheck, with(nothing)).refusing(), // nothing is stopped for a planted type
		does("Restore", command.Restore, with(command.Return{Copy: "20261126T030000Z-0000", Size: 1})),
		does("ReleaseHeld", command.ReleaseHeld, with(command.HeldBack{Send: true})),
		does("ExportRegister", command.ExportRegister, with(command.RegisterExport{As: "csv"})),
		does("Import", command.Import, func(w *world, _ string) command.ImportPart {
			n := records.NewID()
			return command.ImportPart{Import: n, File: "register.xlsx", Mark: n, Rows: 1, First: true, Holder: []string{records.NewID()}, Fresh: []bool{true},
				Lines: []flow.ImportLine{{Line: 2, Number: "BJ-" + n, Type: "pension", Name: "李样本", State: flow.Valid, From: "2026-01-01", Until: "2099-01-01"}}}
		}),
		does("AgreeErasure", command.AgreeErasure, with(command.Agreed{Until: "2026-01-01", Cases: 1})).refusing(), // nothing is due of what is planted
		does("EraseHolder", command.EraseHolder, with(command.Erasing{Asked: "asked_holder"})),
		does("Complain", command.Complain, with(command.Complaining{Complaint: flow.Complaint{Kind: "delay", Toward: "reviewer", Text: "等了很久"}, Lang: "zh-Hans"})),
		does("ViewComplaint", command.ViewComplaint, with(command.Seen{})),
		does("ResolveConduct", command.ResolveConduct, with(flow.Resolution{Finding: flow.Unfounded, Note: "没有拖延"})),
		does("AppealConduct", command.AppealConduct, with(command.Reasoned{Reason: "不是这样"})),
		does("DecideConductAppeal", command.DecideConductAppeal, with(flow.AppealAnswer{Outcome: flow.Upheld, Text: "维持"})),
		does("RegisterGift", command.RegisterGift, func(w *world, _ string) flow.Gift {
			return flow.Gift{Kind: "meal", What: "请吃饭", Giver: "家属", Day: string(w.today()), How: "declined"}
		}),
		does("Sanction", command.Sanction, func(w *world, _ string) command.Sanctioning {
			return command.Sanctioning{Kind: flow.SanctionWait, Days: 90, Until: string(w.today().AddDays(400)), Reason: "照片是别人的", Evidence: "和另一件的照片一样"}
		}),
		does("Lift", command.Lift, with(command.Lifting{Reason: "弄错了"})), // prepared names the sanction
		does("PlanErasure", command.PlanErasure, with(nothing)),
		does("Erase", command.Erase, with(nothing)).refusing(), // its time is not over
		does("LegalHold", command.LegalHold, with(command.Reasoned{Reason: "法院来函"})),
		does("LiftHold", command.LiftHold, with(command.Reasoned{Reason: "案件已结"})).refusing(), // nothing is held of what is planted
		does("Resend", command.Resend, with(nothing)),
		does("LogCall", command.LogCall, with(command.Call{Outcome: "接通了"})),
		does("AnswerFeedback", command.AnswerFeedback, with(command.Reply{Text: "谢谢"})),
	}
}

func accountDoings() []doing {
	return []doing{
		does("ConfirmContact", command.ConfirmContact, func(w *world, _ string) command.Contact {
			return command.Contact{Channel: "mail", To: records.NewID() + "@example.com"}
		}),
		does("SignIn", command.SignIn, func(*world, string) command.NewSession {
			return command.NewSession{Digest: records.NewID(), How: "password"}
		}),
		does("SignOut", command.SignOut, with(command.End{All: true})),
		does("Reset", command.Reset, with(command.NewPassword{Hash: "x"})),
		does("Agree", command.Agree, with(command.Agreement{Kind: "privacy", Version: command.AgreementVersion})),
		does("Disagree", command.Disagree, with(command.Agreement{Kind: "privacy"})),
		does("ChooseChannel", command.ChooseChannel, with(command.Preference{Channel: "mail", Lang: "en"})),
		does("ExportAccount", command.ExportAccount, with(nothing)),
		does("CloseAccount", command.CloseAccount, with(nothing)),
		does("AddHolder", command.AddHolder, with(command.NewHolder{Kind: sdk.HolderPerson, Name: "李家人"})),
		does("AgreeActing", command.AgreeActing, with(command.Given{How: "code", Phone: "+8613800138099"})),
		does("EndActing", command.EndActing, with(nothing)),
		does("AddMember", command.AddMember, with(command.Membership{Channel: "mail", Contact: "wang@example.com", Role: "clerk"})).refusing(), // the planted holder is a person
		does("RemoveMember", command.RemoveMember, func(w *world, id string) command.Leaving {
			return command.Leaving{Member: all[*records.Member](w, nil)[0].ID}
		}).refusing(),
		does("Start", command.Start, with(command.Beginning{Type: "pension", Lang: "zh-Hans"})),
		does("AskRecovery", command.AskRecovery, func(w *world, _ string) command.Lost {
			return command.Lost{Account: w.wang, Who: flow.SamePerson, Channel: "mail", Contact: records.NewID() + "@example.com", Seen: []string{flow.SeenID}, Note: "手机丢了"}
		}),
		does("AgreeRecovery", command.AgreeRecovery, with(nothing)),
		does("DropRecovery", command.DropRecovery, with(command.Reasoned{Reason: "不是本人"})),
		does("EndRecovery", command.EndRecovery, with(nothing)),
	}
}

func staffDoings() []doing {
	return []doing{
		does("Join", command.Join, func(w *world, id string) command.Joining {
			c := &records.Code{Purpose: "invite", Person: id, Until: "9999"}
			c.State = flow.Open
			w.insert(c)
			return command.Joining{Code: c.ID, Hash: "x"}
		}),
		does("StaffSignIn", command.StaffSignIn, func(*world, string) command.NewSession {
			return command.NewSession{Digest: records.NewID(), How: "password", Passed: true}
		}),
		does("StaffSignOut", command.StaffSignOut, with(command.End{All: true})),
		does("StaffReset", command.StaffReset, with(command.NewPassword{Hash: "x"})),
		does("EnrolFactor", command.EnrolFactor, with(command.Factor{Kind: "totp", Secret: "s", Recovery: []string{"a", "b"}})),
		does("UseRecovery", command.UseRecovery, with(command.Recovery{Digest: "one"})),
		does("GrantRole", command.GrantRole, with(command.Roles{Roles: []string{"reviewer", "lead"}})),
		does("RevokeRole", command.RevokeRole, with(command.OneRole{Role: "auditor"})),
		does("Recover", command.Recover, with(nothing)),
		does("SetCapacity", command.SetCapacity, with(command.Capacity{Capacity: 3})),
		does("SetAbsence", command.SetAbsence, with(command.Absence{From: "2026-12-01", Until: "2026-12-03"})),
		does("SuspendReviewer", command.SuspendReviewer, with(command.Suspending{Why: "投诉属实"})),
		does("EndSuspension", command.EndSuspension, with(command.Reasoned{Reason: "已经改正"})).refusing(), // nobody planted is suspended: TestSuspension
		does("Pledge", command.Pledge, with(command.Pledging{Version: flow.PledgeVersion})),
		does("RemindPledge", command.RemindPledge, with(nothing)),
		does("ChooseAlerts", command.ChooseAlerts, with(command.Quiet{Without: []string{"returned"}})),
		does("Deactivate", command.Deactivate, with(nothing)),
	}
}

func applicationDoings() []doing {
	doc := func(w *world, id string) string { return all[*records.Document](w, byCase(id))[0].ID }
	return []doing{
		does("SaveDraft", command.SaveDraft, with(command.PageAnswers{Page: "name", Entered: map[string]string{"name": "李样本"}})),
		does("ChooseChanges", command.ChooseChanges, with(command.WhatChanged{Changes: []string{"phone"}})).refusing(), // no change: TestChange
		does("AddDocument", command.AddDocument, func(w *world, id string) command.Stored {
			s := w.document(id, "photo", "another picture")
			s.Replace = doc(w, id)
			return s
		}),
		does("RemoveDocument", command.RemoveDocument, func(w *world, id string) command.Removal { return command.Removal{Document: doc(w, id)} }),
		does("AttestPresence", command.AttestPresence, with(command.Attested{SawPerson: true, SawOriginal: true})),
		does("Discard", command.Discard, with(nothing)),
		does("Submit", command.Submit, with(command.Submission{Declared: true})),
		does("Withdraw", command.Withdraw, with(nothing)),
		does("Assign", command.Assign, with(command.Handed{})),
		does("Claim", command.Claim, with(command.Handed{})),
		does("Release", command.Release, with(command.Handed{Why: "太忙"})),
		does("Reassign", command.Reassign, func(w *world, _ string) command.Handed { return command.Handed{To: w.chen} }),
		does("DeclareConflict", command.DeclareConflict, with(command.Handed{Why: "是亲戚"})),
		does("Remind", command.Remind, with(nothing)),
		does("Escalate", command.Escalate, with(nothing)),
		does("HandOn", command.HandOn, with(command.Handed{Why: "太忙"})),
		does("Check", command.Check, with(nothing)),
		does("RecordFindings", command.RecordFindings, with(command.Checked{Findings: []sdk.Finding{{Level: sdk.Warn}}})),
		does("Verdict", command.Verdict, with(command.Judged{Item: "alive", Value: flow.VerdictOK})),
		does("Note", command.Note, with(command.Remark{Text: "打过电话"})),
		does("Hold", command.Hold, func(w *world, _ string) command.Pause {
			return command.Pause{Reason: "等派出所的回复", Until: string(w.today().AddDays(5))}
		}),
		does("Resume", command.Resume, with(nothing)),
		does("Merge", command.Merge, func(w *world, id string) command.Union { return command.Union{Into: w.twin(id)} }),
		does("Message", command.Message, with(command.Written{Text: "户口本什么时候能补？"})),
		does("MarkRead", command.MarkRead, with(nothing)),
		does("LogCaseCall", command.LogCaseCall, with(command.CaseCall{Number: "13800138000", Outcome: "no_answer", NextOn: "2999-01-04"})),
		does("ViewCase", command.ViewCase, with(command.Seen{})),
		does("ExportCase", command.ExportCase, with(nothing)),
		does("ViewDocument", command.ViewDocument, func(w *world, id string) command.Seen { return command.Seen{Document: doc(w, id)} }),
		does("Propose", command.Propose, with(command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})).refusing(), // the planted type has no second person
		does("Confirm", command.Confirm, with(command.Opinion{})),
		does("Challenge", command.Challenge, with(command.Opinion{Comment: "照片不对"})),
		does("Decide", command.Decide, with(command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})),
		does("TakeBack", command.TakeBack, with(nothing)),
		does("ReleaseResult", command.ReleaseResult, with(nothing)),
		does("Appeal", command.Appeal, with(command.Written{Text: "资料是真的"})),
		does("DecideAppeal", command.DecideAppeal, with(flow.AppealAnswer{Outcome: flow.Upheld, Text: "结果不变"})),
		does("NameDeputy", command.NameDeputy, func(w *world, _ string) command.Handed { return command.Handed{To: w.manager, Why: "没有别人"} }),
		does("Reverse", command.Reverse, with(flow.Reversal{Text: "照片不是本人"})).refusing(), // the planted approval has no certificate: TestReversal
		does("AgreeReversal", command.AgreeReversal, with(command.Opinion{})),
		does("DropReversal", command.DropReversal, with(command.Opinion{Comment: "照片是本人"})),
		does("AnswerHearing", command.AnswerHearing, with(command.Written{Text: "照片是我的"})),
		does("EndHearing", command.EndHearing, with(nothing)),
		does("DecideReversal", command.DecideReversal, with(flow.ReversalAnswer{Outcome: flow.Reversed, Text: "不是本人"})),
		does("Issue", command.Issue, with(nothing)),
		does("RequestCorrection", command.RequestCorrection, with(flow.Correction{Items: []flow.Asked{{Of: "photo", Note: "再拍一张"}}})),
		does("FillCorrection", command.FillCorrection, with(command.Filled{Of: "free-2", Text: "因为那天下雨"})),
		does("AddToCorrection", command.AddToCorrection, func(w *world, id string) command.Stored {
			s := w.document(id, "photo", "a third picture")
			s.Replace = pending(w, id)
			return s
		}),
		does("RemoveFromCorrection", command.RemoveFromCorrection, func(w *world, id string) command.Removal { return command.Removal{Document: pending(w, id)} }),
		does("AnswerCorrection", command.AnswerCorrection, with(nothing)),
		does("MarkMalicious", command.MarkMalicious, with(command.Malicious{Malicious: true, Why: "照片是别人的"})),
		does("LookAgain", command.LookAgain, with(command.Looked{Right: true})),
		does("Lapse", command.Lapse, with(nothing)),
		does("Reopen", command.Reopen, with(command.Handed{Why: "来过电话"})),
	}
}

// pending is the document of an answer that is not sent yet.
func pending(w *world, id string) string {
	docs := all[*records.Document](w, dbx.HashExp{"application": id, "state": "pending"})
	if len(docs) == 0 {
		return "none"
	}
	return docs[0].ID
}

func certificateDoings() []doing {
	why := with(command.Reasoned{Reason: "资料不实"})
	return []doing{
		does("ShowPublicly", command.ShowPublicly, with(command.Showing{Shows: "none"})),
		does("Suspend", command.Suspend, why),
		does("Reinstate", command.Reinstate, why),
		does("Revoke", command.Revoke, why),
		does("Recheck", command.Recheck, with(command.Rechecked{})),
		does("Renew", command.Renew, with(nothing)),
		does("RequestChange", command.RequestChange, with(nothing)).refusing(), // the planted one has ended: TestChange
		does("KeepValid", command.KeepValid, why).refusing(),                   // nothing is proposed: TestEvidenceEnds
		does("WarnEvidence", command.WarnEvidence, with(nothing)).refusing(),
		does("RecheckEvidence", command.RecheckEvidence, with(nothing)).refusing(),
		does("Warn", command.Warn, with(nothing)),
		does("Expire", command.Expire, with(nothing)),
	}
}

// follows are the acts that are only ever done by another act, in its transaction.
var follows = map[flow.Noun][]flow.Act{flow.NounCertificate: {flow.Issue}}

func TestEveryActHasACommand(t *testing.T) {
	have := map[flow.Noun][]flow.Act{}
	for _, d := range doings() {
		have[d.noun] = append(have[d.noun], d.act)
	}
	for noun, table := range flow.Transitions {
		for _, line := range table {
			read := strings.HasPrefix(string(line.Act), "see_")
			if !read && !slices.Contains(have[noun], line.Act) && !slices.Contains(follows[noun], line.Act) {
				t.Errorf("%s has no command for %s", noun, line.Act)
			}
		}
		for _, act := range have[noun] {
			if !slices.ContainsFunc(table, func(l flow.Transition) bool { return l.Act == act }) {
				t.Errorf("the command %s of %s has no line in the table", act, noun)
			}
		}
	}
}

// TestEveryCommandIsTested reads the source: an act that is not in the table above would be tested by nothing here.
func TestEveryCommandIsTested(t *testing.T) {
	var listed []string
	for _, d := range doings() {
		listed = append(listed, d.name)
	}
	declared := declaredActs(t)
	for _, name := range declared {
		if !slices.Contains(listed, name) {
			t.Errorf("command.%s is not in the table of acts", name)
		}
	}
	for i, name := range listed {
		if !slices.Contains(declared, name) || slices.Contains(listed[:i], name) {
			t.Errorf("%s is no act of package command, or listed twice", name)
		}
	}
}

func declaredActs(t *testing.T) (names []string) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, value := range v.Values {
					if isAct(value) {
						names = append(names, v.Names[i].Name)
					}
				}
			}
		}
	}
	return names
}

func isAct(e ast.Expr) bool {
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	typ, ok := lit.Type.(*ast.IndexListExpr)
	if !ok {
		return false
	}
	name, ok := typ.X.(*ast.Ident)
	return ok && name.Name == "Act"
}
