# In the terragrunt.hcl of one unit, or in the root's: every plan is checked where
# it is made. A hook that fails makes Terragrunt fail.
terraform {
  extra_arguments "plan_file" {
    commands  = ["plan"]
    arguments = ["-out=tfplan"]
  }

  after_hook "planreach" {
    commands = ["plan"]
    execute  = ["planreach", "check", "tfplan"]
  }
}
