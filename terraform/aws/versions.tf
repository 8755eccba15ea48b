terraform {
  required_version = ">= 1.5.0"
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first that finds an OIDC provider's thumbprint by itself.
      version = ">= 5.81.0"
    }
  }
}
