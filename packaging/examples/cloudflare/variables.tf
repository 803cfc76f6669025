variable "account_id" {
  type        = string
  description = "The account's id."
}

variable "hostname" {
  type        = string
  description = "The scorer's host name, behind Access: posture.example.com."
}

variable "polling_interval" {
  type        = string
  default     = "10m"
  description = "How often Cloudflare asks: 10m is the least."
}

variable "expiration" {
  type        = string
  default     = "30m"
  description = "How long a result holds that is not renewed: at least twice the polling interval."
}

variable "least_score" {
  type        = number
  default     = 60
  description = "The score from which on the check passes, 0 to 100: more is better."
}

variable "issuing_ca_file" {
  type        = string
  description = "A PEM file with the CA that signs the devices' certificates."
}

variable "common_name" {
  type        = string
  default     = "$${serial_number}.example.com"
  description = "The common name of the devices' certificates: $${serial_number} and $${hostname} stand for the device's."
}
