package planparse

// A Builder collects what resources say and links it at the end.
type Builder struct{}
