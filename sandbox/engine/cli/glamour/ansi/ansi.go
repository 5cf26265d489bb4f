// Package ansi has the styles that the CLI writes down, and no effect.
package ansi

// StylePrimitive is the style of a word.
type StylePrimitive struct {
	BlockPrefix, BlockSuffix, Prefix, Suffix, Format                             string
	Color, BackgroundColor                                                       *string
	Bold, CrossedOut, Italic, Overlined, Underline, Blink, Inverse, Lower, Upper *bool
}

// StyleBlock is the style of a part with lines of its own.
type StyleBlock struct {
	StylePrimitive
	Indent, Margin *uint
	IndentToken    *string
}

// StyleCodeBlock is the style of code.
type StyleCodeBlock struct {
	StyleBlock
	Chroma *Chroma
}

// StyleList is the style of a list.
type StyleList struct {
	StyleBlock
	LevelIndent uint
}

// StyleTable is the style of a table.
type StyleTable struct {
	StyleBlock
	CenterSeparator, ColumnSeparator, RowSeparator *string
}

// StyleTask is the style of a task.
type StyleTask struct {
	StylePrimitive
	Ticked, Unticked string
}

// StyleConfig has the style of each part of a text.
type StyleConfig struct {
	Document, BlockQuote, Paragraph, Heading, H1, H2, H3, H4, H5, H6, Code StyleBlock
	CodeBlock                                                              StyleCodeBlock
	List                                                                   StyleList
	Table                                                                  StyleTable
	Task                                                                   StyleTask

	Text, Strikethrough, Emph, Strong, HorizontalRule, Item, Enumeration, Link, LinkText, Image, ImageText,
	DefinitionDescription StylePrimitive
}

// Chroma has the colours of code.
type Chroma struct {
	Text, Error, Comment, CommentPreproc, Keyword, KeywordReserved, KeywordNamespace, KeywordType,
	Operator, Punctuation, Name, NameBuiltin, NameTag, NameAttribute, NameClass, NameConstant,
	NameDecorator, NameException, NameFunction, NameOther, Literal, LiteralNumber, LiteralDate,
	LiteralString, LiteralStringEscape, GenericDeleted, GenericEmph, GenericInserted, GenericStrong,
	GenericSubheading, Background StylePrimitive
}
