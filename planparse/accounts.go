package planparse

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"
)

// Account is a name for the account of r: two resources with one name are
// certainly in one account, two with different names may be. It is empty if the
// plan does not tell the provider configuration.
func (p *Plan) Account(r *Resource) string {
	if first, ok := p.Accounts[r.ProviderConfig]; ok {
		return first
	}
	return r.ProviderConfig
}

// accountless are the arguments of a provider configuration that do not decide
// which account it is for.
var accountless = []string{
	"allowed_account_ids", "default_tags", "forbidden_account_ids", "ignore_tags", "max_retries", "region", "retry_mode",
	"skip_credentials_validation", "skip_region_validation", "skip_requesting_account_id", "user_agent", "version",
}

// credentialsOf is what decides for which account a provider configuration with
// these arguments is, in a form that can only be compared. What a configuration
// does not set comes from the environment, which is one for all. It is not ok if
// an argument is no constant.
func credentialsOf(arguments Expression) (string, bool) {
	text, ok := constantText(arguments, accountless)
	sum := sha256.Sum256([]byte(text))
	return string(sum[:]), ok
}

// constantText is a text that only expressions with the same constants have. The
// arguments called as in without are left out.
func constantText(e Expression, without []string) (text string, ok bool) {
	switch e.Kind {
	case ExprAbsent:
		return "", true
	case ExprConstant:
		switch v := e.Constant; v.Kind() {
		case String, Number:
			return strconv.Quote(v.Text()), true
		case Bool:
			return strconv.FormatBool(v.True()), true
		case Absent, Null, List, Object, Hole:
		}
	case ExprBlocks:
		for _, b := range e.Blocks {
			t, ok := constantText(b, nil)
			if !ok {
				return "", false
			}
			text += "[" + t + "]"
		}
		return text, true
	case ExprBlock:
		for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
			if slices.Contains(without, name) {
				continue
			}
			t, ok := constantText(e.Fields[name], nil)
			if !ok {
				return "", false
			}
			text += strconv.Quote(name) + "=" + t + ";"
		}
		return text, true
	case ExprReferences, ExprOpaque:
	}
	return "", false
}

// accountsOf is the accounts of the provider configurations with the given
// credentials.
func accountsOf(credentials map[string]string) map[string]string {
	first, out := map[string]string{}, map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(credentials)) {
		c := credentials[key]
		if first[c] == "" {
			first[c] = key
		}
		out[key] = first[c]
	}
	return out
}
