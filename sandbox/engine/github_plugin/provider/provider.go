// Package provider describes the GitHub provider as pulumi-github 6.15 does: the upstream Terraform
// provider behind the Terraform bridge, with those settings that decide how a program sees it.
//
// It leaves out documentation, the other languages' code generation and resource aliases of earlier
// major versions. A test compares the plugin's schema with the installed Python SDK.
package provider

import (
	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// The engine refuses a plugin whose version differs from the one the Python SDK asks for.
const version = "6.15.0"

// Info returns the description.
func Info() tfbridge.ProviderInfo {
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
