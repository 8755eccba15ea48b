output "service_accounts" {
  description = "For target.gcp.service-account in the policies, by the role's name there."
  value       = { for name, account in google_service_account.role : name => account.email }
}

output "workload_identity_providers" {
  description = "For target.gcp.workload-identity-provider in the policies, by the role's name there."
  value = {
    for name, role in var.roles :
    name => "//iam.googleapis.com/${google_iam_workload_identity_pool_provider.daypass[role.provider_id].name}"
  }
}

output "binder" {
  description = "For target.gcp.iam-binding.binder; null where no role wants one."
  value       = one(google_service_account.binder[*].email)
}

output "project_number" {
  description = "The number of the project, which is part of the provider's name."
  value       = data.google_project.this.number
}
