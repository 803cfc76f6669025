# The check of the client certificate that the Cloudflare One Client makes itself, beside the scorer's.

# The CA that signs the devices' certificates itself: a root above it would never match. Its key stays with you.
resource "cloudflare_mtls_certificate" "issuing" {
  account_id   = var.account_id
  name         = "posture: issuing CA"
  certificates = file(var.issuing_ca_file)
  ca           = true
}

resource "cloudflare_zero_trust_device_posture_rule" "certificate" {
  account_id = var.account_id
  name       = "posture: client certificate"
  type       = "client_certificate_v2"
  schedule   = "5m"
  expiration = "30m"
  match      = [{ platform = "linux" }]
  input = {
    certificate_id     = cloudflare_mtls_certificate.issuing.id
    cn                 = var.common_name
    check_private_key  = true
    operating_system   = "linux"
    extended_key_usage = ["clientAuth"]
    locations          = { trust_stores = ["system"] }
  }
}
