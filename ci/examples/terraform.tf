# A run that holds its own OIDC token in a file. Calls of STS other than the exchange would come to
# Daypass too, so the provider is told not to make any.
provider "aws" {
  region                      = "eu-central-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  endpoints {
    sts = "https://daypass.example.com/sts"
  }
  assume_role_with_web_identity {
    role_arn                = "arn:aws:iam::123456789012:role/daypass-ci-deploy"
    web_identity_token_file = "/var/run/secrets/daypass/token"
  }
}
