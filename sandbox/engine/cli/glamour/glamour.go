// Package glamour styles nothing: `pulumi neo`, and the texts about packages and environments, show
// their Markdown as it is. The module whose place it takes brings tables of CSS, of lexers and of styles,
// which it builds at each start of the CLI. Only what the CLI uses is here.
package glamour

import (
	"github.com/charmbracelet/glamour/ansi"
	"github.com/muesli/termenv"
)

// TermRenderer shows Markdown in a terminal.
type TermRenderer struct{}

// TermRendererOption is an option of a renderer.
type TermRendererOption func(*TermRenderer) error

// NewTermRenderer returns a renderer, whatever the options.
func NewTermRenderer(...TermRendererOption) (*TermRenderer, error) { return &TermRenderer{}, nil }

// Render returns the text as it is.
func (*TermRenderer) Render(text string) (string, error) { return text, nil }

// WithAutoStyle has no effect.
func WithAutoStyle() TermRendererOption { return nil }

// WithColorProfile has no effect.
func WithColorProfile(termenv.Profile) TermRendererOption { return nil }

// WithStandardStyle has no effect.
func WithStandardStyle(string) TermRendererOption { return nil }

// WithStyles has no effect.
func WithStyles(ansi.StyleConfig) TermRendererOption { return nil }

// WithWordWrap has no effect.
func WithWordWrap(int) TermRendererOption { return nil }
