# The trust that one Google Cloud project needs: a workload identity pool whose providers all are the
# broker, and service accounts that exactly one subject each may impersonate.

data "google_project" "this" {
  project_id = var.project
  depends_on = [google_project_service.called]
}

locals {
  # What the broker calls.
  services = [
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "sts.googleapis.com",
  ]
  bindings = { for name, role in var.roles : name => role.binding if role.binding != null }
  grants = merge(flatten([
    for name, role in var.roles : [
      for project, given in role.grants : {
        for one in given : "${name} ${project} ${one}" => { name = name, project = project, role = one }
      }
    ]
  ])...)
  # What the binder may give and take away, by project.
  bindable = {
    for project in distinct([for binding in values(local.bindings) : binding.project]) :
    project => sort(distinct([for binding in values(local.bindings) : binding.role if binding.project == project]))
  }
  # One hasOnly takes at most ten roles, and one condition twelve operators, so thirteen of them. Whoever
  # changed roles of two tens at once would be refused; the broker changes one at a time.
  only = {
    for project, roles in local.bindable : project => join(" || ", [
      for ten in chunklist(roles, 10) : format(
        "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([%s])",
        join(", ", [for role in ten : "'${role}'"]),
      )
    ])
  }
}

resource "google_project_service" "called" {
  for_each           = toset(local.services)
  project            = var.project
  service            = each.value
  disable_on_destroy = false
}

resource "google_iam_workload_identity_pool" "daypass" {
  project                   = var.project
  workload_identity_pool_id = var.pool_id
  display_name              = "Daypass"
  description               = "Credentials for approved requests."
  depends_on                = [google_project_service.called]
}

resource "google_iam_workload_identity_pool_provider" "daypass" {
  for_each                           = toset([for role in values(var.roles) : role.provider_id])
  project                            = var.project
  workload_identity_pool_id          = google_iam_workload_identity_pool.daypass.workload_identity_pool_id
  workload_identity_pool_provider_id = each.value
  display_name                       = "Daypass"
  attribute_mapping = {
    "google.subject"    = "assertion.sub"
    "attribute.session" = "assertion.daypass.session"
  }
  attribute_condition = "assertion.sub.startsWith('role:') || assertion.sub == 'daypass:binder'"
  oidc {
    # No allowed audiences: then it is the provider's own name and nothing else.
    issuer_uri = var.issuer_url
  }
}

resource "google_service_account" "role" {
  for_each     = var.roles
  project      = var.project
  account_id   = each.value.account_id
  display_name = "Daypass: ${each.key}"
  depends_on   = [google_project_service.called]
}

# Exactly the role's subject: with the whole pool as member every role could become this account.
resource "google_service_account_iam_member" "impersonation" {
  for_each           = var.roles
  service_account_id = google_service_account.role[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.daypass.name}/subject/role:${each.key}"
}

resource "google_project_iam_member" "grant" {
  for_each = local.grants
  project  = each.value.project
  role     = each.value.role
  member   = google_service_account.role[each.value.name].member
}

# Whoever writes and takes out the lines that hold for one grant; made only where a role wants one.
resource "google_service_account" "binder" {
  count        = length(local.bindings) > 0 ? 1 : 0
  project      = var.project
  account_id   = "${var.pool_id}-binder"
  display_name = "Daypass: access for one grant"
  depends_on   = [google_project_service.called]
}

resource "google_service_account_iam_member" "binder" {
  count              = length(local.bindings) > 0 ? 1 : 0
  service_account_id = google_service_account.binder[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.daypass.name}/subject/daypass:binder"
}

resource "google_project_iam_custom_role" "binder" {
  for_each    = local.bindable
  project     = each.key
  role_id     = "daypassBinder"
  title       = "Daypass binder"
  description = "Reads and writes the project's allow policy, and nothing else."
  permissions = ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"]
  depends_on  = [google_project_service.called]
}

resource "google_project_iam_member" "binder" {
  for_each = local.bindable
  project  = each.key
  role     = google_project_iam_custom_role.binder[each.key].name
  member   = google_service_account.binder[0].member
  condition {
    title       = "only what Daypass gives"
    description = "These roles and no others."
    expression  = local.only[each.key]
  }
}
