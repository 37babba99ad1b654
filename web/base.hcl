# What the lesson's tokens may do: read and write secrets under training.
path "secret/data/training_*" {
  capabilities = ["create", "read"]
}
