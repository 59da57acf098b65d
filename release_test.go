package planreach_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A releaseConfig is what matters here of .goreleaser.yaml.
type releaseConfig struct {
	Builds []struct {
		Main         string
		Env          []string
		Flags        []string
		Ldflags      []string
		Goos, Goarch []string
	}
	Archives []struct {
		Formats      []string
		NameTemplate string `yaml:"name_template"`
		Files        []string
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
	}
}

func readRelease(t *testing.T) releaseConfig {
	var c releaseConfig
	if err := yaml.Unmarshal(read(t, ".goreleaser.yaml"), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Builds) != 1 || len(c.Archives) != 1 {
		t.Fatalf("%d builds, %d archives", len(c.Builds), len(c.Archives))
	}
	return c
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A release is built as .goreleaser.yaml says: the program runs, needs no
// library and no C compiler, and holds no path of the machine that built it.
func TestReleaseBuild(t *testing.T) {
	b := readRelease(t).Builds[0]
	program := filepath.Join(t.TempDir(), "planreach")
	args := []string{"build", "-o", program}
	for _, f := range b.Flags {
		if f != "-buildvcs=true" { // the tree under test may be no checkout
			args = append(args, f)
		}
	}
	build := exec.Command("go", append(args, "-ldflags="+strings.Join(b.Ldflags, " "), b.Main)...)
	build.Env = append(os.Environ(), b.Env...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program, "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "planreach ") {
		t.Errorf("version: %q, %v", out, err)
	}
	if runtime.GOOS == "linux" {
		checkStatic(t, program)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(read(t, program)), here) {
		t.Errorf("the program holds the path %s", here)
	}
}

func checkStatic(t *testing.T, program string) {
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program is linked dynamically (%s)", p.Type)
		}
	}
}

// What a release ships is there, or is made by .ci/release-files.
func TestReleaseFiles(t *testing.T) {
	files := readRelease(t).Archives[0].Files
	for _, must := range []string{"LICENSE", "CHANGELOG.md", "build/completions/*", "build/man/*"} {
		if !slices.Contains(files, must) {
			t.Errorf("a release has no %s", must)
		}
	}
	script := string(read(t, ".ci/release-files"))
	for _, f := range files {
		if made, ok := strings.CutPrefix(f, "build/"); ok {
			if !strings.Contains(script, `$out/`+strings.TrimSuffix(made, "/*")) {
				t.Errorf(".ci/release-files does not make %s", f)
			}
		} else if len(read(t, f)) == 0 {
			t.Errorf("%s is empty", f)
		}
	}
	if license := string(read(t, "LICENSE")); !strings.Contains(license, "Apache License\n                           Version 2.0") ||
		!strings.Contains(license, "END OF TERMS AND CONDITIONS") {
		t.Error("LICENSE is not the whole Apache License 2.0")
	}
}

// The image holds the same program and nothing else, and does not run as root.
func TestDockerfile(t *testing.T) {
	file := string(read(t, "Dockerfile"))
	b := readRelease(t).Builds[0]
	build := strings.Join(b.Env, " ") + " go build -trimpath -ldflags \"" + strings.Join(b.Ldflags, " ") + "\" -o /planreach " + b.Main + "\n"
	if !strings.Contains(file, "\nRUN "+build) {
		t.Errorf("the image is not built by %s", build)
	}
	stages := strings.Split(file, "\nFROM ")
	last := stages[len(stages)-1]
	for _, want := range []string{"scratch\n", "\nUSER 65532:65532\n", "\nENTRYPOINT [\"/planreach\"]\n", "\nCOPY --from=build /planreach /planreach\n"} {
		if !strings.Contains("\n"+last, want) {
			t.Errorf("the last stage has no %q", want)
		}
	}
	if m := regexp.MustCompile(`FROM golang:(\S+) `).FindStringSubmatch("FROM " + stages[1]); m == nil ||
		!strings.Contains(string(read(t, "go.mod")), "\ngo "+m[1]) {
		t.Errorf("the image is built with another Go than go.mod's: %v", m)
	}
}

// What SECURITY.md says of the program as a whole: it holds no HTTP client, one
// file runs other programs, and only the command writes files.
func TestSecurityClaims(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", "./cmd/planreach").Output()
	if err != nil {
		t.Fatal(err)
	}
	if packages := strings.Fields(string(deps)); !slices.Contains(packages, "os/exec") || slices.Contains(packages, "net/http") || slices.Contains(packages, "crypto/tls") {
		t.Error("the program holds a client of the network, or go list lists nothing")
	}
	writes := regexp.MustCompile(`\bos\.(WriteFile|Create|CreateTemp|OpenFile|Rename|Mkdir|MkdirAll|Remove|Symlink)\(`)
	var runs, writers []string
	for _, file := range goFiles(t) {
		text := string(read(t, file))
		if strings.Contains(text, `"os/exec"`) {
			runs = append(runs, file)
		}
		if writes.MatchString(text) && !strings.HasPrefix(file, "cmd/planreach/") {
			writers = append(writers, file)
		}
		if strings.Contains(text, "\t\"net\"\n") || strings.Contains(text, "\t\"net/http\"\n") {
			t.Errorf("%s opens connections", file)
		}
	}
	if !slices.Equal(runs, []string{"planparse/show.go"}) {
		t.Errorf("other programs are run by %v", runs)
	}
	if len(writers) != 0 {
		t.Errorf("files are written by %v", writers)
	}
}

// goFiles is the files of the program, with slashes, without tests.
func goFiles(t *testing.T) []string {
	var out []string
	for _, pattern := range []string{"*/*.go", "*/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f = filepath.ToSlash(f); !strings.HasSuffix(f, "_test.go") {
				out = append(out, f)
			}
		}
	}
	if len(out) < 100 {
		t.Fatalf("%d files", len(out))
	}
	return out
}
