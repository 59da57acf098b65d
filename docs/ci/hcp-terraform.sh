#!/bin/sh
# The gate for HCP Terraform and Terraform Enterprise, in a job with the CLI-driven
# workflow (a `cloud` block, Terraform 1.6 or later). The saved plan stays with HCP
# Terraform and the file here only points to it, so `terraform show` fetches it;
# the token must be allowed to read the workspace's plans in full.
set -eu
umask 077
trap 'rm -f plan.json' EXIT # it holds secrets

terraform init -input=false
terraform plan -input=false -out=tfplan
terraform show -json tfplan >plan.json
planreach check plan.json
terraform apply -input=false tfplan
