// OpenTofu from its published module: the acceptance tests of a Terraform provider drive such a CLI.
// There is no Go code here: the build asks for the tool's package, and go.sum pins every module it is made of.
module slipway/tests/acceptance/tools/opentofu

go 1.26.0

// Replaced in OpenTofu's own go.mod too; replaces do not carry over to the modules that require it.
replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20250121132637-504036cd70e7
