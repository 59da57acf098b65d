package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/planparse"
)

// waiveFlags are the flags of waive.
type waiveFlags struct {
	planFlags
	assertionFlags
	assertion string
	waiver    assertions.NewWaiver
}

func (p *program) waiveCommand() *cobra.Command {
	var flags waiveFlags
	c := &cobra.Command{
		Use:   "waive [PLAN] FLOW --until DATE --reason TEXT",
		Short: "Take one flow out of the assertions that it breaks, until a day",
		Long: "Add a waive block for FLOW to every assertion that it breaks, and leave everything else in the\n" +
			"files as it is. With --assertion no plan is needed. Files in JSON are not changed.",
		Example: "  planreach waive plan.json 'internet -> bastion:22' --until 2027-03-31 --reason \"until the move\"",
		RunE: func(c *cobra.Command, args []string) error {
			plan, flows, err := sortArguments(args)
			if err != nil {
				return err
			}
			if len(flows) != 1 {
				return problem{"Which flow?", "waive takes one flow, quoted: planreach waive plan.json 'internet -> bastion:22' …"}
			}
			flow, diags := assertions.ParseFlow(flows[0])
			if diags.HasErrors() {
				return problem{diags[0].Summary, diags[0].Detail}
			}
			flags.waiver.Flow = flow
			if err := flags.waiver.Validate(); err != nil {
				return problem{"Not a waiver", err.Error()}
			}
			if flags.assertion != "" && plan == "" {
				return p.waiveByName(flags)
			}
			return p.waive(c.Context(), plan, flags)
		},
	}
	flags.planFlags.add(c)
	flags.assertionFlags.add(c)
	c.Flags().StringVar(&flags.waiver.Until, "until", "", "last day of the waiver, `YYYY-MM-DD`")
	c.Flags().StringVar(&flags.waiver.Reason, "reason", "", "`why` the flow is let through until then")
	c.Flags().StringVar(&flags.waiver.By, "by", "", "`who` says so")
	c.Flags().StringVar(&flags.waiver.Ticket, "ticket", "", "`where` to read on")
	c.Flags().StringVar(&flags.assertion, "assertion", "", "only the assertion with this `label`")
	return c
}

// waiveByName writes the waiver into the assertions of a label.
func (p *program) waiveByName(flags waiveFlags) error {
	sources, err := findAssertions(".", nil, flags.assertionFlags)
	if err != nil {
		return err
	}
	wanted := func(_, label string) bool { return label == flags.assertion }
	return p.writeWaivers(sources, flags.waiver, wanted, problem{"No such assertion", "No assertion file here has a block labelled " + quoted(flags.assertion) + "."})
}

// waive writes the waiver into the assertions that the flow breaks: those of
// whose failures a waive block takes something out.
func (p *program) waive(ctx context.Context, plan string, flags waiveFlags) error {
	s, err := p.study(ctx, plan, flags.planFlags)
	if err != nil {
		return err
	}
	sources, err := findAssertions(s.root, moduleDirs(s.inventory(nil, planparse.After)), flags.assertionFlags)
	if err != nil {
		return err
	}
	tried, places, err := p.withWaivers(sources, flags.waiver, func(_, label string) bool { return flags.assertion == "" || label == flags.assertion })
	if err != nil {
		return err
	}
	m, err := p.modelOf(s, tried, flags.assertionFlags, nil)
	if err != nil {
		return err
	}
	as, diags := m.set.Resolve(m.inventory, assertions.Defaults{})
	m.diags = append(m.diags, diags...)
	if m.diags.HasErrors() {
		if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
			return err
		}
		return exit(exitBroken)
	}
	used := map[place]bool{}
	for _, r := range evaluator.Check(m.after, m.before, as, time.Now().UTC().Format(time.DateOnly)) {
		for i, w := range r.Waivers {
			rng := r.Assertion.Waivers[i].Range
			at := place{rng.Filename, rng.Start.Line}
			used[at] = used[at] || w.Pairs > 0
		}
	}
	wanted := func(path, label string) bool {
		return slices.ContainsFunc(places, func(w placed) bool { return w.place.file == path && w.Label == label && used[w.place] })
	}
	return p.writeWaivers(sources, flags.waiver, wanted, problem{"Nothing to waive", "No assertion is broken by " + flags.waiver.Flow.String() + "."})
}

// A place is a line of a file.
type place struct {
	file string
	line int
}

// A placed waiver is one with its place.
type placed struct {
	assertions.WrittenWaiver
	place place
}

// withWaivers is the sources with the waiver in every assertion that is wanted.
func (p *program) withWaivers(sources []assertions.Source, w assertions.NewWaiver, wanted func(path, label string) bool) ([]assertions.Source, []placed, error) {
	out := slices.Clone(sources)
	var places []placed
	for i, src := range out {
		if strings.HasSuffix(src.Path, ".json") {
			continue
		}
		text, written, diags := assertions.AddWaiver(src.Path, src.Bytes, w, func(label string) bool { return wanted(src.Path, label) })
		if diags.HasErrors() {
			if err := p.show(diags, map[string]*hcl.File{src.Path: {Bytes: src.Bytes}}); err != nil {
				return nil, nil, err
			}
			return nil, nil, exit(exitBroken)
		}
		out[i].Bytes = text
		for _, x := range written {
			places = append(places, placed{x, place{src.Path, x.Line}})
		}
	}
	return out, places, nil
}

// writeWaivers writes the waiver into the files and says where.
func (p *program) writeWaivers(sources []assertions.Source, w assertions.NewWaiver, wanted func(path, label string) bool, none problem) error {
	changed, places, err := p.withWaivers(sources, w, wanted)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		return none
	}
	for i, src := range changed {
		if bytes.Equal(src.Bytes, sources[i].Bytes) {
			continue
		}
		if err := writeFile(src.File, func(to io.Writer) error { _, err := to.Write(src.Bytes); return err }); err != nil {
			return err
		}
	}
	for _, x := range places {
		if _, err := fmt.Fprintf(p.stdout, "%s:%d: waived until %s in %s\n", x.place.file, x.place.line, w.Until, quoted(x.Label)); err != nil {
			return err
		}
	}
	if until, err := time.Parse(time.DateOnly, w.Until); err == nil && until.After(time.Now().AddDate(1, 0, 0)) {
		return p.show(hcl.Diagnostics{warning("A long time", "This waiver ends more than a year from now.")}, nil)
	}
	return nil
}

func quoted(text string) string { return `"` + text + `"` }
