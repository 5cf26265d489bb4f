locals {
  policies = merge([
    for environment, rules in var.environments : {
      for branch in rules.branches :
      "${environment}/${branch}" => { environment = environment, branch = branch }
    }
  ]...)
  variables = merge([
    for environment, rules in var.environments : {
      for name, value in rules.variables :
      "${environment}/${name}" => { environment = environment, name = name, value = value }
    }
  ]...)
}

resource "github_repository_environment" "this" {
  for_each = var.environments

  repository        = var.name
  environment       = each.key
  can_admins_bypass = each.value.admin_bypass

  deployment_branch_policy {
    protected_branches     = false
    custom_branch_policies = true
  }
}

resource "github_repository_environment_deployment_policy" "this" {
  for_each = local.policies

  repository     = var.name
  environment    = github_repository_environment.this[each.value.environment].environment
  branch_pattern = each.value.branch
}

resource "github_actions_environment_variable" "this" {
  for_each = local.variables

  repository    = var.name
  environment   = github_repository_environment.this[each.value.environment].environment
  variable_name = each.value.name
  value         = each.value.value
}

# Two commits to one branch at the same time are refused, so each file waits for the one before.
resource "github_repository_file" "dev" {
  repository          = var.name
  file                = ".github/workflows/python-dev.yml"
  content             = file("${var.workflows}/python-dev.yml")
  commit_message      = "Manage .github/workflows/python-dev.yml\n\n\nskip-checks: true"
  overwrite_on_create = true
}

resource "github_repository_file" "test" {
  repository          = var.name
  file                = ".github/workflows/python-test.yml"
  content             = file("${var.workflows}/python-test.yml")
  commit_message      = "Manage .github/workflows/python-test.yml\n\n\nskip-checks: true"
  overwrite_on_create = true

  depends_on = [github_repository_file.dev]
}

resource "github_repository_file" "prod" {
  repository          = var.name
  file                = ".github/workflows/python-prd.yml"
  content             = file("${var.workflows}/python-prd.yml")
  commit_message      = "Manage .github/workflows/python-prd.yml\n\n\nskip-checks: true"
  overwrite_on_create = true

  depends_on = [github_repository_file.test]
}

resource "github_branch" "develop" {
  repository = var.name
  branch     = "develop"

  lifecycle {
    # GitHub does not tell from which branch a branch was made.
    ignore_changes = [source_branch, source_sha]
  }
}

resource "github_repository_file" "dev_on_develop" {
  repository          = var.name
  branch              = github_branch.develop.branch
  file                = ".github/workflows/python-dev.yml"
  content             = file("${var.workflows}/python-dev.yml")
  commit_message      = "Manage .github/workflows/python-dev.yml\n\n\nskip-checks: true"
  overwrite_on_create = true
}
