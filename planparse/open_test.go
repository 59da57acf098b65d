package planparse

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// planFile writes a zip with an entry of that name.
func planFile(t *testing.T, dir, entry string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z := zip.NewWriter(f)
	if _, err := z.Create(entry); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// program puts a program of that name on PATH, and nothing else.
func program(t *testing.T, name, script string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	path := filepath.Join(dir, name)
	if name != "" {
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func openAndRead(dir, path, program string) (*Input, *Plan, error) {
	in, err := Open(context.Background(), path, strings.NewReader(small), dir, program)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = in.Close() }()
	p, err := Read(in, all)
	return in, p, err
}

func TestOpenPlanFile(t *testing.T) {
	dir := t.TempDir()
	planFile(t, dir, "tfplan")
	emptyState := `echo '{"format_version":"1.0","terraform_version":"'$0-$1-$2'"}'`
	for _, name := range []string{"terraform", "tofu"} {
		path := program(t, name, "pwd >&2\n"+emptyState)
		in, p, err := openAndRead(dir, "tfplan", "")
		if err != nil {
			t.Fatal(err)
		}
		if p.TerraformVersion != path+"-show--json" || in.PlanFile != filepath.Join(dir, "tfplan") {
			t.Error(p.TerraformVersion, in.PlanFile)
		}
	}
	other := program(t, "other", `test "$PWD" = "$(cd `+dir+`; pwd)" || exit 1`+"\n"+emptyState)
	if _, p, err := openAndRead(dir, "tfplan", other); err != nil || p.TerraformVersion != other+"-show--json" {
		t.Error(p, err)
	}
}

func TestOpenPlanFileFails(t *testing.T) {
	dir := t.TempDir()
	planFile(t, dir, "tfplan")
	program(t, "", "")
	for _, c := range []struct{ name, program, script, want string }{
		{"none on PATH", "", "", "tfplan is a binary plan file, and neither terraform nor tofu is on PATH. " +
			"Run `terraform show -json tfplan > plan.json`, then `planreach check plan.json --source tfplan`."},
		{"it fails", "terraform", "echo secret\necho Inconsistent lock file >&2\nexit 1",
			"`terraform show -json tfplan` failed (its message follows). Run planreach in the directory where `terraform init` was run, or pass plan JSON.\nInconsistent lock file"},
		{"it fails at the end", "tofu", `echo '{"format_version":"1.0"}'` + "\nexit 3",
			"`tofu show -json tfplan` failed (its message follows). Run planreach in the directory where `terraform init` was run, or pass plan JSON.\n"},
		{"it stops half way", "terraform", `printf '{"format_version":'`, "tfplan: unexpected end of JSON at byte 18"},
	} {
		t.Run(c.name, func(t *testing.T) {
			program(t, c.program, c.script)
			_, _, err := openAndRead(dir, "tfplan", "")
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestOpenCloseEndsProgram(t *testing.T) {
	dir := t.TempDir()
	planFile(t, dir, "tfplan")
	path := program(t, "terraform", "while :; do echo '{'; done")
	in, err := Open(context.Background(), "tfplan", nil, dir, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if _, err := in.Read(make([]byte, 1)); err == nil {
		t.Error("read after close")
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	planFile(t, dir, "something")
	_, _, err := openAndRead(dir, "tfplan", "")
	if err == nil || !strings.Contains(err.Error(), "tfplan is a zip file, but not a plan file.") {
		t.Error(err)
	}
	if _, _, err := openAndRead(dir, "none.json", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, _, err := openAndRead(dir, ".", ""); err == nil || !strings.HasPrefix(err.Error(), ".: ") {
		t.Error("a directory:", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cut"), []byte("PK\x03\x04"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openAndRead(dir, "cut", ""); err == nil || !strings.HasPrefix(err.Error(), "cut is a damaged plan file: ") {
		t.Error(err)
	}
	_, err = Open(context.Background(), "-", strings.NewReader("PK\x03\x04"), dir, "")
	if err == nil || !strings.Contains(err.Error(), "cannot be read from standard input") {
		t.Error(err)
	}
	_, err = Read(&Input{name: "standard input", reader: strings.NewReader(`{"a`)}, all)
	if err == nil || err.Error() != "standard input: unexpected end of JSON at byte 3" {
		t.Error(err)
	}
}

// utf16Text is s in UTF-16 with a byte order mark.
func utf16Text(s string, order binary.AppendByteOrder) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestOpenEncodings(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"plain":         small,
		"BOM":           "\ufeff" + small,
		"little endian": utf16Text(small, binary.LittleEndian),
		"big endian":    utf16Text(small, binary.BigEndian),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, p, err := openAndRead(dir, name, "")
		if err != nil || p.Variables[`a"b`].Text() != "é€😀é😀" || p.Total != 3 {
			t.Errorf("%s: %v %v", name, p, err)
		}
	}
	if _, p, err := openAndRead(dir, "-", ""); err != nil || p.Total != 3 {
		t.Error(p, err)
	}
	for _, bad := range []string{"\xff\xfe{", "\xff\xfe{\x00\x00\xd8", "\xff\xfe{\x00\x00\xd8{\x00"} {
		in, err := Open(context.Background(), "-", strings.NewReader(bad), dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(in, all); !errors.Is(err, errUTF16) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("\ufeff" + small))
	f.Add([]byte(utf16Text(small, binary.LittleEndian)))
	f.Add([]byte(utf16Text(`{"format_version":"1.0"}`, binary.BigEndian)))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("Terraform will perform the following actions:"))
	f.Add([]byte(`{"@level":"info"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := Open(context.Background(), "-", strings.NewReader(string(data)), t.TempDir(), "")
		if err != nil {
			return
		}
		defer func() { _ = in.Close() }()
		if p, err := Read(in, all); err == nil && p.Kind != "plan" && p.Kind != "state" {
			t.Errorf("read as %q", p.Kind)
		}
	})
}
