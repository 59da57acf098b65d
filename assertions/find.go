package assertions

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Find reads the assertion files of a run: those of the root directory, or
// files instead of them, and those in the directories of local modules, which
// are relative to the root's.
func Find(root string, modules, files []string) ([]Source, error) {
	var out []Source
	if len(files) == 0 {
		list, err := findIn(root, "")
		if err != nil {
			return nil, err
		}
		out = list
	}
	for _, f := range files {
		list, err := findAt(f)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.Sort(modules)
	for _, dir := range slices.Compact(modules) {
		if cleanDir(dir) == "" {
			continue
		}
		list, err := findIn(root, cleanDir(dir))
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// isAssertionFile reports whether a file is read by its name.
func isAssertionFile(name string) bool {
	return strings.HasSuffix(name, ".reach.hcl") || strings.HasSuffix(name, ".reach.json")
}

// findIn reads the assertion files of a module's directory, which is relative
// to the root's. A directory that does not exist has none.
func findIn(root, dir string) ([]Source, error) {
	at := filepath.Join(cmp.Or(root, "."), filepath.FromSlash(dir))
	entries, err := os.ReadDir(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Source
	for _, e := range entries {
		if e.IsDir() || !isAssertionFile(e.Name()) {
			continue
		}
		file := filepath.Join(at, e.Name())
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		out = append(out, Source{Path: path.Join(dir, e.Name()), Bytes: text, Dir: dir, File: file})
	}
	return out, nil
}

// findAt reads a file, or the assertion files of a directory, as files of the
// root.
func findAt(name string) ([]Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return []Source{{Path: filepath.ToSlash(name), Bytes: text, File: name}}, nil
	}
	out, err := findIn(name, "")
	for i := range out {
		out[i].Path = path.Join(filepath.ToSlash(name), out[i].Path)
	}
	return out, err
}
