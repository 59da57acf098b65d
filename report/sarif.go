package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// maxSARIF is how many flows of one assertion become SARIF results.
const maxSARIF = 100

// The parts of SARIF 2.1.0 that are used, in the order of the specification.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool                `json:"tool"`
		Invocations        []sarifInvocation        `json:"invocations"`
		OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
		Results            []sarifResult            `json:"results"`
		ColumnKind         string                   `json:"columnKind"`
		Properties         sarifRunProperties       `json:"properties"`
	}
	sarifRunProperties struct {
		Waived []sarifWaived `json:"waived"`
	}
	sarifWaived struct {
		RuleID string `json:"ruleId"`
		Flow   string `json:"flow"`
		Until  string `json:"until"`
		Reason string `json:"reason"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		SemanticVersion string      `json:"semanticVersion"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string              `json:"id"`
		Short      sarifText           `json:"shortDescription"`
		Full       *sarifText          `json:"fullDescription,omitempty"`
		Help       sarifHelp           `json:"help"`
		Properties sarifRuleProperties `json:"properties"`
	}
	sarifRuleProperties struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		ExitCode      int                 `json:"exitCode"`
		Notifications []sarifNotification `json:"toolConfigurationNotifications,omitempty"`
	}
	sarifNotification struct {
		Locations []sarifLocation `json:"locations,omitempty"`
		Message   sarifText       `json:"message"`
		Level     string          `json:"level"`
	}
	sarifResult struct {
		RuleID        string                `json:"ruleId"`
		RuleIndex     int                   `json:"ruleIndex"`
		Level         string                `json:"level"`
		Message       sarifText             `json:"message"`
		Locations     []sarifLocation       `json:"locations,omitempty"`
		Fingerprints  map[string]string     `json:"partialFingerprints"`
		CodeFlows     []sarifCodeFlow       `json:"codeFlows,omitempty"`
		Related       []sarifLocation       `json:"relatedLocations,omitempty"`
		BaselineState string                `json:"baselineState,omitempty"`
		Properties    sarifResultProperties `json:"properties"`
	}
	sarifResultProperties struct {
		Verdict   string            `json:"verdict"`
		NewInPlan bool              `json:"newInPlan"`
		Labels    map[string]string `json:"labels"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifThreadLocation `json:"locations"`
	}
	sarifThreadLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI         string     `json:"uri,omitempty"`
		URIBaseID   string     `json:"uriBaseId,omitempty"`
		Description *sarifText `json:"description,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// sourceRoot is what paths are relative to: the root of the repository.
const sourceRoot = "%SRCROOT%"

func writeSARIF(w io.Writer, c *Check, s Style) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: c.Tool.Name, SemanticVersion: c.Tool.Version,
			InformationURI: "https://github.com/planreach/planreach", Rules: []sarifRule{},
		}},
		Invocations:        []sarifInvocation{s.invocation(c)},
		OriginalURIBaseIDs: map[string]sarifArtifact{sourceRoot: {Description: &sarifText{"The root of the repository."}}},
		Results:            []sarifResult{}, ColumnKind: "unicodeCodePoints",
		Properties: sarifRunProperties{Waived: []sarifWaived{}},
	}
	ids := map[string]bool{}
	for i, r := range c.Results {
		rule := newSARIFRule(r, ids)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
		run.Results = append(run.Results, s.sarifResults(r, rule.ID, i)...)
		run.Properties.Waived = append(run.Properties.Waived, waivedFlows(r, rule.ID)...)
	}
	return writeJSON(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	}, s)
}

// newSARIFRule is the rule of an assertion; ids are those already taken.
func newSARIFRule(r Result, ids map[string]bool) sarifRule {
	id := slug(r.ID)
	if ids[id] {
		id += "-" + digest(6, r.ID)
	}
	ids[id] = true
	rule := sarifRule{
		ID: id, Short: sarifText{r.Label}, Help: sarifHelp{verbMeaning(r.Verb, ""), verbMeaning(r.Verb, "`")},
		Properties: sarifRuleProperties{[]string{"security", "network"}},
	}
	if r.Label == "" {
		rule.Short.Text = r.ID
	}
	if r.Description != "" {
		rule.Full = &sarifText{r.Description}
	}
	return rule
}

// slug is text as an identifier: lower case, and a hyphen for everything but
// letters and digits.
func slug(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(text))
}

// digest is the first n hexadecimal digits of the SHA-256 of lines.
func digest(n int, lines ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])[:n]
}

// verbMeaning is what an assertion with the verb demands; code surrounds words
// of the language.
func verbMeaning(verb, code string) string {
	quoted := code + verb + code
	switch verb {
	case "must_reach":
		return quoted + ": everything that is asked gets through, from each source to each target, and the replies come back."
	case "must_not_reach":
		return quoted + ": nothing that is asked gets through, neither directly nor through a proxy."
	case "only":
		return quoted + ": nobody but those who are listed gets through."
	case "isolate":
		return quoted + ": nothing gets through between the groups that are listed."
	case "no_new":
		return quoted + ": nothing gets through that did not before this plan."
	}
	panic("report: no meaning of the verb " + verb)
}

func (s Style) invocation(c *Check) sarifInvocation {
	out := sarifInvocation{Successful: c.Summary.ExitCode != 2, ExitCode: c.Summary.ExitCode}
	for _, d := range c.Diagnostics {
		n := sarifNotification{Message: sarifText{join(": ", d.Summary, d.Detail)}, Level: d.Severity}
		if at := s.sarifPlace(d.File, d.Line); at != nil {
			n.Locations = []sarifLocation{{Physical: at}}
		}
		out.Notifications = append(out.Notifications, n)
	}
	return out
}

// sarifPlace is a place in the repository; nil if it is not known or outside.
func (s Style) sarifPlace(file string, line int) *sarifPhysical {
	file = within(s.Platform.Root, file)
	if file == "" {
		return nil
	}
	out := &sarifPhysical{Artifact: sarifArtifact{URI: uriPath(file), URIBaseID: sourceRoot}}
	if line > 0 {
		out.Region = &sarifRegion{line}
	}
	return out
}

func (s Style) sarifResults(r Result, rule string, index int) []sarifResult {
	all := r.findings()
	shown := all[:min(len(all), maxSARIF)]
	var out []sarifResult
	for _, f := range shown {
		res := s.sarifResult(f)
		res.RuleID, res.RuleIndex = rule, index
		out = append(out, res)
	}
	if left := len(all) - len(shown) + r.FlowsLeftOut; left > 0 && len(out) > 0 {
		out[len(out)-1].Message.Text += fmt.Sprintf(" %s not shown.", count(left, "further flow of this assertion is", "further flows of this assertion are"))
	}
	return out
}

func (s Style) sarifResult(f finding) sarifResult {
	decides := f.flow.deciding()
	out := sarifResult{
		Level: f.level(), Message: sarifText{f.sentence()},
		Fingerprints: map[string]string{"planreach/v1": digest(32, f.result.ID, f.flow.From, f.flow.To, f.flow.Traffic)},
		Properties:   sarifResultProperties{Verdict: f.flow.Outcome, NewInPlan: f.flow.NewInPlan, Labels: f.result.Labels},
	}
	if was := f.flow.VerdictBefore; was != "" {
		out.BaselineState = "unchanged"
		if f.flow.NewInPlan || f.flow.Outcome == "unknown" && was != "unknown" {
			out.BaselineState = "new"
		}
	}
	at, assertion := s.sarifPlace(decides.file, decides.line), s.sarifPlace(f.result.File, f.result.Line)
	if at == nil {
		at = assertion
	} else if assertion != nil {
		out.Related = append(out.Related, sarifLocation{Physical: assertion, Message: &sarifText{"the assertion"}})
	}
	if at != nil || decides.address != "" {
		out.Locations = []sarifLocation{{Physical: at, Logical: logical(decides.address)}}
	}
	told := map[string]bool{place(decides.file, decides.line): true}
	for _, h := range f.flow.allHops() {
		if at := s.sarifPlace(h.File, h.Line); at != nil && !told[place(h.File, h.Line)] {
			told[place(h.File, h.Line)] = true
			out.Related = append(out.Related, sarifLocation{Physical: at, Message: &sarifText{hopText(h)}})
		}
	}
	if thread := s.threadFlow(f.flow); len(thread.Locations) > 0 {
		out.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{thread}}}
	}
	return out
}

func logical(address string) []sarifLogical {
	if address == "" {
		return nil
	}
	return []sarifLogical{{address, "resource"}}
}

// threadFlow is the hops of a flow as the steps of a program.
func (s Style) threadFlow(f Flow) sarifThreadFlow {
	var out sarifThreadFlow
	for _, h := range f.allHops() {
		out.Locations = append(out.Locations, sarifThreadLocation{sarifLocation{
			Physical: s.sarifPlace(h.File, h.Line), Logical: logical(h.Address), Message: &sarifText{hopText(h)},
		}})
	}
	return out
}

// hopText is a hop in one line.
func hopText(h Hop) string {
	text := join(" ", plainName(h.Address), directionWord(h.Direction)) + ": " + h.Rule
	if h.Result != "pass" {
		text += " (" + h.Result + ")"
	}
	return text
}

// level is how SARIF calls the weight of a finding.
func (f finding) level() string {
	switch {
	case f.result.Severity == "info":
		return "note"
	case f.flow.Outcome == "unknown" && !f.counts(), f.result.Severity == "warning":
		return "warning"
	}
	return "error"
}

// sentence is the whole finding in words.
func (f finding) sentence() string {
	text := f.flow.title() + " " + f.flow.predicate()
	switch {
	case f.flow.Outcome == "unknown":
		text = "Cannot be decided: " + f.flow.title()
	case f.flow.Expected == "reachable":
		text += " and must be reachable"
	default:
		text += " and must not be"
	}
	if f.flow.NewInPlan {
		text += " (new in this plan)"
	} else if f.flow.Outcome == "fail" && f.flow.VerdictBefore != "" {
		text += " (already so before this plan)"
	}
	text += "."
	if why := f.flow.deciding().String(); why != "" {
		text += " " + why + "."
	}
	return text
}

func waivedFlows(r Result, rule string) []sarifWaived {
	var out []sarifWaived
	for _, f := range r.Flows {
		if f.Outcome != "waived" {
			continue
		}
		reason := ""
		for _, w := range r.Waivers {
			if w.State == "active" && w.Until == f.WaivedUntil {
				reason = w.Reason
				break
			}
		}
		out = append(out, sarifWaived{rule, f.title(), f.WaivedUntil, reason})
	}
	return out
}
