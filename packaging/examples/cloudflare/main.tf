# What Cloudflare needs to ask a posture-scorer: docs/cloudflare.md says what each part is for, and what may go wrong.
#
#   terraform init && terraform apply -var-file=mine.tfvars
#
# The secret of the service token is in Terraform's state: keep that where secrets are kept.

terraform {
  required_version = ">= 1.5"
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.22"
    }
  }
}

# CLOUDFLARE_API_TOKEN in the environment: Access: Apps and Policies Edit, Access: Service Tokens Edit, Zero Trust Edit.
provider "cloudflare" {}

# Who asks: Cloudflare itself, with this token. When it expires, polling stops, and nobody is told.
resource "cloudflare_zero_trust_access_service_token" "scorer" {
  account_id = var.account_id
  name       = "posture-scorer: asked by Cloudflare"
  duration   = "8760h"
}

# non_identity is Service Auth: the token alone lets in. 'allow' would send Cloudflare to a login page.
resource "cloudflare_zero_trust_access_policy" "scorer" {
  account_id = var.account_id
  name       = "posture-scorer: the service token"
  decision   = "non_identity"
  include = [{
    service_token = { token_id = cloudflare_zero_trust_access_service_token.scorer.id }
  }]
}

# An application of its own, for this path alone. No posture check is required here: it could never pass before it was asked.
resource "cloudflare_zero_trust_access_application" "scorer" {
  account_id = var.account_id
  name       = "posture-scorer"
  type       = "self_hosted"
  domain     = "${var.hostname}/v1/cloudflare/posture"
  policies = [{
    id         = cloudflare_zero_trust_access_policy.scorer.id
    precedence = 1
  }]
}

resource "cloudflare_zero_trust_device_posture_integration" "scorer" {
  account_id = var.account_id
  name       = "posture-scorer"
  type       = "custom_s2s"
  interval   = var.polling_interval
  config = {
    api_url              = "https://${var.hostname}/v1/cloudflare/posture"
    access_client_id     = cloudflare_zero_trust_access_service_token.scorer.client_id
    access_client_secret = cloudflare_zero_trust_access_service_token.scorer.client_secret
  }
}

# The score counts from here on. Without an expiration the last result would hold for ever; with one below twice the polling
# interval, one lost poll would lock everybody out.
resource "cloudflare_zero_trust_device_posture_rule" "score" {
  account_id = var.account_id
  name       = "posture-scorer: score"
  type       = "custom_s2s"
  expiration = var.expiration
  match      = [{ platform = "linux" }]
  input = {
    connection_id = cloudflare_zero_trust_device_posture_integration.scorer.id
    operator      = ">="
    score         = var.least_score
  }
}
