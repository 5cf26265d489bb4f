// Command pulumi-resource-github is the GitHub resource plugin of Pulumi, for machines that cannot
// download the official one. It reads its schema from schema.json beside it, which the build writes.
package main

import (
	"log"
	"os"
	"path/filepath"

	"slipway/sandbox/engine/github_plugin/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

func main() {
	info := provider.Info()
	tfbridge.Main(info.Name, info.Version, info, schema())
}

// schema follows links first: the engine starts the plugin by one.
func schema() []byte {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		log.Fatalf("finding the plugin's folder: %v", err)
	}
	content, err := os.ReadFile(filepath.Join(filepath.Dir(program), "schema.json"))
	if err != nil {
		log.Fatalf("reading the schema: %v", err)
	}
	return content
}
