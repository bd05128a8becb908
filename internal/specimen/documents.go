// The documents themselves. They remind of the real ones and copy none: no emblem, no seal of an authority.

package specimen

import "image/color"

// IDFront draws the side of an identity card with the photo.
func IDFront(name, number, sex, birth, address string) []byte {
	s := newSheet(1010, 638, pale, "front", name, number)
	s.waves(color.RGBA{0xd3, 0xe6, 0xec, 255})
	s.field(60, 108, "姓名", name, 46, 670)
	s.field(60, 188, "性别", sex, 38, 670)
	s.field(60, 268, "出生", birth, 38, 670)
	s.text(60, 350, 28, "住址", label)
	s.para(150, 350, 36, 460, 1.35, address, ink)
	s.portrait(690, 90, 250, 320, hash(name, number), true)
	s.text(60, 566, 28, "公民身份号码", label)
	s.spaced(260, 568, 46, number)
	s.frame(0, 0, 1010, 638, 3, color.RGBA{0xb8, 0xcb, 0xd2, 255})
	return s.onTable()
}

// IDBack draws the side of an identity card with its issuer and its validity.
func IDBack(authority, from, to string) []byte {
	s := newSheet(1010, 638, pale, "back", authority, from, to)
	s.waves(color.RGBA{0xf0, 0xdd, 0xd6, 255})
	s.disc(150, 150, 82, color.RGBA{0xd9, 0x8c, 0x80, 255})
	s.disc(150, 150, 74, pale)
	s.text(106, 166, 44, "样本", red)
	s.text(300, 140, 58, "居民身份证", ink)
	s.text(300, 216, 44, "样本 · 无效", red)
	s.field(200, 470, "签发机关", authority, 38, 960)
	s.field(200, 556, "有效期限", from+" — "+to, 38, 960)
	s.frame(0, 0, 1010, 638, 3, color.RGBA{0xd8, 0xc4, 0xbd, 255})
	return s.onTable()
}

// Household draws a page of a household register for one person.
func Household(name, relation, sex, birth, number, address string) []byte {
	s := newSheet(1100, 780, color.RGBA{0xf6, 0xf1, 0xe4, 255}, "household", name, number)
	s.centred(92, 48, "常住人口登记卡（样本）", ink)
	s.table(60, 130, 980, 76, [][]string{
		{"姓名", name, "户主或与户主关系", relation},
		{"性别", sex, "出生日期", birth},
		{"公民身份号码", number},
		{"住址", address},
		{"何时由何地迁来本址", "—"},
		{"登记日期", "—", "承办人签章", "样本"},
	})
	return s.onTable()
}

// Licence draws a business licence.
func Licence(name, code, kind, person, founded, until, address string) []byte {
	s := newSheet(1200, 850, paper, "licence", name, code)
	s.frame(24, 24, 1152, 802, 8, color.RGBA{0xc0, 0x9a, 0x4c, 255})
	s.frame(40, 40, 1120, 770, 2, color.RGBA{0xc0, 0x9a, 0x4c, 255})
	s.centred(138, 78, "营业执照", ink)
	s.centred(186, 32, "（样本 SPECIMEN）", red)
	s.text(90, 244, 30, "统一社会信用代码", label)
	s.spaced(370, 246, 40, code)
	y := 320.0
	for _, f := range [][2]string{{"名称", name}, {"类型", kind}, {"法定代表人", person}, {"成立日期", founded}, {"营业期限", until}, {"住所", address}} {
		s.text(90, y, 32, f[0], label)
		y = s.para(300, y, 36, 780, 1.25, f[1], ink) + 26
	}
	s.disc(1010, 700, 72, color.RGBA{0xd9, 0xa3, 0x9b, 255})
	s.disc(1010, 700, 65, paper)
	s.text(966, 714, 44, "样本", red)
	return s.onTable()
}

// Letter draws a typed page with a title, such as an authorisation or a record of work.
func Letter(title string, lines []string) []byte {
	s := newSheet(1240, 1650, paper, append([]string{"letter", title}, lines...)...)
	s.centred(190, 60, title, ink)
	y := 330.0
	for _, l := range lines {
		y = s.para(140, y, 44, 960, 1.7, "　　"+l, ink) + 14
	}
	s.disc(960, 1440, 100, color.RGBA{0xd9, 0xa3, 0x9b, 255})
	s.disc(960, 1440, 92, paper)
	s.text(904, 1460, 56, "样本", red)
	return s.onTable()
}

// field writes a name and its value, smaller when it would pass the limit on the right.
func (s sheet) field(x, y float64, name, value string, size, limit float64) {
	start := max(s.text(x, y, 28, name, label)+24, x+90)
	if w := measure(size, value); w > limit-start {
		size *= (limit - start) / w
	}
	s.text(start, y+2, size, value, ink)
}

// table draws rows of name and value pairs; a row of one pair spans the width.
func (s sheet) table(x, y, w, h int, rows [][]string) {
	line := color.RGBA{0x6d, 0x5b, 0x3e, 255}
	for _, row := range rows {
		tall := h
		if len(row) == 2 && len([]rune(row[1])) > 24 {
			tall = h * 3 / 2
		}
		cell := w * 2 / len(row)
		for i := 0; i+1 < len(row); i += 2 {
			at := x + i/2*cell
			s.frame(at, y, cell+2, tall+2, 2, line)
			s.box(at+210, y, 2, tall, line)
			size := min(30, 30*186/max(measure(30, row[i]), 1))
			s.text(float64(at+14), float64(y+tall/2+11), size, row[i], label)
			s.para(float64(at+228), float64(y+h/2+12), 32, float64(cell-240), 1.3, row[i+1], ink)
		}
		y += tall
	}
}

// spaced writes a number with a little air between its digits, as on cards.
func (s sheet) spaced(x, y, size float64, number string) {
	for _, r := range number {
		x = s.text(x, y, size, string(r), ink) + size*.1
	}
}
