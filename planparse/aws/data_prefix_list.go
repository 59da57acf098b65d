package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataManagedPrefixList = &planparse.ResourceType{
	Name:    "data.aws_ec2_managed_prefix_list",
	Doc:     "existing prefix list with its entries",
	Reads:   []string{"entries", "name"},
	Ignores: []string{"address_family", "arn", "filter", "id", "max_entries", "owner_id", "region", "tags", "timeouts", "version"},
	Sets:    []string{"entries"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := &netmodel.PrefixList{Address: r.Address, Origin: n.Origin("")}
		entries, more := n.Blocks("entries")
		for _, e := range entries {
			addEntry(x, e.Prefix("cidr"), e.Origin("cidr"))
		}
		hideEntries(x, more)
		b.AddPrefixList(x)
	},
}

var dataPrefixList = &planparse.ResourceType{
	Name:    "data.aws_prefix_list",
	Doc:     "prefix list of an AWS service with its entries",
	Reads:   []string{"cidr_blocks", "name"},
	Ignores: []string{"filter", "id", "prefix_list_id", "region", "timeouts"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := &netmodel.PrefixList{Address: r.Address, Origin: n.Origin("")}
		blocks, more := n.Prefixes("cidr_blocks")
		for _, p := range blocks {
			addEntry(x, p.Known, p.Origin)
		}
		hideEntries(x, more)
		b.AddPrefixList(x)
	},
}

func addEntry(x *netmodel.PrefixList, p planparse.Known[netip.Prefix], o netmodel.Origin) {
	if q, ok := p.Get(); ok {
		x.Entries = append(x.Entries, netmodel.PrefixEntry{Prefix: q, Origin: o})
	} else if p.IsOpen() {
		hideEntries(x, p.Gap())
	}
}

func hideEntries(x *netmodel.PrefixList, g netmodel.Gap) {
	if !g.IsZero() {
		g.Code = netmodel.UnknownPrefixListEntries
		x.Hidden = append(x.Hidden, g)
	}
}
