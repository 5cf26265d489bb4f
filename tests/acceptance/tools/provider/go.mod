// The GitHub provider's own acceptance tests, from its published module and with nothing replaced.
module slipway/tests/acceptance/tools/provider

go 1.26.0

require github.com/integrations/terraform-provider-github/v6 v6.13.0
