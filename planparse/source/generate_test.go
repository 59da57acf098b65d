package source_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes random configurations.
type generator struct {
	*rand.Rand
	inFor []string // names of for expressions around the current place
	// locals is how many local values of each kind may be used: those before.
	locals int
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
}

func (g *generator) pick(options ...string) string { return options[g.IntN(len(options))] }

// configuration is the files of a configuration with n random expressions.
func (g *generator) configuration(n int) map[string]string {
	var b strings.Builder
	b.WriteString(`resource "terraform_data" "one" { input = "one" }
resource "terraform_data" "many" {
  count = 3
  input = "many-${count.index}"
}
resource "terraform_data" "keyed" {
  for_each = toset(["a", "b", "c"])
  input    = each.key
}
resource "terraform_data" "none" { count = 0 }
module "m" {
  source = "./m"
  given  = terraform_data.one.id
  list   = terraform_data.many[*].id
}
module "mc" {
  source = "./m"
  count  = 2
  given  = terraform_data.many[count.index].id
  list   = [terraform_data.one.id, "mc"]
}
module "mk" {
  source   = "./m"
  for_each = { a = "p", b = terraform_data.one.id, c = "r" }
  given    = each.value
  list     = [each.value, terraform_data.keyed[each.key].id]
}
module "null" {
  source = "./m"
  given  = null
  list   = []
}
locals {
`)
	for i := range 6 {
		fmt.Fprintf(&b, "  s%d = %s\n  l%d = %s\n  m%d = %s\n", i, g.text(2), i, g.list(2), i, g.mapping(2))
		g.locals = i + 1
	}
	b.WriteString("}\n")
	for i := range n {
		var e string
		switch g.IntN(6) {
		case 0, 1, 2:
			e = g.text(4)
		case 3:
			e = g.mapping(4)
		default:
			e = g.list(4)
		}
		fmt.Fprintf(&b, "resource \"terraform_data\" \"e%d\" {\n  input = %s\n}\n", i, e)
	}
	return map[string]string{"main.tf": b.String(), "m/main.tf": `variable "given" {
  type    = string
  default = "given-default"
}
variable "list" { type = list(string) }
variable "sure" {
  type     = string
  nullable = false
  default  = "sure-default"
}
variable "options" {
  type    = object({ a = optional(string, "optional"), b = optional(string) })
  default = {}
}
resource "terraform_data" "a" { input = var.given }
resource "terraform_data" "b" {
  count = 2
  input = "b"
}
resource "terraform_data" "c" {
  for_each = { for k in ["x", "y"] : k => "${k}!" }
  input    = each.value
}
locals { all = concat([terraform_data.a.id], terraform_data.b[*].id) }
output "id" { value = terraform_data.a.id }
output "ids" { value = local.all }
output "list" { value = concat(var.list, ["m"]) }
output "map" { value = { a = terraform_data.c["x"].id, b = coalesce(var.given, "none"), c = terraform_data.c["y"].id } }
output "given" { value = var.given }
output "sure" { value = var.sure }
output "option" { value = var.options.a }
`}
}

// text is an expression whose value is a text.
func (g *generator) text(depth int) string {
	if depth == 0 {
		return g.atom()
	}
	d := depth - 1
	switch g.IntN(36) {
	case 30:
		return fmt.Sprintf("try(%s[%s], %s)", g.computed(d), g.text(d), g.text(d))
	case 31:
		return fmt.Sprintf("lookup(%s, %s, %s)", g.computed(d), g.text(d), g.text(d))
	case 32:
		return fmt.Sprintf("join(\",\", [for k, v in %s : v])", g.computed(d))
	case 33:
		return fmt.Sprintf("try(%s[index(%s, %s)], %s)", g.list(d), g.list(d), g.text(d), g.text(d))
	case 34:
		return g.pick(fmt.Sprintf("jsonencode(%s)", g.mapping(d)), fmt.Sprintf("jsonencode(%s)", g.computed(d)),
			fmt.Sprintf("format(\"%%v\", %s)", g.text(d)), fmt.Sprintf("try(one(%s), %s)", g.list(d), g.text(d)),
			fmt.Sprintf("try(tostring(tonumber(%s)), %s)", g.text(d), g.text(d)))
	case 35:
		return g.pick(fmt.Sprintf("tostring(length(distinct(%s)))", g.list(d)), fmt.Sprintf("tostring(length(toset(%s)))", g.list(d)),
			fmt.Sprintf("tostring(length(setintersection(%s, %s)))", g.list(d), g.list(d)),
			fmt.Sprintf("[for i, p in setproduct([%s], toset(%s)) : p[1]][0]", g.text(d), g.list(d)))
	case 0, 1, 2, 3, 4:
		return g.atom()
	case 5, 6:
		return fmt.Sprintf("element(%s, %d)", g.list(d), g.IntN(5))
	case 7:
		return fmt.Sprintf("%s[%d]", g.list(d), g.IntN(2))
	case 8:
		return fmt.Sprintf("try(%s[%d], %s)", g.list(d), g.IntN(4), g.text(d))
	case 9, 10:
		return fmt.Sprintf("(%s ? %s : %s)", g.truth(d), g.text(d), g.text(d))
	case 11:
		return fmt.Sprintf("lookup(%s, %q, %s)", g.mapping(d), g.pick("a", "b", "q"), g.text(d))
	case 12, 13:
		return fmt.Sprintf("%s[%q]", g.mapping(d), g.pick("a", "b", "c"))
	case 14:
		return fmt.Sprintf("join(%q, %s)", g.pick("-", "/", ","), g.list(d))
	case 15:
		return fmt.Sprintf(`"x-${%s}"`, g.text(d))
	case 16:
		return fmt.Sprintf(`format("%%s/%%s", %s, %s)`, g.text(d), g.text(d))
	case 17:
		return fmt.Sprintf("coalesce(%s, %s)", g.text(d), g.text(d))
	case 18:
		return fmt.Sprintf("split(%q, %s)[0]", g.pick("/", ",", "-"), g.text(d))
	case 19:
		return fmt.Sprintf("jsondecode(jsonencode({ v = %s })).v", g.text(d))
	case 20:
		return fmt.Sprintf("one([%s])", g.text(d))
	case 21:
		return fmt.Sprintf("try(%s[%s], %s)", g.mapping(d), g.text(d), g.text(d))
	case 22:
		return g.pick(fmt.Sprintf("sort(%s)[0]", g.list(d)), fmt.Sprintf("tolist(toset(%s))[0]", g.list(d)),
			fmt.Sprintf("keys({ (%s) = 1, zzz = 2 })[0]", g.text(d)))
	case 23:
		return g.pick(fmt.Sprintf("substr(%s, 0, 3)", g.text(d)), fmt.Sprintf("upper(%s)", g.text(d)),
			fmt.Sprintf("replace(%s, \"a\", \"b\")", g.text(d)), fmt.Sprintf("md5(%s)", g.text(d)),
			fmt.Sprintf("trimprefix(%s, \"x-\")", g.text(d)))
	case 24:
		return fmt.Sprintf("coalescelist(compact([\"\", %s]), [\"none\"])[0]", g.text(d))
	case 25:
		return fmt.Sprintf("values(%s)[%d]", g.mapping(d), g.IntN(3))
	case 26:
		return fmt.Sprintf("try(terraform_data.none[0].id, %s, \"never\")", g.text(d))
	case 27:
		return fmt.Sprintf("(can(%s[%d]) ? %s : %s)", g.list(d), g.IntN(3), g.text(d), g.text(d))
	case 28:
		return fmt.Sprintf("concat(terraform_data.none.*.id, %s)[0]", g.list(d))
	default:
		return fmt.Sprintf(`"%%{ for x in %s }${x},%%{ endfor }"`, g.list(d))
	}
}

func (g *generator) atom() string {
	if len(g.inFor) > 0 && g.IntN(2) == 0 {
		return g.inFor[len(g.inFor)-1]
	}
	return g.pick(
		fmt.Sprintf("%q", g.pick("lit", "zzz", "0", "a", "b")),
		"terraform_data.one.id",
		fmt.Sprintf("terraform_data.many[%d].id", g.IntN(3)),
		fmt.Sprintf("terraform_data.keyed[%q].id", g.pick("a", "b", "c")),
		"module.m.id",
		fmt.Sprintf("module.mc[%d].id", g.IntN(2)),
		fmt.Sprintf("module.mk[%q].id", g.pick("a", "b", "c")),
		fmt.Sprintf("module.mk[%q].given", g.pick("a", "b", "c")),
		fmt.Sprintf("module.m.map.%s", g.pick("a", "b", "c")),
		"coalesce(module.null.given, \"was null\")",
		"module.null.sure",
		"module.null.option",
		"terraform_data.many[1].input",
		g.local("s", "terraform_data.one.id"),
	)
}

// local is a local value of a kind, or what to use if there is none yet.
func (g *generator) local(kind, otherwise string) string {
	if g.locals == 0 {
		return otherwise
	}
	return fmt.Sprintf("local.%s%d", kind, g.IntN(g.locals))
}

// list is an expression whose value is a list of texts.
func (g *generator) list(depth int) string {
	if depth == 0 {
		return g.pick("terraform_data.many[*].id", "values(terraform_data.keyed)[*].id", "module.m.ids", "module.mc[1].list",
			"module.mk[\"b\"].list", "module.mc[*].id", g.local("l", "module.m.ids"), "[for k, m in module.mk : m.id]")
	}
	d := depth - 1
	switch g.IntN(18) {
	case 0, 1:
		return g.list(0)
	case 2, 3, 4:
		return fmt.Sprintf("[%s, %s]", g.text(d), g.text(d))
	case 5, 6:
		return fmt.Sprintf("concat(%s, %s)", g.list(d), g.list(d))
	case 7, 8:
		over := g.list(d)
		name := fmt.Sprintf("v%d", len(g.inFor))
		g.inFor = append(g.inFor, name)
		body := g.text(d)
		if g.IntN(3) == 0 {
			body += " if " + g.truth(min(d, 1))
		}
		g.inFor = g.inFor[:len(g.inFor)-1]
		return fmt.Sprintf("[for %s in %s : %s]", name, over, body)
	case 9:
		return fmt.Sprintf("reverse(%s)", g.list(d))
	case 10:
		return fmt.Sprintf("distinct(%s)", g.list(d))
	case 11:
		return fmt.Sprintf("compact(%s)", g.list(d))
	case 12:
		return fmt.Sprintf("slice(%s, 0, 1)", g.list(d))
	case 13:
		return fmt.Sprintf("flatten([%s, [%s]])", g.list(d), g.text(d))
	case 14:
		return g.pick(fmt.Sprintf("toset(%s)", g.list(d)), fmt.Sprintf("sort(%s)", g.list(d)), fmt.Sprintf("setunion(%s, %s)", g.list(d), g.list(d)))
	case 15:
		return fmt.Sprintf("split(%q, %s)", g.pick(",", "/"), g.text(d))
	case 16:
		return fmt.Sprintf("(%s ? %s : %s)", g.truth(d), g.list(d), g.list(d))
	default:
		return fmt.Sprintf("matchkeys(%s, %s, %s)", "terraform_data.many[*].id", "[\"a\", \"b\", \"c\"]", "[\"b\", \"c\"]")
	}
}

// mapping is an expression whose value is a map with at least a, b and c.
func (g *generator) mapping(depth int) string {
	if depth == 0 {
		return g.pick("{ for k, x in terraform_data.keyed : k => x.id }", "module.m.map", "module.mk[\"c\"].map",
			"{ for k, m in module.mk : k => m.id }", g.local("m", "module.m.map"))
	}
	d := depth - 1
	switch g.IntN(7) {
	case 0:
		return g.mapping(0)
	case 1, 2:
		return fmt.Sprintf("{ a = %s, b = %s, c = %s }", g.text(d), g.text(d), g.text(d))
	case 3:
		return fmt.Sprintf("merge(%s, { %s = %s })", g.mapping(d), g.pick("a", "b", "d"), g.text(d))
	case 4:
		return fmt.Sprintf("zipmap([\"a\", \"b\", \"c\"], [%s, %s, %s])", g.text(d), g.text(d), g.text(d))
	case 5:
		return fmt.Sprintf("{ for k, v in %s : k => %s }", g.mapping(d), g.pick("v", "\"${k}-${v}\""))
	default:
		return fmt.Sprintf("{ for x in terraform_data.keyed : x.input => %s }", g.pick("x.id", g.text(d)))
	}
}

// computed is an expression whose value is an object with computed keys.
func (g *generator) computed(depth int) string {
	d := max(depth-1, 0)
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("{ for i, x in %s : x => i... }", g.list(d))
	case 1:
		return fmt.Sprintf("zipmap(%s, [for x in %s : \"v\"])", "terraform_data.many[*].id", "terraform_data.many[*].id")
	case 2:
		return fmt.Sprintf("merge({ (%s) = \"p\" }, { (%s) = \"q\" })", g.text(d), g.text(d))
	case 3:
		return fmt.Sprintf("transpose({ p = %s, q = %s })", g.list(d), g.list(d))
	default:
		return fmt.Sprintf("{ \"x-${%s}\" = \"p\", (%s) = \"q\" }", g.atom(), g.text(d))
	}
}

// truth is an expression whose value is a bool.
func (g *generator) truth(depth int) string {
	d := max(depth-1, 0)
	return g.pick(
		fmt.Sprintf("%s == %s", g.text(d), g.text(d)),
		fmt.Sprintf("%s != \"\"", g.text(d)),
		fmt.Sprintf("\"x-${%s}\" == \"%s${%s}\"", g.text(d), g.pick("", "x-", "y"), g.text(d)),
		fmt.Sprintf("can(%s[%s])", g.computed(d), g.text(d)),
		fmt.Sprintf("%s == %s", g.list(d), g.list(d)),
		fmt.Sprintf("can(regex(\"^[a-f]\", %s))", g.text(d)),
		fmt.Sprintf("length(%s) == length(%s)", g.text(d), g.text(d)),
		fmt.Sprintf("contains(%s, %s)", g.list(d), g.text(d)),
		fmt.Sprintf("length(%s) > %d", g.list(d), g.IntN(4)),
		fmt.Sprintf("startswith(%s, \"l\")", g.text(d)),
		fmt.Sprintf("can(%s[%d])", g.list(d), g.IntN(3)),
		fmt.Sprintf("alltrue([for x in %s : x != null])", g.list(d)),
		fmt.Sprintf("length(regexall(\"^[0-9a-f]\", %s)) > 0", g.text(d)),
		"true", "false",
	)
}
