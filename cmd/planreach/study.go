package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
	"github.com/planreach/planreach/report"
)

// planFlags are the flags of the commands that read a plan.
type planFlags struct {
	source string
	trust  bool
}

func (f *planFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.source, "source", "", "`path` of the sources, a directory or the binary plan file; none turns them off")
	c.Flags().BoolVar(&f.trust, "trust-references", false, "without sources, take the only candidate of a link as the link")
}

// gcWhileReading is the percentage of the garbage collector while a plan is read,
// most of which is thrown away at once: collecting early keeps the memory near
// what is kept, for a little time.
const gcWhileReading = 50

// A study is a plan that has been read, with its sources.
type study struct {
	plan    *planparse.Plan
	trust   bool            // --trust-references
	sources *source.Sources // nil: none
	root    string          // directory of the root module and of its assertion files
	info    report.Plan
	// warnings are about the plan and its sources.
	warnings hcl.Diagnostics
}

// study reads the plan at path; empty means that the program looks for one.
func (p *program) study(ctx context.Context, path string, f planFlags) (*study, error) {
	if path == "" {
		var err error
		if path, err = p.findPlan(); err != nil {
			return nil, err
		}
	}
	p.progress = p.newProgress()
	p.progress.at("reading " + shownPath(path))
	in, err := planparse.Open(ctx, path, p.stdin, ".", p.getenv("PLANREACH_TERRAFORM"))
	if errors.Is(err, fs.ErrNotExist) && !exists(path) {
		return nil, noSuchPlan(path)
	}
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // it has only been read
	s := &study{root: rootOf(path, f.source), trust: f.trust}
	file, dir := p.sourcesOf(in.PlanFile, s.root, f.source)
	if err := s.open(file, dir); err != nil {
		if f.source != "" {
			return nil, err
		}
		s.warnings = s.warnings.Append(warning("Sources not used", err.Error()))
	}
	defer debug.SetGCPercent(debug.SetGCPercent(gcWhileReading))
	s.plan, err = planparse.Read(in, s.wanted())
	if err != nil {
		return nil, err
	}
	for _, w := range s.plan.Warnings {
		s.warnings = s.warnings.Append(warning(w, ""))
	}
	s.checkSources()
	s.info.Path, s.info.Kind, s.info.SHA256 = shownPath(path), s.plan.Kind, s.plan.SHA256
	s.info.TerraformVersion, s.info.Complete, s.info.Resources = s.plan.TerraformVersion, s.plan.Complete, s.plan.Total
	return s, nil
}

// rootOf is the directory of the root module: that of the sources if they are a
// directory, else that of the plan if it holds sources or assertions, else the
// working directory.
func rootOf(plan, sources string) string {
	if isDir(sources) {
		return sources
	}
	if plan != "-" {
		dir := filepath.Dir(plan)
		if holds(dir, ".tf", ".tf.json", ".tofu", ".tofu.json", ".reach.hcl", ".reach.json") {
			return dir
		}
	}
	return "."
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return path != "" && err == nil && info.IsDir()
}

func holds(dir string, suffixes ...string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		for _, suffix := range suffixes {
			if !e.IsDir() && strings.HasSuffix(e.Name(), suffix) {
				return true
			}
		}
	}
	return false
}

// sourcesOf is where the sources are: a plan file, a directory, or both.
func (p *program) sourcesOf(planFile, root, flag string) (file, dir string) {
	if holds(root, ".tf", ".tf.json", ".tofu", ".tofu.json") {
		dir = root
	}
	switch {
	case flag == "none":
		return "", ""
	case flag != "" && isDir(flag):
		return "", flag
	case flag != "":
		return flag, dir
	case planFile != "":
		return planFile, dir
	}
	return p.getenv("PLANFILE"), dir
}

func (s *study) open(planFile, dir string) error {
	s.info.Sources = "none"
	if planFile == "" && dir == "" {
		return nil
	}
	var err error
	if s.sources, err = source.Open(planFile, dir); err != nil {
		return fmt.Errorf("cannot read the sources: %w", err)
	}
	s.info.Sources = "directory"
	if planFile != "" {
		s.info.Sources = "plan file"
	}
	return nil
}

// wanted tells which resources to keep.
func (s *study) wanted() func(string) bool {
	if s.sources == nil {
		return aws.Wanted
	}
	needed := s.sources.Wants(aws.Types)
	return func(typeName string) bool { return aws.Wanted(typeName) || needed(typeName) }
}

// checkSources drops sources that are not the plan's.
func (s *study) checkSources() {
	if s.sources != nil {
		if err := s.sources.Check(s.plan); err != nil {
			s.warnings = s.warnings.Append(warning("Sources not used", err.Error()))
			s.sources, s.info.Sources = nil, "none"
		}
	}
	if s.sources == nil && s.trust {
		s.info.Sources = "none, references are trusted"
	}
}

// settle resolves what the plan leaves open.
func (s *study) settle() {
	if s.sources != nil {
		s.plan = s.plan.Resolve(s.sources.Resolver(s.plan, aws.Types))
		s.plan.Sources = s.sources
		return
	}
	references := planparse.References(s.plan, aws.Types)
	references.Trust = s.trust
	s.plan = s.plan.Resolve(references)
}

// shownPath is how outputs call the plan: relative to the working directory, or
// the base name if it lies elsewhere.
func shownPath(path string) string {
	if path == "-" || filepath.IsLocal(path) {
		return filepath.ToSlash(filepath.Clean(path))
	}
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.Base(path)
}

// facts is what reports tell of a network of this plan.
func (s *study) facts(n *netmodel.Network) report.Facts {
	changes := map[netmodel.Address]string{}
	for _, r := range s.plan.Resources {
		changes[r.Address] = r.Action.Change()
	}
	f := report.Facts{Network: n, Change: func(a netmodel.Address) string { return changes[a] }}
	if s.sources != nil {
		f.Positioner = s.sources
		f.SourcesAssumed = s.info.Kind == "plan" && s.info.Sources == "directory"
	}
	return f
}
