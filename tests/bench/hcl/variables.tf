variable "owner" {
  description = "The organisation that owns the repositories."
  type        = string
}

variable "repositories" {
  description = "The environments of each repository, by its name."
  type = map(map(object({
    admin_bypass = bool
    branches     = set(string)
    variables    = map(string)
  })))
}
