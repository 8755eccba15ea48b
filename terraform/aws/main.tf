# The trust that one AWS account needs: an OIDC provider for the broker, and roles that only the
# broker's assertion for exactly that role opens.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account  = data.aws_caller_identity.current.account_id
  audience = replace(var.audience, "{account}", local.account)
  revoker  = "${var.name_prefix}revoker"
  # The ARNs as they will be: the revoker is not given one made from what somebody else made.
  arns = {
    for name in keys(var.roles) :
    name => "arn:${data.aws_partition.current.partition}:iam::${local.account}:role/${var.name_prefix}${name}"
  }
  attachments = merge([
    for name, role in var.roles : {
      for arn in role.policy_arns : "${name} ${arn}" => { role = name, arn = arn }
    }
  ]...)
}

resource "aws_iam_openid_connect_provider" "daypass" {
  url            = var.issuer_url
  client_id_list = [local.audience]
  tags           = var.tags
}

module "documents" {
  source       = "./documents"
  issuer_host  = trimprefix(var.issuer_url, "https://")
  provider_arn = aws_iam_openid_connect_provider.daypass.arn
  audience     = local.audience
  subjects = merge(
    { for name in keys(var.roles) : name => "role:${name}" },
    var.revocation ? { (local.revoker) = "daypass:revoker" } : {},
  )
  revocable_role_arns = var.revocation ? values(local.arns) : []
}

resource "aws_iam_role" "role" {
  for_each             = var.roles
  name                 = "${var.name_prefix}${each.key}"
  description          = "Opened by Daypass for approved requests of the role ${each.key}."
  assume_role_policy   = module.documents.trust[each.key]
  max_session_duration = each.value.max_session_duration
  permissions_boundary = each.value.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "inline" {
  for_each = { for name, role in var.roles : name => role.inline_policy if role.inline_policy != null }
  name     = "what-it-may-do"
  role     = aws_iam_role.role[each.key].name
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = local.attachments
  role       = aws_iam_role.role[each.value.role].name
  policy_arn = each.value.arn
}

resource "aws_iam_role" "revoker" {
  count                = var.revocation ? 1 : 0
  name                 = local.revoker
  description          = "Opened by Daypass to cut live sessions of its own roles."
  assume_role_policy   = module.documents.trust[local.revoker]
  max_session_duration = 3600
  tags                 = var.tags
}

resource "aws_iam_role_policy" "revoker" {
  count  = var.revocation ? 1 : 0
  name   = "cut-sessions"
  role   = aws_iam_role.revoker[0].name
  policy = module.documents.revocation
}
