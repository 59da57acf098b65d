package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/report"
)

// A unit is what one would speak of as one thing: the endpoints of a tier, or of
// a resource block; or the internet.
type unit struct {
	word     string // in arrows
	selector string // as it stands in HCL
	members  []netmodel.Address
	balancer bool // a load balancer, whose purpose is to be reached
}

func (u unit) isInternet() bool { return u.word == "internet" }

// tierTags are the tags by which tiers are told, the first that fits decides.
var tierTags = []string{"Tier", "tier", "Layer", "layer", "Role", "role"}

// maxBlocks is how many resource blocks are spoken of one by one; of more, those
// in the same subnets are one tier.
const maxBlocks = 16

// unitsOf is the internet and the units of the plan's endpoints, in natural
// order, with the groups that they need.
func unitsOf(m *model) ([]unit, []report.DraftGroup) {
	n := m.inventory.Network
	var endpoints []*netmodel.Endpoint
	if len(n.Endpoints) > 0 {
		found, _ := m.set.Select(m.inventory, "")
		for _, e := range found.Ends {
			if ep := n.Endpoint(e.Endpoint); e.Kind == assertions.EndpointEnd && ep != nil {
				endpoints = append(endpoints, ep)
			}
		}
	}
	out := []unit{{word: "internet", selector: "internet"}}
	var groups []report.DraftGroup
	tiers := map[string][]*netmodel.Endpoint{}
	var rest []*netmodel.Endpoint
	tag := tierTag(endpoints)
	for _, ep := range endpoints {
		if v := ep.Tags[tag]; tag != "" && v != "" && !isBalancer(n, ep) {
			tiers[v] = append(tiers[v], ep)
		} else {
			rest = append(rest, ep)
		}
	}
	names := map[string]bool{}
	for _, v := range slices.Sorted(maps.Keys(tiers)) {
		name := groupName(v, names)
		groups = append(groups, report.DraftGroup{Name: name, Members: []string{fmt.Sprintf("%q", "tag:"+tag+"="+tagValue(v))}})
		out = append(out, unit{word: name, selector: "group." + name, members: addressesOf(tiers[v])})
	}
	blocks := map[string][]*netmodel.Endpoint{}
	for _, ep := range rest {
		b := blockOf(string(ep.Address))
		blocks[b] = append(blocks[b], ep)
	}
	order := slices.SortedFunc(maps.Keys(blocks), func(a, b string) int {
		return netmodel.CompareAddresses(netmodel.Address(a), netmodel.Address(b))
	})
	if len(order) > maxBlocks {
		merged, more := mergeBlocks(n, order, blocks, names)
		return append(out, merged...), append(groups, more...)
	}
	for _, b := range order {
		out = append(out, unit{word: b, selector: selectorOf(b), members: addressesOf(blocks[b]), balancer: isBalancer(n, blocks[b][0])})
	}
	return out, groups
}

// maxSplit is how many instances of a block are spoken of one by one.
const maxSplit = 8

// splitBlocks makes units of the instances of blocks with for_each that have
// different parts to play, as mixed tells.
func splitBlocks(units []unit, mixed func(n int) bool) (out []unit, changed bool) {
	for n, u := range units {
		if len(u.members) < 2 || len(u.members) > maxSplit || u.balancer || !isForEach(u) || !mixed(n) {
			out = append(out, u)
			continue
		}
		changed = true
		for _, a := range u.members {
			out = append(out, unit{word: string(a), selector: selectorOf(string(a)), members: []netmodel.Address{a}})
		}
	}
	return out, changed
}

// isForEach reports whether a unit is one block, whose instances have keys.
func isForEach(u unit) bool {
	return !slices.ContainsFunc(u.members, func(a netmodel.Address) bool {
		return blockOf(string(a)) != u.word || !strings.HasSuffix(string(a), `"]`)
	})
}

// mergeBlocks makes one unit of the blocks that lie in the same subnets.
func mergeBlocks(n *netmodel.Network, order []string, blocks map[string][]*netmodel.Endpoint, names map[string]bool) ([]unit, []report.DraftGroup) {
	var out []unit
	var groups []report.DraftGroup
	at := map[string]int{}
	for _, b := range order {
		key := b
		if !isBalancer(n, blocks[b][0]) {
			key = subnetsOf(n, blocks[b])
		}
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, unit{word: b, selector: selectorOf(b), balancer: isBalancer(n, blocks[b][0])})
			groups = append(groups, report.DraftGroup{Name: key})
		}
		out[k].members = append(out[k].members, addressesOf(blocks[b])...)
		groups[k].Members = append(groups[k].Members, selectorOf(b))
	}
	var needed []report.DraftGroup
	for k := range out {
		if len(groups[k].Members) > 1 {
			words := strings.Split(groups[k].Name, ".")
			name := groupName(words[len(words)-1], names)
			out[k].word, out[k].selector = name, "group."+name
			needed = append(needed, report.DraftGroup{Name: name, Members: groups[k].Members})
		}
	}
	return out, needed
}

// subnetsOf is the resource blocks of the subnets in which endpoints lie.
func subnetsOf(n *netmodel.Network, eps []*netmodel.Endpoint) string {
	found := map[string]bool{}
	for _, ep := range eps {
		for _, a := range ep.Interfaces {
			if s, ok := n.Interface(a).Subnet.Exact(); ok {
				found[anyIndex.ReplaceAllString(string(s), "")] = true
			}
		}
	}
	if len(found) == 0 {
		return "elsewhere"
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), " ")
}

// tierTag is the tag that tells most endpoints apart by tier; empty if there is
// none.
func tierTag(endpoints []*netmodel.Endpoint) string {
	for _, tag := range tierTags {
		values, with := map[string]bool{}, 0
		for _, ep := range endpoints {
			if v := ep.Tags[tag]; v != "" && tagWord.MatchString(v) {
				values[v] = true
				with++
			}
		}
		if len(values) > 1 && 2*with >= len(endpoints) {
			return tag
		}
	}
	return ""
}

// tagWord matches values that need no quotes in a selector and are no patterns.
var tagWord = regexp.MustCompile(`^[\w.-]+$`)

func tagValue(v string) string {
	if tagWord.MatchString(v) {
		return v
	}
	return `"` + v + `"`
}

var notInName = regexp.MustCompile(`[^a-z0-9_]+`)

// reserved are words that are no names of groups in arrows.
var reserved = []string{"internet", "any", "all", "group", "service", "var", "local", "each", "plan", "root", "module", "data", "aws"}

// groupName is a name for a group that no other has.
func groupName(text string, taken map[string]bool) string {
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(text), "_"), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' || slices.Contains(reserved, name) {
		name = strings.TrimSuffix("tier_"+name, "_")
	}
	unique := name
	for k := 2; taken[unique]; k++ {
		unique = fmt.Sprintf("%s_%d", name, k)
	}
	taken[unique] = true
	return unique
}

func addressesOf(eps []*netmodel.Endpoint) []netmodel.Address {
	var out []netmodel.Address
	for _, ep := range eps {
		out = append(out, ep.Address)
	}
	return out
}

func isBalancer(n *netmodel.Network, ep *netmodel.Endpoint) bool {
	return n.LoadBalancer(ep.Address) != nil
}

var (
	anyIndex  = regexp.MustCompile(`\[(?:\d+|"(?:[^"\\]|\\.)*")\]`)
	lastIndex = regexp.MustCompile(anyIndex.String() + `$`)
)

// blockOf is the address of an instance's resource block in its module instance.
func blockOf(address string) string { return lastIndex.ReplaceAllString(address, "") }

var plainAddress = regexp.MustCompile(`^[\w-]+(?:\.[\w-]+|\[\d+\]|\["[^"\\$%]+"\])*$`)

// selectorOf is an address as it stands in HCL.
func selectorOf(address string) string {
	if plainAddress.MatchString(address) {
		return address
	}
	return fmt.Sprintf("%q", address)
}
