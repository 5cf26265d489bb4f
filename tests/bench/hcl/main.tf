# The settings that a stack in the sandbox has as well: requests at the same time, no pause after a write.
provider "github" {
  owner             = var.owner
  parallel_requests = true
  write_delay_ms    = 0
}

module "repository" {
  source   = "./repository"
  for_each = var.repositories

  name         = each.key
  environments = each.value
  workflows    = "${path.root}/workflows/${each.key}"
}

# The branch exists before the first run.
import {
  for_each = var.repositories

  to = module.repository[each.key].github_branch.develop
  id = "${each.key}:develop"
}
