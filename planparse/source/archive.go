package source

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A tree gives the source files of each module.
type tree interface {
	// module is the files of the module at path ("net.inner"; empty for the
	// root) by name, and its directory relative to the root module's. dir is
	// where a local source says that it is; empty for other sources. Absent
	// modules are fs.ErrNotExist.
	module(path, dir string) (at string, files map[string][]byte, err error)
}

const (
	// maxFile and maxTotal bound what is read of sources, in bytes: far above
	// any configuration, far below what exhausts memory.
	maxFile  = 16 << 20
	maxTotal = 256 << 20
	maxFiles = 100_000
)

// A manifest says where the modules are, by path.
type manifest map[string]string

// parseManifest reads modules.json, in the form of the directory (an object)
// or of a plan file (a list).
func parseManifest(content []byte) (manifest, error) {
	type record struct{ Key, Dir string }
	var doc struct{ Modules []record }
	list := &doc.Modules
	if strings.HasPrefix(strings.TrimSpace(string(content)), "[") {
		if err := json.Unmarshal(content, list); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal(content, &doc); err != nil {
		return nil, err
	}
	m := manifest{}
	for _, r := range *list {
		m[r.Key] = path.Clean(filepath.ToSlash(r.Dir))
	}
	return m, nil
}

// An archive is a plan file: a zip, read in memory and never extracted.
type archive struct {
	plan     []byte // entry tfplan
	manifest manifest
	modules  map[string]map[string][]byte // module path, file name
}

func openArchive(name string) (*archive, error) {
	z, err := zip.OpenReader(name)
	if errors.Is(err, zip.ErrFormat) {
		return nil, fmt.Errorf("%s is not a plan file that holds sources", name)
	}
	if err != nil {
		return nil, err
	}
	defer z.Close() //nolint:errcheck // only read
	a := &archive{modules: map[string]map[string][]byte{}}
	if err := a.read(&z.Reader); err != nil {
		return nil, fmt.Errorf("plan file %s: %w", name, err)
	}
	return a, nil
}

func (a *archive) read(z *zip.Reader) error {
	if len(z.File) > maxFiles {
		return errors.New("it has too many entries")
	}
	total := 0
	for _, f := range z.File {
		dir, file := path.Split(f.Name)
		key, isModule := strings.CutPrefix(strings.TrimSuffix(dir, "/"), "tfconfig/m-")
		isModule = isModule && !strings.Contains(key, "/")
		if f.Name != "tfplan" && f.Name != "tfconfig/modules.json" && !isModule {
			continue // the state among others: not needed, and full of secrets
		}
		content, err := readEntry(f, min(maxTotal-total, maxTotal))
		if err != nil {
			return err
		}
		total += len(content)
		switch f.Name {
		case "tfplan":
			a.plan = content
		case "tfconfig/modules.json":
			if a.manifest, err = parseManifest(content); err != nil {
				return fmt.Errorf("modules.json: %w", err)
			}
		default:
			if a.modules[key] == nil {
				a.modules[key] = map[string][]byte{}
			}
			a.modules[key][file] = content
		}
	}
	if a.plan == nil {
		return errors.New("it has no entry tfplan")
	}
	return nil
}

func readEntry(f *zip.File, limit int) ([]byte, error) {
	if f.Name != "tfplan" {
		limit = min(limit, maxFile)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if len(content) > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes", f.Name, limit)
	}
	return content, nil
}

func (a *archive) module(key, dir string) (string, map[string][]byte, error) {
	files := a.modules[key]
	if at, ok := a.manifest[key]; ok {
		dir = at
	}
	if files == nil && dir == "" {
		return "", nil, fs.ErrNotExist
	}
	return dir, files, nil
}

// snapshot is the files by path relative to the root module.
func (a *archive) snapshot() map[string][]byte {
	out := map[string][]byte{}
	for key, files := range a.modules {
		for name, content := range files {
			out[path.Join(a.manifest[key], name)] = content
		}
	}
	return out
}

// A directory is the root module's directory.
type directory struct {
	root     string
	manifest manifest
}

func openDirectory(root string) (*directory, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", root)
	}
	d := &directory{root: root}
	content, err := d.read(".terraform/modules/modules.json")
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	if d.manifest, err = parseManifest(content); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(root, ".terraform/modules/modules.json"), err)
	}
	return d, nil
}

func (d *directory) read(name string) ([]byte, error) {
	at := filepath.Join(d.root, filepath.FromSlash(name))
	info, err := os.Stat(at)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // to open a pipe would wait for who writes
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = fmt.Errorf("%s is larger than %d bytes", name, maxFile)
	}
	return content, err
}

func (d *directory) module(key, dir string) (string, map[string][]byte, error) {
	if at, ok := d.manifest[key]; ok && key != "" {
		dir = at
	}
	if dir == "" {
		return "", nil, fs.ErrNotExist
	}
	entries, err := os.ReadDir(filepath.Join(d.root, filepath.FromSlash(dir)))
	if err != nil {
		return "", nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if e.IsDir() || !isConfig(e.Name()) {
			continue
		}
		if files[e.Name()], err = d.read(path.Join(dir, e.Name())); err != nil {
			return "", nil, err
		}
	}
	return dir, files, nil
}
