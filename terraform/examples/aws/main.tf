# One read-only role in the account whose credentials Terraform is given, and the file that the
# policies need for it: terraform apply && terraform output -raw role_file > policies/prod-readonly.yaml

terraform {
  required_version = ">= 1.5.0"
}

# IAM is the same in all regions of a partition; the provider wants one named.
provider "aws" {
  region = "us-east-1"
}

module "daypass" {
  source     = "../../aws"
  issuer_url = "https://daypass.example.com"
  roles = {
    prod-readonly = {
      max_session_duration = 3600
      policy_arns          = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    }
  }
}

output "role_file" {
  value = templatefile("${path.module}/role.yaml.tftpl", {
    role_arn = module.daypass.role_arns["prod-readonly"]
  })
}
