# The trust that one Entra tenant needs: applications without secrets, each opened by exactly the
# broker's assertion for its role, and one that assigns roles for grants.

data "azuread_client_config" "current" {}

locals {
  # Entra's fixed name for what a federated credential is for; each national cloud has its own.
  audience = {
    public       = "api://AzureADTokenExchange"
    usgovernment = "api://AzureADTokenExchangeUSGov"
    china        = "api://AzureADTokenExchangeChina"
  }[var.environment]
  identities = merge([
    for name, role in var.roles : {
      for number in range(1, role.identities + 1) :
      format("%s-%02d", name, number) => { role = name, number = number }
    }
  ]...)
  assignments = { for name, role in var.roles : name => role.assignment if role.assignment != null }
  # What the binder may assign and to whom, by scope.
  bindable = {
    for scope in distinct([for assignment in values(local.assignments) : assignment.scope]) :
    scope => {
      roles = sort(distinct([
        for assignment in values(local.assignments) : lower(assignment.role_definition)
        if assignment.scope == scope
      ]))
      identities = sort([
        for key, identity in local.identities : key
        if try(local.assignments[identity.role].scope == scope, false)
      ])
    }
  }
}

resource "azuread_application" "identity" {
  for_each     = local.identities
  display_name = "${var.name_prefix}${each.key}"
}

resource "azuread_service_principal" "identity" {
  for_each  = local.identities
  client_id = azuread_application.identity[each.key].client_id
}

resource "azuread_application_federated_identity_credential" "identity" {
  for_each       = local.identities
  application_id = azuread_application.identity[each.key].id
  display_name   = "daypass"
  description    = "Daypass, for approved requests of the role ${each.value.role}."
  issuer         = var.issuer_url
  subject        = "role:${each.value.role}"
  audiences      = [local.audience]
}

resource "azuread_application" "binder" {
  count        = length(local.assignments) > 0 ? 1 : 0
  display_name = "${var.name_prefix}binder"
}

resource "azuread_service_principal" "binder" {
  count     = length(local.assignments) > 0 ? 1 : 0
  client_id = azuread_application.binder[0].client_id
}

resource "azuread_application_federated_identity_credential" "binder" {
  count          = length(local.assignments) > 0 ? 1 : 0
  application_id = azuread_application.binder[0].id
  display_name   = "daypass"
  description    = "Daypass, to assign roles for grants and to take them away."
  issuer         = var.issuer_url
  subject        = "daypass:binder"
  audiences      = [local.audience]
}

resource "azurerm_role_definition" "binder" {
  for_each    = local.bindable
  name        = "Daypass binder ${substr(sha256(each.key), 0, 8)}"
  scope       = each.key
  description = "Assigns roles for grants and takes them away; which ones, the assignment's condition says."
  permissions {
    actions = [
      "Microsoft.Authorization/roleAssignments/read",
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
      # To see a lock, under which a role could be assigned and not be taken away again.
      "Microsoft.Authorization/locks/read",
      # For the doctor, to see whether the role is there and what the binder may do.
      "Microsoft.Authorization/roleDefinitions/read",
      "Microsoft.Authorization/permissions/read",
    ]
  }
  assignable_scopes = [each.key]
}

resource "azurerm_role_assignment" "binder" {
  for_each           = local.bindable
  scope              = each.key
  role_definition_id = azurerm_role_definition.binder[each.key].role_definition_resource_id
  principal_id       = azuread_service_principal.binder[0].object_id
  principal_type     = "ServicePrincipal"
  condition_version  = "2.0"
  # Only these roles, and only to the roles' own identities: not to a person, and not to itself.
  condition = <<-EOT
    ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR
     (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${join(", ", each.value.roles)}} AND
      @Request[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {${join(", ", [for key in each.value.identities : azuread_service_principal.identity[key].object_id])}}))
    AND
    ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR
     (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${join(", ", each.value.roles)}}))
  EOT
  lifecycle {
    precondition {
      condition     = 2 * length(each.value.roles) + length(each.value.identities) <= 180
      error_message = "too many roles and identities at ${each.key}: Azure takes a condition of 8 KB at most. Assign some of them at a narrower scope."
    }
  }
}
