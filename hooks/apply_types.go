package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// The catalogue: which certifications there are, and what each needs, gives and takes.

func landingPage(c *call) error {
	d, err := c.settings()
	if err != nil {
		return err
	}
	if d.State == flow.New {
		return c.seeOther("/setup")
	}
	cards, err := c.typeCards()
	if err != nil {
		return err
	}
	return c.show("apply/landing", ui.Landing{Types: cards})
}

// openTypes reads the types that one can apply for, with their descriptions.
func (c *call) openTypes() ([]sdk.Type, error) {
	rows, err := records.All[*records.Type](c.s.Desk.App.DB(), dbx.HashExp{"state": "enabled"}, "bundled DESC", "id")
	if err != nil {
		return nil, err
	}
	var list []sdk.Type
	for _, r := range rows {
		t, err := c.s.Desk.Type(r.Digest)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func (c *call) typeCards() ([]ui.TypeCard, error) {
	types, err := c.openTypes()
	var cards []ui.TypeCard
	for _, t := range types {
		card := c.card(t)
		if card.Expected, err = c.expected(t.ID); err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, err
}

// expected is how long a review of this type takes, as people are told.
func (c *call) expected(typ string) (ui.Expected, error) {
	d, err := c.settings()
	if err != nil {
		return ui.Expected{}, err
	}
	x, err := c.s.Desk.Expected(typ, d)
	return ui.Expected(x), err
}

func (c *call) card(t sdk.Type) ui.TypeCard {
	card := ui.TypeCard{ID: t.ID, Name: t.Name.In(c.lang), Summary: t.Summary.In(c.lang)}
	for _, s := range t.Slots {
		if !s.Optional && s.When == nil {
			card.Needs = append(card.Needs, s.Name.In(c.lang))
		}
	}
	return card
}

func typesPage(c *call) error {
	cards, err := c.typeCards()
	if err != nil {
		return err
	}
	return c.show("apply/types", ui.Catalogue{Types: cards}, back("/"))
}

// openType reads one type that one can apply for.
func (c *call) openType(id string) (sdk.Type, error) {
	row, err := records.Load[*records.Type](c.s.Desk.App.DB(), id)
	if err != nil {
		return sdk.Type{}, err
	}
	if row.State != flow.Enabled {
		return sdk.Type{}, records.ErrNotFound
	}
	return c.s.Desk.Type(row.Digest)
}

func typePage(c *call) error {
	t, err := c.openType(c.e.Request.PathValue("type"))
	if err != nil {
		return err
	}
	v := ui.TypePage{ID: t.ID, Name: t.Name.In(c.lang), Summary: t.Summary.In(c.lang), Proves: t.Proves.In(c.lang), Pages: len(t.Pages), ReviewDays: t.ReviewDays,
		ValidMonths: t.Validity, Attested: t.Attested}
	if v.Expected, err = c.expected(t.ID); err != nil {
		return err
	}
	for _, k := range t.Holders {
		v.Persons, v.Institutions = v.Persons || k == sdk.HolderPerson, v.Institutions || k == sdk.HolderInstitution
	}
	for _, s := range t.Slots {
		n := ui.Need{Name: s.Name.In(c.lang), Hint: s.Hint.In(c.lang), Optional: s.Optional, OneOf: s.OneOf != ""}
		if s.Form != nil {
			n.Form = "/types/" + t.ID + "/forms/" + s.ID
		}
		v.Needs = append(v.Needs, n)
	}
	return c.show("apply/type", v, back("/types"))
}

// blankForm sends a type's blank form as a PDF to print.
func blankForm(c *call) error {
	t, err := c.openType(c.e.Request.PathValue("type"))
	if err != nil {
		return err
	}
	for _, s := range t.Slots {
		if s.ID == c.e.Request.PathValue("slot") && s.Form != nil {
			return c.sheet(s.Form)
		}
	}
	return records.ErrNotFound
}
