package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
)

func written(t *testing.T, format string, c *Check, s Style) string {
	t.Helper()
	f, err := Find(Formats, format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, c, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// awkward is a run with everything that a format may stumble over.
func awkward() Run {
	odd := brokenPromise()
	odd.Assertion.ID, odd.Assertion.Label = "a|b`c\"<script>\x01\n@team ]]> %,:", "a|b"
	odd.Assertion.Range.Filename = ""
	same := odd
	same.Assertion.ID = "a|b`c\"<script>\x02\n@team ]]> %,:" // the same slug
	info := undecided()
	info.Assertion.Severity, info.Assertion.Unknown = assertions.Info, assertions.WarnUnknown
	waived := brokenProhibition()
	waived.Assertion.Waivers = []assertions.Waiver{{Reason: "until the move", Until: "2027-03-31", Ticket: "NET-1"}}
	waived.Waivers = []evaluator.WaiverUse{{Pairs: 1}}
	waived.Outcome, waived.Flows[0].Outcome, waived.Flows[0].WaivedUntil = evaluator.Waived, evaluator.Waived, "2027-03-31"
	skipped := evaluator.Result{Assertion: assertion("not asked", 9), Outcome: evaluator.Skipped}
	skipped.Assertion.SkippedBecause = "when is false"
	r := run(odd, same, info, waived, skipped, brokenProhibition())
	r.Diagnostics = hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Nothing is called \"wbe\"", Detail: "Did you mean web?",
			Subject: &hcl.Range{Filename: "network.reach.hcl", Start: hcl.Pos{Line: 12, Column: 3}}},
		{Severity: hcl.DiagWarning, Summary: "Sources not used", Detail: "They are older."},
	}
	return r
}

func TestAwkwardFormats(t *testing.T) {
	for _, f := range []string{"sarif", "junit", "github", "markdown", "atlantis"} {
		s := Style{Platform: Platform{Root: "infra/prod", Workspace: "src/infra/prod", Files: "https://example.com/o/r/blob/4c1e/",
			ReportURL: "https://example.com/report.html", CommentID: "prod"}}
		golden(t, "awkward."+f, []byte(written(t, f, NewCheck(awkward()), s)))
	}
}

// Every SARIF golden is valid by the schema of the standard.
func TestSARIFIsValid(t *testing.T) {
	text, err := os.ReadFile("testdata/schema/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema := compiled(t, text)
	paths := goldens(t, "sarif")
	for _, path := range paths {
		if err := schema.Validate(decoded(t, path)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	broken := decoded(t, paths[0]).(map[string]any)
	broken["runs"].([]any)[0].(map[string]any)["results"] = []any{map[string]any{"level": "fatal"}}
	if schema.Validate(broken) == nil {
		t.Error("a broken log is valid")
	}
}

func goldens(t *testing.T, format string) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*." + format)
	if err != nil || len(paths) < 4 {
		t.Fatalf("goldens of %s: %v %v", format, paths, err)
	}
	return paths
}

// Every JUnit golden is valid by the XSD, where there is a program to tell, and
// counts what it holds.
func TestJUnitIsValid(t *testing.T) {
	for _, path := range goldens(t, "junit") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := junitMistake(text); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if lint, err := exec.LookPath("xmllint"); err == nil {
			if out, err := exec.Command(lint, "--noout", "--schema", "testdata/schema/junit.xsd", path).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", path, out)
			}
		}
	}
	for what, text := range map[string]string{
		"a count":     `<testsuites tests="1"><testsuite name="a" tests="1"></testsuite></testsuites>`,
		"an element":  `<testsuites><testsuite name="a" tests="0"><case/></testsuite></testsuites>`,
		"a name":      `<testsuites tests="1"><testsuite name="a" tests="1"><testcase classname="c"/></testsuite></testsuites>`,
		"an end":      `<testsuites>`,
		"two answers": `<testsuites tests="1" failures="1"><testsuite name="a" tests="1" failures="1"><testcase name="n" classname="c"><failure/><skipped/></testcase></testsuite></testsuites>`,
	} {
		if junitMistake([]byte(text)) == nil {
			t.Errorf("a report with a mistake in %s is valid", what)
		}
	}
}

// junitMistake is what is wrong with a report: elements that do not belong, a
// case without a name or with two answers, counts that do not add up.
func junitMistake(text []byte) error {
	inside := map[string]string{"testsuites": "", "testsuite": "testsuites", "testcase": "testsuite",
		"skipped": "testcase", "error": "testcase", "failure": "testcase", "system-out": "testcase"}
	var open []string
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.Token()
		if token == nil {
			if len(open) > 0 || err == nil {
				return fmt.Errorf("ends in %v", open)
			}
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			parent := ""
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			if want, ok := inside[e.Name.Local]; !ok || want != parent {
				return fmt.Errorf("%s in %q", e.Name.Local, parent)
			}
			open = append(open, e.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	var suites junitSuites
	if err := xml.Unmarshal(text, &suites); err != nil {
		return err
	}
	var again junitSuites
	for _, s := range suites.Suites {
		for _, c := range s.Cases {
			answers := len(c.Errors)
			if c.Failure != nil {
				answers++
			}
			if c.Skipped != nil {
				answers++
			}
			if c.Name == "" || c.Class == "" || answers > 1 && len(c.Errors) != answers {
				return fmt.Errorf("the case %+v", c)
			}
			again.add(s.Name, c)
		}
	}
	if len(again.Suites) != len(suites.Suites) {
		return fmt.Errorf("a suite without cases, or two of one name")
	}
	for i, s := range suites.Suites {
		if n := again.Suites[i]; n.Tests != s.Tests || n.Failures != s.Failures || n.Errors != s.Errors || n.Skipped != s.Skipped {
			return fmt.Errorf("suite %s counts wrongly", s.Name)
		}
	}
	if suites.Tests != again.Tests || suites.Failures != again.Failures || suites.Errors != again.Errors {
		return fmt.Errorf("counts wrongly")
	}
	return nil
}

// many is a check with n failing assertions of several flows each.
func many(n int) *Check {
	var results []evaluator.Result
	for i := range n {
		r := brokenPromise()
		r.Assertion.ID = fmt.Sprintf("assertion %d", i)
		r.Flows = append(r.Flows, r.Flows[0], r.Flows[0])
		results = append(results, r)
	}
	return NewCheck(run(results...))
}

// What does not fit into a comment is left out, the headline never, and what is
// missing is counted.
func TestMarkdownFits(t *testing.T) {
	for _, n := range []int{1, 10, 40, 2000} {
		text := written(t, "markdown", many(n), Style{})
		if got := utf8.RuneCountInString(text); got > maxMarkdown {
			t.Errorf("%d assertions: %d characters", n, got)
		}
		if want := fmt.Sprintf("### ✗ Network reachability: %d failed", n); !strings.Contains(text, want) {
			t.Errorf("%d assertions: no headline", n)
		}
		rows := strings.Count(text, "**is unreachable**")
		if left := 3*n - rows; left > 0 && !strings.Contains(text, count(left, "further flow", "further flows")+" not shown") {
			t.Errorf("%d assertions, %d rows, and no word of the rest", n, rows)
		}
		if strings.Count(text, "<details>") != strings.Count(text, "</details>") || strings.Count(text, "```")%2 != 0 {
			t.Errorf("%d assertions: a part is cut in the middle", n)
		}
	}
}

// GitHub shows ten annotations of a level; the tenth counts the others.
func TestAnnotationsAreCounted(t *testing.T) {
	text := written(t, "github", many(14), Style{})
	if got := strings.Count(text, "::error "); got != 10 {
		t.Errorf("%d annotations", got)
	}
	if !strings.Contains(text, "%0A4 more of this kind") {
		t.Errorf("the others are not counted:\n%s", text)
	}
}

// SARIF has a hundred results of one assertion, and counts the others.
func TestSARIFIsBounded(t *testing.T) {
	r := brokenPromise()
	for len(r.Flows) < 120 {
		r.Flows = append(r.Flows, r.Flows[0])
	}
	text := written(t, "sarif", NewCheck(run(r)), Style{})
	if got := strings.Count(text, `"ruleIndex"`); got != 100 || !strings.Contains(text, "20 further flows of this assertion are not shown") {
		t.Errorf("%d results, or the others are not counted", got)
	}
}

// What Atlantis shows of a run that passes holds no word that makes it fail.
func TestAtlantisPasses(t *testing.T) {
	r := passing()
	r.Assertion.ID = "failover reaches standby"
	soft := brokenPromise()
	soft.Assertion.Severity = assertions.Warning
	text := written(t, "atlantis", NewCheck(run(r, soft)), Style{})
	if regexp.MustCompile(`(?i)fail`).MatchString(text) {
		t.Errorf("it would fail: %s", text)
	}
	if text := written(t, "atlantis", NewCheck(run(undecided())), Style{}); !strings.HasPrefix(text, "FAIL ") {
		t.Errorf("it would pass: %s", text)
	}
}

// A place outside of the repository is none, and the finding points at the
// assertion.
func TestWithin(t *testing.T) {
	for _, c := range [][3]string{
		{"", "main.tf", "main.tf"}, {"infra", "main.tf", "infra/main.tf"}, {"infra", "../modules/a.tf", "modules/a.tf"},
		{"infra", "../../a.tf", ""}, {"", "../a.tf", ""}, {"../x", "main.tf", ""}, {"infra", "/etc/a.tf", ""}, {"infra", "", ""},
	} {
		if got := within(c[0], c[1]); got != c[2] {
			t.Errorf("within(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
	f := NewCheck(run(brokenPromise())).Results[0].findings()[0]
	if file, line := f.at("../elsewhere"); file != "" || line != 33 {
		t.Errorf("points at %s:%d", file, line)
	}
}

// Many passes are counted by file, so that a comment stays short.
func TestMarkdownFoldsPasses(t *testing.T) {
	var results []evaluator.Result
	for range foldPasses + 1 {
		results = append(results, passing())
	}
	text := written(t, "markdown", NewCheck(run(results...)), Style{})
	if want := "- `✓` `network.reach.hcl`: 21 passed\n"; !strings.Contains(text, want) || strings.Contains(text, "seed") {
		t.Errorf("no %q in\n%s", want, text)
	}
}

// What only a proxy carries is pointed at on the way through that one.
func TestProxyIsPointedAt(t *testing.T) {
	leg := func(n int, address string) Leg {
		return Leg{Hops: []Hop{{N: 1, Address: address, Direction: "ingress", Rule: "any", Result: "pass", File: "main.tf", Line: n}}}
	}
	f := Flow{From: "internet", To: "aws_instance.app", Traffic: "tcp/80", Expected: "unreachable", Outcome: "fail", Verdict: "unreachable",
		Hops: []Hop{{N: 1, Address: "aws_internet_gateway.main", Result: "block", File: "main.tf", Line: 1}},
		ViaProxy: []Detour{
			{Through: []string{"aws_lb.perhaps"}, Allowed: "none", Legs: []Leg{leg(2, "aws_security_group.perhaps")}},
			{Through: []string{"aws_lb.main"}, Allowed: "tcp/80", Legs: []Leg{leg(3, "aws_security_group.lb"), leg(4, "aws_security_group.app")}},
		}}
	if got := f.deciding(); got.line != 4 || got.address != "aws_security_group.app" {
		t.Errorf("points at %+v", got)
	}
	if got, want := f.predicate(), "is reachable through aws_lb.main"; got != want {
		t.Errorf("it %s, want %s", got, want)
	}
	if text := mermaid(flowGraph(f)); !strings.Contains(text, `==>|"2"| n2`) || strings.Contains(text, "perhaps") {
		t.Errorf("got\n%s", text)
	}
}
