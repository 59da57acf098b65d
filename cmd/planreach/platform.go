package main

import (
	"os"
	"path/filepath"

	"github.com/planreach/planreach/report"
)

// platformOf is where reports about the root module in a directory are read.
func (p *program) platformOf(root string) report.Platform {
	dir := realPath(root)
	out := report.Platform{Root: below(repositoryOf(dir), dir), Files: p.filesURL()}
	out.Workspace = out.Root
	if workspace := p.getenv("GITHUB_WORKSPACE"); workspace != "" {
		out.Workspace = below(realPath(workspace), dir)
	}
	return out
}

// realPath is a path without symbolic links, absolute; as it is where it cannot
// be followed.
func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// repositoryOf is the root of the repository that holds a directory, else the
// working directory.
func repositoryOf(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if exists(filepath.Join(at, ".git")) {
			return at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if wd, err := os.Getwd(); err == nil {
		return realPath(wd)
	}
	return dir
}

// below is the way from one directory to another, with slashes; empty if they
// are the same.
func below(from, to string) string {
	rel, err := filepath.Rel(from, to)
	if err != nil || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// filesURL is where GitHub or GitLab shows the files of the commit that is
// checked.
func (p *program) filesURL() string {
	server, repository, commit := p.getenv("GITHUB_SERVER_URL"), p.getenv("GITHUB_REPOSITORY"), p.getenv("GITHUB_SHA")
	if server != "" && repository != "" && commit != "" {
		return server + "/" + repository + "/blob/" + commit + "/"
	}
	if project, commit := p.getenv("CI_PROJECT_URL"), p.getenv("CI_COMMIT_SHA"); project != "" && commit != "" {
		return project + "/-/blob/" + commit + "/"
	}
	return ""
}
