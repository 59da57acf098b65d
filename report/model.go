// Package report turns results into what people and programs read. The structs
// here are the reports: the JSON formats encode them as they are, and every
// text is made from them and from nothing else, so that all formats say the
// same.
package report

// FormatVersion is the version of all JSON formats. A minor version only adds.
const FormatVersion = "1.0"

// A Check is the report on a run of assertions.
type Check struct {
	FormatVersion string       `json:"format_version"`
	Tool          Tool         `json:"tool"`
	Date          string       `json:"date"` // day on which waivers were judged
	Plans         []Plan       `json:"plans"`
	Files         []File       `json:"files"`
	Summary       Summary      `json:"summary"`
	Results       []Result     `json:"results"`
	Coverage      Unmodelled   `json:"coverage"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
}

// A Tool is the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Plan is an input.
type Plan struct {
	Path             string `json:"path"`
	Kind             string `json:"kind" enum:"plan,state"` // plan or state
	SHA256           string `json:"sha256"`
	TerraformVersion string `json:"terraform_version"`
	Sources          string `json:"sources"` // plan file, directory or none
	Complete         bool   `json:"complete"`
	Resources        int    `json:"resources"`
	NetworkResources int    `json:"network_resources"`
}

// A File is an assertion file.
type File struct {
	Path       string   `json:"path"`
	Modules    []string `json:"modules"`    // instances it is evaluated for; "" is the root
	Assertions int      `json:"assertions"` // written in it
}

// A Summary counts results.
type Summary struct {
	Total           int `json:"total"`
	Pass            int `json:"pass"`
	Fail            int `json:"fail"`
	Unknown         int `json:"unknown"`
	Waived          int `json:"waived"`
	Skipped         int `json:"skipped"`
	FailCounting    int `json:"fail_counting"`
	UnknownCounting int `json:"unknown_counting"`
	NewInPlan       int `json:"new_in_plan"`
	Pairs           int `json:"pairs"`
	ExitCode        int `json:"exit_code"` // before --soft-fail
}

// A Result is the outcome of one assertion.
type Result struct {
	ID             string            `json:"id"`
	Label          string            `json:"label"`
	Verb           string            `json:"verb" enum:"must_reach,must_not_reach,only,isolate,no_new"`
	Flow           string            `json:"flow"`
	Module         string            `json:"module"`
	EachKey        *string           `json:"each_key"`
	File           string            `json:"file"`
	Line           int               `json:"line"`
	Description    string            `json:"description"`
	Labels         map[string]string `json:"labels"`
	Severity       string            `json:"severity" enum:"error,warning,info"`
	Unknown        string            `json:"unknown" enum:"fail,warn,pass"` // the policy in force
	Verdict        string            `json:"verdict" enum:"pass,fail,unknown,waived,skipped"`
	Counts         bool              `json:"counts"` // decides the exit code
	NewInPlan      bool              `json:"new_in_plan"`
	SkippedBecause string            `json:"skipped_because"`
	Pairs          Pairs             `json:"pairs"`
	Flows          []Flow            `json:"flows"` // worst first; passing ones only if asked for
	FlowsLeftOut   int               `json:"flows_left_out"`
	Waivers        []Waiver          `json:"waivers"`
	Assumptions    []Assumption      `json:"assumptions"`
	Notes          []string          `json:"notes"` // also those of the flows that are not listed
}

// Pairs counts the pairs of one assertion.
type Pairs struct {
	Total   int `json:"total"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Unknown int `json:"unknown"`
	Waived  int `json:"waived"`
}

// A Flow is what was found about one pair of ends.
type Flow struct {
	From          string    `json:"from"`
	To            string    `json:"to"`
	Traffic       string    `json:"traffic"`
	Expected      string    `json:"expected" enum:"reachable,unreachable"` // reachable or unreachable
	Outcome       string    `json:"outcome" enum:"pass,fail,unknown,waived"`
	Verdict       string    `json:"verdict" enum:"reachable,unreachable,partial,unknown"`
	VerdictBefore string    `json:"verdict_before" enum:"reachable,unreachable,partial,unknown,absent,-"`
	NewInPlan     bool      `json:"new_in_plan"`
	WaivedUntil   string    `json:"waived_until"`
	Allowed       string    `json:"allowed"`
	Undecided     string    `json:"undecided"`
	Hops          []Hop     `json:"hops"`
	ReturnHops    []Hop     `json:"return_hops"`
	Blockers      []Blocker `json:"blockers"`
	Unknowns      []Unknown `json:"unknowns"`
	ViaProxy      []Detour  `json:"via_proxy"`
	Missed        []string  `json:"missed"` // of through, what a way does not pass
	Met           []string  `json:"met"`    // of avoid, what a way passes
	Fixes         []Fix     `json:"fixes"`
	Assumptions   []string  `json:"assumptions"`
	Notes         []string  `json:"notes"`
}

// A Hop is one component on a way.
type Hop struct {
	N         int    `json:"n"`
	Address   string `json:"address"`
	Kind      string `json:"kind"`
	Direction string `json:"direction" enum:"egress,ingress,-"`
	VPC       string `json:"vpc"`    // that it lies in, or on the edge of; empty: in none, or not known
	Subnet    string `json:"subnet"` // likewise
	Rule      string `json:"rule"`
	Code      string `json:"code"`
	Result    string `json:"result" enum:"pass,block,unknown"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Change    string `json:"change" enum:"none,add,update,replace,delete"`
}

// A Blocker is a hop that stops the traffic.
type Blocker struct {
	Hop
	Path    string   `json:"path" enum:"forward,return"` // forward or return
	Closest *Closest `json:"closest"`                    // the rule that nearly admitted it
}

// A Closest is a rule that nearly admitted something, and why it does not.
type Closest struct {
	Address string `json:"address"`
	Rule    string `json:"rule"`
	Differs string `json:"differs"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// An Unknown is a fact to pin down.
type Unknown struct {
	Address   string         `json:"address"`
	Attribute string         `json:"attribute"`
	Why       string         `json:"why" enum:"known after apply,outside the plan,not modelled"`
	File      string         `json:"file"`
	Line      int            `json:"line"`
	Detail    string         `json:"detail"`
	Outcomes  []ValueOutcome `json:"outcomes"`
}

// A ValueOutcome is what one value of an unknown fact would mean.
type ValueOutcome struct {
	Value   string `json:"value"`
	Verdict string `json:"verdict" enum:"reachable,unreachable,partial,unknown"`
}

// A Detour is a way through proxies.
type Detour struct {
	Through []string `json:"through"`
	Verdict string   `json:"verdict"`
	Allowed string   `json:"allowed"`
	Legs    []Leg    `json:"legs"`
}

// A Leg is one part of a detour.
type Leg struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Traffic    string `json:"traffic"`
	Verdict    string `json:"verdict"`
	Hops       []Hop  `json:"hops"`
	ReturnHops []Hop  `json:"return_hops"`
}

// A Fix is a change of the configuration that makes a flow pass.
type Fix struct {
	Text  string `json:"text"`
	Edits []Edit `json:"edits"`
}

// An Edit is one replacement in a file; an empty New removes.
type Edit struct {
	Address   string `json:"address"`
	Attribute string `json:"attribute"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Old       string `json:"old"`
	New       string `json:"new"`
}

// A Waiver is what a waive block did.
type Waiver struct {
	Flows  []string `json:"flows"`
	Reason string   `json:"reason"`
	Until  string   `json:"until"`
	By     string   `json:"by"`
	Ticket string   `json:"ticket"`
	File   string   `json:"file"`
	Line   int      `json:"line"`
	State  string   `json:"state" enum:"active,ended,unused"` // active, ended or unused
	Pairs  int      `json:"pairs"`
}

// An Assumption is an assume block that mattered.
type Assumption struct {
	Target    string `json:"target"`
	Attribute string `json:"attribute"`
	Reason    string `json:"reason"`
	File      string `json:"file"`
	Line      int    `json:"line"`
}

// Unmodelled lists what bears on the network without a model.
type Unmodelled struct {
	NotModelled []NotModelled `json:"not_modelled"`
}

// A NotModelled is one such resource.
type NotModelled struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	Effect  string `json:"effect" enum:"may open,may block,may do both"`
	Note    string `json:"note"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// A Diagnostic is an error or a warning about what the user wrote.
type Diagnostic struct {
	Severity  string `json:"severity" enum:"error,warning"`
	Summary   string `json:"summary"`
	Detail    string `json:"detail"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	Assertion string `json:"assertion"`
}

// A Why explains one flow.
type Why struct {
	FormatVersion string `json:"format_version"`
	Flow          string `json:"flow"`
	World         string `json:"world" enum:"after,before"` // after or before
	Verdict       string `json:"verdict" enum:"reachable,unreachable,partial,unknown"`
	Pairs         []Flow `json:"pairs"`
}

// A List is what a selector means.
type List struct {
	FormatVersion string     `json:"format_version"`
	Selector      string     `json:"selector"`
	MatchedBy     string     `json:"matched_by" enum:"address,glob,group,name,name tag,tag,object,cidr,all"`
	World         string     `json:"world" enum:"after,before"`
	Endpoints     []Endpoint `json:"endpoints"`
}

// An Endpoint is a possible end of flows.
type Endpoint struct {
	Address           string   `json:"address"`
	Type              string   `json:"type"`
	NameTag           string   `json:"name_tag"`
	VPC               string   `json:"vpc"`
	Subnets           []string `json:"subnets"`
	SecurityGroups    []string `json:"security_groups"`
	AvailabilityZones []string `json:"availability_zones"`
	Families          []string `json:"families"`
	PrivateAddresses  []string `json:"private_addresses"`
	PublicAddresses   []string `json:"public_addresses"`
	AddressesKnown    bool     `json:"addresses_known"`
	Groups            []string `json:"groups"`
	Change            string   `json:"change"`
	File              string   `json:"file"`
	Line              int      `json:"line"`
}

// A Coverage is what of a plan is modelled and asked for.
type Coverage struct {
	FormatVersion string         `json:"format_version"`
	Resources     ResourceCounts `json:"resources"`
	Types         []TypeCount    `json:"types"`
	NotModelled   []NotModelled  `json:"not_modelled"`
	Unresolved    []Unresolved   `json:"unresolved"`
	Unasserted    []string       `json:"unasserted"` // endpoints that no assertion mentions
}

// ResourceCounts counts resource instances.
type ResourceCounts struct {
	Total            int `json:"total"`
	Modelled         int `json:"modelled"`
	NoNetworkMeaning int `json:"no_network_meaning"`
	NotModelled      int `json:"not_modelled"`
}

// A TypeCount is what is done with the resources of one type.
type TypeCount struct {
	Type   string `json:"type"`
	Status string `json:"status" enum:"modelled,partly,no_network_meaning,not_modelled"`
	Note   string `json:"note"`
	Count  int    `json:"count"`
}

// An Unresolved is a link that neither the plan nor the sources settle.
type Unresolved struct {
	Address    string   `json:"address"`
	Attribute  string   `json:"attribute"`
	Why        string   `json:"why" enum:"known after apply,outside the plan,not modelled"`
	Detail     string   `json:"detail"`
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Candidates []string `json:"candidates"`
}

// A Validation is the outcome of reading assertion files without a plan.
type Validation struct {
	FormatVersion string       `json:"format_version"`
	Valid         bool         `json:"valid"`
	Assertions    int          `json:"assertions"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
}

// A Version is what the program is.
type Version struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit"` // with "+dirty" if the checkout had changes; empty if not known
	Date    string `json:"date"`   // of the commit, RFC 3339; empty if not known
	Go      string `json:"go"`
}
