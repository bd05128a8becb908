package testkit

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func exp(where map[string]any) dbx.Expression { return dbx.HashExp(where) }

var nothing = is(struct{}{})

// Steps is the life, from an empty desk on: every act that there is, at least once.
func Steps() []Step {
	return slices.Concat(openingSteps(), returnSteps(), staffSteps(), accountSteps(), holderSteps(), applySteps(), reviewSteps(), secondSteps(), pensionSteps(), certificateSteps(), revocationSteps(), closingSteps())
}

func lifeSettings() command.Settings {
	return command.Settings{NameZh: "长青认证中心", NameEn: "Evergreen Certification Desk", Zone: "Asia/Shanghai", Lang: "zh-Hans", PublicURL: "http://127.0.0.1:8090",
		Hotline: "400-000-0000", HoursZh: "工作日 9:00 到 17:30", HoursEn: "weekdays 9:00 to 17:30", Free: true, SMSTested: true, TakeBackMinutes: 5}
}

func openingSteps() []Step {
	return []Step{
		step("set up", "guest", command.SetUp, "desk", func(*Life) command.Opening {
			return command.Opening{Settings: lifeSettings(), Manager: "林经理", Email: "manager@example.com", Hash: hash(), Demo: true}
		}, "manager=manager"),
		step("adjust", "staff:manager", command.Adjust, "desk", is(lifeSettings())),
		step("review the process", "staff:manager", command.ReviewProcess, "desk", is(command.Reviewed{Note: "看过"})),
		step("move the clock", "staff:manager", command.MoveClock, "desk", is(command.Moved{Seconds: 60})),
		step("pause the clock", "desk", command.PauseClock, "desk", is(schedule.Jump{Cause: schedule.Jumped})),
		step("resume the clock", "staff:manager", command.ResumeClock, "desk", nothing),
		step("test mail", "staff:manager", command.SendTest, "desk", is(command.Test{Channel: "mail", To: "test@example.com"})),
		step("test SMS", "staff:manager", command.SendTest, "desk", is(command.Test{Channel: "sms", To: "+8613800138000"})),
		step("find a type", "desk", command.FindType, "desk", is(command.FoundType{ID: "extra", Path: "extra"})),
		{"know the type", func(_ context.Context, l *Life) error { l.Vars["type"] = "extra"; return nil }},
		step("switch a type on", "staff:manager", command.SwitchType, "type", is(command.Switching{On: true, SHA256: "00", Digest: "digest of extra", Body: "{}", NameZh: "类型", NameEn: "Type", Ver: "1.0.0", Path: "extra"})),
		step("switch a type off", "staff:manager", command.SwitchType, "type", is(command.Switching{})),
		step("stop re-checks", "desk", command.StopRecheck, "type", is(command.Stopped{})),
		step("resume re-checks", "staff:manager", command.ResumeRecheck, "type", nothing),
	}
}

// pledged are reviewers who make the pledge of the year that it is by now.
func pledged(when string, names ...string) (all []Step) {
	for _, name := range names {
		all = append(all, step(name+" pledges "+when, "staff:"+name, command.Pledge, name, is(command.Pledging{Version: flow.PledgeVersion})))
	}
	return all
}

func joining(as, name, role string) []Step {
	return []Step{
		step("invite "+as, "staff:manager", command.Invite, "desk", is(command.Invitation{Name: name, Email: as + "@example.com", Roles: []string{role},
			Types: []string{"individual", "institutional", "pension"}, Capacity: 20, Lang: "zh-Hans", Code: "x", Plain: "x"}), as+"=id"),
		found[*records.Code]("read the invitation of "+as, "code of "+as, func(l *Life) map[string]any { return map[string]any{"person": l.Vars[as], "purpose": "invite"} }),
		step("join "+as, "guest", command.Join, as, func(l *Life) command.Joining { return command.Joining{Code: l.Vars["code of "+as], Hash: hash()} }),
	}
}

func staffSteps() (all []Step) {
	for _, s := range []struct{ as, name, role string }{{"lead", "周组长", "lead"}, {"chen", "陈明", "reviewer"}, {"li", "李审核", "reviewer"}, {"zhao", "赵审核", "reviewer"}} {
		all = append(all, joining(s.as, s.name, s.role)...)
	}
	return append(all,
		step("staff signs in", "staff:chen", command.StaffSignIn, "chen", is(command.NewSession{Digest: "session of chen", How: "password", Passed: true})),
		step("factor", "staff:chen", command.EnrolFactor, "chen", is(command.Factor{Kind: "totp", Secret: "secret", Recovery: []string{"one", "two"}})),
		step("recovery code", "staff:chen", command.UseRecovery, "chen", is(command.Recovery{Digest: "one"})),
		step("staff password", "staff:chen", command.StaffReset, "chen", is(command.NewPassword{Hash: hash()})),
		step("recover", "staff:manager", command.Recover, "chen", nothing),
		step("staff signs out", "staff:chen", command.StaffSignOut, "chen", is(command.End{All: true})),
		step("grant a role", "staff:manager", command.GrantRole, "zhao", is(command.Roles{Roles: []string{"reviewer", "auditor"}, Types: []string{"individual", "pension"}})),
		step("revoke a role", "staff:manager", command.RevokeRole, "zhao", is(command.OneRole{Role: "auditor"})),
		step("capacity", "staff:lead", command.SetCapacity, "zhao", is(command.Capacity{Capacity: 3})),
		step("absence", "staff:lead", command.SetAbsence, "zhao", is(command.Absence{From: "2020-01-01", Until: "2020-01-03"})),
		step("ask zhao to pledge", "desk", command.RemindPledge, "zhao", nothing),
		step("zhao pledges", "staff:zhao", command.Pledge, "zhao", is(command.Pledging{Version: flow.PledgeVersion})),
		step("a gift", "staff:zhao", command.RegisterGift, "desk", func(l *Life) flow.Gift {
			return flow.Gift{Kind: "gift", What: "茶叶两盒", Giver: "家属", Day: string(flow.DayOf(l.Now(), time.UTC).AddDays(-1)), How: "declined"}
		}),
		step("choose alerts", "staff:zhao", command.ChooseAlerts, "zhao", is(command.Quiet{Without: []string{"returned"}})),
		step("search", "staff:lead", command.SearchRecord, "desk", is(command.Search{Kind: "ref", Hash: "x"})))
}

func accountSteps() []Step {
	return []Step{
		step("register", "guest", command.Register, "desk", is(command.NewAccount{Channel: "mail", Contact: "wang@example.com", Hash: hash(), Lang: "zh-Hans"}), "wang=id"),
		step("confirm", "guest", command.ConfirmContact, "wang", is(command.Contact{Channel: "mail", To: "wang@example.com"})),
		step("privacy", "account:wang", command.Agree, "wang", is(command.Agreement{Kind: "privacy", Version: command.AgreementVersion})),
		step("identity", "account:wang", command.Agree, "wang", is(command.Agreement{Kind: "identity", Version: command.AgreementVersion})),
		step("disagree", "account:wang", command.Disagree, "wang", is(command.Agreement{Kind: "privacy"})),
		step("privacy again", "account:wang", command.Agree, "wang", is(command.Agreement{Kind: "privacy", Version: command.AgreementVersion})),
		step("sign in", "guest", command.SignIn, "wang", is(command.NewSession{Digest: "session of wang", How: "mail_code"})),
		step("sign in elsewhere", "guest", command.SignIn, "wang", is(command.NewSession{Digest: "second session of wang", How: "mail_code"})),
		step("password", "account:wang", command.Reset, "wang", is(command.NewPassword{Hash: hash(), Keep: "session of wang"})),
		step("sign out", "account:wang", command.SignOut, "wang", is(command.End{All: true})),
		step("phone", "account:wang", command.ConfirmContact, "wang", is(command.Contact{Channel: "sms", To: "+8613800138000"})),
		step("preference", "account:wang", command.ChooseChannel, "wang", is(command.Preference{Channel: "mail", Lang: "zh-Hans"})),
		{"ask for a code", func(ctx context.Context, l *Life) error {
			_, err := command.AskCode(ctx, l.Desk, l.who("guest"), command.Ask{Purpose: "sign_in", Channel: "mail", To: "wang@example.com", Lang: "zh-Hans"})
			if flow.Refused(err, "code_wait") {
				return nil // it was asked for, and the answer did not arrive
			}
			return err
		}},
		step("register a clerk", "guest", command.Register, "desk", is(command.NewAccount{Channel: "mail", Contact: "clerk@example.com", Lang: "en", Proved: true}), "clerk=id"),
	}
}

func holderSteps() []Step {
	return []Step{
		step("oneself", "account:wang", command.AddHolder, "wang", is(command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}), "holder=id"),
		step("father", "account:wang", command.AddHolder, "wang", is(command.NewHolder{Kind: sdk.HolderPerson, Name: "王德福"}), "father=id"),
		deposit("father agrees", "account:wang", command.AgreeActing, "father", "holder-", "the signed sheet", func(_ *Life, s command.Stored) command.Given {
			return command.Given{How: "sheet", Sheet: s}
		}),
		found[*records.Message]("who is to be rung", "ring", func(l *Life) map[string]any { return map[string]any{"person": l.Vars["father"], "channel": "ring"} }),
		step("ring", "staff:lead", command.LogCall, "ring", is(command.Call{Outcome: "接通了"})),
		step("father ends it", "account:wang", command.EndActing, "father", nothing),
		step("institution", "account:wang", command.AddHolder, "wang", is(command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"}), "institution=id"),
		step("add a member", "account:wang", command.AddMember, "institution", is(command.Membership{Channel: "mail", Contact: "clerk@example.com", Role: "clerk"})),
		found[*records.Member]("who is a member", "member", func(l *Life) map[string]any {
			return map[string]any{"holder": l.Vars["institution"], "applicant": l.Vars["clerk"]}
		}),
		step("remove a member", "account:wang", command.RemoveMember, "institution", func(l *Life) command.Leaving { return command.Leaving{Member: l.Vars["member"]} }),
		step("another institution", "account:wang", command.AddHolder, "wang", is(command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青俱乐部"}), "club=id"),
		step("the owner has left", "staff:li", command.AskRecovery, "club", func(l *Life) command.Lost {
			return command.Lost{Account: l.Vars["wang"], Who: flow.OtherPerson, Channel: "sms", Contact: "+8613800138033", Seen: []string{flow.SeenID, flow.SeenLetter}, Note: "负责人离职", Lang: "en"}
		}, "recovery=id"),
		step("agree to the recovery", "staff:lead", command.AgreeRecovery, "recovery", nothing),
		step("the recovery counts", "desk", command.EndRecovery, "recovery", nothing),
		step("oneself is lost", "staff:li", command.AskRecovery, "holder", func(l *Life) command.Lost {
			return command.Lost{Account: l.Vars["wang"], Who: flow.SamePerson, Channel: "sms", Contact: "+8613800138001", Seen: []string{flow.SeenID}, Note: "手机丢了", Lang: "zh-Hans"}
		}, "lost=id"),
		step("agree to that", "staff:lead", command.AgreeRecovery, "lost", nothing),
		step("it was not lost", "account:wang", command.DropRecovery, "lost", is(command.Reasoned{})),
	}
}

// pages are steps that answer every page of a draft with the type's example.
func pages(app string, t sdk.Certification, example sdk.Answers) (all []Step) {
	typ, err := t.Describe(context.Background())
	if err != nil {
		panic(err)
	}
	for _, p := range typ.Pages {
		if !p.When.Shown(example) {
			continue
		}
		entered := map[string]string{}
		for _, q := range p.Questions {
			entered[q.ID] = example[q.ID]
		}
		all = append(all, step(app+" page "+p.ID, "account:wang", command.SaveDraft, app, is(command.PageAnswers{Page: p.ID, Entered: entered})))
	}
	return all
}

// add puts a document into a slot, in place of the one that is named by an answer of before, if any.
func add(name, app, slot, content, instead, keep string) Step {
	return deposit(name, "account:wang", command.AddDocument, app, "case-", content, func(l *Life, s command.Stored) command.Stored {
		s.Slot, s.Replace = slot, l.Vars[instead]
		return s
	}, keep+"=id")
}

func applySteps() []Step {
	removed := func(l *Life) command.Removal { return command.Removal{Document: l.Vars["back"]} }
	return slices.Concat(
		[]Step{step("start", "account:wang", command.Start, "holder", is(command.Beginning{Type: "individual", Lang: "zh-Hans"}), "app=id")},
		pages("app", individual.New(), carded()),
		[]Step{
			add("add the front", "app", "id_front", "front", "", "first front"),
			add("replace the front", "app", "id_front", "a better front", "first front", "front"),
			add("add the back", "app", "id_back", "back", "", "back"),
			step("remove the back", "account:wang", command.RemoveDocument, "app", removed),
			add("add the back again", "app", "id_back", "a better back", "", "new back"),
			add("add the household", "app", "household", "household", "", "household"),
			add("add the work", "app", "work_proof", "work", "", "work"),
			step("submit", "account:wang", command.Submit, "app", is(command.Submission{Declared: true})),
		})
}

func reviewSteps() (all []Step) {
	all = []Step{
		step("reassign", "staff:lead", command.Reassign, "app", func(l *Life) command.Handed { return command.Handed{To: l.Vars["chen"], Why: "熟悉"} }),
		step("findings", "desk", command.RecordFindings, "app", is(command.Checked{Findings: []sdk.Finding{{Level: sdk.Warn}}})),
		step("check again", "staff:chen", command.Check, "app", nothing),
		step("findings again", "desk", command.RecordFindings, "app", is(command.Checked{Failed: true})),
		step("release", "staff:chen", command.Release, "app", is(command.Handed{Why: "太忙"})),
		step("back to chen", "staff:lead", command.Reassign, "app", func(l *Life) command.Handed { return command.Handed{To: l.Vars["chen"]} }),
		step("conflict", "staff:chen", command.DeclareConflict, "app", is(command.Handed{Why: "是亲戚"})),
		step("to li", "staff:lead", command.Reassign, "app", func(l *Life) command.Handed { return command.Handed{To: l.Vars["li"]} }),
		step("remind", "desk", command.Remind, "app", nothing),
		step("escalate", "desk", command.Escalate, "app", nothing),
		step("hand on", "staff:lead", command.HandOn, "app", is(command.Handed{})),
		step("back to li", "staff:lead", command.Reassign, "app", func(l *Life) command.Handed { return command.Handed{To: l.Vars["li"]} }),
		step("look", "staff:li", command.ViewCase, "app", is(command.Seen{})),
		step("look at a document", "staff:li", command.ViewDocument, "app", func(l *Life) command.Seen { return command.Seen{Document: l.Vars["front"]} }),
		step("export the case", "staff:lead", command.ExportCase, "app", nothing),
		step("note", "staff:li", command.Note, "app", is(command.Remark{Text: "打过电话"})),
		step("hold", "staff:li", command.Hold, "app", func(l *Life) command.Pause {
			return command.Pause{Reason: "等派出所的回复", Until: string(flow.DayOf(l.Now(), time.UTC).AddDays(9))}
		}),
		step("resume", "staff:li", command.Resume, "app", nothing),
		step("message from the desk", "staff:li", command.Message, "app", is(command.Written{Text: "户口本的第二页也请拍来。"})),
		deposit("message with a picture", "account:wang", command.Message, "app", "case-", "the second page", func(_ *Life, s command.Stored) command.Written {
			return command.Written{Text: "在这里", Files: []command.Stored{s}}
		}),
		step("read the message", "staff:li", command.MarkRead, "app", nothing),
		step("log a call on the case", "staff:li", command.LogCaseCall, "app", is(command.CaseCall{Number: "13800138000", Outcome: "no_answer", Note: "下午再打", NextOn: "2999-01-04"})),
		step("rung again", "staff:li", command.LogCaseCall, "app", is(command.CaseCall{Number: "13800138000", Outcome: "reached"})),
	}
	all = append(all, verdicts("verdict ", "app")...)
	all = append(all, correctionSteps()...)
	for _, i := range []string{"readable", "identity", "address"} { // what the answer touched
		all = append(all, step("verdict anew "+i, "staff:li", command.Verdict, "app", is(command.Judged{Item: i, Value: flow.VerdictOK})))
	}
	return append(all,
		step("verdict again", "staff:li", command.Verdict, "app", is(command.Judged{Item: "readable", Value: flow.VerdictOK})),
		step("decide", "staff:li", command.Decide, "app", is(command.Result{Outcome: flow.Passed})),
		step("take back", "staff:li", command.TakeBack, "app", nothing),
		step("decide again", "staff:li", command.Decide, "app", is(command.Result{Outcome: flow.Passed})),
		step("release the result", "desk", command.ReleaseResult, "app", nothing, "certificate=certificate"))
}

// correctionSteps ask for two things twice: once nothing comes in time, once the answer does.
func correctionSteps() []Step {
	ask := is(flow.Correction{Items: []flow.Asked{{Of: "address", Why: "address_differs", Note: "写到门牌号"}, {Of: "id_front", Why: "unreadable"}}})
	put := func(name, content, keep string) Step {
		return deposit(name, "account:wang", command.AddToCorrection, "app", "case-", content, func(_ *Life, s command.Stored) command.Stored {
			s.Slot = "id_front"
			return s
		}, keep+"=id")
	}
	return slices.Concat([]Step{
		step("ask for a correction", "staff:li", command.RequestCorrection, "app", ask),
		move("a few days pass", 10),
		step("remind the applicant", "desk", command.Remind, "app", nothing),
		move("the last day passes", 14),
	}, pledged("after the last day", "chen", "li", "zhao"), []Step{
		step("lapse", "desk", command.Lapse, "app", nothing),
		step("answer too late", "account:wang", command.FillCorrection, "app", is(command.Filled{Of: "address", Text: "北京市朝阳区建国路 88 号 2 单元 301"})),
		step("reopen", "staff:li", command.Reopen, "app", is(command.Handed{Why: "来过电话"})),
		step("ask once more", "staff:li", command.RequestCorrection, "app", ask),
		step("fill in a part", "account:wang", command.FillCorrection, "app", is(command.Filled{Of: "address", Text: "北京市朝阳区建国路 88 号 2 单元 301"})),
		put("add a bad picture", "a bad front", "bad front"),
		step("remove the bad picture", "account:wang", command.RemoveFromCorrection, "app", func(l *Life) command.Removal { return command.Removal{Document: l.Vars["bad front"]} }),
		put("add a good picture", "the best front", "best front"),
		step("answer the correction", "account:wang", command.AnswerCorrection, "app", nothing),
	})
}

func pensionSteps() []Step {
	return slices.Concat(
		[]Step{step("start another", "account:wang", command.Start, "holder", is(command.Beginning{Type: "pension", Lang: "zh-Hans"}), "draft=id"),
			add("add a photo", "draft", "photo", "photo", "", "photo"),
			step("discard", "account:wang", command.Discard, "draft", nothing),
			step("start a pension", "account:wang", command.Start, "holder", is(command.Beginning{Type: "pension", Lang: "zh-Hans"}), "pension=id")},
		pages("pension", pension.New(), pension.Example()),
		[]Step{
			add("add the pensioner's front", "pension", "id_front", "pensioner", "", "pensioner"),
			step("attest", "staff:lead", command.AttestPresence, "pension", is(command.Attested{SawPerson: true, SawOriginal: true})),
			step("nobody has room", "staff:lead", command.SetCapacity, "chen", is(command.Capacity{})),
			step("nor li", "staff:lead", command.SetCapacity, "li", is(command.Capacity{})),
			step("nor zhao", "staff:lead", command.SetCapacity, "zhao", is(command.Capacity{})),
			step("submit the pension", "account:wang", command.Submit, "pension", is(command.Submission{Declared: true})),
			step("claim", "staff:zhao", command.Claim, "pension", is(command.Handed{})),
			step("take at the counter", "staff:lead", command.Take, "desk", is(command.Taking{Type: "pension", Name: "李样本", How: "counter", Agreed: true})),
			step("start it twice", "account:wang", command.Start, "holder", is(command.Beginning{Type: "pension", Lang: "zh-Hans"}), "twin=id"),
		},
		pages("twin", pension.New(), pension.Example()),
		[]Step{
			add("add the twin's front", "twin", "id_front", "twin front", "", "twin front"),
			step("attest the twin", "staff:lead", command.AttestPresence, "twin", is(command.Attested{SawPerson: true, SawOriginal: true})),
			step("submit the twin", "account:wang", command.Submit, "twin", is(command.Submission{Declared: true})),
			step("merge", "staff:lead", command.Merge, "twin", func(l *Life) command.Union { return command.Union{Into: l.Vars["pension"]} }),
			step("room again", "staff:lead", command.SetCapacity, "chen", is(command.Capacity{Capacity: 20})),
			step("deactivate", "staff:manager", command.Deactivate, "zhao", nothing),
			step("withdraw", "account:wang", command.Withdraw, "pension", nothing),
			step("mark it", "staff:lead", command.MarkMalicious, "pension", is(command.Malicious{Malicious: true, Why: "照片是别人的"})),
			step("sanction the holder", "staff:lead", command.Sanction, "holder", func(l *Life) command.Sanctioning {
				return command.Sanctioning{Kind: flow.SanctionBlock, Until: string(flow.DayOf(l.Now(), time.UTC).AddDays(400)), Reason: "照片是别人的", Evidence: "和另一件的照片一样", Case: l.Vars["pension"]}
			}, "sanction=id"),
			step("lift the sanction", "staff:manager", command.Lift, "holder", func(l *Life) command.Lifting {
				return command.Lifting{Sanction: l.Vars["sanction"], Reason: "弄错了"}
			}),
			step("take the mark back", "staff:lead", command.MarkMalicious, "pension", is(command.Malicious{Why: "弄错了"})),
		})
}

// cardDays is how long the identity card of the life's applicant holds: shorter than the certificate.
const cardDays = 300

func carded() sdk.Answers {
	a := maps.Clone(individual.Example())
	a["card_until"] = time.Now().AddDate(0, 0, cardDays).Format(time.DateOnly)
	return a
}

func certificateSteps() []Step {
	why := is(command.Reasoned{Reason: "资料不实"})
	return slices.Concat([]Step{
		step("show in full", "account:wang", command.ShowPublicly, "certificate", is(command.Showing{Shows: "full"})),
		step("suspend", "staff:lead", command.Suspend, "certificate", why),
		step("reinstate", "staff:lead", command.Reinstate, "certificate", why),
		step("recheck, fine", "desk", command.Recheck, "certificate", is(command.Rechecked{})),
		step("recheck, a task", "desk", command.Recheck, "certificate", is(command.Rechecked{Findings: []sdk.Finding{{Level: sdk.Bad}}})),
		found[*records.Application]("the re-check's case", "recheck", func(l *Life) map[string]any {
			return map[string]any{"certificate": l.Vars["certificate"], "kind": "recheck"}
		}),
		step("recheck not passed", "staff:chen", command.Decide, "recheck", is(command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})),
		step("release the re-check", "desk", command.ReleaseResult, "recheck", nothing),
		step("keep it valid", "staff:lead", command.KeepValid, "certificate", why),
		step("ask for a change", "account:wang", command.RequestChange, "certificate", nothing, "change=id"),
		step("what has changed", "account:wang", command.ChooseChanges, "change", is(command.WhatChanged{Changes: []string{"card", "phone"}})),
		step("not the card", "account:wang", command.ChooseChanges, "change", is(command.WhatChanged{Changes: []string{"phone"}})),
		step("the new phone", "account:wang", command.SaveDraft, "change", is(command.PageAnswers{Page: "phone", Entered: map[string]string{"phone": "13900139000"}})),
		step("submit the change", "account:wang", command.Submit, "change", is(command.Submission{Declared: true})),
		step("the change to chen", "staff:lead", command.Reassign, "change", func(l *Life) command.Handed { return command.Handed{To: l.Vars["chen"]} }),
		step("refuse the change", "staff:chen", command.Decide, "change", is(command.Result{Outcome: flow.NotPassed, Reasons: []string{"not_aware"}})),
		step("release the refusal", "desk", command.ReleaseResult, "change", nothing),
		move("the card is about to end", cardDays-20),
		step("warn of the card", "desk", command.WarnEvidence, "certificate", nothing),
		move("the card has ended", 30),
	}, pledged("after the card", "chen", "li"), []Step{
		step("recheck for the card", "desk", command.RecheckEvidence, "certificate", nothing),
		found[*records.Application]("the card's case", "card case", func(l *Life) map[string]any {
			return map[string]any{"certificate": l.Vars["certificate"], "kind": "recheck", "state": "in_review"}
		}),
		step("the card's case to li", "staff:lead", command.Reassign, "card case", func(l *Life) command.Handed { return command.Handed{To: l.Vars["li"]} }),
		step("the card's case not passed", "staff:li", command.Decide, "card case", is(command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})),
		step("release the card's case", "desk", command.ReleaseResult, "card case", nothing),
		move("nearly three years have passed", 365*3-14-cardDays-10),
		step("warn", "desk", command.Warn, "certificate", nothing),
		step("renew", "account:wang", command.Renew, "certificate", nothing, "renewal=id"),
		step("discard the renewal", "account:wang", command.Discard, "renewal", nothing),
		move("it expires", 30),
		step("expire", "desk", command.Expire, "certificate", nothing),
	}, pledged("after the end", "chen", "li"))
}

// revocationSteps renew what has expired, and revoke what is issued then.
func revocationSteps() []Step {
	all := []Step{
		step("renew what expired", "account:wang", command.Renew, "certificate", nothing, "late=id"),
		step("the card's new date", "account:wang", command.SaveDraft, "late", is(command.PageAnswers{Page: "card_until", Entered: map[string]string{"card_until": "long"}})),
		add("the renewal's front", "late", "id_front", "late front", "", "late front"),
		add("the renewal's back", "late", "id_back", "late back", "", "late back"),
		step("submit the renewal", "account:wang", command.Submit, "late", is(command.Submission{Declared: true})),
		step("the renewal to li", "staff:lead", command.Reassign, "late", func(l *Life) command.Handed { return command.Handed{To: l.Vars["li"]} }),
	}
	return slices.Concat(all, verdicts("renewal verdict ", "late"), []Step{
		step("decide the renewal", "staff:li", command.Decide, "late", is(command.Result{Outcome: flow.Passed})),
		step("release the renewal", "desk", command.ReleaseResult, "late", nothing, "renewed=certificate"),
	}, reversalSteps(), []Step{
		step("revoke", "staff:lead", command.Revoke, "renewed", is(command.Reasoned{Reason: "资料不实"})),
	})
}

// verdicts find everything in order.
func verdicts(name, app string) (all []Step) {
	typ, err := individual.New().Describe(context.Background())
	if err != nil {
		panic(err)
	}
	for _, i := range flow.ItemsShown(typ, individual.Example()) {
		all = append(all, step(name+i.ID, "staff:li", command.Verdict, app, is(command.Judged{Item: i.ID, Value: flow.VerdictOK, Note: "看过"})))
	}
	return all
}
