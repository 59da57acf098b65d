package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A Format is one way to write reports of type T.
type Format[T any] struct {
	Name  string
	Write func(w io.Writer, report T, s Style) error
}

// The formats of each report; the first is the default.
var (
	// Formats are those of check.
	// html omitted: not written yet.
	Formats = []Format[*Check]{
		{"text", writeCheckText},
		{"json", writeJSON[*Check]},
		{"sarif", writeSARIF},
		{"junit", writeJUnit},
		{"github", writeGitHub},
		{"markdown", writeMarkdown},
		{"atlantis", writeAtlantis},
	}
	WhyFormats = []Format[*Why]{
		{"text", writeWhyText},
		{"json", writeJSON[*Why]},
	}
	// GraphFormats are those of pictures.
	// svg and html omitted: they need a layout of our own.
	GraphFormats = []Format[*Graph]{
		{"mermaid", writeMermaid},
		{"dot", writeDOT},
	}
	ListFormats = []Format[*List]{
		{"text", writeListText},
		{"json", writeJSON[*List]},
	}
	LinksFormats = []Format[*Links]{
		{"text", writeLinksText},
		{"json", writeJSON[*Links]},
	}
	CoverageFormats = []Format[*Coverage]{
		{"text", writeCoverageText},
		{"json", writeJSON[*Coverage]},
	}
	MatrixFormats = []Format[*Matrix]{
		{"text", writeMatrixText},
		{"json", writeJSON[*Matrix]},
		{"csv", writeMatrixCSV},
		{"markdown", writeMatrixMarkdown},
	}
	ValidationFormats = []Format[*Validation]{
		{"text", writeValidationText},
		{"json", writeJSON[*Validation]},
	}
	VersionFormats = []Format[*Version]{
		{"text", writeVersionText},
		{"json", writeJSON[*Version]},
	}
)

// Find is the format of that name; the error lists the known ones.
func Find[T any](formats []Format[T], name string) (Format[T], error) {
	var known []string
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Format[T]{}, fmt.Errorf("unknown output format %q; the formats are %s", name, strings.Join(known, ", "))
}

// writeJSON writes the report field by field in the order of its struct.
func writeJSON[T any](w io.Writer, report T, _ Style) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

// A Style is how text looks, and where it is read. The zero Style is plain
// Unicode, 100 columns wide, in the directory of the root module.
type Style struct {
	Color    bool
	ASCII    bool
	Width    int // columns; 0 means 100
	Quiet    bool
	Verbose  bool
	Platform Platform
}

// A Platform is what formats for CI need to know of where they are read.
type Platform struct {
	// Root is the directory of the root module as seen from the root of the
	// repository, and Workspace as seen from where annotations count paths from;
	// slashes, empty if they are the same.
	Root, Workspace string
	Files           string // URL of the repository's files at this commit, ending in a slash; empty: not known
	ReportURL       string // of the full report; empty: there is none
	CommentID       string // tells the comments of several runs apart; empty: default
}

func (s Style) width() int {
	if s.Width > 0 {
		return s.Width
	}
	return 100
}

// A mark is a symbol of the text formats.
type mark struct{ symbol, ascii, color string }

var (
	markPass    = mark{"✓", "ok", green}
	markFail    = mark{"✗", "FAIL", red}
	markUnknown = mark{"?", "????", yellow}
	markWaived  = mark{"~", "waived", ""}
	markSkipped = mark{"-", "skip", ""}
	markNote    = mark{"!", "warn", yellow}
	markMissed  = mark{"·", ".", ""}
)

const (
	green  = "\x1b[32m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	reset  = "\x1b[0m"
)

func (s Style) mark(m mark) string {
	if s.ASCII {
		return s.paint(m.color, m.ascii)
	}
	return s.paint(m.color, m.symbol)
}

// padded is the mark with the blanks that hops need to stand in line.
func (s Style) padded(m mark) string {
	if !s.ASCII {
		return s.mark(m) + strings.Repeat(" ", 1-utf8.RuneCountInString(m.symbol))
	}
	return s.mark(m) + strings.Repeat(" ", len(markUnknown.ascii)-len(m.ascii))
}

func (s Style) paint(color, text string) string {
	if !s.Color || color == "" {
		return text
	}
	return color + text + reset
}

// dot separates the parts of a heading.
func (s Style) dot() string {
	if s.ASCII {
		return " - "
	}
	return " · "
}

// markOf is the symbol of an outcome or of a hop's result.
func markOf(word string) mark {
	switch word {
	case "pass":
		return markPass
	case "fail", "block":
		return markFail
	case "unknown":
		return markUnknown
	case "waived":
		return markWaived
	case "skipped":
		return markSkipped
	}
	panic("report: no mark for " + word)
}
