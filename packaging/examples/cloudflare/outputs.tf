# What belongs into [access] of scorer.toml.
output "audience" {
  value = cloudflare_zero_trust_access_application.scorer.aud
}

output "common_name" {
  value = cloudflare_zero_trust_access_service_token.scorer.client_id
}

# For 'posture-scorer access check --through': terraform output -raw client_secret
output "client_secret" {
  value     = cloudflare_zero_trust_access_service_token.scorer.client_secret
  sensitive = true
}
