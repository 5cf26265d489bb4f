// Package jsonschema compiles a schema when it is first used. Pulumi's packages compile the schemas
// of projects, packages and states at each start: a fifth of a start's time of the CLI, half of one
// of the plugin. Most commands validate by the first one only, the plugin by none. The module whose
// place this package takes does the work; only what Pulumi uses is here.
package jsonschema

import (
	"io"
	"sync"

	original "original.example/jsonschema/v5"
)

// ValidationError is what Validate returns for a value that the schema refuses.
type ValidationError = original.ValidationError

// LoadURL reads the schema at a URL.
func LoadURL(url string) (io.ReadCloser, error) { return original.LoadURL(url) }

// Compiler compiles schemas.
type Compiler struct {
	// LoadURL reads the schemas that are compiled, and those that they refer to.
	LoadURL func(url string) (io.ReadCloser, error)
}

// NewCompiler returns a compiler that reads schemas as LoadURL does.
func NewCompiler() *Compiler { return &Compiler{LoadURL: LoadURL} }

// MustCompile returns the schema at a URL. It panics later, when the schema is first used, if the
// schema is wrong; those of Pulumi are part of it.
func (c *Compiler) MustCompile(url string) *Schema {
	return &Schema{compile: func() *original.Schema {
		compiler := original.NewCompiler()
		compiler.LoadURL = c.LoadURL
		return compiler.MustCompile(url)
	}}
}

// Schema is a schema, with the parts that Pulumi names in its messages about a wrong project. They
// are there after the first Validate.
type Schema struct {
	Ref                  *Schema
	Properties           map[string]*Schema
	AdditionalProperties interface{}
	Items2020            *Schema

	compile  func() *original.Schema
	once     sync.Once
	compiled *original.Schema
}

// Validate returns an error, *ValidationError if the schema refuses the value.
func (s *Schema) Validate(value interface{}) error {
	s.once.Do(func() {
		s.compiled = s.compile()
		s.fill(s.compiled, map[*original.Schema]*Schema{s.compiled: s})
	})
	return s.compiled.Validate(value)
}

// fill copies the parts; a schema may refer to itself.
func (s *Schema) fill(from *original.Schema, known map[*original.Schema]*Schema) {
	copied := func(part *original.Schema) *Schema {
		if part == nil {
			return nil
		}
		if known[part] == nil {
			known[part] = &Schema{compile: func() *original.Schema { return part }}
			known[part].fill(part, known)
		}
		return known[part]
	}
	s.Ref = copied(from.Ref)
	s.Items2020 = copied(from.Items2020)
	s.AdditionalProperties = from.AdditionalProperties
	if part, ok := from.AdditionalProperties.(*original.Schema); ok {
		s.AdditionalProperties = copied(part)
	}
	s.Properties = make(map[string]*Schema, len(from.Properties))
	for name, part := range from.Properties {
		s.Properties[name] = copied(part)
	}
}
