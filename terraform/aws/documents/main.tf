# The documents by themselves: no provider is needed to make, read or test them.

terraform {
  required_version = ">= 1.5.0"
}

locals {
  # All three actions: without sts:TagSession and sts:SetSourceIdentity AWS refuses every exchange,
  # for the broker's assertions carry the requester and the request.
  trust = {
    for role, subject in var.subjects : role => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "DaypassForThisRoleOnly"
        Effect    = "Allow"
        Principal = { Federated = var.provider_arn }
        Action    = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]
        Condition = {
          StringEquals = {
            "${var.issuer_host}:aud" = var.audience
            "${var.issuer_host}:sub" = subject
          }
        }
      }]
    })
  }

  # What cutting sessions takes and nothing more: inline policies of these roles, no trust, no others.
  revocation = length(var.revocable_role_arns) == 0 ? null : jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "InlinePoliciesOfTheseRoles"
      Effect = "Allow"
      Action = [
        "iam:GetRole",
        "iam:ListRolePolicies",
        "iam:GetRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
      ]
      Resource = var.revocable_role_arns
    }]
  })
}
