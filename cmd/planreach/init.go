package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/report"
)

// draftFile is the file that init writes.
const draftFile = "network.reach.hcl"

func (p *program) initCommand() *cobra.Command {
	var flags planFlags
	var stdout bool
	c := &cobra.Command{
		Use:   "init [PLAN]",
		Short: "Write " + draftFile + " from what is reachable at present",
		Long: "Write a first " + draftFile + " beside the sources: what gets through as promises, what the\n" +
			"internet does not reach as prohibitions, and as comments what should be looked at. It passes\n" +
			"check on the same plan. Nothing is overwritten.",
		Example: "  planreach init plan.json && planreach check plan.json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			plan := ""
			if len(args) == 1 {
				plan = args[0]
			}
			return p.init(c.Context(), plan, flags, stdout)
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&stdout, "print", false, "print the file instead of writing it")
	return c
}

func (p *program) init(ctx context.Context, plan string, flags planFlags, stdout bool) error {
	s, err := p.study(ctx, plan, flags)
	if err != nil {
		return err
	}
	path := filepath.Join(s.root, draftFile)
	if !stdout {
		if err := nothingThere(s.root); err != nil {
			return err
		}
	}
	text, err := p.draft(s)
	if err != nil {
		return err
	}
	if stdout {
		_, err := p.stdout.Write(text)
		return err
	}
	if err := writeFile(path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	p.say("Wrote %s. Read it, then run: planreach check %s\n", shownPath(path), s.info.Path)
	return nil
}

// nothingThere refuses to write where there are assertions.
func nothingThere(root string) error {
	found, err := assertions.Find(root, nil, nil)
	if err != nil {
		return fmt.Errorf("cannot read assertion files: %w", err)
	}
	if len(found) > 0 {
		return problem{"There are assertions already", "Nothing was written, for " + found[0].Path + " is there. " +
			"To see what would be written: planreach init --print"}
	}
	return nil
}

// draft is the text of the file.
func (p *program) draft(s *study) ([]byte, error) {
	m := bareModel(s)
	if err := p.show(m.diags, excerpts(m.diags, s.root, m.set.Files())); err != nil {
		return nil, err
	}
	if m.diags.HasErrors() {
		return nil, exit(exitBroken)
	}
	d := newDrafter(m).draft(s.info.Path)
	if d.IsEmpty() {
		return nil, problem{"Nothing to assert", "The plan has no two ends of which anything can be said: planreach list " + s.info.Path}
	}
	var b bytes.Buffer
	if err := report.WriteDraft(&b, s.facts(m.after.Network()), d); err != nil {
		return nil, err
	}
	text, diags := assertions.Format(draftFile, b.Bytes())
	if diags.HasErrors() {
		panic("the draft is not well formed: " + diags.Error())
	}
	return text, nil
}
