// Command schema writes the plugin's schema to a file. It is a program of its own because what
// computes a schema takes longer to start, and more memory, than all the rest of the plugin.
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"os"

	"slipway/sandbox/engine/github_plugin/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/spf13/afero"
)

func main() {
	info := provider.Info()
	generator, err := tfgen.NewGenerator(tfgen.GeneratorOptions{
		Package:      info.Name,
		Version:      info.Version,
		Language:     tfgen.Schema,
		ProviderInfo: info,
		Root:         afero.NewMemMapFs(),
		Sink:         diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never}),
		// No program reads documentation, and it would depend on what Go has cached.
		SkipDocs:     true,
		SkipExamples: true,
	})
	if err != nil {
		log.Fatalf("preparing the schema: %v", err)
	}
	generated, err := generator.Generate(context.Background())
	if err != nil {
		log.Fatalf("generating the schema: %v", err)
	}
	generated.PackageSpec.Version = info.Version
	encoded, err := json.Marshal(generated.PackageSpec)
	if err != nil {
		log.Fatalf("encoding the schema: %v", err)
	}
	if err := os.WriteFile(os.Args[1], encoded, 0o644); err != nil {
		log.Fatalf("writing the schema: %v", err)
	}
}
