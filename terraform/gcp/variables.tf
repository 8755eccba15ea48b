variable "issuer_url" {
  description = "The broker's public-url, exactly."
  type        = string
  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.issuer_url))
    error_message = "issuer_url is an https URL without port, path and slash at the end, as in the broker's settings."
  }
}

variable "project" {
  description = "The project that holds the pool and the service accounts."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is a project's id, not its number or name."
  }
}

variable "pool_id" {
  description = "The workload identity pool."
  type        = string
  default     = "daypass"
  validation {
    # A pool's id may have 32 characters and begin with a digit; an account's has at most 30 and may not.
    condition     = can(regex("^[a-z][a-z0-9-]{3,22}$", var.pool_id)) && !startswith(var.pool_id, "gcp-")
    error_message = "pool_id is 4 to 23 of a-z, 0-9 and -, begins with a letter, and not with gcp-: with -binder after it, it names the binder's account."
  }
}

variable "roles" {
  description = <<-EOT
    The roles that the policies name, by the name each has there. Each gets a service account of its
    own. grants are IAM roles that the account has for good, per project; binding is one that it gets
    for each grant only, by a condition that ends with it. A role that clients name by its provider,
    as the audience of a token exchange, has a provider_id of its own.
  EOT
  type = map(object({
    account_id  = string
    provider_id = optional(string, "daypass")
    grants      = optional(map(set(string)), {})
    binding = optional(object({
      project = string
      role    = string
    }))
  }))
  validation {
    condition     = alltrue([for name in keys(var.roles) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "a role's name is as in the policies: letters, digits, . _ -; there are no wildcards."
  }
  validation {
    condition     = alltrue([for role in values(var.roles) : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", role.account_id))])
    error_message = "account_id is 6 to 30 of a-z, 0-9 and -."
  }
  validation {
    condition     = alltrue([for role in values(var.roles) : can(regex("^[a-z0-9-]{4,32}$", role.provider_id)) && !startswith(role.provider_id, "gcp-")])
    error_message = "provider_id is 4 to 32 of a-z, 0-9 and -, and does not begin with gcp-."
  }
  validation {
    condition     = length(distinct([for role in values(var.roles) : role.account_id])) == length(var.roles)
    error_message = "each role has an account of its own."
  }
  validation {
    condition = alltrue(flatten([
      for role in values(var.roles) : concat(
        [for given in values(role.grants) : [for one in given : !contains(["roles/owner", "roles/editor", "roles/viewer"], one)]],
        role.binding == null ? [] : [!contains(["roles/owner", "roles/editor", "roles/viewer"], role.binding.role)],
      )
    ]))
    error_message = "owner, editor and viewer are too much, and take no condition."
  }
  validation {
    condition = alltrue([
      for project in distinct([for role in values(var.roles) : try(role.binding.project, "")]) :
      length(distinct([for role in values(var.roles) : try(role.binding.role, "") if try(role.binding.project, "") == project])) <= 130
    ])
    error_message = "bindings may name at most 130 IAM roles in one project: the binder's condition takes thirteen times ten."
  }
  validation {
    condition     = length(var.roles) > 0
    error_message = "name at least one role."
  }
}
