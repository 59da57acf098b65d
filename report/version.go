package report

import "io"

func writeVersionText(w io.Writer, v *Version, s Style) error {
	p := &printer{Style: s}
	p.line("%s %s", v.Name, join(" ", v.Version, v.Commit, v.Date, v.Go))
	return p.flush(w)
}
