package planparse

import "github.com/planreach/planreach/netmodel"

// Configured reports whether r's resource block sets the argument called name;
// ok is false if that cannot be told. Plan JSON does not show blocks made by
// dynamic, so that an argument that may be written as a block is only certainly
// unset if the sources say so.
func (p *Plan) Configured(r *Resource, name string) (set, ok bool) {
	if p.Sources != nil {
		if set, ok := p.Sources.Configured(r, name); ok {
			return set, true
		}
	}
	if p.Config == nil {
		return false, false
	}
	m := p.Config.at(r.Module)
	if m == nil {
		return false, false
	}
	c := m.Resources[r.TypeName()+"."+r.Name]
	if c == nil || c.Expressions.Kind != ExprBlock {
		return false, false
	}
	return c.Expressions.Fields[name].Kind != ExprAbsent, true
}

// ConfiguredBlocks is Configured for an argument that may be written as blocks.
func (p *Plan) ConfiguredBlocks(r *Resource, name string) (set, ok bool) {
	set, ok = p.Configured(r, name)
	if ok && !set && p.Sources == nil {
		return false, false
	}
	return set, ok
}

// An Inline says what the lines are that a resource holds inside itself, beside
// those that have resources of their own. The zero value is invalid.
type Inline uint8

// The kinds of inline lines.
const (
	// InlineConfigured: the configuration demands them, and no others.
	InlineConfigured Inline = iota + 1
	// InlineStale: the configuration does not set them; the plan shows what the
	// refresh found, lines of other resources among it.
	InlineStale
	// InlineUnsure: either of the two.
	InlineUnsure
	// InlineObserved: not a plan of what will be, but a record of what is.
	InlineObserved
)

// Inline tells what the lines in r's argument called name are.
func (b *Builder) Inline(r *Resource, name string) Inline {
	if b.world == Before || b.plan.Kind == "state" {
		return InlineObserved
	}
	if r.Value(Before).IsNone() || r.Action == Create || r.Action == Replace {
		return InlineConfigured
	}
	switch set, ok := b.plan.ConfiguredBlocks(r, name); {
	case !ok:
		return InlineUnsure
	case set:
		return InlineConfigured
	default:
		return InlineStale
	}
}

// SetInline says what the lines of x, which is a *netmodel.Filter, RouteTable or
// PrefixList, are before others are added, and which conflict it is if they may
// not be mixed.
func (b *Builder) SetInline(x any, kind Inline, conflict netmodel.Code, o netmodel.Origin) {
	b.inline[x] = inline{kind, conflict, o}
}

type inline struct {
	kind     Inline
	conflict netmodel.Code
	origin   netmodel.Origin
}
