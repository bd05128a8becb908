package records

// What SQLite keeps otherwise than the desk ever writes it. SQLite has no types of columns to rely on: a text put in as
// bytes, or a 2 for a yes, reads like what it stands for and is found by no query.

import "strings"

// Odd is the condition, in SQL, under which a row of the table holds a value of a kind that the desk does not write: text
// is text, a number an integer, yes and no are 1 and 0.
func Odd(table string) string {
	var any []string
	for _, c := range Columns(Blank(table)) {
		name := "`" + c.Name + "`"
		switch c.Value.(type) {
		case string:
			any = append(any, "typeof("+name+")<>'text'")
		case bool:
			any = append(any, "typeof("+name+")<>'integer' OR "+name+" NOT IN (0,1)")
		default:
			any = append(any, "typeof("+name+")<>'integer'")
		}
	}
	return strings.Join(any, " OR ")
}
