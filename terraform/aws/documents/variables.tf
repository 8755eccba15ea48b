variable "issuer_host" {
  description = "The broker's public URL without its scheme: what IAM's condition keys begin with."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]{1,5})?$", var.issuer_host)) && length(var.issuer_host) <= 255
    error_message = "issuer_host is a host name without scheme, path and slash, such as daypass.example.com."
  }
}

variable "provider_arn" {
  description = "The ARN of the account's OIDC provider for the broker."
  type        = string
  validation {
    condition     = can(regex("^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:oidc-provider/[a-z0-9.:-]+$", var.provider_arn))
    error_message = "provider_arn is the ARN of an OIDC provider."
  }
}

variable "audience" {
  description = "What the broker's assertions for this account name as their audience."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9._:/-]+$", var.audience)) && !strcontains(var.audience, "{account}")
    error_message = "audience is the exact audience of this account, with its number in place of {account}."
  }
}

variable "subjects" {
  description = "For each role in the cloud, the one subject that may become it."
  type        = map(string)
  validation {
    condition = alltrue([
      for subject in values(var.subjects) :
      can(regex("^(role|daypass):[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", subject))
    ])
    error_message = "a subject is role: and the name of a role in the policies; there are no wildcards."
  }
  validation {
    condition     = length(distinct(values(var.subjects))) == length(var.subjects)
    error_message = "each role has a subject of its own."
  }
}

variable "revocable_role_arns" {
  description = "The roles whose live sessions may be cut."
  type        = list(string)
  default     = []
  validation {
    condition = alltrue([
      for arn in var.revocable_role_arns :
      can(regex("^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))
    ])
    error_message = "each is the full ARN of one role; there are no wildcards."
  }
}
