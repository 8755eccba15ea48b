output "role_arns" {
  description = "For target.aws.role-arn in the policies, by the role's name there."
  value       = { for name, role in aws_iam_role.role : name => role.arn }
}

output "provider_arn" {
  description = "The account's OIDC provider for the broker."
  value       = aws_iam_openid_connect_provider.daypass.arn
}

output "revoker" {
  description = "For clouds.aws.revoker in the broker's settings; null without revocation."
  value       = var.revocation ? local.revoker : null
}

output "audience" {
  description = "What the broker's assertions for this account name as their audience."
  value       = local.audience
}
