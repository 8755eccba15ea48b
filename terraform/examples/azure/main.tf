# One role that reads a storage account for the time of a grant, and the file that the policies need
# for it: terraform apply && terraform output -raw role_file > policies/azure-storage.yaml
# Whoever applies it is signed in (az login) and may make applications in the tenant, and role
# definitions and assignments at the scope. The broker's settings also name terraform output -raw binder as clouds.azure.binder.

terraform {
  required_version = ">= 1.5.0"
}

locals {
  subscription = "5f1d6a0e-8a44-4a1b-b1a4-6a8f6cf2c002"
  # Storage Blob Data Reader.
  role_definition = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
  scope           = "/subscriptions/${local.subscription}/resourceGroups/shop"
}

provider "azurerm" {
  features {}
  subscription_id = local.subscription
}

# In the tenant that whoever applies it is signed in to.
provider "azuread" {}

module "daypass" {
  source     = "../../azure"
  issuer_url = "https://daypass.example.com"
  roles = {
    azure-storage = {
      assignment = { role_definition = local.role_definition, scope = local.scope }
    }
  }
}

output "binder" {
  value = module.daypass.binder
}

output "role_file" {
  value = templatefile("${path.module}/role.yaml.tftpl", {
    tenant          = module.daypass.tenant
    client_id       = module.daypass.client_ids["azure-storage"][0]
    role_definition = local.role_definition
    scope           = local.scope
  })
}
