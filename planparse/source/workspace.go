package source

import "encoding/binary"

// workspaceOf is the workspace that the entry tfplan of a plan file names;
// empty if none is found. The entry is a protocol buffer; field 13 is the
// backend, whose field 3 is the workspace.
func workspaceOf(plan []byte) string {
	backend := protoField(plan, 13)
	if backend == nil {
		return ""
	}
	return string(protoField(backend, 3))
}

// protoField is the first length-delimited field with the given number, nil if
// there is none or b is no message.
func protoField(b []byte, number uint64) []byte {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return nil
		}
		b = b[n:]
		switch tag & 7 {
		case 0:
			if _, n = binary.Uvarint(b); n <= 0 {
				return nil
			}
			b = b[n:]
		case 1, 5:
			size := 8
			if tag&7 == 5 {
				size = 4
			}
			if len(b) < size {
				return nil
			}
			b = b[size:]
		case 2:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return nil
			}
			b = b[n:]
			if tag>>3 == number {
				return b[:size]
			}
			b = b[size:]
		default:
			return nil
		}
	}
	return nil
}
