module github.com/santhosh-tekuri/jsonschema/v5

go 1.26.0

require original.example/jsonschema/v5 v5.0.0
