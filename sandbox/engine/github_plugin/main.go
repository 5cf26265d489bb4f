// Command pulumi-resource-github is the GitHub resource plugin of Pulumi, for machines that cannot
// download the official one: the upstream Terraform provider behind the Terraform bridge, with those
// settings of pulumi-github 6.15 that decide how a program sees it.
//
// It leaves out documentation, the other languages' code generation and resource aliases of earlier
// major versions. A test compares its schema with the installed Python SDK.
package main

import (
	"encoding/json"
	"io"
	"log"

	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// The engine refuses a plugin whose version differs from the one the Python SDK asks for.
const version = "6.15.0"

func main() {
	info := provider()
	tfbridge.Main(info.Name, version, info, schema(info))
}

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                       shim.NewProvider(github.NewProvider(version, "")()),
		Name:                    "github",
		Version:                 version,
		TFProviderModuleVersion: "v6",
		GitHubOrg:               "integrations",
		Config: map[string]*tfbridge.SchemaInfo{
			"base_url": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"GITHUB_BASE_URL"}, Value: "https://api.github.com/",
			}},
			"token": {
				Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_TOKEN"}},
				Secret:  tfbridge.True(),
			},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"github_actions_environment_secret": {DeleteBeforeReplace: true},
			// Upstream limited the list to one element later; the SDK kept the list.
			"github_repository_environment": {Fields: map[string]*tfbridge.SchemaInfo{
				"reviewers": {MaxItemsOne: tfbridge.False()},
			}},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			// `getApp` would be the rule; the SDK has this name.
			"github_app": {Tok: "github:index/getGithubApp:getGithubApp"},
		},
		EnableZeroDefaultSchemaVersion: true,
		EnableAccurateBridgePreview:    true,
		EnableRawStateDelta:            true,
	}
	info.MustComputeTokens(tokens.SingleModule("github_", "index", tokens.MakeStandard("github")))
	info.SetAutonaming(255, "-")
	return info
}

// schema is computed at each start, in a few milliseconds: it follows from the pinned modules.
func schema(info tfbridge.ProviderInfo) []byte {
	generated, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo:    info,
		DiagnosticsSink: diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never}),
		XInMemoryDocs:   true,
	})
	if err != nil {
		log.Fatalf("generating the schema: %v", err)
	}
	encoded, err := json.Marshal(generated.PackageSpec)
	if err != nil {
		log.Fatalf("encoding the schema: %v", err)
	}
	return encoded
}
