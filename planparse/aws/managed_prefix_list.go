package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var managedPrefixList = &planparse.ResourceType{
	Name:        "aws_ec2_managed_prefix_list",
	Doc:         "named list of prefixes for rules and routes",
	Reads:       []string{"entry"},
	Ignores:     []string{"address_family", "arn", "id", "max_entries", "name", "owner_id", "region", "tags", "tags_all", "version"},
	Sets:        []string{"entry"},
	StaleBlocks: []string{"entry"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		l := &netmodel.PrefixList{Address: r.Address, Origin: v.Origin("")}
		blocks, more := inlineBlocks(r, b, v, "entry")
		for _, e := range blocks {
			if p, ok := e.Prefix("cidr").Get(); ok {
				l.Entries = append(l.Entries, netmodel.PrefixEntry{Prefix: p, Origin: e.Origin("cidr")})
				hideSensitive(b, e.Prefix("cidr"))
			} else if k := e.Prefix("cidr"); k.IsOpen() {
				l.Hidden = append(l.Hidden, entryGap(k.Gap()))
			}
		}
		if !more.IsZero() {
			l.Hidden = append(l.Hidden, entryGap(more))
		}
		b.SetInline(l, b.Inline(r, "entry"), netmodel.ConflictDuplicateEntry, v.Origin("entry"))
		b.AddPrefixList(l)
	},
}

var managedPrefixListEntry = &planparse.ResourceType{
	Name:    "aws_ec2_managed_prefix_list_entry",
	Doc:     "one entry of a prefix list",
	Reads:   []string{"cidr", "prefix_list_id"},
	Ignores: []string{"description", "id", "region"},
	Accepts: map[string][]string{"prefix_list_id": acceptsPrefixList},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		cidr := v.Prefix("cidr")
		if p, ok := cidr.Get(); ok {
			hideSensitive(b, cidr)
			b.AddPrefixEntry(v.Ref("prefix_list_id"), netmodel.PrefixEntry{Prefix: p, Origin: v.Origin("cidr")})
		} else if cidr.IsOpen() {
			b.HidePrefixEntry(v.Ref("prefix_list_id"), entryGap(cidr.Gap()))
		}
	},
}

func entryGap(g netmodel.Gap) netmodel.Gap {
	g.Code = netmodel.UnknownPrefixListEntries
	return g
}
