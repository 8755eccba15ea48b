output "tenant" {
  description = "For target.azure.tenant."
  value       = data.azuread_client_config.current.tenant_id
}

output "client_ids" {
  description = "By the role's name in the policies: the first is target.azure.client-id, the rest are its spare-client-ids."
  value = {
    for name, role in var.roles : name => [
      for number in range(1, role.identities + 1) :
      azuread_application.identity[format("%s-%02d", name, number)].client_id
    ]
  }
}

output "binder" {
  description = "For clouds.azure.binder in the broker's settings; null where no role is assigned."
  value       = one(azuread_application.binder[*].client_id)
}
