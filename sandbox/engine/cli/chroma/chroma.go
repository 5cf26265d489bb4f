// Package chroma colours nothing: `pulumi env` prints its definitions as they are. The module whose
// place it takes compiles all of its lexers and styles at each start of the CLI, a fifth of a start's
// time. Only what the CLI uses is here.
package chroma

// TokenType is a part of a text that has a colour of its own.
type TokenType int

// The types that the CLI gives colours.
const (
	Background TokenType = iota
	Text
	Error
	Comment
	CommentPreproc
	Keyword
	KeywordReserved
	KeywordNamespace
	KeywordType
	Operator
	Punctuation
	Name
	NameBuiltin
	NameTag
	NameAttribute
	NameClass
	NameConstant
	NameDecorator
	NameException
	NameFunction
	NameOther
	Literal
	LiteralNumber
	LiteralDate
	LiteralString
	LiteralStringEscape
	GenericDeleted
	GenericEmph
	GenericInserted
	GenericStrong
	GenericSubheading
)

// StyleEntries are colours by type.
type StyleEntries map[TokenType]string

// Style has a name, and no colours.
type Style struct{ Name string }

// MustNewStyle returns a style of this name.
func MustNewStyle(name string, _ StyleEntries) *Style { return &Style{Name: name} }
