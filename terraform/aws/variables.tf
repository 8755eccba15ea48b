variable "issuer_url" {
  description = "The broker's public-url, exactly."
  type        = string
  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.issuer_url)) && length(var.issuer_url) <= 255
    error_message = "issuer_url is an https URL without port, path and slash at the end, as in the broker's settings."
  }
}

variable "audience" {
  description = "clouds.aws.audience of the broker's settings, with {account} in it."
  type        = string
  default     = "daypass-aws-{account}"
  validation {
    condition     = length(split("{account}", var.audience)) == 2 && var.audience != "{account}"
    error_message = "audience holds {account} once: each account has an audience of its own."
  }
}

variable "roles" {
  description = <<-EOT
    The roles that the policies name, by the name each has there. policy_arns and inline_policy say
    what a role may do; max_session_duration is at least the role's credential-lifetime.
  EOT
  type = map(object({
    max_session_duration = optional(number, 3600)
    policy_arns          = optional(set(string), [])
    inline_policy        = optional(string)
    permissions_boundary = optional(string)
  }))
  validation {
    condition     = alltrue([for name in keys(var.roles) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$", name))])
    error_message = "a role's name is as in the policies: letters, digits, . _ -, and short enough for the prefix."
  }
  validation {
    condition     = alltrue([for role in values(var.roles) : role.max_session_duration >= 3600 && role.max_session_duration <= 43200])
    error_message = "max_session_duration is 3600 to 43200 seconds."
  }
  validation {
    condition     = length(var.roles) > 0
    error_message = "name at least one role."
  }
}

variable "name_prefix" {
  description = "What the roles' names in IAM begin with."
  type        = string
  default     = "daypass-"
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{0,16}$", var.name_prefix))
    error_message = "name_prefix is at most 16 letters, digits, _ and -."
  }
}

variable "revocation" {
  description = "Make a role that may cut live sessions of these roles, and nothing else."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
