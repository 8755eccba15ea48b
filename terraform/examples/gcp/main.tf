# One role that reads logs, and the file that the policies need for it:
# terraform apply && terraform output -raw role_file > policies/gcp-logs.yaml
# Whoever applies it is signed in (gcloud auth application-default login).

terraform {
  required_version = ">= 1.5.0"
}

provider "google" {
  project = "acme-prod"
}

module "daypass" {
  source     = "../../gcp"
  issuer_url = "https://daypass.example.com"
  project    = "acme-prod"
  roles = {
    gcp-logs = {
      account_id = "daypass-gcp-logs"
      grants     = { acme-prod = ["roles/logging.viewer"] }
    }
  }
}

output "role_file" {
  value = templatefile("${path.module}/role.yaml.tftpl", {
    service_account            = module.daypass.service_accounts["gcp-logs"]
    workload_identity_provider = module.daypass.workload_identity_providers["gcp-logs"]
  })
}
