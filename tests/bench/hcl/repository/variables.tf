variable "name" {
  description = "Name of the repository, without the owner."
  type        = string
}

variable "environments" {
  description = "Its environments by name: who may pass by the rules, which branches may deploy, variables."
  type = map(object({
    admin_bypass = bool
    branches     = set(string)
    variables    = map(string)
  }))
}

variable "workflows" {
  description = "The folder with the repository's workflow files."
  type        = string
}
