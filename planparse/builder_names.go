package planparse

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// names knows which names mean one object: a union of sets, each led by the
// name under which the object is found.
type names struct {
	pairs  [][2]netmodel.Address // as said, before settle
	parent map[netmodel.Address]netmodel.Address
	chosen map[netmodel.Address]netmodel.Address // leader of a set, by its root
}

func (n *names) pair(from, to netmodel.Address) {
	if from != "" && to != "" && from != to {
		n.pairs = append(n.pairs, [2]netmodel.Address{from, to})
	}
}

// settle joins all pairs. A name such as vpc-0abc.default_security_group_id
// joins the one that aws_vpc.main gives to the same object if vpc-0abc is
// aws_vpc.main, which the second round sees.
func (n *names) settle() {
	n.parent = map[netmodel.Address]netmodel.Address{}
	n.chosen = map[netmodel.Address]netmodel.Address{}
	for range 2 {
		for _, p := range n.pairs {
			n.union(n.rebased(p[0]), n.rebased(p[1]))
			n.union(p[0], n.rebased(p[0]))
			n.union(p[1], n.rebased(p[1]))
		}
	}
}

func (n *names) root(a netmodel.Address) netmodel.Address {
	for {
		p, ok := n.parent[a]
		if !ok {
			return a
		}
		a = p
	}
}

// union makes the set of b that of a as well.
func (n *names) union(a, b netmodel.Address) {
	if ra, rb := n.root(a), n.root(b); ra != rb {
		n.parent[ra] = rb
	}
}

// choose makes a the name of its set.
func (n *names) choose(a netmodel.Address) { n.chosen[n.root(a)] = a }

func (n *names) canonical(a netmodel.Address) netmodel.Address {
	if a == "" {
		return ""
	}
	root := n.root(a)
	if root == a && n.chosen[root] == "" {
		if r := n.rebased(a); r != a {
			root = n.root(r)
		}
	}
	if c := n.chosen[root]; c != "" {
		return c
	}
	return root
}

// rebased is a, which may be OBJECT.attribute, with the object's leading name.
func (n *names) rebased(a netmodel.Address) netmodel.Address {
	object, attr := splitAttribute(a)
	if object == "" {
		return a
	}
	if root := n.root(object); root != object {
		if c := n.chosen[root]; c != "" {
			root = c
		}
		return root + "." + attr
	}
	return a
}

// splitAttribute cuts the name of an object that comes with another one into
// that one and the attribute: aws_vpc.main and default_network_acl_id. Both are
// empty if a has no attribute.
func splitAttribute(a netmodel.Address) (object, attr netmodel.Address) {
	if strings.HasSuffix(string(a), "]") {
		return "", ""
	}
	i := strings.LastIndexByte(string(a), '.')
	if i < 0 {
		return "", ""
	}
	return a[:i], a[i+1:]
}

// cloudID matches what AWS gives as names: anything else that a resource calls
// its id, such as a user's own name for it, may be another resource's as well.
var cloudID = regexp.MustCompile(`^([a-z][a-z0-9]*(-[a-z]+)*-[0-9a-f]{8,}|arn:.+)$`)

// identities are the attributes of r, in the given world, that name it, with
// the address that each stands for.
func identities(r *Resource, t *ResourceType, w World, say func(id, object netmodel.Address)) {
	attrs := []string{"id", "arn"}
	if t != nil {
		attrs = append(attrs, t.Identities...)
	}
	v := r.Value(w)
	for _, attr := range attrs {
		f := v.Field(attr)
		if f.Kind() == String && cloudID.MatchString(f.Text()) {
			say(netmodel.Address(f.Text()), ObjectAddress(Identity{r.Address, attr}))
		}
	}
	if t == nil {
		return
	}
	for _, alias := range slices.Sorted(maps.Keys(t.Aliases)) {
		say(ObjectAddress(Identity{r.Address, alias}), ObjectAddress(Identity{r.Address, t.Aliases[alias]}))
	}
}

// introduce makes r's names known.
func (b *Builder) introduce(r *Resource, t *ResourceType) {
	if !r.Value(b.world).IsNone() {
		b.resources[r.Address] = r
		identities(r, t, b.world, b.Alias)
	}
	if b.world == After && (r.Value(After).IsNone() || r.Action == Replace) {
		identities(r, t, Before, func(id, _ netmodel.Address) {
			if cloudID.MatchString(string(id)) {
				b.gone[id] = r.Address
			}
		})
	}
}

// owner is the resource to which a name belongs, or nil.
func (b *Builder) owner(a netmodel.Address) *Resource {
	for a != "" {
		if r := b.resources[a]; r != nil {
			return r
		}
		object, _ := splitAttribute(a)
		if object == "" {
			if i := strings.LastIndexByte(string(a), '['); i > 0 {
				a = a[:i]
				continue
			}
		}
		a = object
	}
	return nil
}

// merge leaves one object of each name, the one that is best described, under
// the name by which Terraform refers to it. lost is told of the others; its gap
// is not zero if two resources describe the object, each in its own way (TFC-7).
func merge[T comparable](b *Builder, objects []T, address func(T) *netmodel.Address, lost func(kept, lost T, twice netmodel.Gap)) []T {
	best := map[netmodel.Address]T{}
	var order []netmodel.Address
	slices.SortStableFunc(objects, func(x, y T) int { return int(b.ranks[x]) - int(b.ranks[y]) })
	for _, x := range objects {
		root := b.names.root(*address(x))
		kept, known := best[root]
		if !known {
			best[root] = x
			order = append(order, root)
			b.names.choose(*address(x))
			continue
		}
		var twice netmodel.Gap
		switch {
		case b.ranks[kept] != described:
		case b.ranks[x] == implied:
			b.names.choose(*address(x))
		case b.ranks[x] == described:
			twice = b.describedTwice(*address(kept), *address(x))
		}
		if lost != nil {
			lost(kept, x, twice)
		}
	}
	var out []T
	for _, root := range order {
		x := best[root]
		*address(x) = b.names.canonical(*address(x))
		out = append(out, x)
	}
	return out
}

func (b *Builder) describedTwice(kept, lost netmodel.Address) netmodel.Gap {
	c := netmodel.Conflict{Code: netmodel.ConflictAdoptedTwice, Origin: netmodel.Origin{Address: lost},
		With:   []netmodel.Origin{{Address: kept}},
		Detail: string(kept) + " and " + string(lost) + " are one object, and each may undo the other"}
	b.Conflict(c)
	return netmodel.Gap{Origin: c.Origin, Why: netmodel.UntilApply, Code: c.Code, Detail: c.Detail}
}

// doubtBoth puts the rules of both filters into f, none of them certain.
func doubtBoth(f, other *netmodel.Filter, g netmodel.Gap) {
	if g.IsZero() {
		return
	}
	f.Rules = append(f.Rules, other.Rules...)
	f.Hidden = append(f.Hidden, other.Hidden...)
	for i := range f.Rules {
		f.Rules[i].Doubt = doubted(f.Rules[i].Doubt, g)
	}
}
