package bigplan

import (
	"bytes"
	"encoding/json"
)

// An ordered is a JSON object whose members come in this order, as those of
// Terraform's own structures do.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for n, m := range o {
		b.WriteByte("{,"[min(n, 1)])
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
