variable "issuer_url" {
  description = "The broker's public-url, exactly: Entra compares it byte by byte."
  type        = string
  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.issuer_url))
    error_message = "issuer_url is an https URL without port, path and slash at the end, as in the broker's settings."
  }
}

variable "roles" {
  description = <<-EOT
    The roles that the policies name, by the name each has there. assignment is the Azure role that
    a grant gives at a scope, made for it and removed at its end; identities is how many grants of
    the role can be live within an hour and a half, as long as a token of Entra's. Without assignment
    the role must accept that tokens outlive approvals, by two hours at most.
  EOT
  type = map(object({
    identities = optional(number, 1)
    assignment = optional(object({
      role_definition = string
      scope           = string
    }))
  }))
  validation {
    condition     = alltrue([for name in keys(var.roles) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "a role's name is as in the policies: letters, digits, . _ -; there are no wildcards."
  }
  validation {
    condition = alltrue([
      for role in values(var.roles) :
      floor(role.identities) == role.identities && role.identities >= 1 && role.identities <= 50
      && (role.identities == 1 || role.assignment != null)
    ])
    error_message = "identities is 1 to 50, and more than one only where a role is assigned for each grant."
  }
  validation {
    condition = alltrue([
      for role in values(var.roles) : role.assignment == null ? true : (
        can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", role.assignment.role_definition))
        && can(regex("^/(subscriptions/[0-9a-fA-F-]{36}|providers/Microsoft.Management/managementGroups/)", role.assignment.scope))
      )
    ])
    error_message = "role_definition is the UUID of a role definition, and scope begins with /subscriptions/UUID or a management group."
  }
  validation {
    # Whoever may assign roles could give themselves anything.
    condition = alltrue([
      for role in values(var.roles) : role.assignment == null ? true : !contains([
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
      ], lower(role.assignment.role_definition))
    ])
    error_message = "Owner, User Access Administrator and Role Based Access Control Administrator are not given by grants."
  }
  validation {
    condition     = length(var.roles) > 0
    error_message = "name at least one role."
  }
}

variable "environment" {
  description = "Which Azure, in the words of azurerm's own environment."
  type        = string
  default     = "public"
  validation {
    condition     = contains(["public", "usgovernment", "china"], var.environment)
    error_message = "environment is public, usgovernment or china."
  }
}

variable "name_prefix" {
  description = "What the applications' names begin with."
  type        = string
  default     = "daypass-"
}
