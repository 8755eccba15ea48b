output "trust" {
  description = "The trust policy of each role, JSON."
  value       = local.trust
}

output "revocation" {
  description = "What whoever cuts sessions may do, JSON; null where no role is named."
  value       = local.revocation
}
